/** `list` of numbers as typed arrays, in one copy; any other list element by element. Spec: `load_list`, `store_list`. */
import { bad, within } from '../errors.ts';
import { alloc, checkList, MAX_BYTE_LENGTH, type ComponentInstance } from '../instance.ts';
import { u8 } from './u8.ts';
import { s8 } from './s8.ts';
import { u16 } from './u16.ts';
import { s16 } from './s16.ts';
import { u32 } from './u32.ts';
import { s32 } from './s32.ts';
import { u64 } from './u64.ts';
import { s64 } from './s64.ts';
import { f32 } from './f32.ts';
import { f64 } from './f64.ts';
import { pair } from './string.ts';
import type { Kind, ValueType } from './value-type.ts';

// Taken out of its object, so that what uses it stays small enough to be inlined.
const { isArray } = Array;

/** The elements of a list that is lowered one by one: an array, or anything that iterates, made one. */
export function array(value: unknown, at: string): readonly unknown[] {
  return isArray(value) ? value : iterated(value, at);
}

/** Allocates for `count` elements of `size` bytes and leaves the count in `cx.len`. */
export function allocList(cx: ComponentInstance, count: number, size: number, alignment: number): number {
  const bytes = count * size;
  // A count that is none comes from an array that is a proxy.
  if (count >>> 0 !== count || bytes > MAX_BYTE_LENGTH) tooLong(bytes);
  cx.len = count;
  return alloc(cx, alignment, bytes);
}

function iterated(value: unknown, at: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) bad(value, 'array', at);
  return Array.from(value as Iterable<unknown>);
}

function tooLong(bytes: number): never {
  throw new RangeError(`list of ${bytes} bytes is longer than the ${MAX_BYTE_LENGTH} that fit a list`);
}

type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** The name of a typed array's kind, of any realm; `undefined` for any other value. */
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get as (this: unknown) => string | undefined;

/** A list of numbers that is not the typed array of its type: checked one by one into `target`. */
function fill<T extends number | bigint>(
  value: unknown,
  target: new (length: number) => NumberArray,
  element: (value: unknown, at: string) => T,
  at: string,
): NumberArray {
  const kind = target.name;
  // The same kind of array from another realm is one too.
  if (typedArrayName.call(value) === kind) return value as NumberArray;
  if (
    typeof value !== 'object' ||
    value === null ||
    ArrayBuffer.isView(value) ||
    !(Symbol.iterator in value)
  ) {
    bad(value, `${kind} or array`, at);
  }
  const items = Array.isArray(value) ? (value as readonly unknown[]) : Array.from(value as Iterable<unknown>);
  const numbers = new target(items.length);
  let i = 0;
  try {
    for (; i < items.length; i++) numbers[i] = element(items[i], '');
  } catch (error) {
    throw within(error, `${at}[${i}]`, 0);
  }
  return numbers;
}

/** Allocates for a list of numbers and leaves its length in `cx.len`. */
function room(cx: ComponentInstance, n: number, size: number): number {
  cx.len = n;
  const bytes = n * size;
  if (bytes > MAX_BYTE_LENGTH) tooLong(bytes);
  return alloc(cx, size, bytes);
}

/** A view of the guest's own memory is detached when the allocation grew it. */
function detached(value: unknown, at: string): never {
  bad(value, 'a list that is not a view of this memory', at);
}

/** Copies the elements of a checked typed array into the guest, whatever their type. */
function copyIn(cx: ComponentInstance, value: NumberArray, at: string): number {
  const n = value.length;
  const p = room(cx, n, value.BYTES_PER_ELEMENT);
  if (value.length !== n) detached(value, at);
  cx.u8.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), p);
  return p;
}

// list<u8>

export function liftU8s(cx: ComponentInstance, p: number, n: number): Uint8Array {
  checkList(cx, p, n, 0);
  return cx.u8.slice(p, p + n);
}

