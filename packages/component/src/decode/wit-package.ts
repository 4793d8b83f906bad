/** A WIT package in binary form: a component that exports a component type for each interface and world. */
import type { Package } from '@wittle/parser';
import type { ComponentType, Extern, ValidComponent } from '../validate/component-type.ts';
import { docsOf, type DecodedPackages } from './component.ts';
import { interfaceAt, newDecoder, newWorld, packageAt, type Decoder } from './decoder.ts';
import { decodeExterns, decodeInstance } from './items.ts';
import { parsePath, type Path } from './names.ts';
import { fail } from './not-in-wit.ts';
import { packagesInOrder } from './order.ts';

/** Whether all that a component has are exported component types, one at least. */
export function isWitPackage({ type: { imports, exports } }: ValidComponent): boolean {
  return (
    imports.size === 0 &&
    exports.size > 0 &&
    [...exports.values()].every((each) => typeIn(each) !== undefined)
  );
}

/** The package, and those of others as far as it needs them. Throws `NotInWit` where it is not in the form. */
export function decodePackage({ type, definition }: ValidComponent): DecodedPackages {
  const decoder = newDecoder();
  let main: Package | undefined;
  const items = [...type.exports.values()].map(itemOf);
  const docs = docsOf(definition.items);
  for (const { path, offset, item } of items) {
    const of = packageAt(decoder, path.package, main === undefined ? docs : undefined);
    if (main !== undefined && main !== of) fail('not all items are of the same package', offset);
    main = of;
    // Of its own interfaces, others may need some before they come themselves.
    if (item.type.kind === 'instance') interfaceAt(decoder, path);
  }
  if (main === undefined) return fail('this component exports no WIT package', 0);
  for (const { path, of, item } of items) decodeItem(decoder, path, of, item);
  const packages = packagesInOrder([...decoder.packages.values()], definition.offset);
  return { main, others: packages.filter((each) => each !== main) };
}

interface Item {
  readonly path: Path;
  readonly offset: number;
  readonly of: ComponentType;
  /** The one export of `of`: an instance for an interface, a component for a world. */
  readonly item: Extern;
}

function itemOf(extern: Extern): Item {
  const { name, offset } = extern.name;
  const of = typeIn(extern);
  if (of === undefined) return fail(`\`${name}\` is not the type of a component`, offset);
  const [item, ...more] = of.exports.values();
  if (item === undefined || more.length > 0) return fail(`\`${name}\` must export one item`, offset);
  const path = parsePath(item.name.name, item.name);
  if (path === undefined) {
    return fail(`\`${item.name.name}\` is not the name of an interface or world`, item.name.offset);
  }
  return { path, offset, of, item };
}

function decodeItem(decoder: Decoder, path: Path, { imports }: ComponentType, { name, type }: Extern): void {
  for (const each of imports.values()) {
    const of = parsePath(each.name.name, each.name);
    if (each.type.kind !== 'instance' || of === undefined) {
      return fail(`\`${each.name.name}\` is not an interface`, each.name.offset);
    }
    decodeInstance(decoder, interfaceAt(decoder, of), each.type);
  }
  if (type.kind === 'instance') {
    const owner = interfaceAt(decoder, path);
    decodeInstance(decoder, owner, type);
    putInOrder(owner.types, type.exports.keys());
    putInOrder(owner.functions, type.exports.keys());
  } else if (type.kind === 'component') {
    const world = newWorld(packageAt(decoder, path.package), path.name);
    decodeExterns(decoder, world, type);
  } else fail(`\`${name.name}\` is neither an interface nor a world`, name.offset);
}

// What others needed of it was there before the rest.
function putInOrder<Item>(items: Map<string, Item>, names: Iterable<string>): void {
  for (const name of names) {
    const item = items.get(name);
    if (item === undefined) continue;
    items.delete(name);
    items.set(name, item);
  }
}

function typeIn({ type }: Extern): ComponentType | undefined {
  return type.kind === 'type' && type.type.kind === 'component' ? type.type : undefined;
}
