/**
 * Types as numbers, so that generated code can tell without knowing types whether a component is of its world.
 *
 * A type's number is the FNV-1a hash, in 31 bits, of a text in which its parts stand as their own numbers:
 * `u32`, `list 123`, `list 123 4` (of a fixed length), `record a:1 b:2`, `variant a:1 b`, `tuple 1 2`, `flags a b`,
 * `enum a b`, `option 1`, `result 1 2` (`_` for none), `own counter`, `borrow counter`, `map 1 2`, `stream 1`, `future`;
 * a function's is that of `func a:1 b:2 -> 3` (no arrow without a result), `async func` for an async one.
 */
import type { FunctionType, ResourceIdentity, ValueType } from '../validate/component-type.ts';

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
  const perhaps = (of: ValueType | undefined): string => (of === undefined ? '_' : `${typeNumber(of)}`);
  const named = (of: readonly { readonly name: string; readonly type: ValueType | undefined }[]): string =>
    of.map((each) => ` ${each.name}${each.type === undefined ? '' : `:${typeNumber(each.type)}`}`).join('');
  const { kind } = type;
  switch (kind) {
    case 'function':
      return `${type.async ? 'async ' : ''}func${named(type.params)}${type.result === undefined ? '' : ` -> ${typeNumber(type.result)}`}`;
    case 'record':
      return kind + named(type.fields);
    case 'variant':
      return kind + named(type.cases);
    case 'list':
      return `${kind} ${typeNumber(type.element)}`;
    case 'fixed-length-list':
      return `list ${typeNumber(type.element)} ${type.length}`;
    case 'tuple':
      return `${kind} ${type.types.map(typeNumber).join(' ')}`;
    case 'flags':
    case 'enum':
      return `${kind} ${type.labels.join(' ')}`;
    case 'option':
      return `${kind} ${typeNumber(type.type)}`;
    case 'result':
      return `${kind} ${perhaps(type.ok)} ${perhaps(type.err)}`;
    case 'own':
    case 'borrow':
      return `${kind} ${nameOf(type.resource.identity)}`;
    case 'map':
      return `${kind} ${typeNumber(type.key)} ${typeNumber(type.value)}`;
    case 'stream':
    case 'future':
      return type.element === undefined ? kind : `${kind} ${typeNumber(type.element)}`;
    default:
      return kind;
  }
}

function hash(of: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < of.length; i++) value = Math.imul(value ^ of.charCodeAt(i), 0x01000193);
  return value & 0x7fffffff || 1;
}
