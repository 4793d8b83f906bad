/** The types that a file declares: those of an interface, and what implements or offers its functions. */
import type { Type, TypeDefinition, WitFunction } from '@wittle/parser';
import { code, join, quote, type Code } from '../../emit/code.ts';
import { docs } from '../../typescript/docs.ts';
import {
  camelCase,
  methodKey,
  parameterName,
  propertyKey,
  staticKey,
  typeName,
} from '../../typescript/names.ts';
import { caseExpression, fieldDeclaration, shapeExpression } from '../../typescript/types.ts';
import { declared, functionBaseName, typeSymbol, type Plan, type Side } from './plan.ts';
import { parameterType, typeOf, type Context } from './values.ts';

/** The declaration of every type of a side, resources left out. */
export function typeDeclarations(cx: Context): Code[] {
  return cx.side.types.flatMap((type) => (type.shape.kind === 'resource' ? [] : [typeDeclaration(cx, type)]));
}

function typeDeclaration(cx: Context, type: TypeDefinition): Code {
  const { plan } = cx.functions;
  const name = typeSymbol(cx.side, type);
  const of = (each: Type): Code => typeOf(cx, each);
  const head = docs(type.docs);
  const { shape } = type;
  switch (shape.kind) {
    case 'record':
      return code`${head}export interface ${name} {
        ${shape.fields.map((field) => code`${docs(field.docs)}${fieldDeclaration(field.name, field.type, of)}\n`)}
      }\n`;
    case 'flags':
      return code`${head}export interface ${name} {
        ${shape.flags.map((flag) => code`${docs(flag.docs)}${camelCase(flag.name)}?: boolean | undefined;\n`)}
      }\n`;
    case 'variant': {
      const cases = shape.cases.map(
        (each) => code`${docs(each.docs)}| ${caseExpression(each.name, each.type, of)}\n`,
      );
      return code`${head}export type ${name} =\n${cases};\n`;
    }
    case 'enum': {
      const cases = shape.cases.map((each) => code`${docs(each.docs)}| ${quote(each.name)}\n`);
      return code`${head}export type ${name} =\n${cases};\n`;
    }
    case 'alias': {
      const { target } = shape;
      if (target.kind === 'type-definition' && target.name === type.name) {
        const { side, type: behind } = declared(plan, cx.side, type);
        const original = typeSymbol(side, behind);
        // A plain `use`: the same type, to be found here too.
        return code`${head}export type { ${original}${original.name === name.name ? '' : code` as ${name.name}`} };\n`;
      }
      return code`${head}export type ${name} = ${of(target)};\n`;
    }
    default:
      return code`${head}export type ${name} = ${shapeExpression(shape, (each) => of(each))};\n`;
  }
}

/** The functions of one resource, by role. */
export interface ResourceFunctions {
  readonly type: TypeDefinition;
  readonly constructorFunction: WitFunction | undefined;
  readonly methods: readonly WitFunction[];
  readonly statics: readonly WitFunction[];
}

export function resourcesOf(side: Side): ResourceFunctions[] {
  return side.types.flatMap((type) => {
    if (type.shape.kind !== 'resource') return [];
    const mine = side.functions.filter((of) => of.role.kind !== 'freestanding' && of.role.resource === type);
    return [
      {
        type,
        constructorFunction: mine.find((of) => of.role.kind === 'constructor'),
        methods: mine.filter((of) => of.role.kind === 'method'),
        statics: mine.filter((of) => of.role.kind === 'static'),
      },
    ];
  });
}

export function freestandingOf(side: Side): readonly WitFunction[] {
  return side.functions.filter((of) => of.role.kind === 'freestanding');
}

/** What a function gives: the type of its result, or of the `ok` case when it can fail. */
export interface FunctionResult {
  /** `undefined`: nothing. */
  readonly value: Type | undefined;
  /** The function's result is a `result`; `error` is its error type, if any. */
  readonly fails: boolean;
  readonly error: Type | undefined;
}

export function resultOf(of: WitFunction): FunctionResult {
  let type: Type | undefined = of.result;
  while (type?.kind === 'type-definition' && type.shape.kind === 'alias') type = type.shape.target;
  if (type?.kind === 'type-definition' && type.shape.kind === 'result') {
    return { value: type.shape.ok, fails: true, error: type.shape.err };
  }
  return { value: of.result, fails: false, error: undefined };
}

