/** Pass 1: sources into packages. WIT.md: "Package Names", "Filesystem structure". */
import { diagnostic, type Diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import { packageId, type PackageName } from '../model/index.ts';
import type { Source, Span } from '../source.ts';
import type { NestedPackageNode, PackageNameNode, TopLevelItemNode, WitFileNode } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import type { FileItems, PackageSource } from './context.ts';
import { foreignPaths } from './foreign-paths.ts';
import type { ResolveInput } from './resolve.ts';

/**
 * Every package of the input by id: the main group's nested packages and its own, then those of the dependencies, then
 * those that `findPackage` knows and somebody needs.
 */
export function collectPackages(input: ResolveInput, reports: Reports): ReadonlyMap<string, PackageSource> {
  const found = new Map<string, PackageSource>();
  const add = (sources: readonly Source[], isMain: boolean): void => {
    for (const each of packagesOf(sources, isMain, reports)) {
      const id = packageId(each.name);
      const previous = found.get(id);
      if (previous === undefined) found.set(id, each);
      else {
        const related = [{ message: 'it is also defined here', span: previous.nameSpan }];
        reports.link(diagnostic('duplicate-package', { name: id }, each.nameSpan, { related }));
      }
    }
  };
  add(input.sources, true);
  for (const dependency of input.dependencies ?? []) add(dependency, false);
  if (input.findPackage !== undefined) {
    // The map grows while it is walked: what is found may need more.
    for (const each of found.values()) {
      for (const name of foreignNames(each)) {
        if (found.has(packageId(name))) continue;
        const sources = input.findPackage(name);
        if (sources !== undefined) add(sources, false);
      }
    }
  }
  return found;
}

/** Where findings go: each source's before its packages', each package's own after those of the one before. */
export interface Reports {
  readonly text: Report;
  readonly link: Report;
  /** A new list of findings, after all that there are. */
  readonly group: () => Diagnostic[];
}

/** The names of the packages that a package mentions. */
export function* foreignNames(source: PackageSource): Generator<PackageName> {
  for (const file of source.files) {
    for (const { path } of foreignPaths(file.items)) yield nameOf(path.package!);
  }
}

/** The name that a declaration or path writes. */
export function nameOf(node: PackageNameNode): PackageName {
  return { namespace: node.namespace.name, name: node.name.name, version: node.version?.version };
}

// Files in the order of their names, so that the result does not depend on how a directory lists them.
function packagesOf(sources: readonly Source[], isMain: boolean, reports: Reports): readonly PackageSource[] {
  const ordered = [...sources].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const files = ordered.map((source) => {
    const { ast, diagnostics } = parse(source);
    diagnostics.forEach(reports.text);
    return ast;
  });
  const lostNames = lostIn(files);
  const nested = files.flatMap((file) =>
    file.items
      .filter((item) => item.kind === 'nested-package')
      .map((item) => nestedPackage(item, lostNames, isMain, reports.group())),
  );
  return [...nested, ownPackage(files, lostNames, isMain, reports.group())];
}

function ownPackage(
  files: readonly WitFileNode[],
  lostNames: PackageSource['lostNames'],
  isMain: boolean,
  diagnostics: Diagnostic[],
): PackageSource {
  const report: Report = (found) => diagnostics.push(found);
  let name: PackageNameNode | undefined;
  let docs: PackageSource['docs'];
  for (const { package: declaration } of files) {
    if (declaration === undefined) continue;
    if (name !== undefined && packageId(nameOf(name)) !== packageId(nameOf(declaration.name))) {
      const related = [{ message: 'the other name is here', span: name.span }];
      const args = { name: packageId(nameOf(declaration.name)), previous: packageId(nameOf(name)) };
      report(diagnostic('package-mismatch', args, declaration.name.span, { related }));
      continue;
    }
    if (declaration.docs !== undefined && docs !== undefined) {
      const related = [{ message: 'the other docs are here', span: docs.span }];
      report(diagnostic('package-docs-twice', {}, declaration.docs.span, { related }));
    }
    name = declaration.name;
    docs ??= declaration.docs;
  }
  const items = files.map((file) => ({ items: file.items.filter(isNotPackage) }));
  if (name !== undefined)
    return { name: nameOf(name), nameSpan: name.span, docs, files: items, diagnostics, lostNames, isMain };

  const first = files[0];
  const nowhere: Span = { source: first?.source ?? { name: '', text: '' }, start: 0, end: 0 };
  // A file that could not be read in full may have had one.
  if (!files.some(({ incomplete }) => incomplete)) {
    const hint = 'begin one of them with `package namespace:name;`';
    report(diagnostic('missing-package', {}, first && nowhere, { hint }));
  }
  const unnamed = { namespace: '', name: `unnamed ${first?.source.name ?? ''}`, version: undefined };
  return { name: unnamed, nameSpan: nowhere, docs, files: items, diagnostics, lostNames, isMain };
}

function nestedPackage(
  node: NestedPackageNode,
  lostNames: PackageSource['lostNames'],
  isMain: boolean,
  diagnostics: Diagnostic[],
): PackageSource {
  for (const item of node.items) {
    if (item.kind !== 'nested-package') continue;
    const name = packageId(nameOf(item.name));
    diagnostics.push(diagnostic('nested-package-not-top-level', { name }, item.name.span));
  }
  const files: readonly FileItems[] = [{ items: node.items.filter(isNotPackage) }];
  const { docs, name } = node;
  return { name: nameOf(name), nameSpan: name.span, docs, files, diagnostics, lostNames, isMain };
}

function lostIn(files: readonly WitFileNode[]): PackageSource['lostNames'] {
  const lost = new Set<string>();
  for (const { lostNames } of files) {
    if (lostNames === 'all') return 'all';
    for (const name of lostNames) lost.add(name);
  }
  return lost;
}

function isNotPackage(item: TopLevelItemNode): boolean {
  return item.kind !== 'nested-package';
}
