/** `u64`: an unsigned 64-bit integer; a bigint. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function u64(value: unknown, at: string): bigint {
  if (typeof value !== 'bigint') badU64(value, at);
  return fits(BigInt.asUintN(64, value), value, at);
}

/** WebAssembly gives an i64 signed. Spec: `lift_flat_unsigned`. */
export function liftU64(core: bigint): bigint {
  return BigInt.asUintN(64, core);
}

export function loadU64(cx: ComponentInstance, p: number): bigint {
  return cx.view.getBigUint64(p, true);
}

export function storeU64(cx: ComponentInstance, p: number, value: bigint): void {
  cx.view.setBigUint64(p, value, true);
}

// The wrapped value is what goes on: the optimizer knows that it has 64 bits.
function fits(core: bigint, value: bigint, at: string): bigint {
  if (core !== value) badU64(value, at);
  return core;
}

function badU64(value: unknown, at: string): never {
  bad(value, 'u64', at);
}

/** `u64` as a descriptor. */
export const u64Type: ValueType<bigint> = /* @__PURE__ */ leaf({
  kind: 'u64',
  size: 8,
  core: 'i64',
  load: loadU64,
  store: (cx, p, value, at) => storeU64(cx, p, u64(value, at)),
  liftCore: (_, core) => liftU64(core as bigint),
  lowerCore: (_, value, at) => u64(value, at),
});
