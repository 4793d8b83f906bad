/** A component as a world: what it imports and exports, and the interfaces of that. */
import type { Interface, Package, PackageName } from '@wittle/parser';
import type { CustomItem } from '../binary/definition.ts';
import type { ValidComponent } from '../validate/component-type.ts';
import { newDecoder, newWorld, packageAt } from './decoder.ts';
import { decodeExtern } from './items.ts';
import { packageKey, pathKey } from './names.ts';
import { fail } from './not-in-wit.ts';
import { inDependencyOrder } from './order.ts';
import { noDocs, readPackageDocs, type DocsPart } from './package-docs.ts';

/** The package that a component's world is said to be of; a component does not say. */
export const componentPackage: PackageName = { namespace: 'root', name: 'component', version: undefined };

/** Packages, each after those that it uses. */
export interface DecodedPackages {
  readonly main: Package;
  readonly others: readonly Package[];
}

/**
 * The world of a component, `root:component/root`, with the packages of its interfaces: these have the types and
 * functions that the component has, which may be fewer than the published packages have. Throws `NotInWit` where a
 * component is valid and cannot be said in WIT.
 */
export function decodeWorld({ type, definition }: ValidComponent): DecodedPackages {
  const decoder = newDecoder();
  const main = packageAt(decoder, componentPackage, docsOf(definition.items));
  const world = newWorld(main, 'root');
  for (const each of type.imports.values()) decodeExtern(decoder, world, 'import', each);
  for (const each of type.exports.values()) decodeExtern(decoder, world, 'export', each);
  const packages = inOrder([...decoder.packages.values()], definition.offset);
  return { main, others: packages.filter((each) => each !== main) };
}

/** What the section `package-docs` says. Throws `MalformedBinary`. */
export function docsOf(items: ValidComponent['definition']['items']): DocsPart {
  const docs = items.findLast(
    (item): item is CustomItem => item.kind === 'custom' && item.name === 'package-docs',
  );
  return docs === undefined ? noDocs : readPackageDocs(docs);
}

// Interfaces and packages that use each other are possible in components, and not in WIT.
function inOrder(packages: readonly Package[], offset: number): readonly Package[] {
  const interfaces = packages.flatMap((each) => [...each.interfaces.values()]);
  const { cycle } = inDependencyOrder(interfaces, usedBy);
  if (cycle !== undefined) {
    const key = pathKey({ package: cycle.package.name, name: cycle.name! });
    fail(`interface \`${key}\` uses one that uses it in turn, which WIT cannot say`, offset);
  }
  const found = inDependencyOrder(packages, (of) => {
    const used = [...of.interfaces.values()].flatMap((each) => usedBy(each).map((other) => other.package));
    return used.filter((each) => each !== of);
  });
  if (found.cycle !== undefined) {
    const key = packageKey(found.cycle.name);
    fail(`package \`${key}\` uses one that uses it in turn, which WIT cannot say`, offset);
  }
  return found.order;
}

function usedBy(of: Interface): readonly Interface[] {
  return [...of.types.values()].flatMap(({ shape }) => {
    const target = shape.kind === 'alias' ? shape.target : undefined;
    const owner = target?.kind === 'type-definition' ? target.owner : undefined;
    return owner?.kind === 'interface' && owner !== of ? [owner] : [];
  });
}
