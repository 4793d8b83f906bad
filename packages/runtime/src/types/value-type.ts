/** What a WIT type knows about itself when no code was generated for it: its layout, and the ways across. */
import type { CoreType } from '../core-adapter.ts';
import type { CoreValue } from '../function-type.ts';
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
  /** The fields of a record, the payloads of a variant's cases, the element of a list (of a map: the pair). */
  readonly parts: readonly (ValueType | undefined)[];
  /** How many labels flags have, or elements a list of a fixed length; the number of a handle's resource; else 0. */
  readonly count: number;
  /** Whether there are handles in its values. */
  readonly hasHandles: boolean;
  /** Reads a value; the caller has checked that `size` bytes at `p` are inside the memory and aligned. Spec: `load`. */
  readonly load: (cx: ComponentInstance, p: number) => T;
  /**
   * Checks a value and writes it to bytes that the caller has checked. `at` is the path to the value.
   * Throws ValueError. Spec: `store`.
   */
  readonly store: (cx: ComponentInstance, p: number, value: unknown, at: string) => void;
  /** Reads as many core values as the type has, from the one at `i` on. Spec: `lift_flat`. */
  readonly lift: (cx: ComponentInstance, core: readonly CoreValue[], i: number) => T;
  /** Checks a value and puts its core values into `out`, from `i` on. Throws ValueError. Spec: `lower_flat`. */
  readonly lower: (cx: ComponentInstance, value: unknown, out: CoreValue[], i: number, at: string) => void;
  /** `lift` for a type of one or two core values, without an array; not every such type has it. */
  readonly liftCore: ((cx: ComponentInstance, first: CoreValue, second: CoreValue) => T) | undefined;
  /** `lower` in the same way: gives the first core value, and leaves a second one in `cx.second`. */
  readonly lowerCore: ((cx: ComponentInstance, value: unknown, at: string) => CoreValue) | undefined;
}

/** What a type of one core value needs to say. */
export interface Leaf<T> {
  readonly kind: Kind;
  readonly size: number;
  readonly core: CoreType;
  readonly count?: number;
  readonly load: ValueType<T>['load'];
  readonly store: ValueType<T>['store'];
  readonly liftCore: (cx: ComponentInstance, core: CoreValue) => T;
  readonly lowerCore: (cx: ComponentInstance, value: unknown, at: string) => CoreValue;
}

/** A type of one core value as a descriptor. */
export function leaf<T>({
  kind,
  size,
  core,
  count = 0,
  load,
  store,
  liftCore,
  lowerCore,
}: Leaf<T>): ValueType<T> {
  return {
    kind,
    size,
    alignment: size,
    flat: [core],
    parts: [],
    count,
    hasHandles: kind === 'own' || kind === 'borrow',
    load,
    store,
    lift: (cx, values, i) => liftCore(cx, values[i]!),
    lower: (cx, value, out, i, at) => {
      out[i] = lowerCore(cx, value, at);
    },
    liftCore,
    lowerCore,
  };
}
