import { describe, expect, test } from '@jest/globals';
import { guest, type Guest } from '../../test/guest.ts';
import { variantOf } from '../../test/types.ts';
import { op, wasmModule } from '../../test/wasm-module.ts';
import {
  borrow,
  canonContextGet,
  canonContextSet,
  canonFuseAsync,
  canonLift,
  canonLiftAsync,
  canonLiftSuspending,
  canonLower,
  canonLowerAsync,
  canonLowerSuspending,
  canonResourceDrop,
  canonTaskReturn,
  endsTask,
  guestResource,
  hostResource,
  inTask,
  list,
  own,
  s8Type,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
  type LiftedFunction,
  type ValueType,
} from '../types/index.ts';
import { loadCore } from './core-values.ts';

const functionType = (params: readonly ValueType[], type?: ValueType): FunctionType => ({
  name: 'f',
  params: params.map((each, i) => ({ name: `p${i}`, type: each })),
  result: type,
});

/** Core code of an instance, called by the host. */
function run(g: Guest, code: () => void): void {
  canonLift(code, functionType([]), g.options, g.cx)();
}

const asyncFrom = (g: Guest, callee: CoreCallee, type: FunctionType): LiftedFunction => ({
  callee,
  type,
  options: { ...g.options, async: true },
  instance: g.cx,
});

/** An async function of `callee`, lowered by `caller` with or without `async`, called from inside of it. */
function across(
  caller: Guest,
  callee: Guest,
  core: CoreCallee,
  type: FunctionType,
  isAsync: boolean,
): CoreCallee {
  const fused = canonFuseAsync(asyncFrom(callee, core, type), type, caller.options, caller.cx);
  const lowered = isAsync ? canonLowerAsync(fused, type, caller.options, caller.cx) : fused;
  return (...args) => {
    let given: CoreValue | void = undefined;
    run(caller, () => void (given = lowered(...args)));
    return given;
  };
}

