/** A component as a world: what it imports and exports, and the interfaces of that. */
import type { Package, PackageName } from '@wittle/parser';
import type { CustomItem } from '../binary/definition.ts';
import type { ValidComponent } from '../validate/component-type.ts';
import { newDecoder, newWorld, packageAt } from './decoder.ts';
import { decodeExterns } from './items.ts';
import { packagesInOrder } from './order.ts';
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
 * functions that the component has, which may be fewer than the published packages have. Where a function uses a type
 * that has no name there, which WIT needs and a component does not, a `use` of it is added, or another definition that is
 * equal. Throws `NotInWit` where a component is valid and cannot be said in WIT.
 */
export function decodeWorld({ type, definition }: ValidComponent): DecodedPackages {
  const decoder = newDecoder();
  const main = packageAt(decoder, componentPackage, docsOf(definition.items));
  const world = newWorld(main, 'root');
  decodeExterns(decoder, world, type);
  const packages = packagesInOrder([...decoder.packages.values()], definition.offset);
  return { main, others: packages.filter((each) => each !== main) };
}

/** What the section `package-docs` says. Throws `MalformedBinary`. */
export function docsOf(items: ValidComponent['definition']['items']): DocsPart {
  const docs = items.findLast(
    (item): item is CustomItem => item.kind === 'custom' && item.name === 'package-docs',
  );
  return docs === undefined ? noDocs : readPackageDocs(docs);
}
