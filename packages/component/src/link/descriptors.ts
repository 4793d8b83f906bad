/** Validated types as the runtime's descriptors. Resources are numbers there: those of `cx.resources`. */
import {
  boolType,
  borrow,
  charType,
  enumeration,
  f32Type,
  f64Type,
  fixedLengthList,
  flags,
  list,
  map,
  option,
  own,
  record,
  result,
  s16Type,
  s32Type,
  s64Type,
  s8Type,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  variant,
  type FunctionType as RuntimeFunctionType,
  type ValueType as Descriptor,
} from '@wittle/runtime/types';
import type { ExternType, FunctionType, ResourceIdentity, ValueType } from '../validate/component-type.ts';
import { isSubtype } from '../validate/subtype.ts';
import { insideOf, labelsOf } from '../validate/structure.ts';
import { memberKey, scopeNames } from './names.ts';
import { typeNumbers } from './type-number.ts';

/** Makes descriptors for the types of one definition, each once. */
export interface Describer {
  /** The type of a function; its name is given later, by what it is called as. Throws {@link Unsupported}. */
  readonly function: (type: FunctionType) => RuntimeFunctionType;
  /** The type of what `task.return` takes: the same object for equal types. Throws {@link Unsupported}. */
  readonly taskResult: (type: ValueType | undefined) => Descriptor | undefined;
  /** The number of a resource in this definition's instances. */
  readonly resource: (identity: ResourceIdentity) => number;
}

/** Thrown for what cannot be run. The message names it. */
export class Unsupported extends Error {}

export function describer(): Describer {
  const numbers = new Map<ResourceIdentity, number>();
  const known = new Map<ValueType, Descriptor>();

  const resource = (identity: ResourceIdentity): number => {
    const number = numbers.get(identity) ?? numbers.size;
    numbers.set(identity, number);
    return number;
  };

  const of = (type: ValueType): Descriptor => {
    const made = known.get(type) ?? make(type);
    known.set(type, made);
    return made;
  };

  const perhaps = (type: ValueType | undefined): Descriptor | undefined => type && of(type);

  const make = (type: ValueType): Descriptor => {
    if (type.kind === 'own' || type.kind === 'borrow')
      return (type.kind === 'own' ? own : borrow)(resource(type.resource.identity));
    const labels = labelsOf(type);
    const inside = (insideOf(type) as readonly (ValueType | undefined)[]).map(perhaps);
    const parts = inside as readonly Descriptor[];
    switch (type.kind) {
      case 'record': {
        const keys = scopeNames(labels, memberKey);
        return record(labels.map((label, i) => ({ property: keys.get(label)!, type: parts[i]! })));
      }
      case 'variant':
        return variant(labels.map((tag, i) => ({ tag, type: inside[i] })));
      case 'list':
        return list(parts[0]!);
      case 'fixed-length-list':
        return fixedLengthList(parts[0]!, type.length);
      case 'tuple':
        return tuple(parts);
      case 'flags':
        return flags([...scopeNames(labels, memberKey).values()]);
      case 'enum':
        return enumeration(labels);
      case 'option':
        return option(parts[0]!);
      case 'result':
        return result(inside[0], inside[1]);
      case 'map':
        return map(parts[0]!, parts[1]!);
      case 'stream':
      case 'future':
      case 'error-context':
        throw new Unsupported(type.kind);
      default:
        return PRIMITIVES[type.kind];
    }
  };

  /** By their hashes, for there may be many. */
  const results = new Map<number, ValueType[]>();
  const typeNumber = typeNumbers((identity) => `${resource(identity)}`);
  const taskResult = (type: ValueType | undefined): Descriptor | undefined => {
    if (type === undefined) return undefined;
    const value = (each: ValueType): ExternType => ({ kind: 'value', type: each });
    const number = typeNumber(type);
    const alike = results.get(number) ?? [];
    results.set(number, alike);
    let same = alike.find((each) => isSubtype(value(type), value(each)));
    if (same === undefined) alike.push((same = type));
    return of(same);
  };

  return {
    resource,
    taskResult,
    function({ async, params, result }) {
      return {
        name: '',
        params: params.map((param) => ({ name: param.name, type: of(param.type) })),
        result: async ? taskResult(result) : perhaps(result),
      };
    },
  };
}

const PRIMITIVES = {
  bool: boolType,
  u8: u8Type,
  s8: s8Type,
  u16: u16Type,
  s16: s16Type,
  u32: u32Type,
  s32: s32Type,
  u64: u64Type,
  s64: s64Type,
  f32: f32Type,
  f64: f64Type,
  char: charType,
  string: stringType,
} as const satisfies Record<string, Descriptor>;
