/** `s32`: a signed 32-bit integer; a number. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function s32(value: unknown, at: string): number {
  if (!isS32(value)) badS32(value, at);
  return value | 0;
}

/** Out-of-range core values wrap; they do not trap. Spec: `lift_flat_signed`. */
export function liftS32(core: number): number {
  return core;
}

export function loadS32(cx: ComponentInstance, p: number): number {
  return cx.u32[p >>> 2]! | 0;
}

export function storeS32(cx: ComponentInstance, p: number, value: number): void {
  cx.u32[p >>> 2] = value;
}

// In two steps, each small enough to be inlined wherever it is used; the error path is a call.
function isS32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

function badS32(value: unknown, at: string): never {
  bad(value, 's32', at);
}

/** `s32` as a descriptor. */
export const s32Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 's32',
  size: 4,
  core: 'i32',
  load: loadS32,
  store: (cx, p, value, at) => storeS32(cx, p, s32(value, at)),
  liftCore: (_, core) => liftS32(core as number),
  lowerCore: (_, value, at) => s32(value, at),
});
