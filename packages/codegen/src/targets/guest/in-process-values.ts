/** Types as descriptors, in code: `record([…])`, one constant for each type that has a name. */
import type { Type, TypeDefinition, TypeShape } from '@wittle/parser';
import { code, join, quote, type Code, type Name } from '../../emit/code.ts';
import { camelCase, pascalCase } from '../../typescript/names.ts';
import { keysOf } from '../../typescript/types.ts';
import { behindAlias, resourceOf, sideWords, type Plan, type Side } from '../../world/plan.ts';
import { guestAbi } from './in-process-abi.ts';

/** Writes descriptors, and keeps the constants that they use. */
export interface Descriptors {
  /** The descriptor of a type that is named on a side. */
  readonly of: (side: Side, type: Type) => Code;
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
    constants.push(code`const ${name}: ${guestAbi.ValueType} = ${shape};\n`);
    return code`${name}`;
  };

  const constant = (side: Side, type: string): Name => {
    const wanted = `${camelCase(sideWords(side))}${pascalCase(type)}`;
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return { kind: 'name', name, from: file, fromPackage: false, isType: false };
  };

  const shapeOf = (side: Side, shape: TypeShape): Code => {
    const part = (type: Type | undefined): Code => (type === undefined ? code`undefined` : of(side, type));
    switch (shape.kind) {
      case 'record': {
        const keys = keysOf(shape.fields);
        const fields = shape.fields.map(
          (field) => code`{ property: ${quote(keys.get(field.name)!)}, type: ${part(field.type)} }`,
        );
        return code`${guestAbi.record}([${join(fields, ', ')}])`;
      }
      case 'variant': {
        const cases = shape.cases.map((each) => code`{ tag: ${quote(each.name)}, type: ${part(each.type)} }`);
        return code`${guestAbi.variant}([${join(cases, ', ')}])`;
      }
      case 'enum':
        return code`${guestAbi.enumeration}([${shape.cases.map((each) => quote(each.name)).join(', ')}])`;
      case 'flags':
        return code`${guestAbi.flags}([${[...keysOf(shape.flags).values()].map(quote).join(', ')}])`;
      case 'tuple':
        return code`${guestAbi.tuple}([${join(shape.types.map(part), ', ')}])`;
      case 'option':
        return code`${guestAbi.option}(${part(shape.type)})`;
      case 'result':
        return code`${guestAbi.result}(${part(shape.ok)}, ${part(shape.err)})`;
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
  return { of, constants };
}

function primitive(kind: Exclude<Type['kind'], 'type-definition'>): keyof typeof guestAbi {
  if (kind === 'error-context') throw new Error('no value has the type `error-context`');
  return `${kind}Type`;
}
