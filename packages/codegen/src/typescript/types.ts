/** WIT types as TypeScript types. The table of shapes is in ARCHITECTURE.md, "WIT in JavaScript's shapes". */
import { resolveAlias, type Type, type TypeShape } from '@wittle/parser';
import { code, join, quote, type Code, type Piece } from '../emit/code.ts';
import { propertyKey, scopeNames } from './names.ts';
import type { Shapes } from './shapes.ts';

/** How types are written in one place. */
export interface TypeStyle {
  /** What a declared type is called there. */
  readonly nameOf: (type: Type & { kind: 'type-definition' }) => Piece;
  readonly shapes: Shapes;
}

/** The TypeScript type of a WIT type in use. */
export function typeExpression(type: Type, style: TypeStyle): Code {
  switch (type.kind) {
    case 'bool':
      return code`boolean`;
    case 'u8':
    case 'u16':
    case 'u32':
    case 's8':
    case 's16':
    case 's32':
    case 'f32':
    case 'f64':
      return code`number`;
    case 'u64':
    case 's64':
      return code`bigint`;
    case 'char':
    case 'string':
      return code`string`;
    case 'error-context':
      return code`unknown`;
    case 'type-definition':
      return type.name === undefined ? shapeExpression(type.shape, style) : code`${style.nameOf(type)}`;
  }
}

/** The TypeScript type of a shape written in place. */
export function shapeExpression(shape: TypeShape, style: TypeStyle): Code {
  const of = (type: Type): Code => typeExpression(type, style);
  switch (shape.kind) {
    case 'list':
    case 'fixed-length-list':
      return code`${numberArray(shape.element) ?? arrayOf(shape.element, style)}`;
    case 'tuple':
      return code`[${join(shape.types.map(of), ', ')}]`;
    case 'option':
      return isOption(shape.type)
        ? code`{ tag: 'some'; val: ${of(shape.type)} } | { tag: 'none' }`
        : code`${of(shape.type)} | undefined`;
    case 'result':
      return code`${caseExpression('ok', shape.ok, of)} | ${caseExpression('err', shape.err, of)}`;
    case 'map':
      return code`Map<${of(shape.key)}, ${of(shape.value)}>`;
    case 'own':
    case 'borrow':
      return of(shape.resource);
    case 'record':
      return code`{ ${shape.fields.map((field) => code`${fieldDeclaration(keysOf(shape.fields).get(field.name)!, field.type, of)} `)} }`;
    case 'variant':
      return join(
        shape.cases.map((each) => caseExpression(each.name, each.type, of)),
        ' | ',
      );
    case 'enum':
      return code`${shape.cases.map((each) => quote(each.name)).join(' | ')}`;
    case 'flags':
      return code`{ ${[...keysOf(shape.flags).values()].map((key) => `${key}?: boolean | undefined;`).join(' ')} }`;
    case 'alias':
      return of(shape.target);
    case 'resource':
    case 'stream':
    case 'future':
      return code`unknown`;
  }
}

/** The array type of an element: in brackets where the `[]` would bind to its last part only. */
export function arrayOf(element: Type, style: TypeStyle): Code {
  const inner = typeExpression(element, style);
  const isUnion =
    element.kind === 'type-definition' && element.name === undefined && UNIONS.has(element.shape.kind);
  return isUnion ? code`(${inner})[]` : code`${inner}[]`;
}

const UNIONS: ReadonlySet<TypeShape['kind']> = new Set(['option', 'result', 'variant', 'enum']);

/** The properties of a record's fields, or of flags, by their WIT names. */
export function keysOf(labels: readonly { readonly name: string }[]): ReadonlyMap<string, string> {
  let known = keys.get(labels);
  if (known === undefined) {
    known = scopeNames(
      labels.map((each) => each.name),
      propertyKey,
    );
    keys.set(labels, known);
  }
  return known;
}

const keys = new WeakMap<readonly { readonly name: string }[], ReadonlyMap<string, string>>();

/** One member of a record, under its key: an `option` may be left out. */
export function fieldDeclaration(key: string, type: Type, of: (type: Type) => Code): Code {
  return code`${key}${isPlainOption(type) ? '?' : ''}: ${of(type)};`;
}

/** One member of a variant's union. */
export function caseExpression(tag: string, type: Type | undefined, of: (type: Type) => Code): Code {
  return type === undefined ? code`{ tag: ${quote(tag)} }` : code`{ tag: ${quote(tag)}; val: ${of(type)} }`;
}

/** Any `option`, through aliases. */
export function isOption(type: Type): boolean {
  const behind = resolveAlias(type);
  return behind.kind === 'type-definition' && behind.shape.kind === 'option';
}

/** An `option` whose absence is `undefined`: one that holds no other option. */
export function isPlainOption(type: Type): boolean {
  const behind = resolveAlias(type);
  return behind.kind === 'type-definition' && behind.shape.kind === 'option' && !isOption(behind.shape.type);
}

/** The typed array of a list's element; `undefined` when it is not a number. */
export function numberArray(element: Type): string | undefined {
  switch (resolveAlias(element).kind) {
    case 'u8':
      return 'Uint8Array';
    case 's8':
      return 'Int8Array';
    case 'u16':
      return 'Uint16Array';
    case 's16':
      return 'Int16Array';
    case 'u32':
      return 'Uint32Array';
    case 's32':
      return 'Int32Array';
    case 'u64':
      return 'BigUint64Array';
    case 's64':
      return 'BigInt64Array';
    case 'f32':
      return 'Float32Array';
    case 'f64':
      return 'Float64Array';
    default:
      return undefined;
  }
}
