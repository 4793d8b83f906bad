/** Imports and exports, defined or declared. Binary.md: "Import and Export Definitions". */
import type { ExternName, ExternTypeDefinition, SortIndex } from '../binary/definition.ts';
import type {
  AnyType,
  ExternType,
  InstanceType,
  ItemFacts,
  ResourceIdentity,
  ResourcePath,
} from './component-type.ts';
import { canonicalName, parseExternName, type NameForm } from './extern-name.ts';
import { check, count, fail, within } from './invalid.ts';
import type { Names, Scope } from './scope.ts';
import { isValueType } from './structure.ts';
import { expectSubtype, sortName } from './subtype.ts';
import { Substitution } from './substitution.ts';
import { valueType } from './value-types.ts';
import { isVisible } from './visibility.ts';

/** What is found out about an import, instance or export. */
export type ExternFacts = Extract<ItemFacts, { readonly kind: 'extern' }>;

/** The type that something is imported or exported with. Spec: `externtype`. */
export function externType(scope: Scope, definition: ExternTypeDefinition, name: ExternName): ExternType {
  switch (definition.kind) {
    case 'type': {
      if (definition.equals !== undefined) return typeExtern(alias(scope.at('type', definition.equals)));
      const identity: ResourceIdentity = { name: name.name, defined: undefined };
      return typeExtern({ kind: 'resource', identity });
    }
    case 'value': {
      const type =
        'equals' in definition
          ? scope.at('value', definition.equals).type
          : valueType(scope, definition.type);
      return { kind: 'value', type };
    }
    default: {
      const { kind, type: index } = definition;
      const type = kind === 'core module' ? scope.at('core type', index) : scope.at('type', index);
      if (!('kind' in type) || type.kind !== kind) {
        const article = kind === 'instance' ? 'an' : 'a';
        fail(`type index ${index.index} is not ${article} ${kind.replace('core ', '')} type`, index.offset);
      }
      return type as ExternType;
    }
  }
}

/** The type of something that is there, for an export or an argument. A value is used by that. */
export function typeOf(scope: Scope, { sort, ...index }: SortIndex): ExternType {
  switch (sort) {
    case 'type':
      return typeExtern(scope.at(sort, index));
    case 'value':
      return { kind: sort, type: scope.useValue(index) };
    case 'core module':
    case 'function':
    case 'component':
    case 'instance':
      return scope.at(sort, index);
    default:
      return fail(`a ${sort} cannot be here`, index.offset);
  }
}

/** Adds an import. */
export function addImport(
  scope: Scope,
  name: ExternName,
  definition: ExternTypeDefinition,
  offset: number,
): ExternFacts {
  return addExtern(scope, 'import', name, externType(scope, definition, name), offset);
}

/** Adds an export declaration of a type. */
export function declareExport(
  scope: Scope,
  name: ExternName,
  definition: ExternTypeDefinition,
  offset: number,
): ExternFacts {
  return addExtern(scope, 'export', name, externType(scope, definition, name), offset);
}

/** Adds an export of something that is there. */
export function addExport(
  scope: Scope,
  name: ExternName,
  item: SortIndex,
  ascribed: ExternTypeDefinition | undefined,
  offset: number,
): ExternFacts {
  let type = typeOf(scope, item);
  if (type.kind === 'type') type = typeExtern(alias(type.type));
  if (ascribed !== undefined) {
    const expected = externType(scope, ascribed, name);
    const isAbstract = ascribed.kind === 'type' && ascribed.equals === undefined;
    if (!isAbstract || type.kind !== 'type' || type.type.kind !== 'resource') {
      const given = type;
      within("ascribed type of export is not compatible with item's type", () =>
        expectSubtype(given, expected, offset),
      );
    }
    type = expected;
  }
  return addExtern(scope, 'export', name, type, offset);
}

/** Adds what is exported by an instance that is made of exports; it names nothing. */
export function addInlineExport(names: Names, name: ExternName, type: ExternType): void {
  register(names, 'export', name, type);
  names.externs.set(name.name, { name, type });
}

