/** Pass 3, for each package: the names of its interfaces and worlds, what each file sees, and their order. */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source.ts';
import type { InterfaceNode, TopLevelUseNode, UsePathNode, WorldNode } from '../syntax/ast.ts';
import {
  isLost,
  newScope,
  type Draft,
  type FileScope,
  type InterfaceDraft,
  type ItemDraft,
} from './context.ts';
import type { PackageScope, WorldDraft } from './context.ts';
import type { Interface, World } from '../model/index.ts';
import { includesOf } from './foreign-paths.ts';
import { lookUpForeign, reportUnknownItem } from './look-up.ts';
import { toposort, type Edge } from './toposort.ts';

/** Fills `items` and `files` of a package and gives its items, each after those that it uses or includes. */
export function declareItems(scope: PackageScope): readonly ItemDraft[] {
  declarePackageNames(scope);
  for (const file of scope.files) declareFileNames(file);
  const ordered = orderItems(scope);
  for (const file of scope.files) resolveFileUses(file);
  return ordered;
}

function declarePackageNames(scope: PackageScope): void {
  for (const { items } of scope.source.files) {
    const file: FileScope = { package: scope, items, names: new Map() };
    scope.files.push(file);
    for (const item of items) {
      if (item.kind !== 'interface' && item.kind !== 'world') continue;
      const { name, span } = item.name;
      const previous = scope.items.get(name);
      if (previous !== undefined) {
        const related = [{ message: 'it is already defined here', span: previous.node!.name.span }];
        scope.context.report(diagnostic('duplicate-item', { name }, span, { related }));
        continue;
      }
      scope.items.set(name, item.kind === 'interface' ? draftInterface(file, item) : draftWorld(file, item));
    }
  }
}

function declareFileNames(file: FileScope): void {
  const { context } = file.package;
  for (const item of file.items) {
    if (item.kind === 'nested-package') continue;
    const id = item.kind === 'top-level-use' ? (item.as ?? item.path.name) : item.name;
    const previous = file.names.get(id.name);
    if (previous !== undefined) {
      // Two items of one name are reported for the package.
      if (item.kind !== 'top-level-use' && file.package.items.get(id.name)?.node !== item) continue;
      const related = [{ message: 'it is already defined here', span: previous.span }];
      context.report(diagnostic('duplicate-file-name', { name: id.name }, id.span, { related }));
    } else if (item.kind === 'top-level-use') {
      const isForeign = item.path.package !== undefined;
      const path = item.path.name.span;
      file.names.set(id.name, {
        span: id.span,
        path,
        target: isForeign ? undefined : file.package.items.get(item.path.name.name),
        isForeign,
      });
    } else {
      const target = file.package.items.get(id.name);
      file.names.set(id.name, { span: id.span, path: id.span, target, isForeign: false });
    }
  }
}

function resolveFileUses(file: FileScope): void {
  for (const item of file.items) {
    if (item.kind !== 'top-level-use') continue;
    const id = item.as ?? item.path.name;
    const target = usedItem(file, item);
    const name = file.names.get(id.name);
    if (name?.span === id.span) name.target = target;
  }
}

// Only items count here: one file's `use` is not seen by another `use`.
function usedItem(file: FileScope, use: TopLevelUseNode): ItemDraft | undefined {
  const { package: scope } = file;
  if (use.attributes.length > 0) {
    const where = 'a `use` at the top level';
    // Where the statement itself begins.
    const start = use.span.source.text.lastIndexOf('use', use.path.span.start - 1);
    const span = { ...use.span, start, end: start + 'use'.length };
    scope.context.report(diagnostic('misplaced-attribute', { where }, span));
  }
  if (use.path.package !== undefined) {
    const item = lookUpForeign(scope, use.path, 'interface');
    if (item?.kind !== 'world') return item;
    const { name, span } = use.path.name;
    scope.context.reportLink(diagnostic('not-an-interface', { name: name }, span));
    return undefined;
  }
  const { name, span } = use.path.name;
  const item = scope.items.get(name);
  if (item === undefined && !isLost(scope, name)) {
    const hint = scope.context.hint(name, () => scope.items.keys());
    scope.context.report(diagnostic('unknown-item', { name }, span, { hint }));
  }
  return item;
}

/** So much of a cycle is shown. */
const maxSteps = 10;

interface Target {
  readonly target: ItemDraft;
  /** What says in this file that the name is the target. */
  readonly name: Span;
}

interface Place extends Target {
  readonly use: Span;
}

function orderItems(scope: PackageScope): readonly ItemDraft[] {
  const items = [...scope.items.values()];
  const index = new Map(items.map((item, at) => [item, at]));
  const edges = items.map((item) =>
    itemPaths(item).flatMap((path): Edge<Place>[] => {
      const found = localTarget(item.file, path);
      if (found === undefined && path.package === undefined && !item.file.names.has(path.name.name)) {
        reportUnknownItem(item.file, path.name);
      }
      const at = found && index.get(found.target);
      return at === undefined ? [] : [{ target: at, place: { ...found!, use: path.span } }];
    }),
  );
  const { order, cycles, stuck } = toposort(edges);
  for (const cycle of cycles) {
    const { target, use, name: span } = cycle[0]!.place;
    const related = [use, ...cycle.slice(1, maxSteps).map(({ place }) => place.use)].map((span) => ({
      message: 'needed here',
      span,
    }));
    const { name } = target.node!.name;
    scope.context.report(diagnostic('item-cycle', { name }, span, { related }));
  }
  for (const at of stuck) items[at]!.scope.incomplete = true;
  return order.map((at) => items[at]!);
}

function itemPaths(item: ItemDraft): readonly UsePathNode[] {
  if (item.kind === 'world') return includesOf(item.node).map(({ path }) => path);
  return item.node!.items.flatMap((each) => (each.kind === 'use' ? [each.path] : []));
}

function localTarget(file: FileScope, path: UsePathNode): Target | undefined {
  if (path.package !== undefined) return undefined;
  const { name, span } = path.name;
  const known = file.names.get(name);
  const target = known === undefined ? file.package.items.get(name) : known.target;
  if (target === undefined || known?.isForeign === true) return undefined;
  return { target, name: known?.path ?? span };
}

function draftInterface(file: FileScope, node: InterfaceNode): InterfaceDraft {
  const { package: scope } = file;
  const definition: Draft<Interface> = {
    kind: 'interface',
    name: node.name.name,
    package: scope.package,
    types: new Map(),
    functions: new Map(),
    docs: node.docs?.text ?? '',
    stability: undefined,
    span: node.name.span,
  };
  return {
    kind: 'interface',
    node,
    file,
    definition,
    scope: newScope(),
    functions: [],
    excluded: false,
  };
}

function draftWorld(file: FileScope, node: WorldNode): WorldDraft {
  const { package: scope } = file;
  const definition: Draft<World> = {
    kind: 'world',
    name: node.name.name,
    package: scope.package,
    imports: [],
    exports: [],
    docs: node.docs?.text ?? '',
    stability: undefined,
    span: node.name.span,
  };
  return {
    kind: 'world',
    node,
    file,
    definition,
    scope: newScope(),
    imports: new Map(),
    exports: new Map(),
    includes: [],
    excluded: false,
  };
}