describe('an async function of another component', () => {
  const u32s = (count: number): ValueType => tuple(Array.from({ length: count }, () => u32Type));
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

  test.each([1, 2, 16, 17])('gives %i core values to where its caller wants them', (count) => {
    for (const isAsync of [false, true]) {
      const [caller, callee] = [guest(), guest()];
      const result = u32s(count);
      const type = functionType([], result);
      const give = canonTaskReturn(result, callee.options, callee.cx);
      callee.write(64, new Uint8Array(new Uint32Array(numbers(count)).buffer));
      const f = across(caller, callee, () => give(...(count > 16 ? [64] : numbers(count))), type, isAsync);
      const area = f(128);
      expect(area).toBe(isAsync ? 2 : count === 1 ? 1 : undefined);
      if (count > 1 || isAsync) {
        expect(loadCore(caller.cx, 128, [result])).toEqual(numbers(count));
      }
    }
  });

  test.each([4, 5, 16, 17])('takes %i core values from where its caller has them', (count) => {
    for (const isAsync of [false, true]) {
      const [caller, callee] = [guest(), guest()];
      const type = functionType([u32s(count)]);
      const give = canonTaskReturn(undefined, callee.options, callee.cx);
      let seen: CoreValue[] = [];
      const core: CoreCallee = (...args) => {
        seen = args;
        if (count > 16) seen = loadCore(callee.cx, args[0] as number, [type.params[0]!.type]);
        give();
      };
      caller.write(64, new Uint8Array(new Uint32Array(numbers(count)).buffer));
      const inMemory = count > (isAsync ? 4 : 16);
      const f = across(caller, callee, core, type, isAsync);
      expect(f(...(inMemory ? [64] : numbers(count)))).toBe(isAsync ? 2 : undefined);
      expect(seen).toEqual(numbers(count));
    }
  });

  test('passes strings and lists with their contents when it returns, before it goes on', () => {
    const [caller, callee] = [guest('utf16'), guest()];
    const result = tuple([stringType, list(u16Type)]);
    const give = canonTaskReturn(result, callee.options, callee.cx);
    callee.write(64, [...new TextEncoder().encode('hé'), 0, 1, 2, 3, 4]);
    const core: CoreCallee = () => {
      give(64, 3, 68, 2);
      callee.write(64, [1, 2, 3, 4, 5, 6, 7, 8]);
    };
    expect(across(caller, callee, core, functionType([], result), true)(128)).toBe(2);
    expect(result.load(caller.cx, 128)).toEqual(['hé', new Uint16Array([0x201, 0x403])]);
  });

  test('owns and lends handles as any other', () => {
    const [caller, callee] = [guest(), guest()];
    const thing = guestResource('thing');
    for (const { cx } of [caller, callee]) cx.resources.push(hostResource('thing', Object));
    const shared = { ...thing, destructor: undefined, implementation: Object };
    for (const { cx } of [caller, callee]) cx.resources[0] = shared;
    const make = canonLower(() => ({}), functionType([], own(0)), caller.options, caller.cx);
    const drop = canonResourceDrop(0, callee.cx);
    const give = canonTaskReturn(undefined, callee.options, callee.cx);
    const type = functionType([own(0), borrow(0)]);
    let order = [drop as CoreCallee, give];
    const core: CoreCallee = (_, lent) => {
      for (const each of order) each(lent!);
    };
    const call = canonFuseAsync(asyncFrom(callee, core, type), type, caller.options, caller.cx);
    run(caller, () => void call(make() as CoreValue, make() as CoreValue));
    expect([caller.cx.handles.size, callee.cx.handles.size]).toEqual([1, 1]);
    order = [give, drop as CoreCallee];
    expect(() => run(caller, () => void call(make() as CoreValue, make() as CoreValue))).toThrow(
      'borrow handles still remain at the end of the call',
    );
  });

  test('may be one of the caller itself, with another memory', () => {
    const g = guest();
    const other = guest();
    const give = canonTaskReturn(stringType, other.options, g.cx);
    other.write(64, [0x68, 0x69]);
    const type = functionType([], stringType);
    const lifted: LiftedFunction = {
      callee: () => give(64, 2),
      type,
      options: { ...other.options, async: true },
      instance: g.cx,
    };
    const call = canonLowerAsync(canonFuseAsync(lifted, type, g.options, g.cx), type, g.options, g.cx);
    run(g, () => void expect(call(128)).toBe(2));
    const [p = 0, length] = new Uint32Array(g.memory.buffer, 128, 2);
    expect([length, g.bytes(p, 2)]).toEqual([2, [0x68, 0x69]]);
  });

  test('makes its caller dead when it traps', () => {
    const [caller, callee] = [guest(), guest()];
    const f = across(caller, callee, () => {}, functionType([]), false);
    expect(() => f()).toThrow('ended without having called `task.return`');
    for (const g of [caller, callee])
      expect(() => run(g, () => {})).toThrow('cannot enter component instance');
  });

  test.each([
    ['has to be in the memory', 65536, 'pointer out of bounds'],
    ['has to be aligned', 4, 'unaligned pointer'],
  ])('its result %s', (_, area, message) => {
    const [caller, callee] = [guest(), guest()];
    const give = canonTaskReturn(u64Type, callee.options, callee.cx);
    const f = across(caller, callee, () => give(1n), functionType([], u64Type), true);
    expect(() => f(area)).toThrow(message);
  });

  test('that runs alone in its instance would have to wait for itself', () => {
    const g = guest();
    const options: CanonicalOptions = { ...g.options, async: true, callback: () => 0 };
    const type = functionType([]);
    const give = canonTaskReturn(undefined, g.options, g.cx);
    let depth = 0;
    const lifted: LiftedFunction = {
      callee: () => {
        if (depth++ === 0) again();
        give();
        return 0;
      },
      type,
      options,
      instance: g.cx,
    };
    const again = canonFuseAsync(lifted, type, g.options, g.cx);
    expect(() => run(g, () => void again())).toThrow('the call of f waits');
  });
});

