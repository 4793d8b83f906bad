/** Pass 7: a world's types, includes, imports and exports. WIT.md: "Item: `world`". */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { Interface, WorldInterface, WorldItem } from '../model/index.ts';
import type { Span } from '../source.ts';
import type { ExternInterfaceNode, ExternNode, ExternPathNode } from '../syntax/ast.ts';
import { newScope, type Draft, type InterfaceDraft, type WorldDraft, type WorldItems } from './context.ts';
import { isActive, readGate } from './gates.ts';
import { lookUpInterface, lookUpWorld } from './look-up.ts';
import { resolveFunction, resolveResourceFunctions } from './resolve-functions.ts';
import { resolveInterface } from './resolve-interfaces.ts';
import { resolveTypes, type TypeScope } from './resolve-types.ts';

/** Resolves what the world says itself; what it includes and what its imports need comes later. */
export function resolveWorld(world: WorldDraft): void {
  const { node, file, scope, definition } = world;
  const { package: of } = file;
  definition.stability = readGate(of, node.attributes, node.name.span).stability;
  world.excluded = !isActive(of.context, definition.stability);
  of.worlds.push(world);
  const at: TypeScope = { package: of, file, scope, owner: definition };
  resolveTypes(
    at,
    node.items.filter((item) => item.kind !== 'extern' && item.kind !== 'include'),
  );
  for (const item of node.items) {
    if (item.kind !== 'include') continue;
    const { stability } = readGate(of, item.attributes, item.path.name.span);
    const target = lookUpWorld(file, item.path, isActive(of.context, stability));
    if (target !== undefined) world.includes.push({ node: item, world: target, stability });
  }
  for (const [name, entry] of scope.names) {
    if (entry.kind === 'type') {
      world.imports.set(name, { kind: 'world-type', name, type: entry.definition });
    }
  }
  for (const item of node.items) {
    if (item.kind === 'resource') {
      for (const each of resolveResourceFunctions(at, item)) {
        world.imports.set(each.name, { kind: 'world-function', name: each.name, function: each });
      }
    }
    if (item.kind === 'extern') resolveExtern(at, world, item);
  }
}

function resolveExtern(at: TypeScope, world: WorldDraft, node: ExternNode): void {
  const { target } = node;
  switch (target.kind) {
    case 'extern-function': {
      const { docs, attributes } = node;
      const resolved = resolveFunction(at, { docs, attributes, name: target.label, type: target.type });
      const name = target.label.name;
      add(at, world, node, name, { kind: 'world-function', name, function: resolved }, target.label.span);
      return;
    }
    case 'extern-interface': {
      const item = inlineInterface(at, world, node, target);
      add(at, world, node, target.label.name, item, target.label.span);
      return;
    }
    case 'extern-path': {
      const item = namedInterface(at, node, target);
      if (item === undefined) return;
      const key = item.name ?? item.interface;
      add(at, world, node, key, item, (target.label ?? target.path.name).span);
      return;
    }
  }
}

function inlineInterface(
  at: TypeScope,
  world: WorldDraft,
  node: ExternNode,
  target: ExternInterfaceNode,
): WorldInterface {
  const { stability, externalId } = readGate(at.package, node.attributes, target.label.span);
  const definition: Draft<Interface> = {
    kind: 'interface',
    name: undefined,
    package: at.package.package,
    types: new Map(),
    functions: new Map(),
    docs: node.docs?.text ?? '',
    stability,
    span: target.label.span,
  };
  const draft: InterfaceDraft = {
    kind: 'interface',
    node: undefined,
    file: world.file,
    definition,
    scope: newScope(),
    functions: [],
    excluded: !isActive(at.package.context, stability),
  };
  resolveInterface(draft, target);
  const { name, span } = target.label;
  return { kind: 'world-interface', name, interface: definition, docs: '', stability, externalId, span };
}

function namedInterface(at: TypeScope, node: ExternNode, target: ExternPathNode): WorldInterface | undefined {
  const { label, path } = target;
  const { span } = label ?? path.name;
  const { stability, externalId } = readGate(at.package, node.attributes, span);
  const from = lookUpInterface(at.file, path, isActive(at.package.context, stability));
  return (
    from && {
      kind: 'world-interface',
      name: label?.name,
      interface: from.definition,
      docs: node.docs?.text ?? '',
      stability,
      externalId,
      span,
    }
  );
}

function add(
  at: TypeScope,
  world: WorldDraft,
  { direction }: ExternNode,
  key: string | Interface,
  item: WorldItem,
  span: Span,
): void {
  const items: WorldItems = direction === 'import' ? world.imports : world.exports;
  const previous = items.get(key);
  if (previous === undefined) {
    items.set(key, item);
    return;
  }
  const { report } = at.package.context;
  const earlier = spanOf(previous);
  const related = earlier === undefined ? [] : [{ message: 'the earlier one is here', span: earlier }];
  if (typeof key === 'string') {
    const args = { direction, name: key, previous: kindOf(previous) };
    report(diagnostic('world-name-conflict', args, span, { related }));
  } else {
    report(diagnostic('repeated-interface', { direction, name: key.name ?? '' }, span, { related }));
  }
}

/** Where a world's item is written. */
export function spanOf(item: WorldItem): Span | undefined {
  if (item.kind === 'world-interface') return item.span;
  return item.kind === 'world-function' ? item.function.span : item.type.span;
}

function kindOf(item: WorldItem): string {
  if (item.kind === 'world-interface') return 'interface';
  return item.kind === 'world-function' ? 'function' : 'type';
}
