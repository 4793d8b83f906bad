/** Which kinds of types are anywhere inside a type. */
import type { PrimitiveKind, Type, TypeDefinition, TypeShape } from '@wittle/parser';

export type PartKind = PrimitiveKind | TypeShape['kind'];

/** Whether a type is, or somewhere holds, a part of one of these kinds. Resources are not looked into. */
export function holds(type: Type | undefined, ...kinds: readonly PartKind[]): boolean {
  if (type === undefined) return false;
  if (type.kind !== 'type-definition') return kinds.includes(type.kind);
  const parts = partKinds(type);
  return kinds.some((kind) => parts.has(kind));
}

// A definition may be used by many others, and those by many more: each is looked through once.
const known = new WeakMap<TypeDefinition, ReadonlySet<PartKind>>();

function partKinds(type: TypeDefinition): ReadonlySet<PartKind> {
  const found = known.get(type);
  if (found !== undefined) return found;
  const kinds = new Set<PartKind>([type.shape.kind]);
  for (const part of partsOf(type.shape)) {
    if (part === undefined) continue;
    if (part.kind !== 'type-definition') kinds.add(part.kind);
    else for (const kind of partKinds(part)) kinds.add(kind);
  }
  known.set(type, kinds);
  return kinds;
}

/** The types that a shape is made of. */
export function partsOf(shape: TypeShape): readonly (Type | undefined)[] {
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
