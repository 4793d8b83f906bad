/** Types seen as a constructor with labels and types inside, for what treats all of them alike. */
import type { PrimitiveKind } from '@wittle/parser';
import type { AnyType, Extern, Externs, ExternType, PrimitiveType, ValueType } from './component-type.ts';
import { remember } from './invalid.ts';

/** A type, or what is under a name. */
export type Typed = AnyType | ExternType;

type Inside = readonly (Typed | undefined)[];

/** The types directly inside a type, in order; `undefined` where there may be one but is none. */
export function insideOf(type: Typed): Inside {
  const found: (Typed | undefined)[] = [];
  for (const place of placesOf(type)) {
    const inside = (type as Members)[place];
    if (Array.isArray(inside)) for (const item of inside as Partial<Extern>[]) found.push(typeOf(item));
    else if (inside instanceof Map)
      for (const extern of (inside as Externs).values()) found.push(extern.type);
    else found.push(inside as Typed | undefined);
  }
  return found;
}

/**
 * The same type with others inside, in the same order. The alias that it may be is not kept. A definition can be given
 * as well, with references in the places of types.
 */
export function withInside(type: Typed, inside: Inside): Typed {
  const left = inside.values();
  const next = (): Typed | undefined => left.next().value;
  const retyped = (item: Partial<Extern>): unknown =>
    item.name === undefined ? next() : { ...item, type: next() };
  const made: Record<string, unknown> = { ...type };
  delete made['aliasOf'];
  for (const place of placesOf(type)) {
    const old = made[place];
    made[place] =
      old instanceof Map
        ? new Map(Array.from(old as Externs, ([key, extern]) => [key, retyped(extern)]))
        : Array.isArray(old)
          ? old.map(retyped)
          : next();
  }
  return made as unknown as Typed;
}

/** A type by the names of its members. */
type Members = Readonly<Record<string, unknown>>;

/** Members that are types, lists of types, or have types under names. */
function placesOf({ kind }: Typed): readonly string[] {
  return places[kind] ?? none;
}

const none: readonly string[] = [];

const places: Readonly<Record<string, readonly string[]>> = {
  record: ['fields'],
  variant: ['cases'],
  function: ['params', 'result'],
  tuple: ['types'],
  list: ['element'],
  'fixed-length-list': ['element'],
  stream: ['element'],
  future: ['element'],
  option: ['type'],
  result: ['ok', 'err'],
  map: ['key', 'value'],
  own: ['resource'],
  borrow: ['resource'],
  instance: ['exports'],
  component: ['imports', 'exports'],
  type: ['type'],
  value: ['type'],
};

/** What is under a name, or a type itself. */
function typeOf(item: Partial<Extern>): Typed | undefined {
  return item.name === undefined ? (item as Typed) : item.type;
}

/** The names of fields, cases, flags or parameters. */
export function labelsOf(type: Typed): readonly string[] {
  const { labels, fields, cases, params } = type as Labelled;
  return labels ?? (fields ?? cases ?? params ?? []).map(({ name }) => name);
}

type Labelled = { readonly [Key in 'fields' | 'cases' | 'params']?: readonly { readonly name: string }[] } & {
  readonly labels?: readonly string[];
};

/** The one object for a primitive type that nothing names. */
export const primitive: (kind: PrimitiveKind) => PrimitiveType = remember((kind) => ({ kind }));

/** Whether a type is anything but a function, instance, component or resource. */
export function isValueType(type: { readonly kind: string }): type is ValueType {
  return !/^(?:function|instance|component|resource|core module)$/.test(type.kind);
}

/** Whether types of a kind need an external name. Explainer.md: "External Visibility of Types". */
export function needsName({ kind }: { readonly kind: string }): boolean {
  return /^(?:record|variant|flags|enum|resource)$/.test(kind);
}