function addExtern(
  scope: Scope,
  kind: 'import' | 'export',
  name: ExternName,
  declared: ExternType,
  offset: number,
): ExternFacts {
  const names = scope[kind];
  const { type, resources } = declared.kind === 'instance' ? concrete(declared, offset) : begin(declared);
  for (const { path, identity } of resources) {
    if (kind === 'import') scope.importedResources.push({ path: [name.name, ...path], identity });
    else scope.defined.add(identity);
  }
  if (kind === 'export') exportResources(scope, type, [name.name]);
  if (type.kind === 'value') scope.add('value', { type: type.type, isUsed: kind === 'export' }, offset);
  else if (type.kind === 'type') scope.add('type', type.type, offset);
  else scope.add(type.kind, type as never, offset);

  if (type.kind === 'type' && type.type.kind === 'resource') {
    names.resources.set(type.type, name.name).set(name.name, name.name);
  }
  // An instance type is checked where something of that type is imported or exported.
  const isSo =
    scope.kind === 'instance type' ||
    isVisible(type, names.types, offset, (named) => {
      scope.export.types.add(named);
      if (kind === 'import') scope.import.types.add(named);
    });
  if (!isSo) fail(`${sortName(type)} not valid to be used as ${kind}`, offset);
  register(names, kind, name, type);
  scope.addExtern(names, { name, type }, offset);
  return { kind: 'extern', type, resources };
}

/** An instance that is there has resources of its own for those that are abstract in its type. */
function concrete(
  type: InstanceType,
  offset: number,
): { type: ExternType; resources: readonly ResourcePath[] } {
  if (type.resources.length === 0) return { type, resources: [] };
  const substitution = new Substitution(offset);
  const resources = substitution.freshen(type.resources);
  return { type: { kind: type.kind, exports: substitution.externs(type.exports), resources: [] }, resources };
}

function begin(type: ExternType): { type: ExternType; resources: readonly ResourcePath[] } {
  const resource = type.kind === 'type' && type.type.kind === 'resource' ? type.type : undefined;
  const begins = resource !== undefined && resource.aliasOf === undefined;
  return { type, resources: begins ? [{ path: [], identity: resource.identity }] : [] };
}

function exportResources(scope: Scope, type: ExternType, path: readonly string[]): void {
  if (type.kind === 'type' && type.type.kind === 'resource') {
    const { identity } = type.type;
    if (!scope.exportedAt.has(identity)) scope.exportedAt.set(identity, path);
  } else if (type.kind === 'instance') {
    for (const [name, { type: inner, name: at }] of type.exports) {
      count(1, at.offset);
      if (inner.kind === 'type' || inner.kind === 'instance') exportResources(scope, inner, [...path, name]);
    }
  }
}

function register(names: Names, kind: 'import' | 'export', name: ExternName, type: ExternType): void {
  const { offset } = name;
  within(`${kind} name \`${name.name}\` is not a valid extern name`, () => {
    const form = parseExternName(name, type.kind === 'instance');
    if (kind === 'export') check(form.kind !== 'dependency', 'this is not a name of an export', offset);
    checkForm(form, type, names, offset);
  });
  const canonical = canonicalName(name.name);
  const previous = names.canonical.get(canonical);
  if (previous !== undefined) {
    fail(`${kind} name \`${name.name}\` conflicts with previous name \`${previous}\``, offset);
  }
  names.canonical.set(canonical, name.name);
}

/** Throws where a name says what its type does not. */
function checkForm(form: NameForm, type: ExternType, { resources }: Names, offset: number): void {
  if (!('resource' in form)) return;
  if (type.kind !== 'function') return fail('item is not a func', offset);
  const [self] = type.params;
  switch (form.kind) {
    case 'constructor': {
      check(!type.async, 'constructor function cannot be async', offset);
      const { result } = type;
      if (result === undefined) return fail('function should return one value', offset);
      const made = result.kind === 'result' ? result.ok : result;
      if (made?.kind !== 'own')
        return fail('function should return `(own $T)` or `(result (own $T))`', offset);
      return checkResource(resources.get(made.resource), form.resource, offset);
    }
    case 'method':
      if (self === undefined) return fail('function should have at least one argument', offset);
      check(self.name === 'self', 'function should have a first argument called `self`', offset);
      if (self.type.kind !== 'borrow') {
        return fail('function should take a first argument of `(borrow $T)`', offset);
      }
      return checkResource(resources.get(self.type.resource), form.resource, offset);
    case 'static':
      check(resources.has(form.resource), 'static resource name is not known in this context', offset);
  }
}

function checkResource(name: string | undefined, expected: string, offset: number): void {
  if (name === undefined) fail('resource used in function does not have a name in this context', offset);
  if (name !== expected) fail(`function does not match expected resource name \`${name}\``, offset);
}

function typeExtern(type: AnyType): ExternType & { readonly kind: 'type' } {
  return { kind: 'type', type };
}

/** The same type under a new name. */
function alias(type: AnyType): AnyType {
  return isValueType(type) || type.kind === 'resource' ? ({ ...type, aliasOf: type } as AnyType) : type;
}
