/** Orders things after what they depend on, keeping the given order where it can, and finds cycles. */

/** The node at `target` must come before. */
export interface Edge<Place> {
  readonly target: number;
  readonly place: Place;
}

export interface Toposorted<Place> {
  /** Indices of the nodes; those that are in or behind a cycle come last. */
  readonly order: readonly number[];
  /** Each cycle as its edges, from the earliest of its nodes on. */
  readonly cycles: readonly (readonly Edge<Place>[])[];
  /** Nodes that are in a cycle or depend on one. */
  readonly stuck: ReadonlySet<number>;
}

/** Of several nodes that are ready the first goes first. Linear but for a heap; recursion-free. */
export function toposort<Place>(edges: readonly (readonly Edge<Place>[])[]): Toposorted<Place> {
  const waiting = edges.map((each) => each.length);
  const dependents: number[][] = edges.map(() => []);
  edges.forEach((each, from) => each.forEach(({ target }) => dependents[target]!.push(from)));

  const ready = new Heap();
  waiting.forEach((count, node) => count === 0 && ready.push(node));
  const order: number[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order.push(node);
    for (const dependent of dependents[node]!) {
      waiting[dependent]!--;
      if (waiting[dependent] === 0) ready.push(dependent);
    }
  }
  if (order.length === edges.length) return { order, cycles: [], stuck: new Set() };

  const stuck = new Set([...edges.keys()].filter((node) => waiting[node]! > 0));
  return { order: [...order, ...stuck], cycles: cyclesIn(edges, stuck), stuck };
}

/** The smallest number first. */
class Heap {
  private readonly items: number[] = [];

  push(item: number): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]! <= item) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const { items } = this;
    const least = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]! < items[child]!) child++;
      if (items[child]! >= last) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return least;
  }
}

// Every stuck node has an edge to a stuck node, so walking along them ends in a cycle.
function cyclesIn<Place>(
  edges: readonly (readonly Edge<Place>[])[],
  stuck: ReadonlySet<number>,
): readonly (readonly Edge<Place>[])[] {
  const cycles: Edge<Place>[][] = [];
  const visited = new Set<number>();
  for (const start of stuck) {
    const path: Edge<Place>[] = [];
    const position = new Map<number, number>();
    for (let node = start; !visited.has(node);) {
      visited.add(node);
      position.set(node, path.length);
      const edge = edges[node]!.find(({ target }) => stuck.has(target))!;
      path.push(edge);
      const from = position.get(edge.target);
      if (from !== undefined) {
        cycles.push(path.slice(from));
        break;
      }
      node = edge.target;
    }
  }
  return cycles;
}
