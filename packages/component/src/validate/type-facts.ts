/** What validation asks of a type as a whole, remembered per object. Limits keep hostile types in bounds. */
import type { ResourceIdentity, ResourcePath } from './component-type.ts';
import { check, count, remember } from './invalid.ts';
import { insideOf, isValueType, type Typed } from './structure.ts';

export interface TypeFacts {
  /** How many types it is made of, each counted as often as it is there. */
  readonly size: number;
  readonly depth: number;
  /** Whether it contains a `borrow`. Spec: `contains_borrow`. */
  readonly borrow: boolean;
  /** Whether values of it need memory: it has a string or list. */
  readonly memory: boolean;
}

const maxSize = 1_000_000;
const maxDepth = 100;
const maxScopeDepth = 200;

/** Fails where the type is too large or too deep. */
export const factsOf: (type: Typed) => TypeFacts = remember(compute);

function compute(type: Typed): TypeFacts {
  const { kind } = type;
  if (kind === 'type' || kind === 'value') return factsOf(type.type);
  let size = kind === 'core module' ? 1 + type.imports.size + type.exports.size : 1;
  let depth = 0;
  let borrow = kind === 'borrow';
  let memory = kind === 'string' || kind === 'list' || kind === 'map';
  for (const inner of insideOf(type)) {
    if (inner === undefined || inner.kind === 'resource') continue;
    const facts = factsOf(inner);
    size += facts.size;
    depth = Math.max(depth, facts.depth);
    borrow ||= facts.borrow;
    memory ||= facts.memory && kind !== 'stream' && kind !== 'future';
  }
  checkSize(size);
  check(depth < (isValueType(type) ? maxDepth : maxScopeDepth), 'type nesting is too deep');
  return { size, depth: depth + 1, borrow, memory };
}

/** Fails where types together are larger than a component may have them. */
export function checkSize(size: number): void {
  check(size <= maxSize, `type size exceeds the limit of ${maxSize}`);
}

/** The resources that are free in types, that is, not abstract in an instance or component type inside them. */
export function freeResources(types: Iterable<Typed>): Set<ResourceIdentity> {
  const found = new Set<ResourceIdentity>();
  const bound: (readonly ResourcePath[])[] = [];
  const seen = new Set<Typed>();
  const add = (type: Typed | undefined): void => {
    if (type === undefined || seen.has(type)) return;
    seen.add(type);
    count();
    if (type.kind === 'resource') found.add(type.identity);
    else if (type.kind === 'instance') bound.push(type.resources);
    else if (type.kind === 'component') bound.push(type.importedResources, type.exportedResources);
    for (const inner of insideOf(type)) add(inner);
  };
  for (const type of types) add(type);
  for (const { identity } of bound.flat()) found.delete(identity);
  return found;
}

/** Whether no resource is free in a type. */
export const isClosed: (type: Typed) => boolean = remember((type) => freeResources([type]).size === 0);
