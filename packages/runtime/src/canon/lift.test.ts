import { describe, expect, test } from '@jest/globals';
import { guest, HEAP, type Guest } from '../../test/guest.ts';
import { flagsOf, labels, recordOf, variantOf } from '../../test/types.ts';
import { ComponentError, Trap, ValueError } from '../index.ts';
import {
  canonLift,
  canonLower,
  canonResourceDrop,
  fixedLengthList,
  list,
  option,
  result,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type ValueType,
} from '../types/index.ts';

/** Lifts a core function whose parameters are called a, b, c … */
function lifted(
  g: Guest,
  callee: CoreCallee,
  params: readonly ValueType[],
  type: ValueType | undefined,
  options: Partial<CanonicalOptions> = {},
): (...args: unknown[]) => unknown {
  const named = params.map((each, i) => ({ name: 'abcdefghijklmnopqrstuvwxyz'[i]!, type: each }));
  return canonLift(
    callee,
    { name: 'demo:t/api.f', params: named, result: type },
    { ...g.options, ...options },
    g.cx,
  );
}

const words = (...values: number[]): number[] => [...new Uint8Array(new Uint32Array(values).buffer)];

describe('a lifted function', () => {
  test('passes few values flat and gives a flat result', () => {
    const g = guest();
    const f = lifted(g, (a, b) => Number(a) + Number(b), [u8Type, u32Type], u32Type);
    expect(f(1, 2)).toBe(3);
    expect(f(1, 2, 'more')).toBe(3);
    expect(g.allocations).toEqual([]);
  });

  test('passes strings and lists as pointer and length', () => {
    const g = guest();
    const seen: CoreValue[] = [];
    const f = lifted(g, (...args) => void seen.push(...args), [stringType, list(u16Type)], undefined);
    expect(f('héllo', [1, 2])).toBeUndefined();
    const [p = 0, n = 0, q = 0, m = 0] = seen.map(Number);
    expect(new TextDecoder().decode(new Uint8Array(g.bytes(p, n)))).toBe('héllo');
    expect([g.bytes(q, 4), m]).toEqual([[1, 0, 2, 0], 2]);
  });

  test('passes 16 core values flat and 17 through memory that it allocates', () => {
    const g = guest();
    const all = Array.from({ length: 17 }, (_, i) => i + 1);
    const types = all.map(() => u8Type);
    expect(lifted(g, (...args) => args.length, types.slice(1), u32Type)(...all.slice(1))).toBe(16);
    expect(g.allocations).toEqual([]);
    const f = lifted(g, (...args) => (args.length === 1 ? (args[0] as number) : 0), types, u32Type);
    expect(f(...all)).toBe(HEAP);
    expect(g.allocations).toEqual([[0, 0, 1, 17]]);
    expect(g.bytes(HEAP, 17)).toEqual(all);
  });

  test('reads a result of several core values from where the core function put it', () => {
    const g = guest();
    g.write(512, [...words(520, 2), 104, 105]);
    expect(lifted(g, () => 512, [], stringType)()).toBe('hi');
    g.write(512, words(1, 2));
    expect(lifted(g, () => 512, [], tuple([u32Type, u32Type]))()).toEqual([1, 2]);
  });

  test.each([
    [65536, /out of bounds/],
    [65532, /out of bounds/],
    [-8, /out of bounds/],
    [510, /unaligned pointer/],
  ])('traps when the core function says that its result is at %p', (p, message) => {
    const g = guest();
    const f = lifted(g, () => p, [], stringType);
    expect(() => f()).toThrow(message);
    expect(() => f()).toThrow(
      /cannot enter component instance test: a call is in progress, or one of its calls trapped/,
    );
  });

  test.each<[string, ValueType]>([
    ['tuple<u8, u8>', tuple([u8Type, u8Type])],
    ['tuple<u16, u8>', tuple([u16Type, u8Type])],
    ['tuple<u64, u8>', tuple([u64Type, u8Type])],
    ['string', stringType],
    ['list<u64>', list(u64Type)],
    ['option<u64>', option(u64Type)],
    ['result<u16, u32>', result(u16Type, u32Type)],
    ['variant', variantOf({ a: undefined, b: u64Type })],
    ['record', recordOf({ a: u8Type, b: u32Type })],
    ['list<u16, 3>', fixedLengthList(u16Type, 3)],
    ['32 flags', recordOf({ a: flagsOf(...labels(32)), b: flagsOf('b') })],
  ])('traps at the first unaligned and the first outside address of a %s, and at none before', (_, type) => {
    const call = (p: number) => {
      const g = guest();
      return () => lifted(g, () => p, [], type)();
    };
    const last = Math.floor((65536 - type.size) / type.alignment) * type.alignment;
    expect(call(last)).not.toThrow();
    expect(call(last + type.alignment)).toThrow(/out of bounds/);
    expect(call(2 ** 32 - type.alignment)).toThrow(/out of bounds/);
    for (let off = 1; off < type.alignment; off++) expect(call(512 + off)).toThrow(/unaligned pointer/);
  });

  test('finds its memory again after the guest has grown it', () => {
    const g = guest();
    const f = lifted(
      g,
      () => {
        g.memory.grow(1);
        g.write(70000, words(70008, 2));
        g.write(70008, [104, 105]);
        return 70000;
      },
      [],
      stringType,
    );
    expect(f()).toBe('hi');
  });

  test.each<[string, ValueType, unknown]>([
    ['a number', u8Type, 255],
    ['a tuple', tuple([u16Type, u16Type]), [3, 4]],
    ['a list of strings', list(stringType), ['hello there']],
    ['a list of lists', list(list(stringType)), [['one', 'two'], ['three']]],
    ['a list of options', list(option(tuple([stringType, u16Type]))), [['answer', 42], undefined]],
    [
      'a case that is too large to be flat',
      variantOf({ x: tuple([...Array.from({ length: 16 }, () => u32Type), stringType]) }),
      { tag: 'x', val: [...Array.from({ length: 16 }, (_, i) => i), 'wat'] },
    ],
    [
      'a row of records',
      fixedLengthList(recordOf({ a: u64Type, b: stringType }), 3),
      [1n, 2n, 3n].map((a) => ({ a, b: String(a) })),
    ],
  ])('gives back %s that the guest passes through', (_, type, value) => {
    const g = guest();
    const f = lifted(
      g,
      (...args) => {
        // What is spilled, or one core value, is given back as it came.
        if (args.length === 1) return args[0]!;
        type.store(g.cx, 2048, type.lift(g.cx, args, 0), '');
        return 2048;
      },
      [type],
      type,
    );
    expect(f(value)).toEqual(value);
  });
});