export function lowerU8s(cx: ComponentInstance, value: unknown, at: string): number {
  if (!(value instanceof Uint8Array)) return copyIn(cx, fill(value, Uint8Array, u8, at), at);
  const n = value.length;
  cx.len = n;
  if (n > MAX_BYTE_LENGTH) tooLong(n);
  const p = alloc(cx, 1, n);
  if (value.length !== n) bad(value, 'a list that is not a view of this memory', at);
  cx.u8.set(value, p);
  return p;
}

// list<s8>

export function liftS8s(cx: ComponentInstance, p: number, n: number): Int8Array {
  checkList(cx, p, n * 1, 0);
  return new Int8Array(cx.u8.buffer.slice(p, p + n * 1) as ArrayBuffer);
}

export function lowerS8s(cx: ComponentInstance, value: unknown, at: string): number {
  return copyIn(cx, value instanceof Int8Array ? value : fill(value, Int8Array, s8, at), at);
}

// list<u16>

export function liftU16s(cx: ComponentInstance, p: number, n: number): Uint16Array {
  checkList(cx, p, n * 2, 1);
  return new Uint16Array(cx.u8.buffer.slice(p, p + n * 2) as ArrayBuffer);
}

export function lowerU16s(cx: ComponentInstance, value: unknown, at: string): number {
  return copyIn(cx, value instanceof Uint16Array ? value : fill(value, Uint16Array, u16, at), at);
}

// list<s16>

export function liftS16s(cx: ComponentInstance, p: number, n: number): Int16Array {
  checkList(cx, p, n * 2, 1);
  return new Int16Array(cx.u8.buffer.slice(p, p + n * 2) as ArrayBuffer);
}

export function lowerS16s(cx: ComponentInstance, value: unknown, at: string): number {
  return copyIn(cx, value instanceof Int16Array ? value : fill(value, Int16Array, s16, at), at);
}

// list<u32>

export function liftU32s(cx: ComponentInstance, p: number, n: number): Uint32Array {
  checkList(cx, p, n * 4, 3);
  return cx.u32.slice(p >>> 2, (p >>> 2) + n);
}

export function lowerU32s(cx: ComponentInstance, value: unknown, at: string): number {
  const list = value instanceof Uint32Array ? value : fill(value, Uint32Array, u32, at);
  const n = list.length;
  const p = room(cx, n, 4);
  if (list.length !== n) detached(list, at);
  cx.u32.set(list as Uint32Array, p >>> 2);
  return p;
}

// list<s32>

export function liftS32s(cx: ComponentInstance, p: number, n: number): Int32Array {
  checkList(cx, p, n * 4, 3);
  return new Int32Array(cx.u8.buffer.slice(p, p + n * 4) as ArrayBuffer);
}

export function lowerS32s(cx: ComponentInstance, value: unknown, at: string): number {
  return copyIn(cx, value instanceof Int32Array ? value : fill(value, Int32Array, s32, at), at);
}

// list<u64>

export function liftU64s(cx: ComponentInstance, p: number, n: number): BigUint64Array {
  checkList(cx, p, n * 8, 7);
  return new BigUint64Array(cx.u8.buffer.slice(p, p + n * 8) as ArrayBuffer);
}

export function lowerU64s(cx: ComponentInstance, value: unknown, at: string): number {
  return copyIn(cx, value instanceof BigUint64Array ? value : fill(value, BigUint64Array, u64, at), at);
}

// list<s64>

export function liftS64s(cx: ComponentInstance, p: number, n: number): BigInt64Array {
  checkList(cx, p, n * 8, 7);
  return new BigInt64Array(cx.u8.buffer.slice(p, p + n * 8) as ArrayBuffer);
}

export function lowerS64s(cx: ComponentInstance, value: unknown, at: string): number {
  return copyIn(cx, value instanceof BigInt64Array ? value : fill(value, BigInt64Array, s64, at), at);
}

// list<f32>

export function liftF32s(cx: ComponentInstance, p: number, n: number): Float32Array {
  checkList(cx, p, n * 4, 3);
  return new Float32Array(cx.u8.buffer.slice(p, p + n * 4) as ArrayBuffer);
}

