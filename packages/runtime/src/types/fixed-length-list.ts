/** `list<T, N>`: an array of a fixed length, in place; a typed array when T is a number type. */
import { bad, within } from '../errors.ts';
import { flattenRepeated } from '../layout.ts';
import { NUMBERS } from './list.ts';
import type { ValueType } from './value-type.ts';

/** The elements of a list that must have exactly `length` of them; a typed array of that length will do. */
export function fixedLength(value: unknown, length: number, at: string): ArrayLike<unknown> {
  if (typeof value !== 'object' || value === null || !('length' in value) || value.length !== length) {
    bad(value, `array of ${length}`, at);
  }
  return value as ArrayLike<unknown>;
}

/**
 * A list of a fixed length as a descriptor: `length` values in a row, at least one. A typed array when the elements are
 * numbers, else an array. Spec: `load_list_from_valid_range`, `store_list_into_valid_range`.
 */
export function fixedLengthList(element: ValueType, length: number): ValueType<unknown> {
  const numbers = NUMBERS[element.kind];
  const width = element.flat.length;
  return {
    kind: 'fixed-length-list',
    size: length * element.size,
    alignment: element.alignment,
    flat: flattenRepeated(element, length),
    parts: [element],
    count: length,
    hasHandles: element.hasHandles,
    load(cx, p) {
      if (numbers !== undefined) return numbers.lift(cx, p, length);
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) items.push(element.load(cx, p + i * element.size));
      return items;
    },
    store(cx, p, value, at) {
      const items = fixedLength(value, length, at);
      let i = 0;
      try {
        for (; i < length; i++) element.store(cx, p + i * element.size, items[i], '');
      } catch (error) {
        throw within(error, `${at}[${i}]`, items);
      }
    },
    lift(cx, core, start) {
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) items.push(element.lift(cx, core, start + i * width));
      return numbers === undefined ? items : numbers.array.from(items as never[]);
    },
    lower(cx, value, out, start, at) {
      const items = fixedLength(value, length, at);
      let i = 0;
      try {
        for (; i < length; i++) element.lower(cx, items[i], out, start + i * width, '');
      } catch (error) {
        throw within(error, `${at}[${i}]`, items);
      }
    },
    liftCore: undefined,
    lowerCore: undefined,
  };
}
