import { describe, expect, test } from '@jest/globals';
import { guest, HEAP, type Guest } from '../../test/guest.ts';
import { recordOf } from '../../test/types.ts';
import { ComponentError } from '../index.ts';
import {
  canonLift,
  canonLower,
  canonResourceDrop,
  canonResourceRep,
  f64Type,
  guestResource,
  list,
  result,
  stringType,
  tuple,
  u32Type,
  u64Type,
  u8Type,
  type CanonicalOptions,
  type CoreValue,
  type ValueType,
} from '../types/index.ts';

/** Calls a host function from inside the guest, with core values, and gives what the guest gets. */
function called(
  g: Guest,
  host: (...args: never[]) => unknown,
  params: readonly ValueType[],
  type: ValueType | undefined,
  args: readonly CoreValue[],
  options: Partial<CanonicalOptions> = {},
): CoreValue | void {
  const named = params.map((each, i) => ({ name: `p${i}`, type: each }));
  const core = canonLower(
    host,
    { name: 'demo:t/host.f', params: named, result: type },
    { ...g.options, ...options },
    g.cx,
  );
  let given: CoreValue | void = undefined;
  const enter = canonLift(
    () => void (given = core(...args)),
    { name: 'run', params: [], result: undefined },
    g.options,
    g.cx,
  );
  enter();
  return given;
}

const words = (...values: number[]): number[] => [...new Uint8Array(new Uint32Array(values).buffer)];

describe('a lowered function', () => {
  test('lifts its arguments and lowers its result', () => {
    const g = guest();
    expect(called(g, (a: number, b: bigint) => BigInt(a) + b, [u32Type, u64Type], u64Type, [-1, 2n])).toBe(
      2n ** 32n + 1n,
    );
    expect(called(g, () => {}, [], undefined, [])).toBeUndefined();
    expect(called(g, () => 0.5, [], f64Type, [])).toBe(0.5);
  });

  test('reads strings and lists from the guest’s memory', () => {
    const g = guest();
    g.write(512, [104, 105, 0, 0, ...words(7, 8)]);
    const seen: unknown[] = [];
    called(
      g,
      (...args: unknown[]) => void seen.push(...args),
      [stringType, list(u32Type)],
      undefined,
      [512, 2, 516, 2],
    );
    expect(seen).toEqual(['hi', new Uint32Array([7, 8])]);
  });

  test('reads more than 16 core values from memory', () => {
    const g = guest();
    g.write(
      512,
      Array.from({ length: 17 }, (_, i) => i),
    );
    const seen: unknown[] = [];
    const types = Array.from({ length: 17 }, () => u8Type);
    called(g, (...args: unknown[]) => void seen.push(...args), types, undefined, [512]);
    expect(seen).toEqual(Array.from({ length: 17 }, (_, i) => i));
    expect(() => called(g, () => {}, types, undefined, [65520])).toThrow(/out of bounds/);
  });

  test('writes a result of several core values to the area that the guest gives', () => {
    const g = guest();
    expect(called(g, () => [1, 2], [u8Type], tuple([u32Type, u32Type]), [5, 512])).toBeUndefined();
    expect(g.bytes(512, 8)).toEqual(words(1, 2));
    called(g, () => 'hi', [], stringType, [512]);
    expect(g.bytes(512, 8)).toEqual(words(HEAP, 2));
    expect(g.bytes(HEAP, 2)).toEqual([104, 105]);
  });

  test.each([
    [514, /unaligned pointer/],
    [65532, /out of bounds/],
    [-8, /out of bounds/],
  ])('traps when that area is at %p', (p, message) => {
    expect(() => called(guest(), () => 'hi', [], stringType, [p])).toThrow(message);
  });

  test('uses the encoding, memory and allocator that it was defined with', () => {
    const g = guest();
    const other = guest('utf16');
    other.write(512, [104, 0, 105, 0]);
    const seen: unknown[] = [];
    const host = (s: string): string => {
      seen.push(s);
      return 'ok';
    };
    called(g, host, [stringType], stringType, [512, 2, 520], other.options);
    expect(seen).toEqual(['hi']);
    expect(other.bytes(520, 8)).toEqual(words(HEAP, 2));
    expect(other.bytes(HEAP, 4)).toEqual([111, 0, 107, 0]);
    expect(g.allocations).toEqual([]);
    // And the instance has its own back.
    g.write(512, [104, 105]);
    called(g, host, [stringType], undefined, [512, 2]);
    expect(seen).toEqual(['hi', 'hi']);
  });

  test('takes arguments that trap for what they are, and the guest is dead', () => {
    const g = guest();
    expect(() => called(g, () => {}, [stringType], undefined, [65535, 2])).toThrow(/out of bounds/);
    expect(() => called(g, () => {}, [], undefined, [])).toThrow(/cannot enter component instance/);
  });
});

