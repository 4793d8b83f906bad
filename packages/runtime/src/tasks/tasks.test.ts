import { describe, expect, test } from '@jest/globals';
import { guest, type Guest } from '../../test/guest.ts';
import { variantOf } from '../../test/types.ts';
import { op, wasmModule, type Signature } from '../../test/wasm-module.ts';
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
    const set = canonContextSet(0, g.cx);
    const get = canonContextGet('i32', 0, g.cx);
    const core = moduleOf(
      [{ name: 'set', params: ['i32'] }, { name: 'get', results: ['i32'] }, { name: 'wait' }],
      { params: ['i32'], results: ['i32'] },
      [...op.get(0), ...op.call(1), ...op.add, ...op.call(0), ...op.call(2), ...op.call(1)],
      { set, get, wait: waiting(g) },
    );
    const f = canonLiftSuspending(inTask(g.cx, core), functionType([u32Type], u32Type), g.options, g.cx);
    expect([await f(3), await f(4)]).toEqual([3, 4]);
  });
});

describe('an async function that calls a host function that waits', () => {
  /** Returns its parameter after it has waited. */
  function returning(g: Guest): LiftedFunction {
    const give = canonTaskReturn(u64Type, g.options, g.cx);
    const core = moduleOf(
      [{ name: 'wait' }, { name: 'give', params: ['i64'] }],
      { params: ['i64'] },
      [...op.call(0), ...op.get(0), ...op.call(1), ...op.call(0)],
      { wait: waiting(g), give },
    );
    return asyncFrom(g, core, functionType([u64Type], u64Type));
  }

  test('is suspended, and its instance cannot be entered meanwhile', async () => {
    const g = guest();
    const f = canonLiftAsync(returning(g), true);
    const first = f(1n);
    await expect(f(2n)).rejects.toThrow('cannot enter component instance');
    expect(await first).toBe(1n);
    expect(await f(3n)).toBe(3n);
  });

  test('suspends a component that waits for it, too', async () => {
    const [caller, callee] = [guest(), guest()];
    const lifted = returning(callee);
    const fused = canonFuseAsync(lifted, lifted.type, caller.options, caller.cx, true);
    const core = moduleOf(
      [{ name: 'f', params: ['i64'], results: ['i64'] }],
      { params: ['i64'], results: ['i64'] },
      [...op.get(0), ...op.call(0), ...op.call(0)],
      { f: fused },
    );
    const f = canonLiftSuspending(core, lifted.type, caller.options, caller.cx);
    expect([await f(5n), await f(6n)]).toEqual([5n, 6n]);
    const atOnce = canonLift(core, lifted.type, caller.options, caller.cx);
    expect(() => atOnce(7n)).toThrow('would have to wait, but the guest was entered by a call that cannot');
    for (const { cx } of [caller, callee]) expect(cx.state).not.toBe(0);
  });

  test('makes the component that waits for it dead when it traps', async () => {
    const [caller, callee] = [guest(), guest()];
    const never = moduleOf([{ name: 'wait' }], {}, op.call(0), { wait: waiting(callee) });
    const lifted = asyncFrom(callee, never, functionType([]));
    const fused = canonFuseAsync(lifted, lifted.type, caller.options, caller.cx, true);
    const core = moduleOf([{ name: 'f' }], {}, op.call(0), { f: fused });
    const f = canonLiftSuspending(core, lifted.type, caller.options, caller.cx);
    await expect(f()).rejects.toThrow('ended without having called `task.return`');
    for (const g of [caller, callee])
      expect(() => run(g, () => {})).toThrow('cannot enter component instance');
  });
});

/** A core function for a host function that is ready only later. */
function waiting({ options, cx }: Guest): CoreCallee {
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
  return canonLowerSuspending(later, functionType([]), options, cx);
}

/** The function of a core module with these imports. */
function moduleOf(
  imports: readonly (Signature & { readonly name: string })[],
  signature: Signature,
  body: readonly number[],
  given: Readonly<Record<string, unknown>>,
): CoreCallee {
  const bytes = wasmModule({
    imports: imports.map((each) => ({ ...each, module: 'h' })),
    functions: [{ export: 'run', ...signature, body }],
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    h: given as WebAssembly.ModuleImports,
  });
  return instance.exports['run'] as CoreCallee;
}
