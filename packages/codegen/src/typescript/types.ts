/** WIT types as TypeScript types. The table of shapes is in ARCHITECTURE.md, "WIT in JavaScript's shapes". */
import { resolveAlias, type Type, type TypeShape } from '@wittle/parser';
import { code, endOf, join, named, quote, type Code, type Located, type Piece } from '../emit/code.ts';
import { propertyKey, scopeNames } from './names.ts';
import type { Shapes } from './shapes.ts';
import { caseTags, variantKeys } from './variants.ts';

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
  const { shapes } = style;
  const constant = readonlyOf(shapes);
  switch (shape.kind) {
    case 'list':
    case 'fixed-length-list': {
      const numbers = numberArray(shape.element);
      return numbers === undefined ? code`${constant}${arrayOf(shape.element, style)}` : code`${numbers}`;
    }
    case 'tuple':
      return code`${constant}[${join(shape.types.map(of), ', ')}]`;
    case 'option': {
      if (!isOption(shape.type)) return code`${of(shape.type)} | undefined`;
      const [none = '', some = ''] = caseTags(shape, shapes);
      return code`${caseExpression(some, shape.type, style)} | ${caseExpression(none, undefined, style)}`;
    }
    case 'result': {
      const [ok = '', error = ''] = caseTags(shape, shapes);
      return code`${caseExpression(ok, shape.ok, style)} | ${caseExpression(error, shape.err, style)}`;
    }
    case 'map':
      return code`${shapes.readonly ? 'ReadonlyMap' : 'Map'}<${of(shape.key)}, ${of(shape.value)}>`;
    case 'own':
    case 'borrow':
      return of(shape.resource);
    case 'record':
      return code`{ ${shape.fields.map((field) => code`${fieldDeclaration(keysOf(shape.fields).get(field.name)!, field.type, style)} `)} }`;
    case 'variant': {
      const tags = caseTags(shape, shapes);
      return join(
        shape.cases.map((each, index) => caseExpression(tags[index]!, each.type, style, each)),
        ' | ',
      );
    }
    case 'enum':
      return code`${shape.cases.map((each) => quote(each.name)).join(' | ')}`;
    case 'flags':
      return code`{ ${join(
        [...keysOf(shape.flags).values()].map((key) => flagDeclaration(key, style)),
        ' ',
      )} }`;
    case 'alias':
      return of(shape.target);
    case 'resource':
    case 'stream':
    case 'future':
      return code`unknown`;
  }
}

/** `readonly ` where that is what is wanted. */
function readonlyOf({ readonly }: Shapes): string {
  return readonly ? 'readonly ' : '';
}

/**
 * The type of an array of elements, which can be changed itself: in brackets where the `[]` would bind to its last part
 * only, or what is `readonly` about the element to the whole.
 */
export function arrayOf(element: Type, style: TypeStyle): Code {
  const inner = typeExpression(element, style);
  if (element.kind !== 'type-definition' || element.name !== undefined) return code`${inner}[]`;
  const { shape } = element;
  const binds = UNIONS.has(shape.kind) || (style.shapes.readonly && isReadonlyArray(shape));
  return binds ? code`(${inner})[]` : code`${inner}[]`;
}

const UNIONS: ReadonlySet<TypeShape['kind']> = new Set(['option', 'result', 'variant', 'enum']);

/** What is an array that can be `readonly`: typed arrays cannot. */
function isReadonlyArray(shape: TypeShape): boolean {
  if (shape.kind === 'list' || shape.kind === 'fixed-length-list')
    return numberArray(shape.element) === undefined;
  return shape.kind === 'tuple';
}

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
export function fieldDeclaration(key: Piece, type: Type, style: TypeStyle): Code {
  const optional = isPlainOption(type) ? '?' : '';
  return code`${readonlyOf(style.shapes)}${key}${optional}: ${typeExpression(type, style)};`;
}

/** One of flags, under its key. */
export function flagDeclaration(key: Piece, { shapes }: TypeStyle): Code {
  return code`${readonlyOf(shapes)}${key}?: boolean | undefined;`;
}

/** One member of a variant's union; `of` is the case in the WIT, if it is written there. */
export function caseExpression(
  tag: string,
  type: Type | undefined,
  style: TypeStyle,
  of: Located = { span: undefined },
): Code {
  const constant = readonlyOf(style.shapes);
  const keys = variantKeys(style.shapes);
  const head = code`${constant}${named(of, keys.tag)}: ${quote(tag)}${endOf(of)}`;
  return type === undefined
    ? code`{ ${head} }`
    : code`{ ${head}; ${constant}${named(of, keys.payload)}: ${typeExpression(type, style)}${endOf(of)} }`;
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
