import { describe, expect, test } from '@jest/globals';
import { op, wasmModule } from '../test/wasm-module.ts';
import { guest, type Guest } from '../test/guest.ts';
import type { CoreType } from './index.ts';
import { canSuspend, suspend, suspendable } from './jspi.ts';
import {
  canonLift,
  canonLiftSuspending,
  canonLowerSuspending,
  f32Type,
  f64Type,
  list,
  result,
  stringType,
  tuple,
  u32Type,
  u64Type,
  type CoreValue,
  type FunctionType,
  type ValueType,
} from './types/index.ts';

/** A module that gives its parameters to an import and gives back what comes, `times` times over. */
function forwarder(
  host: unknown,
  params: readonly CoreType[],
  results: readonly CoreType[],
  times: number = 1,
): (...args: CoreValue[]) => CoreValue {
  const call = [...params.flatMap((_, i) => op.get(i)), ...op.call(0)];
  const again = Array.from({ length: times - 1 }, () => [
    ...(results.length > 0 ? op.drop : []),
    ...call,
  ]).flat();
  const module = new WebAssembly.Module(
    wasmModule({
      imports: [{ module: 'h', name: 'f', params, results }],
      functions: [{ export: 'run', params, results, body: [...call, ...again] }],
    }),
  );
  const { exports } = new WebAssembly.Instance(module, { h: { f: host as () => void } });
  return exports['run'] as (...args: CoreValue[]) => CoreValue;
}

/** The guest's `run`, which calls the host's `f` of the same type: once to be called plainly, once to be awaited. */
function linked(
  g: Guest,
  type: FunctionType,
  host: (...args: never[]) => unknown,
  core: [readonly CoreType[], readonly CoreType[]],
) {
  const run = forwarder(canonLowerSuspending(host, type, g.options, g.cx), ...core);
  return {
    now: canonLift(run, type, g.options, g.cx),
    later: canonLiftSuspending(run, type, g.options, g.cx),
  };
}

const later = async <T>(value: T): Promise<T> => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return value;
};

const named = (params: readonly ValueType[], type: ValueType | undefined): FunctionType => ({
  name: 'demo:t/host.f',
  params: params.map((each, i) => ({ name: `p${i}`, type: each })),
  result: type,
});

test('this engine can suspend a stack', () => {
  expect(canSuspend()).toBe(true);
});

