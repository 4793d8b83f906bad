/** Value types seen as a constructor with labels and parts, for what treats all of them alike. */
import type { PrimitiveKind } from '@wittle/parser';
import type { PrimitiveType, ValueType } from './component-type.ts';

type Part = ValueType | undefined;

/** The types directly inside a type, in order; `undefined` where there may be one but is none. */
export function partsOf(type: ValueType): readonly Part[] {
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => field.type);
    case 'variant':
      return type.cases.map((each) => each.type);
    case 'tuple':
      return type.types;
    case 'list':
    case 'fixed-length-list':
    case 'stream':
    case 'future':
      return [type.element];
    case 'option':
      return [type.type];
    case 'result':
      return [type.ok, type.err];
    case 'map':
      return [type.key, type.value];
    default:
      return [];
  }
}

/** The same type with other parts. The alias that it may be is not kept. */
export function withParts(type: ValueType, parts: readonly Part[]): ValueType {
  const [first, second] = parts as readonly ValueType[];
  switch (type.kind) {
    case 'record':
      return { kind: type.kind, fields: type.fields.map(({ name }, i) => ({ name, type: parts[i]! })) };
    case 'variant':
      return { kind: type.kind, cases: type.cases.map(({ name }, i) => ({ name, type: parts[i] })) };
    case 'tuple':
      return { kind: type.kind, types: parts as readonly ValueType[] };
    case 'list':
      return { kind: type.kind, element: first! };
    case 'fixed-length-list':
      return { kind: type.kind, element: first!, length: type.length };
    case 'stream':
    case 'future':
      return { kind: type.kind, element: first };
    case 'option':
      return { kind: type.kind, type: first! };
    case 'result':
      return { kind: type.kind, ok: first, err: second };
    case 'map':
      return { kind: type.kind, key: first!, value: second! };
    default:
      return type;
  }
}

/** The names of fields, cases or flags. */
export function labelsOf(type: ValueType): readonly string[] {
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => field.name);
    case 'variant':
      return type.cases.map((each) => each.name);
    case 'flags':
    case 'enum':
      return type.labels;
    default:
      return [];
  }
}

const primitives = new Map<PrimitiveKind, PrimitiveType>();

/** The one object for a primitive type that nothing names. */
export function primitive(kind: PrimitiveKind): PrimitiveType {
  let type = primitives.get(kind);
  if (type === undefined) primitives.set(kind, (type = { kind }));
  return type;
}

/** Kinds of types that external names are needed for. Explainer.md: "External Visibility of Types". */
export function needsName(type: ValueType): boolean {
  return type.kind === 'record' || type.kind === 'variant' || type.kind === 'flags' || type.kind === 'enum';
}

/** Whether a type is anything but a function, instance, component or resource. */
export function isValueType(type: { readonly kind: string }): type is ValueType {
  return !['function', 'instance', 'component', 'resource', 'core module'].includes(type.kind);
}