/** The parameters without a method's `self`. */
export function ownParams(of: WitFunction): WitFunction['params'] {
  return of.role.kind === 'method' ? of.params.slice(1) : of.params;
}

/** How the result of a function is wrapped. */
export type Wrap = 'plain' | 'maybe-promise' | 'promise';

/** `(a: number, b?: …): T`, with the result as the side has it. */
export function signature(cx: Context, of: WitFunction, wrap: Wrap): Code {
  const { value } = resultOf(of);
  const result = value === undefined ? code`void` : typeOf(cx, value);
  return code`(${parameters(cx, of)}): ${wrapped(result, wrap)}`;
}

export function parameters(cx: Context, of: WitFunction): Code {
  return join(
    ownParams(of).map((param) => code`${parameterName(param.name)}: ${parameterType(cx, param.type)}`),
    ', ',
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
export function functionDocs(cx: Context, of: WitFunction, note?: string): Code {
  const { fails, error } = resultOf(of);
  const extra = note === undefined ? [] : [note];
  if (!fails) return code`${docs(of.docs, extra)}`;
  const name = error === undefined ? '' : errorName(cx, error);
  return code`${docs(of.docs, [...extra, `@throws {ComponentError${name === '' ? '' : `<${name}>`}}`])}`;
}

/** An error type's name in a comment. */
function errorName(cx: Context, error: Type): string {
  if (error.kind !== 'type-definition')
    return error.kind === 'string' || error.kind === 'char' ? 'string' : error.kind;
  return error.name === undefined ? '' : typeName(declared(cx.functions.plan, cx.side, error).type.name!);
}

/** The interface of a resource's objects. */
export function resourceDeclaration(
  cx: Context,
  resource: ResourceFunctions,
  wrap: (of: WitFunction) => Wrap,
  dispose: Code,
): Code {
  const name = typeSymbol(cx.side, resource.type);
  const methods = resource.methods.map(
    (of) => code`${functionDocs(cx, of)}${methodKey(functionBaseName(of))}${signature(cx, of, wrap(of))};\n`,
  );
  return code`${docs(resource.type.docs)}export interface ${name} {\n${methods}${dispose}}\n`;
}

/** The class of a resource as a value: its constructor and statics. */
export function classType(cx: Context, resource: ResourceFunctions, wrap: (of: WitFunction) => Wrap): Code {
  const name = typeSymbol(cx.side, resource.type);
  const { constructorFunction: make, statics } = resource;
  const members = statics.map(
    (of) => code`${functionDocs(cx, of)}${staticKey(functionBaseName(of))}${signature(cx, of, wrap(of))};\n`,
  );
  if (make !== undefined) {
    return code`{ ${functionDocs(cx, make)}new (${parameters(cx, make)}): ${name};\n ${members} }`;
  }
  const instances = code`abstract new (...args: never) => ${name}`;
  return members.length === 0 ? code`${instances}` : code`(${instances}) & { ${members} }`;
}

/** A member of `Host`, or of an exported interface, for a freestanding function. */
export function functionMember(cx: Context, of: WitFunction, wrap: Wrap): Code {
  return code`${functionDocs(cx, of)}${propertyKey(of.name)}${signature(cx, of, wrap)};\n`;
}

/** Where a class stands in `Host`, and in an exported interface: by its type's name in WIT. */
export function classKey(resource: TypeDefinition): string {
  return typeName(resource.name!);
}

/** Whether a plan's exports wait: one of its imports may. */
export function wraps(plan: Plan): {
  imports: (side: Side) => (of: WitFunction) => Wrap;
  exports: (side: Side) => (of: WitFunction) => Wrap;
} {
  const mayWait = plan.imports.some((side) => side.functions.some((of) => plan.options.mayBlock(side, of)));
  return {
    imports: (side) => (of) => (plan.options.mayBlock(side, of) ? 'maybe-promise' : 'plain'),
    exports: (side) => (of) => {
      const name = side.label === '' ? of.name : `${side.label}#${of.name}`;
      return mayWait && of.role.kind !== 'constructor' && !plan.options.syncExports.has(name)
        ? 'promise'
        : 'plain';
    },
  };
}
