/** Looks for a kind of type anywhere inside a type. */
import type { PrimitiveKind, Type, TypeShape } from '@wittle/parser';

/** Whether a type is, or somewhere holds, a part of a kind that `is` accepts. Resources are not looked into. */
export function holds(
  type: Type | undefined,
  is: (kind: PrimitiveKind | TypeShape['kind']) => boolean,
): boolean {
  return firstPart(type, is) !== undefined;
}

/** The kind of the first part that `is` accepts. */
export function firstPart(
  type: Type | undefined,
  is: (kind: PrimitiveKind | TypeShape['kind']) => boolean,
): PrimitiveKind | TypeShape['kind'] | undefined {
  if (type === undefined) return undefined;
  if (type.kind !== 'type-definition') return is(type.kind) ? type.kind : undefined;
  const { shape } = type;
  if (is(shape.kind)) return shape.kind;
  for (const part of partsOf(shape)) {
    const found = firstPart(part, is);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The types that a shape is made of. */
function partsOf(shape: TypeShape): readonly (Type | undefined)[] {
  switch (shape.kind) {
    case 'record':
      return shape.fields.map((field) => field.type);
    case 'variant':
      return shape.cases.map((each) => each.type);
    case 'tuple':
      return shape.types;
    case 'option':
      return [shape.type];
    case 'result':
      return [shape.ok, shape.err];
    case 'list':
    case 'fixed-length-list':
    case 'stream':
    case 'future':
      return [shape.element];
    case 'map':
      return [shape.key, shape.value];
    case 'alias':
      return [shape.target];
    case 'own':
    case 'borrow':
    case 'enum':
    case 'flags':
    case 'resource':
      return [];
  }
}