describe('what a host function returns', () => {
  test('is checked by name, and the guest is dead when it is of the wrong shape', () => {
    const g = guest();
    const type = recordOf({ amount: u64Type });
    expect(() => called(g, () => ({ amount: 5 }), [], type, [])).toThrow(
      'demo:t/host.f → result.amount: expected u64, got number 5',
    );
    expect(() => called(g, () => ({ amount: 5n }), [], type, [])).toThrow(/cannot enter component instance/);
    expect(() => called(guest(), () => {}, [], u8Type, [])).toThrow(
      'demo:t/host.f → result: expected u8, got undefined',
    );
  });

  test('is ignored when there is no result', () => {
    expect(called(guest(), () => 'anything', [], undefined, [])).toBeUndefined();
  });

  test('is ok for a result; what it throws is the error', () => {
    const type = result(u8Type, u32Type);
    const run = (host: () => unknown): number[] => {
      const g = guest();
      called(g, host, [], type, [512]);
      return g.bytes(512, 8);
    };
    expect(run(() => 7)).toEqual([0, 0, 0, 0, 7, 0, 0, 0]);
    const failing = (thrown: unknown) => () => {
      throw thrown;
    };
    expect(run(failing(9))).toEqual(words(1, 9));
    expect(run(failing(new ComponentError(9)))).toEqual(words(1, 9));
    expect(run(failing(Object.assign(new Error('of another tool'), { payload: 9 })))).toEqual(words(1, 9));
    expect(() => run(failing('no'))).toThrow('demo:t/host.f → result.err: expected u32, got string "no"');
    expect(() => run(() => 'no')).toThrow('demo:t/host.f → result.ok: expected u8, got string "no"');
    const own = new RangeError('a failure of the host');
    expect(() => run(failing(own))).toThrow(own);
  });

  test('may be an error without a payload', () => {
    const bare = result(undefined, undefined);
    const failing = (): never => {
      throw new ComponentError(undefined);
    };
    expect(called(guest(), failing, [], bare, [])).toBe(1);
    expect(called(guest(), () => {}, [], bare, [])).toBe(0);
  });

  test('is on its way to whoever called the guest when it is an error and the function has none', () => {
    const g = guest();
    const failure = new ComponentError('no');
    const failing = (): never => {
      throw failure;
    };
    expect(() => called(g, failing, [], u8Type, [])).toThrow(failure);
    expect(() => called(g, () => 1, [], u8Type, [])).toThrow(/cannot enter component instance/);
  });

  test('cannot be waited for by a plain core function', () => {
    const g = guest();
    expect(() => called(g, async () => 1, [], u8Type, [])).toThrow(/demo:t\/host\.f would have to wait/);
  });

  test('may be an object with a property `then`, which is a value like any other', () => {
    const g = guest();
    const name = String('then');
    expect(called(g, () => ({ [name]: 5 }), [], recordOf({ [name]: u8Type }), [])).toBe(5);
  });
});

