/**
 * Pass 8: a package's drafts become part of the model. What is behind a feature that is not active is left out, and a
 * resource that is used as a type becomes its `own` handle.
 */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { Interface, Type, TypeDefinition, WitFunction, World, WorldItem } from '../model/index.ts';
import type { Span } from '../source.ts';
import { checkBorrows } from '../validate/borrows.ts';
import { rootOf, unresolved, type Context, type Draft } from './context.ts';
import type { InterfaceDraft, PackageScope, WorldDraft, WorldItems } from './context.ts';
import { isActive } from './gates.ts';
import { definitionsIn, mapShape } from './map-shape.ts';

/** Appends the package's types, interfaces and worlds to the model, in the order of the reference's arenas. */
export function settle(scope: PackageScope): void {
  const { context } = scope;
  const handles: Handles = { context, own: new Map() };
  const active = scope.types.filter((type) => settleType(handles, type));
  for (const draft of scope.interfaces) if (!draft.excluded) settleInterface(handles, draft);
  checkOwners(context, active, context.excludedInterfaces);
  for (const draft of scope.worlds) if (!draft.excluded) settleWorld(handles, draft);
  const excluded = scope.worlds.filter((world) => world.excluded);
  checkOwners(context, active, new Set(excluded.map(({ definition }) => definition)));
}

function checkOwners(
  context: Context,
  types: readonly TypeDefinition[],
  excluded: ReadonlySet<Interface | World>,
): void {
  if (excluded.size === 0) return;
  for (const { owner, name = '', span } of types) {
    if (owner === undefined || !excluded.has(owner)) continue;
    const args = { what: owner.kind, name, container: owner.name ?? '' };
    context.reportLink(diagnostic('ungated-in-excluded', args, span, { hint: gateHint(owner) }));
  }
}

interface Handles {
  readonly context: Context;
  readonly own: Map<TypeDefinition, Draft<TypeDefinition>>;
}

/** Says whether the type is active. */
function settleType(handles: Handles, type: Draft<TypeDefinition>): boolean {
  const { context } = handles;
  if (!isActive(context, type.stability)) {
    context.excludedTypes.add(type);
    return false;
  }
  type.shape = mapShape(type.shape, {
    type: (part, span) => valueType(handles, part, span ?? type.span),
    name: (part) => {
      checkIncluded(context, part, type.span);
      return part;
    },
  });
  const isBorrow = type.shape.kind === 'borrow';
  if (isBorrow || definitionsIn(type.shape).some((part) => context.borrowing.has(part))) {
    if (type.shape.kind !== 'own') context.borrowing.add(type);
  }
  checkBorrows(type, context);
  context.types.push(type);
  return true;
}

function settleInterface(handles: Handles, draft: InterfaceDraft): void {
  const { context } = handles;
  const types = new Map<string, TypeDefinition>();
  for (const [name, entry] of draft.scope.names) {
    if (entry.kind === 'type' && !context.excludedTypes.has(entry.definition))
      types.set(name, entry.definition);
  }
  const functions = new Map<string, WitFunction>();
  for (const each of draft.functions) {
    if (!isActive(context, each.stability)) continue;
    settleFunction(handles, each);
    functions.set(each.name, each);
  }
  draft.definition.types = types;
  draft.definition.functions = functions;
  context.interfaces.push(draft.definition);
}

function settleWorld(handles: Handles, draft: WorldDraft): void {
  draft.imports = settleItems(handles, draft.imports);
  draft.exports = settleItems(handles, draft.exports);
  handles.context.worlds.push(draft.definition);
}

function settleItems(handles: Handles, items: WorldItems): WorldItems {
  const { context } = handles;
  const kept: WorldItems = new Map();
  for (const [key, item] of items) {
    if (!isItemActive(context, item)) continue;
    if (item.kind === 'world-interface' && context.excludedInterfaces.has(item.interface)) {
      const args = { what: 'interface', name: item.interface.name ?? item.name ?? '' };
      context.reportLink(
        diagnostic('excluded-reference', args, item.span, { hint: gateHint(item.interface) }),
      );
      continue;
    }
    if (item.kind === 'world-function') settleFunction(handles, item.function);
    kept.set(key, item);
  }
  return kept;
}

function isItemActive(context: Context, item: WorldItem): boolean {
  switch (item.kind) {
    case 'world-interface':
      return isActive(context, item.stability);
    case 'world-function':
      return isActive(context, item.function.stability);
    case 'world-type':
      return !context.excludedTypes.has(item.type);
  }
}

function settleFunction(handles: Handles, draft: Draft<WitFunction>): void {
  const { context } = handles;
  if (draft.role.kind !== 'freestanding') checkIncluded(context, draft.role.resource, draft.span);
  draft.params = draft.params.map((param) => ({
    ...param,
    type: valueType(handles, param.type, draft.span),
  }));
  draft.result &&= valueType(handles, draft.result, draft.span);
  if (draft.result?.kind === 'type-definition' && context.borrowing.has(draft.result)) {
    context.reportLink(diagnostic('borrow-in-result', { name: draft.name }, draft.span));
  }
}

function valueType({ context, own }: Handles, type: Type, span: Span | undefined): Type {
  if (type.kind !== 'type-definition') return type;
  if (!checkIncluded(context, type, span)) return unresolved;
  const root = rootOf(context, type);
  if (root.kind !== 'type-definition' || root.shape.kind !== 'resource') return type;
  const known = own.get(type);
  if (known !== undefined) return known;
  const handle: Draft<TypeDefinition> = {
    kind: 'type-definition',
    name: undefined,
    owner: undefined,
    shape: { kind: 'own', resource: type },
    docs: '',
    stability: undefined,
    externalId: undefined,
    span: undefined,
  };
  own.set(type, handle);
  context.types.push(handle);
  return handle;
}

function checkIncluded(context: Context, type: TypeDefinition, span: Span | undefined): boolean {
  if (!context.excludedTypes.has(type)) return true;
  const args = { what: 'type', name: nameOf(type) };
  context.reportLink(diagnostic('excluded-reference', args, span, { hint: gateHint(type) }));
  return false;
}

// `option<t>` is behind a feature because `t` is.
function nameOf(type: TypeDefinition): string {
  let at: TypeDefinition | undefined = type;
  while (at !== undefined && at.name === undefined) at = definitionsIn(at.shape)[0];
  return at?.name ?? type.shape.kind;
}

function gateHint({ stability }: TypeDefinition | Interface | World): string | undefined {
  if (stability?.kind !== 'unstable') return undefined;
  return `put \`@unstable(feature = ${stability.feature})\` before this too, or activate that feature`;
}
