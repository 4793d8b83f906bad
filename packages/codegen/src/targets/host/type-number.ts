/**
 * Types as numbers, by which a component's functions are compared with those that code was generated for.
 *
 * A type's number is the FNV-1a hash, in 31 bits, of a text in which its parts stand as their own numbers: `u32`,
 * `list 123`, `record a:1 b:2`, `func a:1 -> 3`, `own counter`. Reading components makes the same numbers of their types.
 */
import type { Type, TypeShape, WitFunction } from '@wittle/parser';
import { behindAlias, type Plan, type Side } from '../../world/plan.ts';

/** The number of a function's type, greater than 0. Resources count by the names that they are declared with. */
export function functionNumber(plan: Plan, side: Side, of: WitFunction): number {
  const result = of.result === undefined ? '' : ` -> ${typeNumber(plan, side, of.result)}`;
  return hash(`${of.async ? 'async ' : ''}func${named(plan, side, of.params)}${result}`);
}

const known = new WeakMap<Type, number>();

function typeNumber(plan: Plan, from: Side, type: Type): number {
  const found = known.get(type);
  if (found !== undefined) return found;
  const { side, type: behind } = behindAlias(plan, from, type);
  const text = behind.kind === 'type-definition' ? textOf(plan, side, behind.shape) : behind.kind;
  const number = hash(text);
  known.set(type, number);
  return number;
}

function textOf(plan: Plan, side: Side, shape: TypeShape): string {
  const number = (type: Type): number => typeNumber(plan, side, type);
  const perhaps = (type: Type | undefined): string => (type === undefined ? '_' : `${number(type)}`);
  const { kind } = shape;
  switch (kind) {
    case 'record':
      return kind + named(plan, side, shape.fields);
    case 'variant':
      return kind + named(plan, side, shape.cases);
    case 'list':
      return `${kind} ${number(shape.element)}`;
    case 'fixed-length-list':
      return `list ${number(shape.element)} ${shape.length}`;
    case 'tuple':
      return `${kind} ${shape.types.map(number).join(' ')}`;
    case 'flags':
      return `${kind} ${shape.flags.map((each) => each.name).join(' ')}`;
    case 'enum':
      return `${kind} ${shape.cases.map((each) => each.name).join(' ')}`;
    case 'option':
      return `${kind} ${number(shape.type)}`;
    case 'result':
      return `${kind} ${perhaps(shape.ok)} ${perhaps(shape.err)}`;
    case 'own':
    case 'borrow': {
      const { type } = behindAlias(plan, side, shape.resource);
      return `${kind} ${type.kind === 'type-definition' ? type.name : ''}`;
    }
    case 'map':
      return `${kind} ${number(shape.key)} ${number(shape.value)}`;
    case 'stream':
    case 'future':
      return shape.element === undefined ? kind : `${kind} ${number(shape.element)}`;
    case 'resource':
    case 'alias':
      return kind;
  }
}

function named(
  plan: Plan,
  side: Side,
  parts: readonly { readonly name: string; readonly type: Type | undefined }[],
): string {
  return parts
    .map(({ name, type }) => ` ${name}${type === undefined ? '' : `:${typeNumber(plan, side, type)}`}`)
    .join('');
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value & 0x7fffffff || 1;
}
