/** Types in use as WIT has them: with the names that they have in the interface or world where they are used. */
import type { Type, TypeDefinition, TypeShape } from '@wittle/parser';
import type { ResourceType, ValueType } from '../validate/component-type.ts';
import {
  failAt,
  ownerText,
  step,
  type NamedType,
  type Owner,
  type Place,
  type WorldOwner,
} from './decoder.ts';
import { checkLabel } from './names.ts';
import { partAt, textAt, type DocsPart } from './package-docs.ts';

/** A type that is used: a primitive, a definition with a name, or one without. Throws `NotInWit`. */
export function typeOf(place: Place, type: ValueType): Type {
  step(place);
  const { anonymous } = place.owner;
  const known = definitionIn(place, type) ?? anonymous.get(type);
  if (known !== undefined) return known;
  if (needsName(type)) return useOf(place, type) ?? copyOf(place, type);
  const shape = shapeOf(place, type);
  if (shape.kind === 'alias') return shape.target;
  const definition = definitionOf(undefined, shape);
  anonymous.set(type, definition);
  return definition;
}

// Explainer.md: "External Visibility of Types".
function needsName({ kind }: ValueType): boolean {
  return kind === 'record' || kind === 'variant' || kind === 'enum' || kind === 'flags';
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
  const { decoder, owner } = place;
  const same = decoder.resources.get(resource.identity);
  const found = definitionIn(place, resource) ?? same?.get(owner.of) ?? useOf(place, resource);
  return found ?? failUnnamed(place, resource);
}

/** A `use` of a type of an imported interface that has no name where it is used, if one can be added. */
function useOf(place: Place, type: NamedType): TypeDefinition | undefined {
  const { decoder, owner } = place;
  // What is exported may be used from exports too, and `use` does not say from where.
  if (owner.of.kind === 'interface' && !decoder.isUsable) return undefined;
  for (let at: NamedType | undefined = type; at !== undefined; at = at.aliasOf) {
    const target = decoder.definitions.get(at);
    if (target?.owner?.kind !== 'interface' || target.owner.name === undefined) continue;
    if (!decoder.usable.has(at)) continue;
    const known = owner.used.get(target);
    if (known !== undefined) return known;
    const definition = addType(owner, target.name!, { kind: 'alias', target });
    owner.used.set(target, definition);
    return definition;
  }
  return undefined;
}

/** Another definition of a type of values: such types are equal when they are made of the same. Throws `NotInWit`. */
function copyOf(place: Place, type: ValueType): TypeDefinition {
  const original = definedAs(place, type);
  if (original === undefined) return failUnnamed(place, type);
  const definition = addType(place.owner, original.name!, shapeOf(place, type));
  place.owner.anonymous.set(type, definition);
  return definition;
}

/** Gives a type a name that is free. */
function addType(owner: Owner, wanted: string, shape: TypeShape): TypeDefinition {
  let name = wanted;
  for (let count = 2; owner.taken.has(name) || owner.types.has(name); count++) name = `${wanted}${count}`;
  const definition = definitionOf({ name, owner: owner.of }, shape);
  owner.types.set(name, definition);
  if ('imports' in owner) (owner as WorldOwner).imports.push({ kind: 'world-type', name, type: definition });
  return definition;
}

function definitionOf(
  named: { readonly name: string; readonly owner: TypeDefinition['owner'] } | undefined,
  shape: TypeShape,
): TypeDefinition {
  return {
    kind: 'type-definition',
    name: named?.name,
    owner: named?.owner,
    shape,
    docs: '',
    stability: undefined,
    externalId: undefined,
    span: undefined,
  };
}

function definedAs({ decoder }: Place, type: NamedType): TypeDefinition | undefined {
  for (let at: NamedType | undefined = type; at !== undefined; at = at.aliasOf) {
    const known = decoder.definitions.get(at);
    if (known !== undefined) return known;
  }
  return undefined;
}

function failUnnamed(place: Place, type: NamedType): never {
  const known = definedAs(place, type);
  if (known === undefined) {
    const article = type.kind === 'enum' ? 'an' : 'a';
    return failAt(place, `uses ${article} ${type.kind} that has no name, which WIT cannot say`);
  }
  const from = ownerText(known.owner!);
  return failAt(place, `uses \`${known.name}\` of ${from}, which has no name there; WIT cannot say that`);
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
