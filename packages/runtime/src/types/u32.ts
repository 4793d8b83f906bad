/** `u32`: an unsigned 32-bit integer; a number. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function u32(value: unknown, at: string): number {
  if (!isU32(value)) badU32(value, at);
  return value >>> 0;
}

/** Out-of-range core values wrap; they do not trap. Spec: `lift_flat_unsigned`. */
export function liftU32(core: number): number {
  return core >>> 0;
}

export function loadU32(cx: ComponentInstance, p: number): number {
  return cx.u32[p >>> 2]!;
}

export function storeU32(cx: ComponentInstance, p: number, value: number): void {
  cx.u32[p >>> 2] = value;
}

// In two steps, each small enough to be inlined wherever it is used; the error path is a call.
function isU32(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value;
}

function badU32(value: unknown, at: string): never {
  bad(value, 'u32', at);
}

/** `u32` as a descriptor. */
export const u32Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 'u32',
  size: 4,
  core: 'i32',
  load: loadU32,
  store: (cx, p, value, at) => storeU32(cx, p, u32(value, at)),
  liftCore: (_, core) => liftU32(core as number),
  lowerCore: (_, value, at) => u32(value, at),
});