describe('a function of the host, lowered with `async`', () => {
  test('takes what is narrow in memory as what it is, and gives its result there', () => {
    const g = guest();
    const type = functionType([s8Type, u8Type, variantOf({ a: s8Type, b: u64Type }), u32Type], s8Type);
    const seen: unknown[] = [];
    const host = (...args: unknown[]): number => (seen.push(...args), -2);
    const f = canonLowerAsync(canonLower(host, type, g.options, g.cx), type, g.options, g.cx);
    g.write(64, [
      0xff,
      0xfe,
      ...[0, 0, 0, 0, 0, 0],
      ...[0, 9, 9, 9, 9, 9, 9, 9],
      ...[0x80],
      9,
      9,
      9,
      9,
      9,
      9,
      9,
      7,
    ]);
    run(g, () => void expect(f(64, 120)).toBe(2));
    expect(seen).toEqual([-1, 0xfe, { tag: 'a', val: -128 }, 7]);
    expect(g.bytes(120, 2)).toEqual([0xfe, 0]);
  });
});

describe('the storage of a call', () => {
  test('is that of the outer one again when the inner one is over', () => {
    const g = guest();
    const [get, set] = [canonContextGet('i32', 0, g.cx), canonContextSet(0, g.cx)];
    const seen: CoreValue[] = [];
    const inner = inTask(g.cx, () => {
      seen.push(get());
      set(2);
    });
    const outer = inTask(
      g.cx,
      () => {
        set(1);
        inner();
        seen.push(get());
      },
      { goesOn: true },
    );
    const post = endsTask(g.cx, () => seen.push(get()));
    for (let i = 0; i < 2; i++)
      canonLift(outer, functionType([]), { ...g.options, postReturn: post }, g.cx)();
    expect(seen).toEqual([0, 1, 1, 0, 1, 1]);
    expect(get()).toBe(0);
  });

  test('stays while the call waits', async () => {
    const g = guest();
    const host = canonLowerSuspending(
      () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
      functionType([]),
      g.options,
      g.cx,
    );
    const set = canonContextSet(0, g.cx);
    const get = canonContextGet('i32', 0, g.cx);
    const module = new WebAssembly.Module(
      wasmModule({
        imports: [
          { module: 'h', name: 'set', params: ['i32'] },
          { module: 'h', name: 'get', results: ['i32'] },
          { module: 'h', name: 'wait' },
        ],
        functions: [
          {
            export: 'run',
            params: ['i32'],
            results: ['i32'],
            body: [...op.get(0), ...op.call(1), ...op.add, ...op.call(0), ...op.call(2), ...op.call(1)],
          },
        ],
      }),
    );
    const imports = { h: { set, get, wait: host } } as unknown as WebAssembly.Imports;
    const core = new WebAssembly.Instance(module, imports).exports['run'] as CoreCallee;
    const type = functionType([u32Type], u32Type);
    const f = canonLiftSuspending(inTask(g.cx, core), type, g.options, g.cx);
    expect([await f(3), await f(4)]).toEqual([3, 4]);
    const give = canonTaskReturn(undefined, g.options, g.cx);
    const giving = new WebAssembly.Instance(
      new WebAssembly.Module(
        wasmModule({
          imports: [
            { module: 'h', name: 'wait' },
            { module: 'h', name: 'give' },
          ],
          functions: [{ export: 'run', body: [...op.call(0), ...op.call(1)] }],
        }),
      ),
      { h: { wait: host, give } } as unknown as WebAssembly.Imports,
    ).exports['run'] as CoreCallee;
    const later = canonLiftAsync(asyncFrom(g, giving, functionType([])), true);
    const first = later();
    await expect(later()).rejects.toThrow('cannot enter component instance');
    expect(await first).toBeUndefined();
    expect(await later()).toBeUndefined();
  });
});