describe('arguments of the wrong shape', () => {
  test('are refused by name before the guest is entered, and it can be called again', () => {
    const g = guest();
    let calls = 0;
    const f = lifted(g, () => ++calls, [u8Type, recordOf({ x: option(u64Type) })], u32Type);
    const wrong: readonly [unknown[], string][] = [
      [[], 'demo:t/api.f → a: expected u8, got undefined'],
      [[256, {}], 'demo:t/api.f → a: expected u8, got number 256'],
      [[1], 'demo:t/api.f → b: expected object, got undefined'],
      [[1, { x: 1 }], 'demo:t/api.f → b.x: expected u64, got number 1'],
    ];
    for (const [args, message] of wrong) expect(() => f(...args)).toThrow(new ValueError(...split(message)));
    expect(calls).toBe(0);
    expect(f(1, {})).toBe(1);
  });

  test('that are spilled are refused by name too', () => {
    const g = guest();
    const f = lifted(
      g,
      () => {},
      Array.from({ length: 17 }, () => u8Type),
      undefined,
    );
    const args: unknown[] = Array.from({ length: 17 }, () => 1);
    args[16] = 'x';
    expect(() => f(...args)).toThrow('demo:t/api.f → q: expected u8, got string "x"');
  });

  test('what a getter throws is thrown on, and the guest can be called again', () => {
    const g = guest();
    const f = lifted(g, () => 7, [recordOf({ x: stringType, y: u8Type })], u32Type);
    const failure = new Error('of the getter');
    const value = {
      x: 'allocated',
      get y(): number {
        throw failure;
      },
    };
    expect(() => f(value)).toThrow(failure);
    expect(f({ x: '', y: 1 })).toBe(7);
  });

  function split(message: string): [string, string] {
    const [path = '', ...reason] = message.split(': ');
    return [path, reason.join(': ')];
  }
});

