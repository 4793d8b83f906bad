/** Puts things after those that they depend on. */

/**
 * The nodes and what they depend on, each after its own dependencies and otherwise in the order given. `cycle` is one
 * that depends on itself, if there is such; the order is then not all that it should be. Any depth will do.
 */
export function inDependencyOrder<Node>(
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
