/** Chooses the world that bindings are made for. WIT.md: "Specifying a World". */
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { suggestion } from '../diagnostics/closest.ts';
import { packageId, type Model, type Package, type World } from '../model/index.ts';
import { parse } from '../syntax/parse.ts';
import { nameOf } from './collect-packages.ts';
import type { UsePathNode } from '../syntax/ast.ts';

/** `world` is there when `diagnostics` is empty. */
export interface WorldSelection {
  readonly world: World | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The world called `name` (`w` in the package that was asked for, `ns:pkg/w` or `ns:pkg/w@1.0.0` anywhere; without a
 * version when the package is there in one version only), or the only one when there is no name. Never throws; a
 * diagnostic lists the worlds that exist.
 *
 * ```ts
 * const { world } = selectWorld(model, 'wasi:cli/command@0.2.12');
 * ```
 */
export function selectWorld(model: Model, name?: string): WorldSelection {
  const main = model.main.at(-1);
  if (name === undefined) return onlyWorld(model, main);
  const path = parseName(name);
  if (path === undefined) {
    const hint = 'it looks like `my-world` or `namespace:package/my-world@1.2.3`';
    return failure(diagnostic('invalid-world-name', { name }, undefined, { hint }));
  }
  if (path.package === undefined) {
    return main === undefined ? failure(noWorlds('')) : worldIn(main, path.name.name);
  }
  const wanted = nameOf(path.package);
  const exact = model.packages.find((each) => packageId(each.name) === packageId(wanted));
  if (exact !== undefined) return worldIn(exact, path.name.name);
  const near = model.packages.filter(
    (each) => each.name.namespace === wanted.namespace && each.name.name === wanted.name,
  );
  if (wanted.version === undefined && near.length === 1) return worldIn(near[0]!, path.name.name);
  const versions = near.map((each) => `\`${packageId(each.name)}\``).join(', ');
  const id = packageId(wanted);
  if (wanted.version === undefined && near.length > 1) {
    const hint = `there is ${versions}`;
    return failure(diagnostic('ambiguous-package-version', { name: id }, undefined, { hint }));
  }
  const others = model.packages.map((each) => packageId(each.name));
  const hint = near.length > 0 ? `there is ${versions}` : suggestion(id, others);
  return failure(diagnostic('unknown-package', { name: id }, undefined, { hint }));
}

function onlyWorld(model: Model, main: Package | undefined): WorldSelection {
  const packages = main !== undefined && main.worlds.size > 0 ? [main] : model.main;
  const worlds = packages.flatMap((each) => [...each.worlds.values()]);
  if (worlds.length === 1) return { world: worlds[0], diagnostics: [] };
  const where = main === undefined ? '' : packageId(main.name);
  if (worlds.length === 0) return failure(noWorlds(where));
  const hint = `there is ${worlds.map((world) => `\`${worldId(world)}\``).join(', ')}`;
  const place = packages.length === 1 ? `package \`${where}\`` : 'these packages';
  return failure(diagnostic('ambiguous-world', { where: place }, undefined, { hint }));
}

function worldIn(of: Package, name: string): WorldSelection {
  const world = of.worlds.get(name);
  if (world !== undefined) return { world, diagnostics: [] };
  const id = packageId(of.name);
  if (of.worlds.size === 0) return failure(noWorlds(id));
  const hint = suggestion(name, of.worlds.keys());
  return failure(diagnostic('unknown-world', { name, package: id }, undefined, { hint }));
}

function noWorlds(name: string): Diagnostic {
  return diagnostic('no-worlds', { package: name }, undefined);
}

function failure(found: Diagnostic): WorldSelection {
  return { world: undefined, diagnostics: [found] };
}

/** `ns:pkg/w@1.0.0`, as the specification writes it. */
function worldId({ package: { name }, name: world }: World): string {
  const version = name.version === undefined ? '' : `@${name.version}`;
  return `${name.namespace}:${name.name}/${world}${version}`;
}

// The grammar knows how to read a path: as a top-level `use`.
function parseName(name: string): UsePathNode | undefined {
  if (!/^[^;{}\s]+$/.test(name)) return undefined;
  const { ast, diagnostics } = parse({ name: 'world name', text: `use ${name};` });
  const [item] = ast.items;
  if (hasErrors(diagnostics) || item?.kind !== 'top-level-use' || ast.items.length !== 1) return undefined;
  return item.path;
}
