/** Walks over a model. */
import type { WitFunction } from './function.ts';
import type { Interface } from './interface.ts';
import type { Model, Package } from './package.ts';
import type { TypeDefinition } from './type.ts';
import type { World, WorldItem } from './world.ts';

/** What to do at the parts of a model. `false` for a package, interface or world leaves out what is inside. */
export interface ModelVisitor {
  readonly package?: (of: Package) => boolean | void;
  /** Named ones with their package, inline ones with their world. */
  readonly interface?: (of: Interface) => boolean | void;
  readonly world?: (of: World) => boolean | void;
  /** An import or export; what it imports or exports comes after it unless it is a named interface. */
  readonly item?: (item: WorldItem, direction: 'import' | 'export', of: World) => void;
  /** Types with a name; anonymous ones are in their shapes. */
  readonly type?: (type: TypeDefinition) => void;
  readonly function?: (func: WitFunction) => void;
}

/**
 * Calls the visitor for all parts of some packages (all of a model unless told otherwise), each before what is inside
 * it, in the order of the model. Throws only what the visitor throws.
 *
 * ```ts
 * visitModel(model, { function: ({ name, docs }) => console.log(name, docs) }, model.main);
 * ```
 */
export function visitModel(
  model: Model,
  visitor: ModelVisitor,
  packages: readonly Package[] = model.packages,
): void {
  for (const of of packages) {
    if (visitor.package?.(of) === false) continue;
    for (const each of of.interfaces.values()) visitInterface(each, visitor);
    for (const world of of.worlds.values()) visitWorld(world, visitor);
  }
}

function visitInterface(of: Interface, visitor: ModelVisitor): void {
  if (visitor.interface?.(of) === false) return;
  for (const type of of.types.values()) visitor.type?.(type);
  for (const func of of.functions.values()) visitor.function?.(func);
}

function visitWorld(world: World, visitor: ModelVisitor): void {
  if (visitor.world?.(world) === false) return;
  for (const item of world.imports) visitItem(item, 'import', world, visitor);
  for (const item of world.exports) visitItem(item, 'export', world, visitor);
}

function visitItem(
  item: WorldItem,
  direction: 'import' | 'export',
  world: World,
  visitor: ModelVisitor,
): void {
  visitor.item?.(item, direction, world);
  switch (item.kind) {
    case 'world-interface':
      if (item.interface.name === undefined) visitInterface(item.interface, visitor);
      return;
    case 'world-function':
      visitor.function?.(item.function);
      return;
    case 'world-type':
      visitor.type?.(item.type);
      return;
  }
}