export function lowerF32s(cx: ComponentInstance, value: unknown, at: string): number {
  return copyIn(cx, value instanceof Float32Array ? value : fill(value, Float32Array, f32, at), at);
}

// list<f64>

export function liftF64s(cx: ComponentInstance, p: number, n: number): Float64Array {
  checkList(cx, p, n * 8, 7);
  return cx.f64.slice(p >>> 3, (p >>> 3) + n);
}

export function lowerF64s(cx: ComponentInstance, value: unknown, at: string): number {
  const list = value instanceof Float64Array ? value : fill(value, Float64Array, f64, at);
  const n = list.length;
  const p = room(cx, n, 8);
  if (list.length !== n) detached(list, at);
  cx.f64.set(list as Float64Array, p >>> 3);
  return p;
}

// list<T>

/** The lists that are typed arrays in JavaScript, by the kind of their elements. */
export const NUMBERS: Partial<Record<Kind, NumberTransfer>> = {
  u8: { array: Uint8Array, lift: liftU8s, lower: lowerU8s },
  s8: /* @__PURE__ */ numbers(Int8Array, s8),
  u16: /* @__PURE__ */ numbers(Uint16Array, u16),
  s16: /* @__PURE__ */ numbers(Int16Array, s16),
  u32: { array: Uint32Array, lift: liftU32s, lower: lowerU32s },
  s32: /* @__PURE__ */ numbers(Int32Array, s32),
  u64: /* @__PURE__ */ numbers(BigUint64Array, u64),
  s64: /* @__PURE__ */ numbers(BigInt64Array, s64),
  f32: /* @__PURE__ */ numbers(Float32Array, f32),
  f64: { array: Float64Array, lift: liftF64s, lower: lowerF64s },
};

/** The same as the functions above, in less code. */
function numbers<T extends number | bigint>(
  array: NumberArrayConstructor,
  element: (value: unknown, at: string) => T,
): NumberTransfer {
  const size = array.BYTES_PER_ELEMENT;
  return {
    array,
    lift(cx, p, n) {
      checkList(cx, p, n * size, size - 1);
      return new array(cx.u8.buffer.slice(p, p + n * size) as ArrayBuffer);
    },
    lower: (cx, value, at) =>
      copyIn(cx, value instanceof array ? value : fill(value, array, element, at), at),
  };
}

interface NumberArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (source: number | ArrayBuffer): NumberArray;
  readonly from: (values: readonly never[]) => NumberArray;
}

interface ListTransfer {
  readonly lift: (cx: ComponentInstance, p: number, n: number) => unknown;
  /** Gives the pointer and leaves the length in `cx.len`. */
  readonly lower: (cx: ComponentInstance, value: unknown, at: string) => number;
}

interface NumberTransfer extends ListTransfer {
  readonly array: { readonly from: (values: readonly never[]) => NumberArray };
}

/**
 * A list as a descriptor: a typed array when the elements are numbers, else an array.
 * Spec: `load_list`, `store_list`, `lift_flat_list`, `lower_flat_list`.
 */
export function list(element: ValueType): ValueType<unknown> {
  const { lift, lower } = NUMBERS[element.kind] ?? elementwise(element);
  return pair('list', [element], lift, lower);
}

/** Spec: `load_list_from_range`, `store_list_into_range`. */
export function elementwise({ size, alignment, load, store }: ValueType): ListTransfer {
  return {
    lift(cx, p, n) {
      checkList(cx, p, n * size, alignment - 1);
      const items: unknown[] = [];
      for (let i = 0, q = p; i < n; i++, q += size) items.push(load(cx, q));
      return items;
    },
    lower(cx, value, at) {
      const items = array(value, at);
      const n = items.length;
      const p = allocList(cx, n, size, alignment);
      let i = 0;
      try {
        for (let q = p; i < n; i++, q += size) store(cx, q, items[i], '');
      } catch (error) {
        throw within(error, `${at}[${i}]`, items);
      }
      // Lowering the elements has left their lengths there.
      cx.len = n;
      return p;
    },
  };
}
