/** `s8`: a signed 8-bit integer; a number. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function s8(value: unknown, at: string): number {
  if (!isS8(value)) badS8(value, at);
  return value | 0;
}

/** Out-of-range core values wrap; they do not trap. Spec: `lift_flat_signed`. */
export function liftS8(core: number): number {
  return (core << 24) >> 24;
}

export function loadS8(cx: ComponentInstance, p: number): number {
  return (cx.u8[p]! << 24) >> 24;
}

export function storeS8(cx: ComponentInstance, p: number, value: number): void {
  cx.u8[p] = value;
}

// In two steps, each small enough to be inlined wherever it is used; the error path is a call.
function isS8(value: unknown): value is number {
  return typeof value === 'number' && (value << 24) >> 24 === value;
}

function badS8(value: unknown, at: string): never {
  bad(value, 's8', at);
}

/** `s8` as a descriptor. */
export const s8Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 's8',
  size: 1,
  core: 'i32',
  load: loadS8,
  store: (cx, p, value, at) => storeS8(cx, p, s8(value, at)),
  liftCore: (_, core) => liftS8(core as number),
  lowerCore: (_, value, at) => s8(value, at),
});
