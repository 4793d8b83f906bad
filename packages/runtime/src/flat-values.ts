/** The values of a call: as core values when they are few, through memory when not. Spec: "Lifting and Lowering Values". */
import type { CoreCallee, CoreValue } from './function-type.ts';
import { alloc, check, type ComponentInstance } from './instance.ts';
import { flatStarts, flattenRecord, recordLayout } from './layout.ts';
import type { ValueType } from './types/value-type.ts';

/** How the values of a call pass, found once. */
export interface FlatValues {
  readonly types: readonly ValueType[];
  /** There are more core values than may be passed: the values lie in memory as a tuple does. */
  readonly spilled: boolean;
  /** How many core values pass. */
  readonly width: number;
  /** Spec: `lift_flat_values`. */
  readonly lift: (cx: ComponentInstance, core: readonly CoreValue[]) => unknown[];
  /**
   * Lowers values for a call and gives its core values in `out`. Spilled ones go to memory that is allocated for them.
   * Throws ValueError. Spec: `lower_flat_values`.
   */
  readonly lower: (cx: ComponentInstance, values: readonly unknown[], out: CoreValue[]) => void;
}

/** Prepares the passing of values of these types, at these paths, with at most `most` core values. */
export function flatValues(types: readonly ValueType[], paths: readonly string[], most: number): FlatValues {
  const width = flattenRecord(types).length;
  const count = types.length;
  if (width <= most) {
    const starts = flatStarts(types);
    const leaves = types.flatMap(({ flat, lowerCore }) =>
      flat.length === 1 && lowerCore ? [lowerCore] : [],
    );
    return {
      types,
      spilled: false,
      width,
      lift(cx, core) {
        const values: unknown[] = [];
        for (let i = 0; i < count; i++) values.push(types[i]!.lift(cx, core, starts[i]!));
        return values;
      },
      lower:
        leaves.length === count
          ? (cx, values, out) => {
              for (let i = 0; i < count; i++) out[i] = leaves[i]!(cx, values[i], paths[i]!);
            }
          : (cx, values, out) => {
              for (let i = 0; i < count; i++) types[i]!.lower(cx, values[i], out, starts[i]!, paths[i]!);
            },
    };
  }
  const { size, alignment, offsets } = recordLayout(types);
  return {
    types,
    spilled: true,
    width: 1,
    lift(cx, core) {
      const p = (core[0] as number) >>> 0;
      check(cx, p, size, alignment - 1);
      return types.map((type, i) => type.load(cx, p + offsets[i]!));
    },
    lower(cx, values, out) {
      const p = alloc(cx, alignment, size);
      out[0] = p;
      for (let i = 0; i < count; i++) types[i]!.store(cx, p + offsets[i]!, values[i], paths[i]!);
    },
  };
}

/** A core function over an array of its arguments: as many as `width`, for a call with a fixed number is faster. */
export function spread(f: CoreCallee, width: number): (a: readonly CoreValue[]) => CoreValue | void {
  switch (width) {
    case 0:
      return () => f();
    case 1:
      return (a) => f(a[0]!);
    case 2:
      return (a) => f(a[0]!, a[1]!);
    case 3:
      return (a) => f(a[0]!, a[1]!, a[2]!);
    case 4:
      return (a) => f(a[0]!, a[1]!, a[2]!, a[3]!);
    case 5:
      return (a) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!);
    case 6:
      return (a) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!);
    case 7:
      return (a) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!);
    case 8:
      return (a) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!);
    case 12:
      return (a) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!);
    default:
      return (a) => f(...a);
  }
}
