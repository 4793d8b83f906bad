/** `s16`: a signed 16-bit integer; a number. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function s16(value: unknown, at: string): number {
  if (!isS16(value)) badS16(value, at);
  return value | 0;
}

/** Out-of-range core values wrap; they do not trap. Spec: `lift_flat_signed`. */
export function liftS16(core: number): number {
  return (core << 16) >> 16;
}

export function loadS16(cx: ComponentInstance, p: number): number {
  return cx.view.getInt16(p, true);
}

export function storeS16(cx: ComponentInstance, p: number, value: number): void {
  cx.view.setInt16(p, value, true);
}

// In two steps, each small enough to be inlined wherever it is used; the error path is a call.
function isS16(value: unknown): value is number {
  return typeof value === 'number' && (value << 16) >> 16 === value;
}

function badS16(value: unknown, at: string): never {
  bad(value, 's16', at);
}

/** `s16` as a descriptor. */
export const s16Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 's16',
  size: 2,
  core: 'i32',
  load: loadS16,
  store: (cx, p, value, at) => storeS16(cx, p, s16(value, at)),
  liftCore: (_, core) => liftS16(core as number),
  lowerCore: (_, value, at) => s16(value, at),
});
