/** Pass 10: the imports that a world needs without saying so, and the final order. WIT.md: "Transitive imports and worlds". */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import { interfaceId, type Interface, type Stability, type TypeDefinition } from '../model/index.ts';
import type { WorldInterface, WorldItem } from '../model/index.ts';
import type { WorldDraft, WorldItems } from './context.ts';

/** Completes the imports and exports of a world and puts them into its definition. */
export function elaborateWorld(world: WorldDraft): void {
  const imports: WorldItems = new Map();
  for (const [key, item] of byClass(world.imports)) {
    if (item.kind === 'world-interface') addImport(imports, key, item);
    else {
      const needed = item.kind === 'world-type' ? usedInterface(item.type) : undefined;
      if (needed !== undefined && item.kind === 'world-type') {
        addImport(imports, needed, implied(needed, item.type.stability));
      }
      imports.set(key, item);
    }
  }
  const exports: WorldItems = new Map();
  const exported: Map<string | Interface, WorldInterface> = new Map();
  for (const [key, item] of world.exports) {
    if (item.kind === 'world-interface') exported.set(key, item);
    else exports.set(key, item);
  }
  addExports(world, imports, exports, exported);
  world.imports = new Map(byClass(imports));
  world.exports = exports;
  world.definition.imports = [...world.imports.values()];
  world.definition.exports = [...exports.values()];
}

/** The interfaces that an interface takes types from. */
function dependenciesOf(of: Interface): readonly Interface[] {
  const found: Interface[] = [];
  for (const type of of.types.values()) {
    const used = usedInterface(type);
    if (used !== undefined) found.push(used);
  }
  return found;
}

function usedInterface(type: TypeDefinition): Interface | undefined {
  if (type.shape.kind !== 'alias' || type.shape.target.kind !== 'type-definition') return undefined;
  const { owner } = type.shape.target;
  return owner === type.owner || owner?.kind !== 'interface' ? undefined : owner;
}

function implied(of: Interface, stability: Stability | undefined): WorldInterface {
  return {
    kind: 'world-interface',
    name: undefined,
    interface: of,
    docs: '',
    stability,
    externalId: undefined,
    span: undefined,
  };
}

// Interfaces, then types from elsewhere, own types, functions, functions of resources.
function byClass(items: WorldItems): readonly (readonly [string | Interface, WorldItem])[] {
  const classOf = (item: WorldItem): number => {
    switch (item.kind) {
      case 'world-interface':
        return 0;
      case 'world-type': {
        const { shape, owner } = item.type;
        const isUsed =
          shape.kind === 'alias' && shape.target.kind === 'type-definition' && shape.target.owner !== owner;
        return isUsed ? 1 : 2;
      }
      case 'world-function':
        return item.function.role.kind === 'freestanding' ? 3 : 4;
    }
  };
  return [...items].sort(([, a], [, b]) => classOf(a) - classOf(b));
}

// Dependencies first. An explicit stack, as interfaces may depend on each other in long chains.
function addImport(imports: WorldItems, key: string | Interface, item: WorldInterface): void {
  if (imports.has(key)) return;
  const stack = [{ key, item, dependencies: dependenciesOf(item.interface), next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const dependency = top.dependencies[top.next++];
    if (dependency === undefined) {
      imports.set(top.key, top.item);
      stack.pop();
    } else if (!imports.has(dependency)) {
      const needed = implied(dependency, item.stability);
      stack.push({ key: dependency, item: needed, dependencies: dependenciesOf(dependency), next: 0 });
    }
  }
}

/**
 * Exports, each after those that it needs: a dependency is an export when it is listed as one, else an import. An
 * interface that would be both, seen from one export, is reported.
 */
function addExports(
  world: WorldDraft,
  imports: WorldItems,
  exports: WorldItems,
  exported: ReadonlyMap<string | Interface, WorldInterface>,
): void {
  const required = new Set<Interface>();
  for (const [key, item] of exported) {
    const conflict = addExport(key, item);
    if (conflict === undefined) continue;
    const name = interfaceId(item.interface) ?? item.name ?? '';
    const dependency = interfaceId(conflict) ?? name;
    const { span } = world.node.name;
    const hint = `export all interfaces between \`${name}\` and \`${dependency}\` too, or do not export \`${dependency}\``;
    const related = item.span === undefined ? [] : [{ message: 'exported here', span: item.span }];
    const args = { name, dependency };
    world.file.package.context.reportLink(
      diagnostic('import-export-conflict', args, span, { hint, related }),
    );
  }

  function addExport(first: string | Interface, item: WorldInterface): Interface | undefined {
    if (exports.has(first)) return undefined;
    const stack: Frame[] = [frame(first, item, true)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const dependency = top.dependencies[top.next++];
      if (dependency === undefined) {
        stack.pop();
        if (top.asExport) {
          if (required.has(top.item.interface)) return top.item.interface;
          exports.set(top.key, top.item);
        } else {
          required.add(top.item.interface);
          if (!imports.has(top.key)) imports.set(top.key, top.item);
        }
        continue;
      }
      const asExport = top.asExport && exported.has(dependency);
      // As the reference does it: what an export needs has the export's own id.
      const { externalId } = item;
      if (exports.has(dependency)) {
        if (!asExport) return dependency;
      } else if (asExport || !required.has(dependency)) {
        stack.push(frame(dependency, { ...implied(dependency, item.stability), externalId }, asExport));
      }
    }
    return undefined;
  }

  function frame(key: string | Interface, item: WorldInterface, asExport: boolean): Frame {
    return { key, item, asExport, dependencies: dependenciesOf(item.interface), next: 0 };
  }
}

interface Frame {
  readonly key: string | Interface;
  readonly item: WorldInterface;
  readonly asExport: boolean;
  readonly dependencies: readonly Interface[];
  next: number;
}
