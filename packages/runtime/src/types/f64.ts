/** `f64`: a number. NaN payloads carry no meaning: any NaN may become any other. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function f64(value: unknown, at: string): number {
  if (typeof value !== 'number') badF64(value, at);
  return +value;
}

export function loadF64(cx: ComponentInstance, p: number): number {
  return cx.f64[p >>> 3]!;
}

export function storeF64(cx: ComponentInstance, p: number, value: number): void {
  cx.f64[p >>> 3] = value;
}

function badF64(value: unknown, at: string): never {
  bad(value, 'number', at);
}

// A variant's payloads share core values: an f64 may travel as an i64. Spec: `core_i64_reinterpret_f64`.

const boxF64 = new Float64Array(1);
const boxI64 = new BigInt64Array(boxF64.buffer);

export function f64ToI64(value: number): bigint {
  boxF64[0] = value;
  return boxI64[0]!;
}

export function i64ToF64(core: bigint): number {
  boxI64[0] = core;
  return boxF64[0]!;
}

/** `f64` as a descriptor. */
export const f64Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 'f64',
  size: 8,
  core: 'f64',
  load: loadF64,
  store: (cx, p, value, at) => storeF64(cx, p, f64(value, at)),
  liftCore: (_, core) => core as number,
  lowerCore: (_, value, at) => f64(value, at),
});
