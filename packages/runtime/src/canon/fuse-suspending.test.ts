import { describe, expect, test } from '@jest/globals';
import { op, wasmModule } from '../../test/wasm-module.ts';
import { canSuspend } from '../index.ts';
import {
  canonFuseSuspending,
  canonLift,
  canonLiftSuspending,
  canonLowerSuspending,
  ComponentInstance,
  u32Type,
  type CoreCallee,
  type FunctionType,
} from '../types/index.ts';

const type: FunctionType = { name: 'f', params: [{ name: 'n', type: u32Type }], result: u32Type };
const options = {
  stringEncoding: 'utf8',
  memory: undefined,
  realloc: undefined,
  postReturn: undefined,
} as const;

/** A core module whose `f` calls what it imports and adds 1. */
function core(call: CoreCallee): CoreCallee {
  const module = new WebAssembly.Module(
    wasmModule({
      imports: [{ module: 'm', name: 'call', params: ['i32'], results: ['i32'] }],
      functions: [
        {
          export: 'f',
          params: ['i32'],
          results: ['i32'],
          body: [...op.get(0), ...op.call(0), ...op.i32(1), ...op.add],
        },
      ],
    }),
  );
  const { exports } = new WebAssembly.Instance(module, { m: { call: call as () => unknown } });
  return exports['f'] as CoreCallee;
}

/** `outer` calls `inner`, which calls the host. */
function chain(host: (n: number) => unknown) {
  const inner = new ComponentInstance('inner');
  const outer = new ComponentInstance('outer');
  const innerCore = core(canonLowerSuspending(host as () => unknown, type, options, inner));
  const lifted = { callee: innerCore, type, options, instance: inner };
  const outerCore = core(canonFuseSuspending(lifted, type, options, outer));
  return {
    inner,
    outer,
    call: canonLiftSuspending(outerCore, type, options, outer),
    callSync: canonLift(outerCore, type, options, outer),
  };
}

(canSuspend() ? describe : describe.skip)('a component that waits inside another’s call', () => {
  test('suspends both, and neither can be entered meanwhile', async () => {
    let go: (n: number) => void = () => {};
    const { inner, outer, call } = chain(() => new Promise((resolve) => (go = resolve)));
    const result = call(5);
    await expect(call(5)).rejects.toThrow(/cannot enter component instance outer/);
    expect([inner.state, outer.state]).toEqual([1, 1]);
    go(40);
    expect(await result).toBe(42);
    expect([inner.state, outer.state, inner.maySuspend, outer.maySuspend]).toEqual([0, 0, false, false]);
    const again = call(1);
    go(0);
    expect(await again).toBe(2);
  });

  test('need not wait: a call that is ready gives its value, from synchronous exports too', async () => {
    const { call, callSync } = chain((n) => n * 2);
    expect(await call(5)).toBe(12);
    expect(callSync(5)).toBe(12);
  });

  test('cannot wait when it was called in a way that cannot', () => {
    const { inner, outer, callSync } = chain(() => Promise.resolve(1));
    expect(() => callSync(5)).toThrow(/would have to wait/);
    expect(() => callSync(5)).toThrow(/cannot enter component instance/);
    expect([inner.state, outer.state]).toEqual([3, 3]);
  });

  test('fails as one when the host fails', async () => {
    const { call, inner } = chain(() => Promise.reject(new Error('of the host')));
    await expect(call(5)).rejects.toThrow('of the host');
    await expect(call(5)).rejects.toThrow(/cannot enter component instance/);
    expect(inner.state).toBe(3);
  });
});
