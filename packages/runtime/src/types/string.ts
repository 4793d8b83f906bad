/** `string`: a string; lone surrogates become U+FFFD on the way in. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { liftString, lowerStringValue } from '../string-encoding.ts';
import type { ValueType } from './value-type.ts';

export { liftString } from '../string-encoding.ts';

/** Lowers a checked string: gives its pointer and leaves its length in `cx.len`. Spec: `store_string_into_range`. */
export function lowerString(cx: ComponentInstance, value: unknown, at: string): number {
  if (typeof value !== 'string') badString(value, at);
  return lowerStringValue(cx, value);
}

/** Spec: `load_string`. */
export function loadString(cx: ComponentInstance, p: number): string {
  const { u32 } = cx;
  const i = p >>> 2;
  return liftString(cx, u32[i]!, u32[i + 1]!);
}

/** Spec: `store_string`. */
export function storeString(cx: ComponentInstance, p: number, value: unknown, at: string): void {
  storePair(cx, p, lowerString(cx, value, at));
}

/** Stores the pointer and, behind it, the length that its lowering left in `cx.len`: a string or a list. */
export function storePair(cx: ComponentInstance, p: number, pointer: number): void {
  const { u32, len } = cx;
  const i = p >>> 2;
  u32[i] = pointer;
  u32[i + 1] = len;
}

function badString(value: unknown, at: string): never {
  bad(value, 'string', at);
}

/** `string` as a descriptor. Spec: `lift_flat_string`, `lower_flat_string`. */
export const stringType: ValueType<string> = {
  kind: 'string',
  size: 8,
  alignment: 4,
  flat: ['i32', 'i32'],
  load: loadString,
  store: storeString,
  lift: (cx, values) => liftString(cx, values.number() >>> 0, values.number() >>> 0),
  lower: (cx, value, out, at) => void out.push(lowerString(cx, value, at), cx.len),
};
