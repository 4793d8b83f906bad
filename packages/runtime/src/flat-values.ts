/** The values of a call: as core values when they are few, through memory when not. Spec: "Lifting and Lowering Values". */
import type { CoreValue, CoreValueIterator } from './core-value-iterator.ts';
import { alloc, check, type ComponentInstance } from './instance.ts';
import { flattenRecord, recordLayout, type RecordLayout } from './layout.ts';
import type { ValueType } from './types/value-type.ts';

/** The types of a function's parameters, or of its result, and how they pass. */
export interface FlatValues {
  readonly types: readonly ValueType[];
  /** The path of each value. */
  readonly paths: readonly string[];
  /** There are more core values than may be passed: the values lie in memory as a tuple does. */
  readonly spilled: boolean;
  readonly layout: RecordLayout;
}

/** Prepares the passing of values of these types with at most `most` core values. */
export function flatValues(types: readonly ValueType[], paths: readonly string[], most: number): FlatValues {
  return { types, paths, spilled: flattenRecord(types).length > most, layout: recordLayout(types) };
}

/** Spec: `lift_flat_values`. */
export function liftFlatValues(
  cx: ComponentInstance,
  { types, spilled, layout }: FlatValues,
  values: CoreValueIterator,
): unknown[] {
  if (!spilled) return types.map((type) => type.lift(cx, values));
  const p = values.number() >>> 0;
  check(cx, p, layout.size, layout.alignment - 1);
  return types.map((type, i) => type.load(cx, p + layout.offsets[i]!));
}

/**
 * Lowers values for a call and gives its core values. Spilled ones go to `area` when the caller has given one, else to
 * memory that is allocated for them. Throws ValueError. Spec: `lower_flat_values`.
 */
export function lowerFlatValues(
  cx: ComponentInstance,
  { types, paths, spilled, layout }: FlatValues,
  values: readonly unknown[],
  area: number | undefined,
): CoreValue[] {
  const out: CoreValue[] = [];
  if (!spilled) {
    for (let i = 0; i < types.length; i++) types[i]!.lower(cx, values[i], out, paths[i]!);
    return out;
  }
  if (area !== undefined) check(cx, area, layout.size, layout.alignment - 1);
  const p = area ?? alloc(cx, layout.alignment, layout.size);
  for (let i = 0; i < types.length; i++) types[i]!.store(cx, p + layout.offsets[i]!, values[i], paths[i]!);
  if (area === undefined) out.push(p);
  return out;
}