describe('a host call that may wait', () => {
  test.each<[string, ValueType, CoreType, unknown]>([
    ['an i32', u32Type, 'i32', 2 ** 32 - 1],
    ['an i64', u64Type, 'i64', 2n ** 64n - 1n],
    ['an f32', f32Type, 'f32', 1.5],
    ['an f64', f64Type, 'f64', 0.1],
  ])('gives %s, ready or not', async (_, type, core, value) => {
    const g = guest();
    let waits = false;
    const { now, later: call } = linked(g, named([type], type), (given) => (waits ? later(given) : given), [
      [core],
      [core],
    ]);
    expect(now(value)).toBe(value);
    expect(await call(value)).toBe(value);
    waits = true;
    expect(await call(value)).toBe(value);
    waits = false;
    expect(now(value)).toBe(value);
  });

  test('gives nothing, ready or not', async () => {
    const g = guest();
    let waits = false;
    let calls = 0;
    const host = (): void | Promise<void> => {
      calls++;
      return waits ? later(undefined) : undefined;
    };
    const { now, later: call } = linked(g, named([], undefined), host, [[], []]);
    expect(now()).toBeUndefined();
    waits = true;
    expect(await call()).toBeUndefined();
    expect(calls).toBe(2);
  });

  test('writes a result through the guest’s area after waiting, also when the memory grew meanwhile', async () => {
    const type = tuple([u32Type, stringType]);
    const g = guest();
    const lowered = canonLowerSuspending(
      async () => {
        await later(0);
        g.memory.grow(1);
        return [7, 'hello'];
      },
      named([u32Type], type),
      g.options,
      g.cx,
    );
    const module = new WebAssembly.Module(
      wasmModule({
        imports: [{ module: 'h', name: 'f', params: ['i32', 'i32'] }],
        functions: [
          {
            export: 'run',
            results: ['i32'],
            body: [...op.i32(1), ...op.i32(512), ...op.call(0), ...op.i32(512)],
          },
        ],
      }),
    );
    const { exports } = new WebAssembly.Instance(module, { h: { f: lowered as () => void } });
    const read = canonLiftSuspending(exports['run'] as () => number, named([], type), g.options, g.cx);
    expect(await read()).toEqual([7, 'hello']);
  });

  test('waits once for each time that it is not ready', async () => {
    const g = guest();
    const seen: number[] = [];
    const host = (): number | Promise<number> => {
      seen.push(g.cx.state);
      return seen.length % 2 === 0 ? later(seen.length) : seen.length;
    };
    const type = named([], u32Type);
    const run = forwarder(canonLowerSuspending(host, type, g.options, g.cx), [], ['i32'], 5);
    expect(await canonLiftSuspending(run, type, g.options, g.cx)()).toBe(5);
    expect(seen).toEqual([1, 1, 1, 1, 1]);
  });

  test('keeps the instance entered while it waits; afterwards it can be entered', async () => {
    const g = guest();
    const { now, later: call } = linked(g, named([u32Type], u32Type), (given) => later(given), [
      ['i32'],
      ['i32'],
    ]);
    const first = call(1);
    await expect(call(2)).rejects.toThrow(/cannot enter component instance/);
    expect(() => now(2)).toThrow(/cannot enter component instance/);
    expect(await first).toBe(1);
    expect(await call(2)).toBe(2);
  });

  test('lets instances wait side by side', async () => {
    const runs = Array.from({ length: 3 }, () => {
      const g = guest();
      return linked(g, named([u32Type], u32Type), (given) => later(given), [['i32'], ['i32']]).later;
    });
    expect(await Promise.all(runs.map((run, i) => run(i)))).toEqual([0, 1, 2]);
  });

  test('throws an error value after waiting, as it would have at once', async () => {
    const type = named([], result(undefined, u32Type));
    const g = guest();
    const host = canonLowerSuspending(
      async () => {
        await later(0);
        throw Object.assign(new Error('no'), { payload: 42 });
      },
      type,
      g.options,
      g.cx,
    );
    const module = new WebAssembly.Module(
      wasmModule({
        imports: [{ module: 'h', name: 'f', params: ['i32'] }],
        functions: [
          { export: 'run', results: ['i32'], body: [...op.i32(512), ...op.call(0), ...op.i32(512)] },
        ],
      }),
    );
    const { exports } = new WebAssembly.Instance(module, { h: { f: host as () => void } });
    const run = canonLiftSuspending(exports['run'] as () => number, type, g.options, g.cx);
    await expect(run()).rejects.toMatchObject({ name: 'ComponentError', payload: 42 });
    expect(g.cx.state).toBe(0);
  });

  test('that fails rejects, and the instance cannot be entered again', async () => {
    const g = guest();
    const failure = new RangeError('of the host');
    const host = async (): Promise<never> => {
      await later(0);
      throw failure;
    };
    const { later: call } = linked(g, named([], u32Type), host, [[], ['i32']]);
    await expect(call()).rejects.toBe(failure);
    await expect(call()).rejects.toThrow(/cannot enter component instance/);
    expect(g.cx.maySuspend).toBe(false);
  });

  test('that waits for a value of the wrong shape rejects by name', async () => {
    const g = guest();
    const { later: call } = linked(g, named([], u32Type), () => later('no'), [[], ['i32']]);
    await expect(call()).rejects.toThrow('demo:t/host.f → result: expected u32, got string "no"');
  });

  test('cannot wait in a call that was not made to wait, and says so', async () => {
    const g = guest();
    const { now } = linked(g, named([], u32Type), () => later(1), [[], ['i32']]);
    expect(() => now()).toThrow(
      /demo:t\/host\.f would have to wait, but the guest was entered by a call that cannot/,
    );
    expect(() => now()).toThrow(/cannot enter component instance/);
    await later(0);
  });

  test('refuses arguments of the wrong shape with a rejection, and can be called again', async () => {
    const g = guest();
    const { later: call } = linked(g, named([u32Type], u32Type), (given) => given, [['i32'], ['i32']]);
    await expect(call('x')).rejects.toThrow('p0: expected u32');
    expect(await call(1)).toBe(1);
  });

  test('passes lists both ways around the wait', async () => {
    const g = guest();
    const type = named([list(u32Type)], u32Type);
    const host = async (given: Uint32Array): Promise<number> =>
      (await later(given)).reduce((a, b) => a + b, 0);
    const { later: call } = linked(g, type, host, [['i32', 'i32'], ['i32']]);
    expect(await call([1, 2, 3])).toBe(6);
  });
});

describe('adapters’ functions', () => {
  test('return their promise themselves', async () => {
    const g = guest();
    let waits = false;
    const core = suspendable(
      g.cx,
      true,
      'm',
      'f',
      ['i32'],
      'i32',
      (given: number) => (waits ? later(given + 1) : given + 1),
      true,
    );
    const run = forwarder(core, ['i32'], ['i32']);
    const type = named([u32Type], u32Type);
    expect(canonLift(run, type, g.options, g.cx)(1)).toBe(2);
    waits = true;
    expect(await canonLiftSuspending(run, type, g.options, g.cx)(1)).toBe(2);
    expect(() => canonLift(run, type, g.options, g.cx)(1)).toThrow('`m` `f` would have to wait');
  });
});

describe('without a stack that can be suspended', () => {
  test('what is ready works, what would wait fails and says what it takes', () => {
    const g = guest();
    let waits = false;
    const core = suspendable(g.cx, false, 'm', 'f', [], 'i32', () => (waits ? later(1) : 1), true);
    const run = canonLift(forwarder(core, [], ['i32']), named([], u32Type), g.options, g.cx);
    expect(run()).toBe(1);
    waits = true;
    expect(() => run()).toThrow(
      /`m` `f` would have to wait, and this engine or this instance has no way to: it takes .*JSPI|JavaScript Promise Integration/,
    );
  });

  test('a promise that nobody waits for and that fails is no unhandled rejection', async () => {
    const g = guest();
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    expect(() => suspend(g.cx, Promise.reject(new Error('late')), 'f', 0)).toThrow(/f would have to wait/);
    await later(0);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('a promise-giving export is one still, where nothing has to wait', async () => {
    const { Suspending, promising } = WebAssembly as unknown as Record<string, unknown>;
    Object.assign(WebAssembly, { Suspending: undefined, promising: undefined });
    try {
      expect(canSuspend()).toBe(false);
      const g = guest();
      const { later: call } = linked(g, named([u32Type], u32Type), (given) => given, [['i32'], ['i32']]);
      expect(await call(5)).toBe(5);
    } finally {
      Object.assign(WebAssembly, { Suspending, promising });
    }
  });
});
