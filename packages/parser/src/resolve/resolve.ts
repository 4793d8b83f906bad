/** Sources to model: the passes, in order. WIT.md: "Name resolution", "Package Format". */
import { suggestion } from '../diagnostics/closest.ts';
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { packageId, type Model, type PackageName } from '../model/index.ts';
import type { Source } from '../source.ts';
import { checkWorldNames } from '../validate/world-names.ts';
import { collectPackages } from './collect-packages.ts';
import type { Context, ItemDraft, Mention, PackageScope, PackageSource, WorldDraft } from './context.ts';
import { declareItems } from './declare-items.ts';
import { elaborateWorld } from './elaborate-worlds.ts';
import { foreignPaths } from './foreign-paths.ts';
import { foreignId } from './look-up.ts';
import { includeWorlds } from './include-worlds.ts';
import { orderPackages } from './order-packages.ts';
import { resolveInterface } from './resolve-interfaces.ts';
import { resolveWorld } from './resolve-worlds.ts';
import { settle } from './settle.ts';

/** What `resolve` works on; nothing is read from anywhere else. */
export interface ResolveInput {
  /** The files of the package that is asked for, with their nested packages. */
  readonly sources: readonly Source[];
  /** The files of each dependency; their order does not matter. */
  readonly dependencies?: readonly (readonly Source[])[];
  /** Called for a package that somebody needs and that is in neither: its files, or `undefined` when unknown. */
  readonly findPackage?: (name: PackageName) => readonly Source[] | undefined;
}

/** Which features are active; none unless told otherwise. */
export interface ResolveOptions {
  /** Features whose `@unstable` items are part of the model. */
  readonly features?: Iterable<string>;
  /** All features are active. */
  readonly allFeatures?: boolean;
}

/** `model` is there when no diagnostic is an error. */
export interface Resolution {
  readonly model: Model | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** More diagnostics than this are not kept. */
export const maxDiagnostics: number = 1000;

const maxHints = 100;

/** All worlds of a model together have at most this many imports and exports. */
export const maxWorldItems: number = 1_000_000;

/**
 * Parses and resolves packages. Never throws; reports every mistake that it can find, in all files, and leaves out
 * what would only follow from another one. Diagnostics come in this order: for each package that was given, what is
 * wrong with its text and then with itself; after that, what takes several packages to see, dependencies first.
 *
 * ```ts
 * const { model, diagnostics } = resolve({ sources: [{ name: 'a.wit', text: 'package a:b; interface c {}' }] });
 * if (model === undefined) console.error(renderDiagnostics(diagnostics));
 * ```
 */
export function resolve(input: ResolveInput, options: ResolveOptions = {}): Resolution {
  const groups: Diagnostic[][] = [[]];
  const linkDiagnostics: Diagnostic[] = [];
  const sources = collectPackages(input, {
    text: (found) => groups.at(-1)!.push(found),
    link: (found) => linkDiagnostics.push(found),
    group: () => {
      const group: Diagnostic[] = [];
      groups.push(group, []);
      return group;
    },
  });
  let current = linkDiagnostics;
  let count = groups.reduce((sum, group) => sum + group.length, linkDiagnostics.length);
  const reportTo = (list: Diagnostic[], found: Diagnostic): void => {
    if (count++ < maxDiagnostics) list.push(found);
  };
  const reportLink = (found: Diagnostic): void => reportTo(linkDiagnostics, found);
  const ordered = orderPackages(sources, reportLink);
  const context: Context = {
    report: (found) => reportTo(current, found),
    reportLink,
    hint: (name, candidates) => (count < maxHints ? suggestion(name, candidates()) : undefined),
    features: new Set(options.features ?? []),
    allFeatures: options.allFeatures ?? false,
    packages: new Map(),
    known: new Set(sources.keys()),
    excludedTypes: new Set(),
    excludedInterfaces: new Set(),
    roots: new Map(),
    borrowing: new Set(),
    types: [],
    interfaces: [],
    worlds: [],
    worldItems: { count: 0 },
  };
  const packages = ordered.map((source) => {
    current = source.diagnostics;
    return resolvePackage(context, source);
  });
  const diagnostics = [...groups.flat(), ...linkDiagnostics].slice(0, maxDiagnostics);
  if (hasErrors(diagnostics)) return { model: undefined, diagnostics };
  const main = [...sources.values()].filter(({ isMain }) => isMain);
  const model: Model = {
    kind: 'model',
    packages: packages.map((scope) => scope.package),
    interfaces: context.interfaces,
    worlds: context.worlds,
    types: context.types,
    main: main.map(({ name }) => context.packages.get(packageId(name))!.package),
  };
  return { model, diagnostics };
}

function resolvePackage(context: Context, source: PackageSource): PackageScope {
  const scope = newPackage(context, source);
  const items = declareItems(scope);
  for (const item of items) if (item.kind === 'interface') resolveInterface(item, item.node!);
  for (const item of items) if (item.kind === 'world') resolveWorld(item);
  settle(scope);
  for (const world of scope.worlds) if (!world.excluded) completeWorld(world);
  scope.package.interfaces = activeItems(items, 'interface');
  scope.package.worlds = activeItems(items, 'world');
  context.packages.set(packageId(source.name), scope);
  return scope;
}

// Small texts can make large worlds: each of many includes the same many imports.
function completeWorld(world: WorldDraft): void {
  const { context } = world.file.package;
  if (context.worldItems.count > maxWorldItems) return;
  includeWorlds(world);
  checkWorldNames(world);
  elaborateWorld(world);
  context.worldItems.count += world.imports.size + world.exports.size;
  if (context.worldItems.count <= maxWorldItems) return;
  const { span } = world.node.name;
  context.reportLink(diagnostic('too-many-world-items', { limit: maxWorldItems }, span));
}

function newPackage(context: Context, source: PackageSource): PackageScope {
  return {
    context,
    source,
    package: {
      kind: 'package',
      name: source.name,
      interfaces: new Map(),
      worlds: new Map(),
      docs: source.docs?.text ?? '',
      span: source.nameSpan,
    },
    items: new Map(),
    files: [],
    interfaces: [],
    worlds: [],
    types: [],
    anonymous: new Map(),
    numbers: new Map(),
    mentions: mentionsIn(source),
    unknownItems: new Set(),
    missing: new Set(),
  };
}

// Until its package is known, a foreign item is what the first statement that mentions it takes it for.
function mentionsIn({ files }: PackageSource): ReadonlyMap<string, Mention> {
  const mentions = new Map<string, Mention>();
  for (const { items } of files) {
    for (const { path, kind } of foreignPaths(items)) {
      const id = foreignId(path);
      if (!mentions.has(id)) mentions.set(id, { kind, span: path.name.span });
    }
  }
  return mentions;
}

function activeItems<Kind extends ItemDraft['kind']>(
  items: readonly ItemDraft[],
  kind: Kind,
): ReadonlyMap<string, Extract<ItemDraft, { kind: Kind }>['definition']> {
  const active = items.filter((item) => item.kind === kind && !item.excluded);
  return new Map(active.map((item) => [item.definition.name!, item.definition as never]));
}
