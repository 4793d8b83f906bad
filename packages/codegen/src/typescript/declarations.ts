/** The types that a file declares: those of an interface, and what implements or offers its functions. */
import type { TypeDefinition, WitFunction } from '@wittle/parser';
import { code, endOf, join, named, plainText, quote, ts, type Code, type Located } from '../emit/code.ts';
import { brandMember } from './brands.ts';
import { docs, docsOf } from './docs.ts';
import { parameterName, scopeNames } from './names.ts';
import { caseExpression, fieldDeclaration, flagDeclaration, keysOf, shapeExpression } from './types.ts';
import { caseTags } from './variants.ts';
import { ownParams, resultOf } from '../world/functions.ts';
import { declared, typeSymbol, type Plan, type Side } from '../world/plan.ts';
import { styleOf, parameterType, typeOf, type TypeContext } from './context.ts';

/** The declaration of every type of a side, resources left out. */
export function typeDeclarations(cx: TypeContext): Code[] {
  return cx.side.types.flatMap((type) =>
    type.shape.kind === 'resource' ? [] : [ts`${typeDeclaration(cx, type)}`],
  );
}

function typeDeclaration(cx: TypeContext, type: TypeDefinition): Code {
  const { plan } = cx;
  const symbol = typeSymbol(cx.side, type);
  const name = named(type, symbol);
  const end = endOf(type);
  const style = styleOf(cx);
  const head = docsOf(type);
  const { shape } = type;
  switch (shape.kind) {
    case 'record':
      return code`${head}export interface ${name} {
        ${shape.fields.map((field) => code`${docs(field.docs)}${fieldDeclaration(named(field, keysOf(shape.fields).get(field.name)), field.type, style)}${endOf(field)}\n`)}
      }${end}\n`;
    case 'flags':
      return code`${head}export interface ${name} {
        ${shape.flags.map((flag) => code`${docs(flag.docs)}${flagDeclaration(named(flag, keysOf(shape.flags).get(flag.name)), style)}${endOf(flag)}\n`)}
      }${end}\n`;
    case 'variant': {
      const tags = caseTags(shape, cx.side.shapes);
      const cases = shape.cases.map(
        (each, index) => code`${docs(each.docs)}| ${caseExpression(tags[index]!, each.type, style, each)}\n`,
      );
      return code`${head}export type ${name} =\n${cases};${end}\n`;
    }
    case 'enum': {
      const cases = shape.cases.map((each) => code`${docs(each.docs)}| ${named(each, quote(each.name))}\n`);
      return code`${head}export type ${name} =\n${cases};${end}\n`;
    }
    case 'alias': {
      const { target } = shape;
      if (target.kind === 'type-definition' && target.name === type.name) {
        const { side, type: behind } = declared(plan, cx.side, type);
        const original = typeSymbol(side, behind);
        // A plain `use`: the same type, to be found here too.
        return original.name === symbol.name
          ? code`${head}export type { ${named(type, original)} };${end}\n`
          : code`${head}export type { ${original} as ${named(type, symbol.name)} };${end}\n`;
      }
      return code`${head}export type ${name} = ${typeOf(cx, target)};${end}\n`;
    }
    case 'tuple':
    case 'option':
    case 'result':
    case 'list':
    case 'fixed-length-list':
    case 'map':
    case 'resource':
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
      return code`${head}export type ${name} = ${shapeExpression(shape, style)};${end}\n`;
  }
}

/** The functions of one resource, by role. */
export interface ResourceFunctions {
  readonly type: TypeDefinition;
  readonly constructorFunction: WitFunction | undefined;
  readonly methods: readonly WitFunction[];
  readonly statics: readonly WitFunction[];
}

export function resourcesOf(side: Side): readonly ResourceFunctions[] {
  const mine = new Map<TypeDefinition, WitFunction[]>();
  for (const type of side.types) if (type.shape.kind === 'resource') mine.set(type, []);
  for (const of of side.functions) if (of.role.kind !== 'freestanding') mine.get(of.role.resource)?.push(of);
  return [...mine].map(([type, functions]) => ({
    type,
    constructorFunction: functions.find((of) => of.role.kind === 'constructor'),
    methods: functions.filter((of) => of.role.kind === 'method'),
    statics: functions.filter((of) => of.role.kind === 'static'),
  }));
}

export function freestandingOf(side: Side): readonly WitFunction[] {
  return side.functions.filter((of) => of.role.kind === 'freestanding');
}

/** How the result of a function is wrapped. */
export type Wrap = 'plain' | 'maybe-promise' | 'promise';

/** `(a: number, b?: …): T`, with the result as the side has it. */
export function signature(cx: TypeContext, of: WitFunction, wrap: Wrap): Code {
  const { value } = resultOf(of, cx.side.shapes);
  const result = value === undefined ? code`void` : typeOf(cx, value);
  return code`(${parameters(cx, of)}): ${wrapped(result, wrap)}`;
}

