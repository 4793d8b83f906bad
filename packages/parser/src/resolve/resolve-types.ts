/** Pass 4: the `use`s and type definitions of an interface or world, each after those that it refers to. */
import { closest } from '../diagnostics/closest.ts';
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { Interface, Stability, Type, TypeDefinition, TypeShape, World } from '../model/index.ts';
import type { IdNode, TypeDefinitionNode, TypeNode, UseNode } from '../syntax/ast.ts';
import { checkCases } from '../validate/cases.ts';
import { checkFlagCount } from '../validate/flag-count.ts';
import { checkMapKey } from '../validate/map-key.ts';
import { checkMemberNames } from '../validate/member-names.ts';
import { checkResourceFunctions } from '../validate/resource-functions.ts';
import {
  isLost,
  primitives,
  rootOf,
  unresolved,
  type Draft,
  type FileScope,
  type InterfaceDraft,
  type PackageScope,
  type Scope,
  type ScopeEntry,
} from './context.ts';
import { isActive, readGate } from './gates.ts';
import { lookUpInterface } from './look-up.ts';
import { toposort, type Edge } from './toposort.ts';

/** So much of a cycle is shown. */
const maxSteps = 10;

/** Where names are resolved: the scope of one interface or world. */
export interface TypeScope {
  readonly package: PackageScope;
  readonly file: FileScope;
  readonly scope: Scope;
  readonly owner: Interface | World;
}

/** Resolves all `use`s, then all definitions, into the scope and the package's types. */
export function resolveTypes(at: TypeScope, nodes: readonly (UseNode | TypeDefinitionNode)[]): void {
  for (const node of nodes) if (node.kind === 'use') resolveUse(at, node);
  const definitions = uniqueDefinitions(at, nodes);
  const index = new Map(definitions.map(({ name }, position) => [name.name, position]));
  const edges = definitions.map(({ node }) =>
    (node === undefined ? [] : namesIn(node)).flatMap((id): Edge<IdNode>[] => {
      const target = index.get(id.name);
      if (target === undefined) reportUnknownType(at, id);
      return target === undefined ? [] : [{ target, place: id }];
    }),
  );
  const { order, cycles, stuck } = toposort(edges);
  for (const cycle of cycles) {
    const [first, ...rest] = cycle.map(({ place }) => place);
    const related = rest.slice(0, maxSteps).map(({ span }) => ({ message: 'needed here', span }));
    at.package.context.report(diagnostic('type-cycle', { name: first!.name }, first!.span, { related }));
  }
  for (const position of order) {
    const { node } = definitions[position]!;
    if (node === undefined) continue;
    if (stuck.has(position)) defineUnresolved(at, node.name);
    else resolveDefinition(at, node);
  }
}

/** The type that `node` writes; anonymous structures are shared within the package. */
export function resolveType(at: TypeScope, node: TypeNode, stability: Stability | undefined): Type {
  const shape = resolveShape(at, node, stability);
  if (shape.kind === 'alias') return shape.target;
  // An anonymous `own<r>` is what `r` itself means in a type.
  if (shape.kind === 'own') return shape.resource;
  return anonymousType(at.package, shape, stability, node.span);
}

/** The definition of a structure without a name, made once. */
export function anonymousType(
  scope: PackageScope,
  shape: TypeShape,
  given: Stability | undefined,
  span: TypeDefinition['span'],
): Type {
  const stability = given ?? inheritedStability(shape);
  const structure = keyOf(scope, shape);
  const known = scope.anonymous.get(structure);
  if (known !== undefined) {
    // One that a feature hides must not hide it from those who are not behind that feature.
    const isHidden = !isActive(scope.context, known.stability) && isActive(scope.context, stability);
    if (!isHidden) return known;
  }
  const definition: Draft<TypeDefinition> = {
    kind: 'type-definition',
    name: undefined,
    owner: undefined,
    shape,
    docs: '',
    stability,
    externalId: undefined,
    span,
  };
  scope.types.push(definition);
  scope.anonymous.set(structure, definition);
  return definition;
}

