/** `u8`: an unsigned 8-bit integer; a number. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function u8(value: unknown, at: string): number {
  if (!isU8(value)) badU8(value, at);
  return value | 0;
}

/** Out-of-range core values wrap; they do not trap. Spec: `lift_flat_unsigned`. */
export function liftU8(core: number): number {
  return core & 255;
}

export function loadU8(cx: ComponentInstance, p: number): number {
  return cx.u8[p]!;
}

export function storeU8(cx: ComponentInstance, p: number, value: number): void {
  cx.u8[p] = value;
}

// In two steps, each small enough to be inlined wherever it is used; the error path is a call.
function isU8(value: unknown): value is number {
  return typeof value === 'number' && (value & 255) === value;
}

function badU8(value: unknown, at: string): never {
  bad(value, 'u8', at);
}

/** `u8` as a descriptor. */
export const u8Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 'u8',
  size: 1,
  core: 'i32',
  load: loadU8,
  store: (cx, p, value, at) => storeU8(cx, p, u8(value, at)),
  liftCore: (_, core) => liftU8(core as number),
  lowerCore: (_, value, at) => u8(value, at),
});
