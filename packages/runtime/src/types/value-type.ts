/** What a WIT type knows about itself when no code was generated for it: its layout, and the four ways across. */
import type { CoreType } from '../core-adapter.ts';
import type { CoreValue, CoreValueIterator } from '../core-value-iterator.ts';
import type { ComponentInstance } from '../instance.ts';

/** Every kind of WIT value type. */
export type Kind =
  | 'bool'
  | 'u8'
  | 's8'
  | 'u16'
  | 's16'
  | 'u32'
  | 's32'
  | 'u64'
  | 's64'
  | 'f32'
  | 'f64'
  | 'char'
  | 'string'
  | 'list'
  | 'fixed-length-list'
  | 'record'
  | 'tuple'
  | 'variant'
  | 'enum'
  | 'option'
  | 'result'
  | 'flags'
  | 'map'
  | 'own'
  | 'borrow';

/**
 * A type, built once and used for every value of it. `T` is the value's shape in JavaScript as lifting gives it; what is
 * lowered is checked, so anything may be passed.
 */
export interface ValueType<T = unknown> {
  readonly kind: Kind;
  /** Bytes in memory. Spec: `elem_size`. */
  readonly size: number;
  /** A power of two. Spec: `alignment`. */
  readonly alignment: number;
  /**
   * The core values that it is made of when it is passed flat; no more than {@link MAX_FLAT} of them are listed, for
   * what has more goes through memory. Spec: `flatten_type`.
   */
  readonly flat: readonly CoreType[];
  /** Reads a value; the caller has checked that `size` bytes at `p` are inside the memory and aligned. Spec: `load`. */
  readonly load: (cx: ComponentInstance, p: number) => T;
  /**
   * Checks a value and writes it to bytes that the caller has checked. `at` is the path to the value.
   * Throws ValueError. Spec: `store`.
   */
  readonly store: (cx: ComponentInstance, p: number, value: unknown, at: string) => void;
  /** Takes as many core values as the type has. Spec: `lift_flat`. */
  readonly lift: (cx: ComponentInstance, values: CoreValueIterator) => T;
  /** Checks a value and adds its core values to `out`. Throws ValueError. Spec: `lower_flat`. */
  readonly lower: (cx: ComponentInstance, value: unknown, out: CoreValue[], at: string) => void;
}