/** Enters a name; a second one of the same name is reported and left out. */
export function define(at: TypeScope, what: string, id: IdNode, entry: ScopeEntry): boolean {
  const { names, folded } = at.scope;
  const { report } = at.package.context;
  const previous = names.get(id.name);
  if (previous !== undefined) {
    const related = [{ message: 'it is already defined here', span: previous.span }];
    report(diagnostic('duplicate-name', { what, name: id.name }, id.span, { related }));
    return false;
  }
  const lower = id.name.toLowerCase();
  const twin = folded.get(lower);
  if (twin === undefined) folded.set(lower, id.name);
  else {
    const related = [{ message: 'the other one is here', span: names.get(twin)!.span }];
    report(diagnostic('case-conflict', { what, name: id.name, previous: twin }, id.span, { related }));
  }
  names.set(id.name, entry);
  return true;
}

function resolveUse(at: TypeScope, use: UseNode): void {
  const { context } = at.package;
  const { stability, externalId } = readGate(at.package, use.attributes, use.path.name.span);
  const active = isActive(context, stability);
  const from = lookUpInterface(at.file, use.path, active);
  for (const { name, as } of use.names) {
    const target = from === undefined ? undefined : usedType(at, from, name, active);
    if (target === undefined) {
      defineUnresolved(at, as ?? name);
      continue;
    }
    const definition: Draft<TypeDefinition> = {
      kind: 'type-definition',
      name: (as ?? name).name,
      owner: at.owner,
      shape: { kind: 'alias', target },
      docs: '',
      stability,
      externalId,
      span: name.span,
    };
    context.roots.set(definition, rootOf(context, target));
    if (define(at, 'name', as ?? name, { kind: 'type', definition, span: (as ?? name).span })) {
      at.package.types.push(definition);
    }
  }
}

function usedType(
  at: TypeScope,
  { scope: from, file }: InterfaceDraft,
  id: IdNode,
  active: boolean,
): TypeDefinition | undefined {
  const entry = from.names.get(id.name);
  if (entry?.kind === 'type') return entry.definition;
  const { context } = at.package;
  const report = file.package === at.package ? context.report : context.reportLink;
  if (entry !== undefined) {
    report(diagnostic('not-a-type', { what: entry.kind, name: id.name }, id.span));
  } else if (!from.incomplete && active && !isLost(file.package, id.name)) {
    const hint = context.hint(id.name, () => typeNames(from));
    report(diagnostic('unknown-type', { name: id.name }, id.span, { hint }));
  }
  return undefined;
}

// A name whose meaning is unknown, so that what refers to it is not reported too.
function defineUnresolved(at: TypeScope, id: IdNode): void {
  const definition: Draft<TypeDefinition> = {
    kind: 'type-definition',
    name: id.name,
    owner: at.owner,
    shape: { kind: 'alias', target: unresolved },
    docs: '',
    stability: undefined,
    externalId: undefined,
    span: id.span,
  };
  at.package.context.roots.set(definition, unresolved);
  define(at, 'name', id, { kind: 'type', definition, span: id.span });
}

/** A name in the order of the text; one that a `use` gives has no definition here, but a place in the order. */
interface NamedDefinition {
  readonly name: IdNode;
  readonly node: TypeDefinitionNode | undefined;
}

function uniqueDefinitions(
  at: TypeScope,
  nodes: readonly (UseNode | TypeDefinitionNode)[],
): readonly NamedDefinition[] {
  const seen = new Map<string, NamedDefinition>();
  for (const node of nodes) {
    if (node.kind === 'use') {
      for (const { name, as = name } of node.names) {
        if (!seen.has(as.name)) seen.set(as.name, { name: as, node: undefined });
      }
      continue;
    }
    const { name, span } = node.name;
    const previous = seen.get(name)?.name.span ?? at.scope.names.get(name)?.span;
    if (previous === undefined) seen.set(name, { name: node.name, node });
    else {
      const related = [{ message: 'it is already defined here', span: previous }];
      at.package.context.report(diagnostic('duplicate-name', { what: 'name', name }, span, { related }));
    }
  }
  return [...seen.values()];
}

function resolveDefinition(at: TypeScope, node: TypeDefinitionNode): void {
  const { context } = at.package;
  const { stability, externalId } = readGate(at.package, node.attributes, node.name.span);
  const shape = definitionShape(at, node, stability);
  const definition: Draft<TypeDefinition> = {
    kind: 'type-definition',
    name: node.name.name,
    owner: at.owner,
    shape,
    docs: node.docs?.text ?? '',
    stability,
    externalId,
    span: node.name.span,
  };
  if (shape.kind === 'alias') context.roots.set(definition, rootOf(context, shape.target));
  at.package.types.push(definition);
  define(at, 'name', node.name, { kind: 'type', definition, span: node.name.span });
}

