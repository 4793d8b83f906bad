/** `u16`: an unsigned 16-bit integer; a number. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The value, checked. */
export function u16(value: unknown, at: string): number {
  if (!isU16(value)) badU16(value, at);
  return value | 0;
}

/** Out-of-range core values wrap; they do not trap. Spec: `lift_flat_unsigned`. */
export function liftU16(core: number): number {
  return core & 65535;
}

export function loadU16(cx: ComponentInstance, p: number): number {
  return cx.view.getUint16(p, true);
}

export function storeU16(cx: ComponentInstance, p: number, value: number): void {
  cx.view.setUint16(p, value, true);
}

// In two steps, each small enough to be inlined wherever it is used; the error path is a call.
function isU16(value: unknown): value is number {
  return typeof value === 'number' && (value & 65535) === value;
}

function badU16(value: unknown, at: string): never {
  bad(value, 'u16', at);
}

/** `u16` as a descriptor. */
export const u16Type: ValueType<number> = /* @__PURE__ */ leaf({
  kind: 'u16',
  size: 2,
  core: 'i32',
  load: loadU16,
  store: (cx, p, value, at) => storeU16(cx, p, u16(value, at)),
  liftCore: (_, core) => liftU16(core as number),
  lowerCore: (_, value, at) => u16(value, at),
});