describe('results', () => {
  const type = result(stringType, u8Type);
  const answer = (g: Guest, memory: number[]): (() => unknown) => {
    g.write(512, memory);
    return lifted(g, () => 512, [], type);
  };

  test('that are ok are returned, errors are thrown with their payload', () => {
    const g = guest();
    expect(answer(g, [...words(0, 524, 2), 104, 105])()).toBe('hi');
    const failing = answer(g, words(1, 9));
    expect(() => failing()).toThrow(ComponentError);
    expect(() => failing()).toThrow(expect.objectContaining({ payload: 9 }) as unknown as Error);
  });

  test('without payloads are undefined or an error without one', () => {
    const g = guest();
    const bare = result(undefined, undefined);
    expect(lifted(g, () => 0, [], bare)()).toBeUndefined();
    expect(() => lifted(g, () => 1, [], bare)()).toThrow(
      expect.objectContaining({ payload: undefined }) as unknown as Error,
    );
  });

  test('inside other types stay tagged', () => {
    const g = guest();
    g.write(512, [1, 1, 9]);
    expect(lifted(g, () => 512, [], option(result(u8Type, u8Type)))()).toEqual({ tag: 'err', val: 9 });
  });
});

describe('post-return', () => {
  test('runs after the result was lifted, with what the core function returned', () => {
    const g = guest();
    const log: unknown[] = [];
    g.write(512, [...words(520, 2), 104, 105]);
    const f = lifted(g, () => 512, [], stringType, {
      postReturn: (...args) => {
        log.push(args);
        g.write(520, [0, 0]);
      },
    });
    expect(f()).toBe('hi');
    expect(log).toEqual([[512]]);
    expect(g.cx.state).toBe(0);
  });

  test('runs also when the result is an error', () => {
    const g = guest();
    let posted = 0;
    const f = lifted(g, () => 1, [], result(undefined, undefined), { postReturn: () => void posted++ });
    expect(() => f()).toThrow(ComponentError);
    expect(() => f()).toThrow(ComponentError);
    expect(posted).toBe(2);
  });

  test('may not call out, and the instance is dead when it tries', () => {
    const g = guest();
    const out = canonLower(() => {}, { name: 'out', params: [], result: undefined }, g.options, g.cx);
    const f = lifted(g, () => 1, [], u8Type, { postReturn: () => void out() });
    expect(() => f()).toThrow(/cannot leave component instance/);
    expect(() => f()).toThrow(
      /cannot enter component instance test: a call is in progress, or one of its calls trapped/,
    );
  });

  test('does not run when the result traps', () => {
    const g = guest();
    let posted = 0;
    const f = lifted(g, () => 1, [], stringType, { postReturn: () => void posted++ });
    expect(() => f()).toThrow(Trap);
    expect(posted).toBe(0);
  });
});

describe('entering', () => {
  test('is refused while a call is in progress, from imports and from realloc', () => {
    const g = guest();
    const again = lifted(g, () => {}, [], undefined);
    const out = canonLower(
      () => void again(),
      { name: 'out', params: [], result: undefined },
      g.options,
      g.cx,
    );
    expect(() => lifted(g, () => void out(), [], undefined)()).toThrow(
      /cannot enter component instance test: a call is in progress/,
    );

    const h = guest();
    const inner = lifted(h, () => {}, [], undefined);
    h.realloc = () => {
      inner();
      return 0;
    };
    expect(() => lifted(h, () => {}, [stringType], undefined)('abc')).toThrow(
      /it is in realloc or post-return/,
    );
  });

  test('is refused after a trap of WebAssembly itself', () => {
    const g = guest();
    const trapped = new WebAssembly.RuntimeError('unreachable');
    const f = lifted(
      g,
      () => {
        throw trapped;
      },
      [],
      undefined,
    );
    expect(() => f()).toThrow(trapped);
    expect(() => f()).toThrow(Trap);
  });

  test('is refused before anything is lowered', () => {
    const g = guest();
    g.cx.state = 1;
    const read: string[] = [];
    const value = {
      get x(): number {
        read.push('x');
        return 1;
      },
    };
    expect(() => lifted(g, () => {}, [recordOf({ x: u8Type })], undefined)(value)).toThrow(/cannot enter/);
    expect(read).toEqual([]);
  });

  test('realloc may not call out', () => {
    const g = guest();
    const out = canonLower(() => {}, { name: 'out', params: [], result: undefined }, g.options, g.cx);
    g.realloc = () => {
      out();
      return 0;
    };
    expect(() => lifted(g, () => {}, [stringType], undefined)('abc')).toThrow(
      /cannot leave component instance/,
    );
    expect(() => lifted(g, () => {}, [], undefined)()).toThrow(/cannot enter component instance/);
    const drop = canonResourceDrop(0, g.cx);
    expect(() => drop(1)).toThrow(/cannot leave component instance/);
  });

  test('one instance that is dead leaves the others alone', () => {
    const g = guest();
    const other = guest();
    expect(() => lifted(g, () => 1, [], stringType)()).toThrow(Trap);
    expect(lifted(other, () => 1, [], u8Type)()).toBe(1);
  });
});