function definitionShape(
  at: TypeScope,
  node: TypeDefinitionNode,
  stability: Stability | undefined,
): TypeShape {
  const { report } = at.package.context;
  switch (node.kind) {
    case 'type-alias':
      return resolveShape(at, node.type, stability);
    case 'record':
      checkMemberNames('field', node.fields, report);
      return {
        kind: 'record',
        fields: node.fields.map(({ name, docs, type }) => ({
          name: name.name,
          type: resolveType(at, type, stability),
          docs: docs?.text ?? '',
          span: name.span,
        })),
      };
    case 'variant':
      checkCases(node, report);
      checkMemberNames('case', node.cases, report);
      return {
        kind: 'variant',
        cases: node.cases.map(({ name, docs, type }) => ({
          name: name.name,
          type: type && resolveType(at, type, stability),
          docs: docs?.text ?? '',
          span: name.span,
        })),
      };
    case 'enum':
      checkCases(node, report);
      checkMemberNames('case', node.cases, report);
      return { kind: 'enum', cases: node.cases.map(labelOf) };
    case 'flags':
      checkFlagCount(node, report);
      checkMemberNames('flag', node.flags, report);
      return { kind: 'flags', flags: node.flags.map(labelOf) };
    case 'resource':
      checkResourceFunctions(node, report);
      return { kind: 'resource' };
  }
}

function labelOf(node: { readonly name: IdNode; readonly docs: { readonly text: string } | undefined }): {
  readonly name: string;
  readonly docs: string;
  readonly span: IdNode['span'];
} {
  return { name: node.name.name, docs: node.docs?.text ?? '', span: node.name.span };
}

function resolveShape(at: TypeScope, node: TypeNode, stability: Stability | undefined): TypeShape {
  const inner = (type: TypeNode): Type => resolveType(at, type, stability);
  switch (node.kind) {
    case 'primitive-type':
      return { kind: 'alias', target: primitives[node.name] };
    case 'named-type':
      return { kind: 'alias', target: resolveName(at, node.id) };
    case 'tuple-type':
      return { kind: 'tuple', types: node.types.map(inner) };
    case 'list-type':
      return node.length === undefined
        ? { kind: 'list', element: inner(node.element) }
        : { kind: 'fixed-length-list', element: inner(node.element), length: node.length };
    case 'option-type':
      return { kind: 'option', type: inner(node.type) };
    case 'result-type':
      return { kind: 'result', ok: node.ok && inner(node.ok), err: node.err && inner(node.err) };
    case 'map-type': {
      const shape: TypeShape = { kind: 'map', key: inner(node.key), value: inner(node.value) };
      if (shape.key !== unresolved) checkMapKey(node, at.package.context.report);
      return shape;
    }
    case 'future-type':
      return { kind: 'future', element: node.element && inner(node.element) };
    case 'stream-type':
      return { kind: 'stream', element: node.element && inner(node.element) };
    case 'handle-type': {
      const resource = resolveResource(at, node.resource);
      if (resource === undefined) return { kind: 'alias', target: unresolved };
      return { kind: node.mode, resource };
    }
  }
}

function resolveName(at: TypeScope, id: IdNode): Type {
  const entry = at.scope.names.get(id.name);
  if (entry?.kind === 'type') return entry.definition;
  const { report } = at.package.context;
  if (entry !== undefined) {
    report(diagnostic('not-a-type', { what: entry.kind, name: id.name }, id.span));
  } else {
    reportUnknownType(at, id);
  }
  return unresolved;
}

// Once, as definitions are looked through for such names before they are resolved.
function reportUnknownType(at: TypeScope, id: IdNode): void {
  const { unknown } = at.scope;
  if (unknown.has(id) || isLost(at.package, id.name)) return;
  unknown.add(id);
  const hint = unknownTypeHint(at, id.name);
  at.package.context.report(diagnostic('unknown-type', { name: id.name }, id.span, { hint }));
}

