/** The values of a call: as core values when they are few, through memory when not. Spec: "Lifting and Lowering Values". */
import type { CoreValue } from './function-type.ts';
import { alloc, check, type ComponentInstance } from './instance.ts';
import { flatStarts, flattenRecord, recordLayout, type RecordLayout } from './layout.ts';
import type { ValueType } from './types/value-type.ts';

/** The types of a function's parameters, or of its result, and how they pass. */
export interface FlatValues {
  readonly types: readonly ValueType[];
  /** The path of each value. */
  readonly paths: readonly string[];
  /** There are more core values than may be passed: the values lie in memory as a tuple does. */
  readonly spilled: boolean;
  readonly layout: RecordLayout;
  /** Where the core values of each begin. */
  readonly starts: readonly number[];
  /** How many core values pass. */
  readonly width: number;
}

/** Prepares the passing of values of these types with at most `most` core values. */
export function flatValues(types: readonly ValueType[], paths: readonly string[], most: number): FlatValues {
  const width = flattenRecord(types).length;
  const spilled = width > most;
  return {
    types,
    paths,
    spilled,
    layout: recordLayout(types),
    starts: flatStarts(types),
    width: spilled ? 1 : width,
  };
}

/** Spec: `lift_flat_values`. */
export function liftFlatValues(
  cx: ComponentInstance,
  { types, spilled, layout, starts }: FlatValues,
  core: readonly CoreValue[],
): unknown[] {
  if (!spilled) return types.map((type, i) => type.lift(cx, core, starts[i]!));
  const p = (core[0] as number) >>> 0;
  check(cx, p, layout.size, layout.alignment - 1);
  return types.map((type, i) => type.load(cx, p + layout.offsets[i]!));
}

/**
 * Lowers values for a call and gives its core values. Spilled ones go to `area` when the caller has given one, else to
 * memory that is allocated for them. Throws ValueError. Spec: `lower_flat_values`.
 */
export function lowerFlatValues(
  cx: ComponentInstance,
  { types, paths, spilled, layout, starts, width }: FlatValues,
  values: readonly unknown[],
  area: number | undefined,
): CoreValue[] {
  const out = Array.from<CoreValue>({ length: width });
  if (!spilled) {
    for (let i = 0; i < types.length; i++) types[i]!.lower(cx, values[i], out, starts[i]!, paths[i]!);
    return out;
  }
  if (area !== undefined) check(cx, area, layout.size, layout.alignment - 1);
  const p = area ?? alloc(cx, layout.alignment, layout.size);
  for (let i = 0; i < types.length; i++) types[i]!.store(cx, p + layout.offsets[i]!, values[i], paths[i]!);
  out[0] = p;
  return area === undefined ? out : [];
}