describe('host code that runs while arguments are lowered', () => {
  test('may call the same instance; when that grows the memory, the call is given up and nothing else is lost', () => {
    const g = guest();
    let grow: () => unknown = lifted(g, () => void g.memory.grow(1), [], undefined);
    const size = recordOf({ a: u32Type, b: u32Type, c: u32Type, more: list(u32Type) });
    const f = lifted(g, (p) => p!, [tuple(Array.from({ length: 5 }, () => size))], u32Type);
    const value = {
      a: 1,
      get b(): number {
        grow();
        return 2;
      },
      c: 3,
      more: [4],
    };
    const values = Array.from({ length: 5 }, () => value);
    expect(() => f(values)).toThrow('grew its memory: what was lowered is lost');
    grow = (): void => {};
    const p = f(values) as number;
    const memory = new Uint32Array(g.memory.buffer);
    for (let i = 0; i < 5; i++)
      expect([...memory.subarray(p / 4 + 5 * i, p / 4 + 5 * i + 3)]).toEqual([1, 2, 3]);
  });

  test('may call an instance function with another memory', () => {
    const g = guest();
    const other = guest('utf16');
    const inner = canonLift(
      (p, n) => (Number(p) === HEAP && n === 2 ? 1 : 0),
      { name: 'inner', params: [{ name: 'a', type: stringType }], result: u8Type },
      other.options,
      g.cx,
    );
    const f = lifted(
      g,
      (p, n) => Number(p) * 10 + Number(n),
      [recordOf({ a: u8Type, b: stringType })],
      u32Type,
    );
    const outer = lifted(
      g,
      (_, p, n) => Number(p) * 10 + Number(n),
      [recordOf({ a: u8Type, b: stringType })],
      u32Type,
    );
    const value = {
      get a(): number {
        return inner('hi') as number;
      },
      b: 'abc',
    };
    expect(outer(value)).toBe(HEAP * 10 + 3);
    expect(other.bytes(HEAP, 4)).toEqual([104, 0, 105, 0]);
    expect(g.bytes(HEAP, 3)).toEqual([97, 98, 99]);
    expect(f({ a: 1, b: '' })).toBe(10 + HEAP + 3);
  });
});

describe('memory that the allocator gives', () => {
  test.each([
    ['unaligned', 4097, /unaligned pointer from realloc: 4097 is not a multiple of 4/],
    ['outside', 65536, /pointer from realloc out of bounds: 8 bytes at 65536/],
    ['wrapped around', -4, /pointer from realloc out of bounds: 8 bytes at 4294967292/],
  ])('%s traps, and the instance is dead', (_, p, message) => {
    const g = guest();
    g.realloc = () => p;
    const f = lifted(g, () => {}, [list(u32Type)], undefined);
    expect(() => f([1, 2])).toThrow(message);
    g.realloc = undefined;
    expect(() => f([1, 2])).toThrow(/cannot enter component instance/);
  });

  test('may be anywhere inside, also where something else is', () => {
    const g = guest();
    g.realloc = () => 0;
    expect(lifted(g, (p) => p!, [list(u32Type)], u32Type)([7])).toBe(0);
    expect(g.bytes(0, 4)).toEqual([7, 0, 0, 0]);
  });

  test('is none when the allocator throws, and the instance is dead', () => {
    const g = guest();
    const failure = new WebAssembly.RuntimeError('unreachable');
    g.realloc = () => {
      throw failure;
    };
    const f = lifted(g, () => {}, [stringType], undefined);
    expect(() => f('abc')).toThrow(failure);
    expect(() => f('')).toThrow(/cannot enter/);
  });

  test('is not to be had without an allocator', () => {
    const g = guest();
    const f = lifted(g, () => {}, [stringType], undefined, { realloc: undefined });
    expect(() => f('abc')).toThrow(/exports no `cabi_realloc`/);
  });
});