function resolveResource(at: TypeScope, id: IdNode): TypeDefinition | undefined {
  const type = resolveName(at, id);
  const root = rootOf(at.package.context, type);
  if (type.kind !== 'type-definition' || root === unresolved) return undefined;
  if (root.kind === 'type-definition' && root.shape.kind === 'resource') return type;
  const { context } = at.package;
  const report = isForeign(at.package, type) ? context.reportLink : context.report;
  report(diagnostic('not-a-resource', { name: id.name }, id.span));
  return undefined;
}

// What another package defines is not known before that package is.
function isForeign(scope: PackageScope, type: Type): boolean {
  for (let at = type; at.kind === 'type-definition'; at = at.shape.target) {
    if (at.owner !== undefined && at.owner.package !== scope.package) return true;
    if (at.shape.kind !== 'alias') return false;
  }
  return false;
}

function unknownTypeHint(at: TypeScope, name: string): string | undefined {
  const renamed: Readonly<Record<string, string>> = {
    float32: 'f32',
    float64: 'f64',
    i8: 's8',
    i16: 's16',
    i32: 's32',
    i64: 's64',
    int: 's32',
    boolean: 'bool',
    str: 'string',
  };
  if (Object.hasOwn(renamed, name)) return `in WIT this type is \`${renamed[name]}\``;
  const near = closest(name, Object.keys(primitives));
  if (near !== undefined && !at.scope.names.has(near)) return `did you mean \`${near}\`?`;
  return at.package.context.hint(name, () => typeNames(at.scope));
}

function* typeNames({ names }: Scope): Generator<string> {
  for (const [name, { kind }] of names) if (kind === 'type') yield name;
}

// `option<t>` is behind the feature that `t` is behind. The first part with a gate decides.
function inheritedStability(shape: TypeShape): Stability | undefined {
  for (const part of partsOf(shape)) {
    const stability = part?.kind === 'type-definition' ? part.stability : undefined;
    if (stability !== undefined) return stability;
  }
  return undefined;
}

function keyOf(scope: PackageScope, shape: TypeShape): string {
  const parts = partsOf(shape).map((part) => keyOfType(scope, part));
  const length = shape.kind === 'fixed-length-list' ? shape.length : '';
  return `${shape.kind}${length}(${parts.join()})`;
}

function keyOfType({ numbers }: PackageScope, type: Type | undefined): string {
  if (type === undefined) return '_';
  if (type.kind !== 'type-definition') return type.kind;
  let number = numbers.get(type);
  if (number === undefined) numbers.set(type, (number = numbers.size));
  return `${number}`;
}

/** The types that an anonymous structure is made of. */
function partsOf(shape: TypeShape): readonly (Type | undefined)[] {
  switch (shape.kind) {
    case 'tuple':
      return shape.types;
    case 'option':
      return [shape.type];
    case 'result':
      return [shape.ok, shape.err];
    case 'list':
    case 'fixed-length-list':
    case 'future':
    case 'stream':
      return [shape.element];
    case 'map':
      return [shape.key, shape.value];
    case 'own':
    case 'borrow':
      return [shape.resource];
    case 'alias':
      return [shape.target];
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
    case 'resource':
      return [];
  }
}

// The names that a definition needs, in the order of the text. Functions of a resource do not count.
function namesIn(node: TypeDefinitionNode): readonly IdNode[] {
  const names: IdNode[] = [];
  const visit = (type: TypeNode | undefined): void => {
    switch (type?.kind) {
      case undefined:
      case 'primitive-type':
        return;
      case 'named-type':
        names.push(type.id);
        return;
      case 'handle-type':
        names.push(type.resource);
        return;
      case 'tuple-type':
        type.types.forEach(visit);
        return;
      case 'option-type':
        visit(type.type);
        return;
      case 'result-type':
        visit(type.ok);
        visit(type.err);
        return;
      case 'map-type':
        visit(type.key);
        visit(type.value);
        return;
      case 'list-type':
      case 'future-type':
      case 'stream-type':
        visit(type.element);
        return;
    }
  };
  if (node.kind === 'type-alias') visit(node.type);
  if (node.kind === 'record') node.fields.forEach(({ type }) => visit(type));
  if (node.kind === 'variant') node.cases.forEach(({ type }) => visit(type));
  return names;
}
