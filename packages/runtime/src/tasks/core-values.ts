/**
 * Values in memory as the core values that they are when they pass flat, and back. What these stand for, handles and
 * what pointers lead to, is left as it is. Spec: `load` and then `lower_flat`, `lift_flat` and then `store`.
 */
import type { CoreValue } from '../function-type.ts';
import { check, type ComponentInstance } from '../instance.ts';
import { recordLayout, variantLayout } from '../layout.ts';
import { badDiscriminant, liftShared, lowerShared } from '../types/variant.ts';
import type { ValueType } from '../types/value-type.ts';

/** The core values of values that lie at `p` as those of a tuple do. Traps if that is not in the memory. */
export function loadCore(cx: ComponentInstance, p: number, types: readonly ValueType[]): CoreValue[] {
  const core: CoreValue[] = [];
  moveTuple(cx, p, types, core, true);
  return core;
}

/** Writes the core values of values to `p`, as those of a tuple. Traps if that is not in the memory. */
export function storeCore(
  cx: ComponentInstance,
  p: number,
  types: readonly ValueType[],
  core: CoreValue[],
): void {
  moveTuple(cx, p, types, core, false);
}

function moveTuple(
  cx: ComponentInstance,
  p: number,
  types: readonly ValueType[],
  core: CoreValue[],
  loads: boolean,
): void {
  const { size, alignment } = recordLayout(types);
  check(cx, p, size, alignment - 1);
  row(types, p, core, 0);

  function row(parts: readonly ValueType[], at: number, values: CoreValue[], start: number): void {
    const { offsets } = recordLayout(parts);
    let i = start;
    parts.forEach((part, k) => {
      move(part, at + offsets[k]!, values, i);
      i += part.flat.length;
    });
  }

  /** The core values are those from `i` on. */
  function move(type: ValueType, at: number, values: CoreValue[], i: number): void {
    const { kind, parts, count, flat } = type;
    switch (kind) {
      case 'record':
      case 'tuple':
        return row(parts as readonly ValueType[], at, values, i);
      case 'fixed-length-list':
        return row(
          Array.from({ length: count }, () => parts[0]!),
          at,
          values,
          i,
        );
      case 'variant':
      case 'enum':
      case 'option':
      case 'result': {
        const { discriminantSize, payloadOffset } = variantLayout(parts);
        word('i32', discriminantSize, at, values, i);
        const index = (values[i] as number) >>> 0;
        if (index >= parts.length) badDiscriminant(index, kind, parts.length);
        const payload = parts[index];
        if (!loads) {
          if (payload !== undefined)
            move(payload, at + payloadOffset, liftShared(values, i, flat, payload), 0);
          return;
        }
        if (payload !== undefined) move(payload, at + payloadOffset, values, i + 1);
        const zeros = flat.map((each) => (each === 'i64' ? 0n : 0));
        return lowerShared(values, i, flat, payload, zeros);
      }
      default: {
        // A pointer and a length are two.
        const size = type.size / flat.length;
        flat.forEach((each, k) => word(each, size, at + k * size, values, i + k));
      }
    }
  }

  function word(type: string, size: number, at: number, values: CoreValue[], i: number): void {
    // A whole i32 has a sign, as WebAssembly gives it.
    const kind = type === 'i64' ? 'BigInt' : type !== 'i32' ? 'Float' : size < 4 ? 'Uint' : 'Int';
    const name = `${kind}${size * 8}` as 'Int32';
    if (loads) values[i] = cx.view[`get${name}`](at, true);
    else cx.view[`set${name}`](at, values[i] as number, true);
  }
}
