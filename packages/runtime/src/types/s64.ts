/** `s64`: a signed 64-bit integer; a bigint. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function s64(value: unknown, at: string): bigint {
  if (typeof value !== 'bigint') badS64(value, at);
  return fits(BigInt.asIntN(64, value), value, at);
}

/** WebAssembly gives an i64 signed. Spec: `lift_flat_signed`. */
export function liftS64(core: bigint): bigint {
  return core;
}

export function loadS64(cx: ComponentInstance, p: number): bigint {
  return cx.view.getBigInt64(p, true);
}

export function storeS64(cx: ComponentInstance, p: number, value: bigint): void {
  cx.view.setBigInt64(p, value, true);
}

// The wrapped value is what goes on: the optimizer knows that it has 64 bits.
function fits(core: bigint, value: bigint, at: string): bigint {
  if (core !== value) badS64(value, at);
  return core;
}

function badS64(value: unknown, at: string): never {
  bad(value, 's64', at);
}

/** `s64` as a descriptor. */
export const s64Type: ValueType<bigint> = /* @__PURE__ */ leaf({
  kind: 's64',
  size: 8,
  core: 'i64',
  load: loadS64,
  store: (cx, p, value, at) => storeS64(cx, p, s64(value, at)),
  liftCore: (_, core) => liftS64(core as bigint),
  lowerCore: (_, value, at) => s64(value, at),
});
