/** Imports and exports, defined or declared. Binary.md: "Import and Export Definitions". */
import type { ExternName, ExternTypeDefinition, SortIndex } from '../binary/definition.ts';
import type {
  AnyType,
  ExternType,
  HandleType,
  ItemFacts,
  ResourceIdentity,
  ResourcePath,
} from './component-type.ts';
import { canonicalName, parseExternName, type NameForm } from './extern-name.ts';
import { check, count, fail, locate, within } from './invalid.ts';
import type { Names, Scope } from './scope.ts';
import { isValueType } from './structure.ts';
import { expectSubtype } from './subtype.ts';
import { Substitution } from './substitution.ts';
import { valueType } from './value-types.ts';
import { isVisible } from './visibility.ts';

/** What is found out about an import, instance or export. */
export type ExternFacts = Extract<ItemFacts, { readonly kind: 'extern' }>;

/** Adds an import, or an export that is declared with a type only. */
export function addDeclared(
  scope: Scope,
  kind: 'import' | 'export',
  name: ExternName,
  definition: ExternTypeDefinition,
): ExternFacts {
  return addExtern(scope, kind, name, externType(scope, definition, name));
}

/** Adds an export of something that is there. */
export function addExport(
  scope: Scope,
  name: ExternName,
  item: SortIndex,
  ascribed: ExternTypeDefinition | undefined,
): ExternFacts {
  const type = typeOf(scope, item);
  if (ascribed === undefined) {
    return addExtern(scope, 'export', name, type.kind === 'type' ? alias(type.type) : type);
  }
  const expected = externType(scope, ascribed, name);
  // A resource may be made abstract.
  const isAbstract = isBegun(expected) && type.kind === 'type' && type.type.kind === 'resource';
  if (!isAbstract) {
    within('type mismatch in ascribed type', () => expectSubtype(type, expected));
  }
  return addExtern(scope, 'export', name, expected);
}

/** Adds what is exported by an instance that is made of exports; it names nothing. */
export function addInlineExport(scope: Scope, names: Names, name: ExternName, item: SortIndex): void {
  const type = typeOf(scope, item);
  register(names, 'export', name, type);
  names.externs.set(name.name, { name, type });
}

/** The type of something that is there, for an export or an argument. A value is used by that. */
export function typeOf(scope: Scope, { sort, ...index }: SortIndex): ExternType {
  switch (sort) {
    case 'type':
      return { kind: sort, type: scope.at(sort, index) };
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

/** The type that something is imported or exported with. Spec: `externtype`. */
function externType(scope: Scope, definition: ExternTypeDefinition, { name }: ExternName): ExternType {
  const { kind } = definition;
  if (kind === 'type') {
    if (definition.equals !== undefined) return alias(scope.at(kind, definition.equals));
    return { kind, type: { kind: 'resource', identity: { name, defined: undefined } } };
  }
  if (kind === 'value') {
    if (!('equals' in definition)) return { kind, type: valueType(scope, definition.type) };
    return { kind, type: scope.at(kind, definition.equals).type };
  }
  return scope.typeAt(kind, definition.type);
}

/** The same type under a new name. */
function alias(type: AnyType): ExternType {
  const hasName = isValueType(type) || type.kind === 'resource';
  return { kind: 'type', type: hasName ? ({ ...type, aliasOf: type } as AnyType) : type };
}

function addExtern(
  scope: Scope,
  kind: 'import' | 'export',
  name: ExternName,
  declared: ExternType,
): ExternFacts {
  const names = scope[kind];
  const { type, resources } = begin(declared);
  for (const { path, identity } of resources) {
    if (kind === 'import') scope.importedResources.push({ path: [name.name, ...path], identity });
    else scope.defined.add(identity);
  }
  if (kind === 'export') exportResources(scope, type, [name.name]);
  scope.addTyped(type, kind === 'export');
  if (type.kind === 'type' && type.type.kind === 'resource') {
    names.resources.set(type.type, name.name).set(name.name, name.name);
  }
  // An instance type is checked where something of that type is imported or exported.
  const isSo =
    scope.kind === 'instance type' ||
    isVisible(type, names.types, (named) => {
      scope.export.types.add(named);
      if (kind === 'import') names.types.add(named);
    });
  check(isSo, `${type.kind} not valid to be used as ${kind}`);
  register(names, kind, name, type);
  scope.addSize(type);
  names.externs.set(name.name, { name, type });
  return { kind: 'extern', type, resources };
}

/** An instance has resources of its own for those that are abstract in its type. */
function begin(type: ExternType): { type: ExternType; resources: readonly ResourcePath[] } {
  if (type.kind === 'instance') {
    const substitution = new Substitution();
    const resources = substitution.freshen(type.resources);
    return { type: resources.length === 0 ? type : substitution.type({ ...type, resources: [] }), resources };
  }
  return { type, resources: isBegun(type) ? [{ path: [], identity: type.type.identity }] : [] };
}

function isBegun(type: ExternType): type is {
  readonly kind: 'type';
  readonly type: { readonly kind: 'resource'; readonly identity: ResourceIdentity };
} {
  return type.kind === 'type' && type.type.kind === 'resource' && type.type.aliasOf === undefined;
}

function exportResources(scope: Scope, type: ExternType, path: readonly string[]): void {
  count();
  if (type.kind === 'type' && type.type.kind === 'resource') {
    const { identity } = type.type;
    if (!scope.exportedAt.has(identity)) scope.exportedAt.set(identity, path);
  } else if (type.kind === 'instance') {
    for (const [name, { type: inner }] of type.exports) {
      if (inner.kind === 'type' || inner.kind === 'instance') exportResources(scope, inner, [...path, name]);
    }
  }
}

function register(names: Names, kind: 'import' | 'export', name: ExternName, type: ExternType): void {
  locate(name.offset);
  within(`${kind} name \`${name.name}\` is not valid`, () => {
    const form = parseExternName(name, type.kind === 'instance');
    check(kind === 'import' || form.kind !== 'dependency', 'this is not a name of an export');
    checkForm(form, type, names);
  });
  const canonical = canonicalName(name.name);
  const previous = names.canonical.get(canonical);
  if (previous !== undefined)
    fail(`${kind} name \`${name.name}\` conflicts with previous name \`${previous}\``);
  names.canonical.set(canonical, name.name);
}

/** Fails where a name says what its type does not. */
function checkForm({ kind, resource }: NameForm, type: ExternType, { resources }: Names): void {
  if (resource === undefined) return;
  if (type.kind !== 'function') return fail('item is not a function');
  if (kind === 'static') return check(resources.has(resource), 'the resource has no name in this context');
  const [self] = type.params;
  const made = type.result?.kind === 'result' ? type.result.ok : type.result;
  const handle = kind === 'method' ? self?.type : made;
  if (
    handle?.kind !== (kind === 'method' ? 'borrow' : 'own') ||
    (kind === 'method' && self!.name !== 'self')
  ) {
    return fail(
      kind === 'method'
        ? 'expected a parameter `self` of `(borrow $T)`'
        : 'expected a result of `(own $T)` or `(result (own $T))`',
    );
  }
  check(kind === 'method' || !type.async, 'a constructor cannot be async');
  const found = resources.get((handle as HandleType).resource);
  if (found === undefined) fail('the resource has no name in this context');
  if (found !== resource) fail(`expected resource name \`${found}\``);
}
