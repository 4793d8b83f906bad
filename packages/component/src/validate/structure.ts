/** Types seen as a constructor with labels and types inside, for what treats all of them alike. */
import type { PrimitiveKind } from '@wittle/parser';
import type { AnyType, Externs, ExternType, PrimitiveType, ValueType } from './component-type.ts';
import { remember } from './invalid.ts';

/** A type, or what is under a name. */
export type Typed = AnyType | ExternType;

type Inside = readonly (Typed | undefined)[];

/** The types directly inside a type, in order; `undefined` where there may be one but is none. */
export function insideOf(type: Typed): Inside {
  switch (type.kind) {
    case 'record':
      return type.fields.map(typeOf);
    case 'variant':
      return type.cases.map(typeOf);
    case 'function':
      return [...type.params.map(typeOf), type.result];
    case 'tuple':
      return type.types;
    case 'instance':
      return Array.from(type.exports.values(), typeOf);
    case 'component':
      return [...type.imports.values(), ...type.exports.values()].map(typeOf);
    default:
      return keysOf(type).map((key) => type[key as never]);
  }
}

/** The same type with others inside. The alias that it may be is not kept. */
export function withInside(type: Typed, inside: Inside): Typed {
  const next = { ...type } as Record<string, unknown>;
  delete next['aliasOf'];
  const retyped = <Item>(items: readonly Item[]): Item[] =>
    items.map((item, i) => ({ ...item, type: inside[i] }));
  switch (type.kind) {
    case 'record':
      next['fields'] = retyped(type.fields);
      break;
    case 'variant':
      next['cases'] = retyped(type.cases);
      break;
    case 'function':
      next['params'] = retyped(type.params);
      next['result'] = inside.at(-1);
      break;
    case 'tuple':
      next['types'] = inside;
      break;
    case 'instance':
      next['exports'] = withTypes(type.exports, inside);
      break;
    case 'component':
      next['imports'] = withTypes(type.imports, inside);
      next['exports'] = withTypes(type.exports, inside.slice(type.imports.size));
      break;
    default:
      keysOf(type).forEach((key, i) => {
        next[key] = inside[i];
      });
  }
  return next as unknown as Typed;
}

/** Where the types inside a type are, for kinds that have a fixed number of them. */
function keysOf({ kind }: Typed): readonly string[] {
  switch (kind) {
    case 'list':
    case 'fixed-length-list':
    case 'stream':
    case 'future':
      return ['element'];
    case 'type':
    case 'value':
    case 'option':
      return ['type'];
    case 'result':
      return ['ok', 'err'];
    case 'map':
      return ['key', 'value'];
    case 'own':
    case 'borrow':
      return ['resource'];
    default:
      return [];
  }
}

function typeOf<T>(item: { readonly type: T }): T {
  return item.type;
}

function withTypes(externs: Externs, types: Inside): Externs {
  let i = 0;
  return new Map(Array.from(externs, ([key, { name }]) => [key, { name, type: types[i++] as ExternType }]));
}

/** The names of fields, cases, flags or parameters. */
export function labelsOf(type: Typed): readonly string[] {
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => field.name);
    case 'variant':
      return type.cases.map((each) => each.name);
    case 'function':
      return type.params.map((param) => param.name);
    case 'flags':
    case 'enum':
      return type.labels;
    default:
      return [];
  }
}

const primitives: Map<PrimitiveKind, PrimitiveType> = remember();

/** The one object for a primitive type that nothing names. */
export function primitive(kind: PrimitiveKind): PrimitiveType {
  let type = primitives.get(kind);
  if (type === undefined) primitives.set(kind, (type = { kind }));
  return type;
}

/** Whether a type is anything but a function, instance, component or resource. */
export function isValueType(type: { readonly kind: string }): type is ValueType {
  return !/^(?:function|instance|component|resource|core module)$/.test(type.kind);
}

/** Whether types of a kind need an external name. Explainer.md: "External Visibility of Types". */
export function needsName({ kind }: { readonly kind: string }): boolean {
  return /^(?:record|variant|flags|enum|resource)$/.test(kind);
}
