/** Types as descriptors, in code: `record([…])`, one constant for each type that has a name. */
import type { Type, TypeDefinition, TypeShape, WitFunction } from '@wittle/parser';
import { code, join, quote, run, ts, type Code, type Name } from '../../emit/code.ts';
import { camelCase, pascalCase, unusedName } from '../../typescript/names.ts';
import { isOption, keysOf } from '../../typescript/types.ts';
import { caseTags } from '../../typescript/variants.ts';
import { resultOf } from '../../world/functions.ts';
import { behindAlias, resourceOf, sideWords, type Plan, type Side } from '../../world/plan.ts';
import { guestAbi } from './in-process-abi.ts';

/** Writes descriptors, and keeps the constants that they use. */
export interface Descriptors {
  /** The descriptor of a type that is named on a side. */
  readonly of: (side: Side, type: Type) => Code;
  /** The descriptor of a function's result, whose error is thrown or part of the value; `undefined` if there is none. */
  readonly resultOf: (side: Side, of: WitFunction) => Code | undefined;
  /** The constants, each behind those that it uses. */
  readonly constants: readonly Code[];
}

/** Descriptors for one file. */
export function descriptors(plan: Plan, file: string): Descriptors {
  const constants: Code[] = [];
  const known = new Map<Side, Map<TypeDefinition, Name>>();
  const taken = new Set<string>();

  const of = (from: Side, given: Type): Code => {
    const { side, type } = behindAlias(plan, from, given);
    if (type.kind !== 'type-definition') return code`${guestAbi[primitive(type.kind)]}`;
    const { kind } = type.shape;
    if (type.name === undefined || kind === 'own' || kind === 'borrow') return shapeOf(side, type.shape);
    const declared = known.get(side) ?? new Map<TypeDefinition, Name>();
    known.set(side, declared);
    const found = declared.get(type);
    if (found !== undefined) return code`${found}`;
    const shape = shapeOf(side, type.shape);
    const name = constant(side, type.name);
    declared.set(type, name);
    constants.push(run`const ${name}${ts`: ${guestAbi.ValueType}`} = ${shape};\n`);
    return code`${name}`;
  };

  const constant = (side: Side, type: string): Name => {
    const name = unusedName(`${camelCase(sideWords(side))}${pascalCase(type)}`, taken);
    return { kind: 'name', name, from: file, fromPackage: false, isType: false };
  };

  const shapeOf = (side: Side, shape: TypeShape): Code => {
    const part = partOf(side);
    switch (shape.kind) {
      case 'record': {
        const keys = keysOf(shape.fields);
        const fields = shape.fields.map(
          (field) => code`{ property: ${quote(keys.get(field.name)!)}, type: ${part(field.type)} }`,
        );
        return code`${guestAbi.record}([${join(fields, ', ')}])`;
      }
      case 'variant':
        return tagged(
          side,
          shape,
          shape.cases.map((each) => each.type),
        );
      case 'enum':
        return code`${guestAbi.enumeration}([${shape.cases.map((each) => quote(each.name)).join(', ')}])`;
      case 'flags':
        return code`${guestAbi.flags}([${[...keysOf(shape.flags).values()].map(quote).join(', ')}])`;
      case 'tuple':
        return code`${guestAbi.tuple}([${join(shape.types.map(part), ', ')}])`;
      case 'option':
        return isOption(shape.type)
          ? tagged(side, shape, [undefined, shape.type])
          : code`${guestAbi.option}(${part(shape.type)})`;
      case 'result':
        return tagged(side, shape, [shape.ok, shape.err]);
      case 'list':
        return code`${guestAbi.list}(${part(shape.element)})`;
      case 'fixed-length-list':
        return code`${guestAbi.fixedLengthList}(${part(shape.element)}, ${shape.length})`;
      case 'map':
        return code`${guestAbi.map}(${part(shape.key)}, ${part(shape.value)})`;
      case 'own':
      case 'borrow':
        return code`${guestAbi[shape.kind]}(${resourceOf(plan, side, shape.resource).index})`;
      case 'alias':
        return of(side, shape.target);
      case 'resource':
      case 'stream':
      case 'future':
        throw new Error(`no value has the type \`${shape.kind}\``);
    }
  };
  const partOf =
    (side: Side) =>
    (type: Type | undefined): Code =>
      type === undefined ? code`undefined` : of(side, type);

  /** What has a tag in the profile of its side. */
  const tagged = (side: Side, shape: TypeShape, types: readonly (Type | undefined)[]): Code => {
    const part = partOf(side);
    const tags = caseTags(shape, side.shapes);
    const cases = types.map((type, index) => code`{ tag: ${quote(tags[index]!)}, type: ${part(type)} }`);
    const make = side.shapes.variants === 'kind' ? guestAbi.kindVariant : guestAbi.variant;
    return code`${make}([${join(cases, ', ')}])`;
  };

  const result = (from: Side, { result: given, ...rest }: WitFunction): Code | undefined => {
    if (given === undefined) return undefined;
    const { fails, value, error } = resultOf({ result: given, ...rest }, from.shapes);
    if (!fails) return of(from, given);
    const part = partOf(behindAlias(plan, from, given).side);
    return code`${guestAbi.result}(${part(value)}, ${part(error)})`;
  };
  return { of, resultOf: result, constants };
}

function primitive(kind: Exclude<Type['kind'], 'type-definition'>): keyof typeof guestAbi {
  if (kind === 'error-context') throw new Error('no value has the type `error-context`');
  return `${kind}Type`;
}
