/** The paths by which items refer to other packages, in the order that decides how packages are ordered. */
import type { IncludeNode, TopLevelItemNode, UsePathNode, WorldNode } from '../syntax/ast.ts';

/** Every path with a package. In a world `use` and `include` come first, then imports, then exports. */
export function* foreignPaths(items: readonly TopLevelItemNode[]): Generator<UsePathNode> {
  for (const path of paths(items)) if (path.package !== undefined) yield path;
}

function* paths(items: readonly TopLevelItemNode[]): Generator<UsePathNode> {
  for (const item of items) {
    switch (item.kind) {
      case 'top-level-use':
        yield item.path;
        break;
      case 'interface':
        for (const inner of item.items) if (inner.kind === 'use') yield inner.path;
        break;
      case 'world':
        yield* worldPaths(item);
        break;
      case 'nested-package':
        break;
    }
  }
}

function* worldPaths(world: WorldNode): Generator<UsePathNode> {
  for (const item of world.items) {
    if (item.kind === 'use' || item.kind === 'include') yield item.path;
  }
  for (const direction of ['import', 'export']) {
    for (const item of world.items) {
      if (item.kind !== 'extern' || item.direction !== direction) continue;
      const { target } = item;
      if (target.kind === 'extern-path') yield target.path;
      if (target.kind !== 'extern-interface') continue;
      for (const inner of target.items) if (inner.kind === 'use') yield inner.path;
    }
  }
}

/** The `include`s of a world. */
export function includesOf(world: WorldNode): readonly IncludeNode[] {
  return world.items.filter((item) => item.kind === 'include');
}
