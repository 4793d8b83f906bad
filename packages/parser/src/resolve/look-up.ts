/** Finds the interface or world that a path names. WIT.md: "WIT Packages and `use`". */
import { diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import { packageId } from '../model/index.ts';
import type { IdNode, UsePathNode } from '../syntax/ast.ts';
import { nameOf } from './collect-packages.ts';
import { isLost } from './context.ts';
import type { FileScope, InterfaceDraft, ItemDraft, PackageScope, WorldDraft } from './context.ts';

/**
 * The interface at `path` as `file` sees it; `undefined` when there is none, which is then reported. With `isActive`
 * false the statement is behind a feature that is not active, and a foreign name need not exist.
 */
export function lookUpInterface(
  file: FileScope,
  path: UsePathNode,
  isActive = true,
): InterfaceDraft | undefined {
  const item = lookUpItem(file, path, 'interface', isActive);
  if (item === undefined || item.kind === 'interface') return item;
  reporterFor(file, path)(diagnostic('not-an-interface', { name: path.name.name }, path.name.span));
  return undefined;
}

/** The world at `path`, like {@link lookUpInterface}. */
export function lookUpWorld(file: FileScope, path: UsePathNode, isActive = true): WorldDraft | undefined {
  const item = lookUpItem(file, path, 'world', isActive);
  if (item === undefined || item.kind === 'world') return item;
  reporterFor(file, path)(diagnostic('not-a-world', { name: path.name.name }, path.name.span));
  return undefined;
}

/** What a path names that has a package. */
export function foreignId(path: UsePathNode): string {
  return `${packageId(nameOf(path.package!))}/${path.name.name}`;
}

// Whether an item of this package is a world is plain to see; for others their package is needed.
function reporterFor({ package: { context } }: FileScope, path: UsePathNode): Report {
  return path.package === undefined ? context.report : context.reportLink;
}

/** An item of another package. */
export function lookUpForeign(
  from: PackageScope,
  path: UsePathNode,
  wanted: 'interface' | 'world',
  isActive = true,
): ItemDraft | undefined {
  const { context } = from;
  const id = packageId(nameOf(path.package!));
  const mention = from.mentions.get(foreignId(path));
  if (mention !== undefined && mention.kind !== wanted) {
    const related = [{ message: 'it is named here', span: mention.span }];
    const args = { name: path.name.name, wanted, mentioned: mention.kind };
    context.report(diagnostic('conflicting-mention', args, path.name.span, { related }));
    return undefined;
  }
  const target = context.packages.get(id);
  if (target === undefined) {
    // A package that is there but not finished is part of a cycle, which has been reported.
    if (!context.known.has(id) && !from.missing.has(id)) {
      from.missing.add(id);
      const hint = unknownPackageHint(from, id);
      context.reportLink(diagnostic('unknown-package', { name: id }, path.package!.span, { hint }));
    }
    return undefined;
  }
  const item = target.items.get(path.name.name);
  if (item !== undefined && !item.excluded) return item;
  if (!isActive || isLost(target, path.name.name)) return undefined;
  const stability = item?.definition.stability;
  const hint =
    stability?.kind === 'unstable'
      ? `it is behind the feature \`${stability.feature}\`, which is not active`
      : context.hint(path.name.name, () => activeNames(target, wanted));
  const code = wanted === 'interface' ? 'unknown-interface' : 'unknown-world';
  context.reportLink(diagnostic(code, { name: path.name.name, package: id }, path.name.span, { hint }));
  return undefined;
}

function lookUpItem(
  file: FileScope,
  path: UsePathNode,
  wanted: 'interface' | 'world',
  isActive: boolean,
): ItemDraft | undefined {
  if (path.package !== undefined) return lookUpForeign(file.package, path, wanted, isActive);
  const { name } = path.name;
  const known = file.names.get(name);
  if (known !== undefined) return known.target;
  const item = file.package.items.get(name);
  if (item === undefined) reportUnknownItem(file, path.name);
  return item;
}

/** Reports a name that is neither an item of the package nor one that the file uses; once. */
export function reportUnknownItem(file: FileScope, id: IdNode): void {
  const { context, unknownItems } = file.package;
  const { name, span } = id;
  if (unknownItems.has(id) || isLost(file.package, name)) return;
  unknownItems.add(id);
  const hint = context.hint(name, () => visibleNames(file));
  context.report(diagnostic('unknown-item', { name }, span, { hint }));
}

function* activeNames(of: PackageScope, kind: ItemDraft['kind']): Generator<string> {
  for (const [name, item] of of.items) if (item.kind === kind && !item.excluded) yield name;
}

function* visibleNames(file: FileScope): Generator<string> {
  yield* file.names.keys();
  for (const name of file.package.items.keys()) if (!file.names.has(name)) yield name;
}

function unknownPackageHint({ context, source }: PackageScope, id: string): string | undefined {
  const bare = id.split('@')[0];
  const others = [...context.known].filter((each) => each !== packageId(source.name));
  const versions = others.filter((each) => each.split('@')[0] === bare).slice(0, 12);
  if (versions.length > 0) return `there is ${versions.map((each) => `\`${each}\``).join(', ')}`;
  return (
    context.hint(id, () => others) ??
    'put its WIT among the dependencies, for example into a folder in `deps/`'
  );
}
