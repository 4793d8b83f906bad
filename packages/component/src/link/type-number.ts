/**
 * Types as numbers, so that generated code can tell without knowing types whether a component is of its world.
 *
 * A type's number is the FNV-1a hash, in 31 bits, of a text in which its parts stand as their own numbers:
 * `u32`, `list 123`, `list 123 4` (of a fixed length), `record a:1 b:2`, `variant a:1 b`, `tuple 1 2`, `flags a b`,
 * `enum a b`, `option 1`, `result 1 2` (`_` for none), `own counter`, `borrow counter`, `map 1 2`, `stream 1`, `future`;
 * a function's is that of `func a:1 b:2 -> 3` (no arrow without a result), `async func` for an async one.
 */
import type { FunctionType, ResourceIdentity, ValueType } from '../validate/component-type.ts';
import { insideOf, labelsOf } from '../validate/structure.ts';

/**
 * Gives the numbers of types: equal for equal types, greater than 0. `nameOf` gives the name under which a resource is
 * declared; names of other types do not count.
 */
export function typeNumbers(
  nameOf: (resource: ResourceIdentity) => string,
): (type: ValueType | FunctionType) => number {
  const known = new Map<ValueType | FunctionType, number>();
  const typeNumber = (type: ValueType | FunctionType): number => {
    const number = known.get(type) ?? hash(text(type, nameOf, typeNumber));
    known.set(type, number);
    return number;
  };
  return typeNumber;
}

function text(
  type: ValueType | FunctionType,
  nameOf: (resource: ResourceIdentity) => string,
  typeNumber: (type: ValueType) => number,
): string {
  const { kind } = type;
  if (kind === 'own' || kind === 'borrow') return `${kind} ${nameOf(type.resource.identity)}`;
  const labels = labelsOf(type);
  const inside = insideOf(type) as readonly (ValueType | undefined)[];
  const numbers = inside.map((each) => (each === undefined ? undefined : `${typeNumber(each)}`));
  const labelled = labels.map((label, i) => ` ${label}${numbers[i] === undefined ? '' : `:${numbers[i]}`}`);
  if (kind === 'function') {
    const result = numbers.at(-1);
    return `${type.async ? 'async ' : ''}func${labelled.join('')}${result === undefined ? '' : ` -> ${result}`}`;
  }
  if (labels.length > 0) return kind + labelled.join('');
  if (kind === 'fixed-length-list') return `list ${numbers[0]} ${type.length}`;
  const known = kind === 'result' ? numbers.map((each) => each ?? '_') : numbers.filter((each) => each);
  return [kind, ...known].join(' ');
}

function hash(of: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < of.length; i++) value = Math.imul(value ^ of.charCodeAt(i), 0x01000193);
  return value & 0x7fffffff || 1;
}