describe('core code that catches what an import throws', () => {
  const catching = (call: () => unknown) => (): void => {
    try {
      call();
    } catch {
      // As `catch_all` does.
    }
  };
  const nothing = { name: 'f', params: [], result: undefined };

  test.each<[string, (g: Guest) => (...args: never[]) => unknown]>([
    [
      'an error of the host',
      (g) =>
        canonLower(
          () => {
            throw new Error('of the host');
          },
          nothing,
          g.options,
          g.cx,
        ),
    ],
    ['a wrong result', (g) => canonLower(() => 'no', { ...nothing, result: u8Type }, g.options, g.cx)],
    ['an unknown handle', (g) => canonResourceDrop(0, g.cx)],
    ['an unknown handle’s rep', (g) => canonResourceRep(0, g.cx)],
  ])('is dead nevertheless: %s', (_, failing) => {
    const g = guest();
    g.cx.resources.push(guestResource('demo:t/api.r'));
    let again: unknown;
    const call = failing(g) as (index: number) => unknown;
    const other = canonLower(() => {}, nothing, g.options, g.cx);
    const core = (): void => {
      catching(() => call(7))();
      try {
        other();
      } catch (error) {
        again = error;
      }
    };
    const run = canonLift(core, nothing, g.options, g.cx);
    expect(() => run()).toThrow('component instance test is dead: one of its calls trapped');
    expect(again).toMatchObject({
      name: 'Trap',
      message: expect.stringMatching(/^cannot leave component instance/) as unknown,
    });
    expect(() => run()).toThrow(/cannot enter component instance/);
  });
});

describe('components that call each other', () => {
  test('pass strings from one memory and encoding to another', () => {
    const producer = guest('utf16');
    producer.write(512, [...words(520, 3), 104, 0, 105, 0, 0xac, 0x20]);
    const produce = canonLift(
      () => 512,
      { name: 'produce', params: [], result: stringType },
      producer.options,
      producer.cx,
    );
    const consumer = guest('utf8');
    called(consumer, produce, [], stringType, [512]);
    const [p = 0, n = 0] = new Uint32Array(consumer.memory.buffer, 512, 2);
    expect(new TextDecoder().decode(new Uint8Array(consumer.bytes(p, n)))).toBe('hi€');
  });

  test('run the consumer’s allocator in the consumer, which cannot be left meanwhile', () => {
    const producer = guest();
    producer.write(512, [...words(520, 3), 10, 11, 12]);
    const produce = canonLift(
      () => 512,
      { name: 'produce', params: [], result: list(u8Type) },
      producer.options,
      producer.cx,
    );
    const consumer = guest();
    const states: number[] = [];
    consumer.realloc = (_old, _oldSize, _alignment, size) => {
      states.push(consumer.cx.state, producer.cx.state);
      expect(size).toBe(3);
      return HEAP;
    };
    called(consumer, produce, [], list(u8Type), [512]);
    expect(states).toEqual([2, 0]);
    expect(consumer.bytes(HEAP, 3)).toEqual([10, 11, 12]);
  });

  test('pass errors on as errors', () => {
    const producer = guest();
    const type = result(undefined, u8Type);
    producer.write(512, [1, 42]);
    const produce = canonLift(
      () => 512,
      { name: 'produce', params: [], result: type },
      producer.options,
      producer.cx,
    );
    const consumer = guest();
    called(consumer, produce, [], type, [512]);
    expect(consumer.bytes(512, 2)).toEqual([1, 42]);
  });

  test('cannot enter the one that called them', () => {
    const a = guest();
    const b = guest();
    const back = canonLift(() => {}, { name: 'back', params: [], result: undefined }, a.options, a.cx);
    const core = canonLower(back, { name: 'back', params: [], result: undefined }, b.options, b.cx);
    const middle = canonLift(
      () => void core(),
      { name: 'middle', params: [], result: undefined },
      b.options,
      b.cx,
    );
    expect(() => called(a, middle, [], undefined, [])).toThrow(
      /cannot enter component instance test: a call is in progress/,
    );
  });
});
