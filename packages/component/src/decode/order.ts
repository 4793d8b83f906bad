/** Puts packages after those that they use. */
import type { Interface, Package } from '@wittle/parser';
import { packageKey, pathKey } from './names.ts';
import { fail } from './not-in-wit.ts';

/**
 * Packages, each after those that it uses. Throws `NotInWit` where interfaces or packages use each other, which is
 * possible in components.
 */
export function packagesInOrder(packages: readonly Package[], offset: number): readonly Package[] {
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

/**
 * The nodes and what they depend on, each after its own dependencies and otherwise in the order given. `cycle` is one
 * that depends on itself, if there is such; the order is then not all that it should be. Any depth will do.
 */
function inDependencyOrder<Node>(
  nodes: Iterable<Node>,
  dependenciesOf: (node: Node) => Iterable<Node>,
): { readonly order: readonly Node[]; readonly cycle: Node | undefined } {
  const done = new Set<Node>();
  const open = new Set<Node>();
  let cycle: Node | undefined;
  const stack: { readonly node: Node; readonly rest: Iterator<Node> }[] = [];
  const visit = (node: Node): void => {
    if (done.has(node)) return;
    if (open.has(node)) {
      cycle ??= node;
      return;
    }
    open.add(node);
    stack.push({ node, rest: dependenciesOf(node)[Symbol.iterator]() });
  };
  for (const node of nodes) {
    visit(node);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done !== true) {
        visit(next.value);
        continue;
      }
      stack.pop();
      open.delete(top.node);
      done.add(top.node);
    }
  }
  return { order: [...done], cycle };
}
