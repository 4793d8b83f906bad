/** Sizes and flat forms of validated types, for pointers of either width. Spec: "Element Size", "Flattening". */
import {
  flattenRecord,
  flattenRepeated,
  flattenVariant,
  recordLayout,
  variantLayout,
  type Sized,
} from '@wittle/runtime/types';
import type { ValueType } from './component-type.ts';
import { remember } from './invalid.ts';
import { insideOf } from './structure.ts';

/** The core type of addresses in a memory. */
export type Pointer = 'i32' | 'i64';

const layouts: Readonly<Record<Pointer, (type: ValueType) => Sized>> = {
  i32: remember((type) => compute(type, 'i32')),
  i64: remember((type) => compute(type, 'i64')),
};

/** Spec: `elem_size`, `alignment`, `flatten_type`; of the latter at most `MAX_FLAT` core types. */
export function layoutOf(type: ValueType, pointer: Pointer): Sized {
  return layouts[pointer](type);
}

function compute(type: ValueType, pointer: Pointer): Sized {
  const parts = (): Sized[] => insideOf(type).map((each) => (each && layoutOf(each as ValueType, pointer))!);
  const record = (fields: readonly Sized[]): Sized => ({
    ...recordLayout(fields),
    flat: flattenRecord(fields),
  });
  const variant = (payloads: readonly (Sized | undefined)[]): Sized => ({
    ...variantLayout(payloads),
    flat: flattenVariant(payloads),
  });
  switch (type.kind) {
    case 'record':
    case 'tuple':
      return record(parts());
    case 'variant':
    case 'result':
      return variant(parts());
    case 'option':
      return variant([undefined, ...parts()]);
    case 'enum':
      return variant(type.labels.map(() => undefined));
    case 'fixed-length-list': {
      const element = layoutOf(type.element, pointer);
      return { ...element, size: type.length * element.size, flat: flattenRepeated(element, type.length) };
    }
    case 'list':
    case 'map':
    case 'string':
      return record([scalar(pointer === 'i32' ? 4 : 8, pointer), scalar(pointer === 'i32' ? 4 : 8, pointer)]);
    case 'flags': {
      const { length } = type.labels;
      return scalar(length <= 8 ? 1 : length <= 16 ? 2 : 4, 'i32');
    }
    case 'bool':
    case 'u8':
    case 's8':
      return scalar(1, 'i32');
    case 'u16':
    case 's16':
      return scalar(2, 'i32');
    case 'u64':
    case 's64':
      return scalar(8, 'i64');
    case 'f32':
    case 'f64':
      return scalar(type.kind === 'f32' ? 4 : 8, type.kind);
    default:
      return scalar(4, 'i32');
  }
}

function scalar(size: number, flat: Sized['flat'][number]): Sized {
  return { size, alignment: size, flat: [flat] };
}
