/** The paths by which items refer to other packages, in the order that decides how packages are ordered. */
import type { IncludeNode, TopLevelItemNode, UsePathNode, WorldNode } from '../syntax/ast.ts';

/** A path with a package, and what must be there. At the top level a `use` is taken to want an interface. */
export interface ForeignPath {
  readonly path: UsePathNode;
  readonly kind: 'interface' | 'world';
}

/** Every path with a package. In a world `use` and `include` come first, then imports, then exports. */
export function* foreignPaths(items: readonly TopLevelItemNode[]): Generator<ForeignPath> {
  for (const each of paths(items)) if (each.path.package !== undefined) yield each;
}

function* paths(items: readonly TopLevelItemNode[]): Generator<ForeignPath> {
  for (const item of items) {
    switch (item.kind) {
      case 'top-level-use':
        yield { path: item.path, kind: 'interface' };
        break;
      case 'interface':
        for (const inner of item.items)
          if (inner.kind === 'use') yield { path: inner.path, kind: 'interface' };
        break;
      case 'world':
        yield* worldPaths(item);
        break;
      case 'nested-package':
        break;
    }
  }
}

function* worldPaths(world: WorldNode): Generator<ForeignPath> {
  for (const item of world.items) {
    if (item.kind === 'use') yield { path: item.path, kind: 'interface' };
    if (item.kind === 'include') yield { path: item.path, kind: 'world' };
  }
  for (const direction of ['import', 'export']) {
    for (const item of world.items) {
      if (item.kind !== 'extern' || item.direction !== direction) continue;
      const { target } = item;
      if (target.kind === 'extern-path') yield { path: target.path, kind: 'interface' };
      if (target.kind !== 'extern-interface') continue;
      for (const inner of target.items)
        if (inner.kind === 'use') yield { path: inner.path, kind: 'interface' };
    }
  }
}

/** The `include`s of a world. */
export function includesOf(world: WorldNode): readonly IncludeNode[] {
  return world.items.filter((item) => item.kind === 'include');
}
