/** `string`: a string; lone surrogates become U+FFFD on the way in. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { liftStringValue, liftUtf8, lowerStringValue, lowerUtf8 } from '../string-encoding.ts';
import { loadU32 } from './u32.ts';
import type { Kind, ValueType } from './value-type.ts';

// Functions for generated code are for UTF-8, the only encoding that it takes.

export { liftUtf8 as liftString } from '../string-encoding.ts';

/** Lowers a checked string: gives its pointer and leaves its length in `cx.len`. Spec: `store_string_into_range`. */
export function lowerString(cx: ComponentInstance, value: unknown, at: string): number {
  if (typeof value !== 'string') badString(value, at);
  return lowerUtf8(cx, value);
}

/** Spec: `load_string`. */
export function loadString(cx: ComponentInstance, p: number): string {
  const { u32 } = cx;
  const i = p >>> 2;
  return liftUtf8(cx, u32[i]!, u32[i + 1]!);
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
export const stringType: ValueType<string> = /* @__PURE__ */ pair(
  'string',
  [],
  liftStringValue,
  (cx, value, at) => {
    if (typeof value !== 'string') badString(value, at);
    return lowerStringValue(cx, value);
  },
);

/** A type whose values are a pointer and a length, as a descriptor: strings and lists. */
export function pair<T>(
  kind: Kind,
  parts: readonly ValueType[],
  lift: (cx: ComponentInstance, p: number, n: number) => T,
  lower: (cx: ComponentInstance, value: unknown, at: string) => number,
): ValueType<T> {
  return {
    kind,
    size: 8,
    alignment: 4,
    flat: ['i32', 'i32'],
    parts,
    count: 0,
    hasHandles: parts.some((part) => part.hasHandles),
    load: (cx, p) => lift(cx, loadU32(cx, p), loadU32(cx, p + 4)),
    store: (cx, p, value, at) => storePair(cx, p, lower(cx, value, at)),
    lift: (cx, core, i) => lift(cx, (core[i] as number) >>> 0, (core[i + 1] as number) >>> 0),
    lower: (cx, value, out, i, at) => {
      out[i] = lower(cx, value, at);
      out[i + 1] = cx.len;
    },
    liftCore: (cx, p, n) => lift(cx, (p as number) >>> 0, (n as number) >>> 0),
    lowerCore: (cx, value, at) => {
      const p = lower(cx, value, at);
      cx.second = cx.len;
      return p;
    },
  };
}
