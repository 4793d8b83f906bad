/** Types in use as WIT has them: with the names that they have in the interface or world where they are used. */
import type { Type, TypeDefinition, TypeShape } from '@wittle/parser';
import type { ResourceType, ValueType } from '../validate/component-type.ts';
import { failAt, step, type NamedType, type Place } from './decoder.ts';
import { checkLabel } from './names.ts';
import { partAt, textAt, type DocsPart } from './package-docs.ts';

/** A type that is used: a primitive, a definition with a name, or one without. Throws `NotInWit`. */
export function typeOf(place: Place, type: ValueType): Type {
  step(place);
  const named = definitionIn(place, type);
  if (named !== undefined) return named;
  const { anonymous } = place.owner;
  let definition = anonymous.get(type);
  if (definition === undefined) {
    const shape = shapeOf(place, type);
    if (shape.kind === 'alias') return shape.target;
    if (['record', 'variant', 'enum', 'flags'].includes(shape.kind)) {
      failAt(place, `uses a ${shape.kind} that has no name there, which WIT cannot say`);
    }
    definition = {
      kind: 'type-definition',
      name: undefined,
      owner: undefined,
      shape,
      docs: '',
      stability: undefined,
      externalId: undefined,
      span: undefined,
    };
    anonymous.set(type, definition);
  }
  return definition;
}

/** What a type is made of; `docs` are those of the definition. Throws `NotInWit`. */
export function shapeOf(place: Place, type: ValueType, docs?: DocsPart): TypeShape {
  const items = docs && partAt(docs, 'items');
  const optional = (inner: ValueType | undefined): Type | undefined => inner && typeOf(place, inner);
  const labelled = (name: string): { name: string; docs: string; span: undefined } => ({
    name: checkLabel(name, place.offset),
    docs: (items && textAt(items, name)) ?? '',
    span: undefined,
  });
  switch (type.kind) {
    case 'record': {
      const fields = type.fields.map((each) => ({
        ...labelled(each.name),
        type: typeOf(place, each.type),
      }));
      return { kind: type.kind, fields };
    }
    case 'variant': {
      const cases = type.cases.map((each) => ({ ...labelled(each.name), type: optional(each.type) }));
      return { kind: type.kind, cases };
    }
    case 'enum':
      return { kind: type.kind, cases: type.labels.map(labelled) };
    case 'flags':
      return { kind: type.kind, flags: type.labels.map(labelled) };
    case 'tuple':
      return { kind: type.kind, types: type.types.map((each) => typeOf(place, each)) };
    case 'option':
      return { kind: type.kind, type: typeOf(place, type.type) };
    case 'result':
      return { kind: type.kind, ok: optional(type.ok), err: optional(type.err) };
    case 'list':
      return { kind: type.kind, element: typeOf(place, type.element) };
    case 'fixed-length-list':
      return { kind: type.kind, element: typeOf(place, type.element), length: type.length };
    case 'map':
      return { kind: type.kind, key: typeOf(place, type.key), value: typeOf(place, type.value) };
    case 'stream':
    case 'future':
      return { kind: type.kind, element: optional(type.element) };
    case 'own':
    case 'borrow':
      return { kind: type.kind, resource: resourceOf(place, type.resource) };
    default:
      return { kind: 'alias', target: { kind: type.kind } };
  }
}

function resourceOf(place: Place, resource: ResourceType): TypeDefinition {
  const found =
    definitionIn(place, resource) ?? place.decoder.resources.get(resource.identity)?.get(place.owner.of);
  return found ?? failAt(place, 'uses a resource that has no name there, which WIT cannot say');
}

// What the type, or what it stands for, is called in the interface or world.
function definitionIn(place: Place, type: NamedType): TypeDefinition | undefined {
  for (let at: NamedType | undefined = type; at !== undefined; at = at.aliasOf) {
    step(place);
    const known = place.decoder.definitions.get(at);
    if (known?.owner === place.owner.of) return known;
  }
  return undefined;
}