export function parameters(cx: TypeContext, of: WitFunction): Code {
  const names = parameterNames(of);
  return join(
    ownParams(of).map(
      (param) =>
        code`${named(param, names.get(param.name))}: ${parameterType(cx, param.type)}${endOf(param)}`,
    ),
    ', ',
  );
}

/** What the parameters are called, by their WIT names. */
export function parameterNames(of: WitFunction): ReadonlyMap<string, string> {
  return scopeNames(
    ownParams(of).map((param) => param.name),
    parameterName,
  );
}

function wrapped(result: Code, wrap: Wrap): Code {
  switch (wrap) {
    case 'plain':
      return result;
    case 'maybe-promise':
      return code`${result} | Promise<${result}>`;
    case 'promise':
      return code`Promise<${result}>`;
  }
}

/** The doc comment of a function; what it throws is part of it. */
export function functionDocs(cx: TypeContext, of: WitFunction): string {
  const { fails, error } = resultOf(of, cx.side.shapes);
  if (!fails) return docsOf(of);
  const payload = error === undefined ? '' : `<${plainText(typeOf(cx, error))}>`;
  return docsOf(of, [`@throws {ComponentError${payload}}`]);
}

/**
 * The type of a resource's objects. With no more than an optional `[Symbol.dispose]` it would be one that TypeScript
 * lets no class fit that has other members, so it is made no such type.
 */
export function resourceDeclaration(
  cx: TypeContext,
  resource: ResourceFunctions,
  wrap: (of: WitFunction) => Wrap,
  dispose: { readonly docs: string; readonly optional: boolean },
): Code {
  const name = named(resource.type, typeSymbol(cx.side, resource.type));
  const end = endOf(resource.type);
  const head = docsOf(resource.type);
  const methods = resource.methods.map((of) => functionMember(cx, of, wrap(of)));
  const disposal = code`${docs(dispose.docs)}${named(resource.type, '[Symbol.dispose]')}${dispose.optional ? '?' : ''}(): void;${end}\n`;
  const members = code`${methods}${disposal}${brandMember(cx, resource.type)}`;
  return methods.length === 0 && dispose.optional
    ? ts`${head}export type ${name} = object & {\n${members}};${end}\n`
    : ts`${head}export interface ${name} {\n${members}}${end}\n`;
}

/** The class of a resource as a value: its constructor and statics. */
export function classType(
  cx: TypeContext,
  resource: ResourceFunctions,
  wrap: (of: WitFunction) => Wrap,
): Code {
  const name = typeSymbol(cx.side, resource.type);
  const { constructorFunction: make, statics } = resource;
  const members = statics.map((of) => functionMember(cx, of, wrap(of)));
  if (make !== undefined) {
    return code`{ ${functionDocs(cx, make)}${named(make, 'new')} (${parameters(cx, make)}): ${name};${endOf(make)}\n ${members} }`;
  }
  const instances = code`abstract new (...args: never) => ${name}`;
  return members.length === 0 ? code`${instances}` : code`(${instances}) & { ${members} }`;
}

/** The types that stand for a whole interface, or for the world's own part of a side, are declared where that is. */
export function declaredBy({ plan, side }: TypeContext): Located {
  return side.interface ?? plan.world;
}

/** A class as a member of `Host`, or of an exported interface. */
export function classMember(
  cx: TypeContext,
  resource: ResourceFunctions,
  wrap: (of: WitFunction) => Wrap,
  key: string = classKey(cx.side, resource.type),
): Code {
  const { type } = resource;
  return code`${docsOf(type)}readonly ${named(type, key)}: ${classType(cx, resource, wrap)};${endOf(type)}\n`;
}

/** A function as a member of `Host`, of an exported interface, or of a resource's type or class. */
export function functionMember(cx: TypeContext, of: WitFunction, wrap: Wrap): Code {
  return code`${functionDocs(cx, of)}${named(of, cx.side.functionKeys.get(of))}${signature(cx, of, wrap)};${endOf(of)}\n`;
}

/** Where a class stands in `Host`, and in an exported interface: under its type's name. */
export function classKey(side: Side, resource: TypeDefinition): string {
  return typeSymbol(side, resource).name;
}

/** How the results of imports and of exports are wrapped. */
export function wraps(plan: Plan): {
  imports: (side: Side) => (of: WitFunction) => Wrap;
  exports: (side: Side) => (of: WitFunction) => Wrap;
} {
  return {
    imports: (side) => (of) => (plan.options.mayBlock(side, of) ? 'maybe-promise' : 'plain'),
    exports: (side) => (of) =>
      plan.mayWait && of.role.kind !== 'constructor' && !plan.options.staysSync(side, of)
        ? 'promise'
        : 'plain',
  };
}
