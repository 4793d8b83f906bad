/** `f32`: a number, rounded to single precision on the way in. NaN payloads carry no meaning. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

// Taken out of its object, so that what uses it stays small enough to be inlined.
const { fround } = Math;

/** The value, checked and rounded. */
export function f32(value: unknown, at: string): number {
  if (typeof value !== 'number') badF32(value, at);
  return fround(value);
}

export function loadF32(cx: ComponentInstance, p: number): number {
  return cx.view.getFloat32(p, true);
}

export function storeF32(cx: ComponentInstance, p: number, value: number): void {
  cx.view.setFloat32(p, value, true);
}

function badF32(value: unknown, at: string): never {
  bad(value, 'number', at);
}

// A variant's payloads share core values: an f32 may travel as an i32. Spec: `core_i32_reinterpret_f32`.

const boxF32 = new Float32Array(1);
const boxI32 = new Int32Array(boxF32.buffer);

export function f32ToI32(value: number): number {
  boxF32[0] = value;
  return boxI32[0]!;
}

export function i32ToF32(core: number): number {
  boxI32[0] = core;
  return boxF32[0]!;
}

/** `f32` as a descriptor. */
export const f32Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 'f32',
  size: 4,
  core: 'f32',
  load: loadF32,
  store: (cx, p, value, at) => storeF32(cx, p, f32(value, at)),
  liftCore: (_, core) => core as number,
  lowerCore: (_, value, at) => f32(value, at),
});
