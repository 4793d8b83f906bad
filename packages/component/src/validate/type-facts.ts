/** What validation asks of a type as a whole, remembered per object. Limits keep hostile types in bounds. */
import type { AnyType, Externs, ExternType, ResourceIdentity } from './component-type.ts';
import { check, count, remember } from './invalid.ts';
import { isValueType, partsOf } from './structure.ts';

export interface TypeFacts {
  /** How many types it is made of, each counted as often as it is there. */
  readonly size: number;
  readonly depth: number;
  /** Whether it contains a `borrow`. Spec: `contains_borrow`. */
  readonly borrow: boolean;
  /** Whether values of it need memory: it has a string or list. */
  readonly memory: boolean;
}

/** A type, or what is under a name. */
export type Typed = AnyType | ExternType;

const maxSize = 1_000_000;
const maxDepth = 100;
const maxScopeDepth = 200;

const known: Map<Typed, TypeFacts> = remember();

/** Throws where the type is too large or too deep. */
export function factsOf(type: Typed, offset: number): TypeFacts {
  let facts = known.get(type);
  if (facts === undefined) {
    facts = compute(type, offset);
    known.set(type, facts);
  }
  return facts;
}

function compute(type: Typed, offset: number): TypeFacts {
  let size = 1;
  let depth = 0;
  let borrow = type.kind === 'borrow';
  let memory = false;
  for (const inner of insideOf(type)) {
    const facts = factsOf(inner, offset);
    size += facts.size;
    depth = Math.max(depth, facts.depth);
    borrow ||= facts.borrow;
    memory ||= facts.memory;
  }
  if (type.kind === 'core module') size += type.imports.size + type.exports.size;
  memory = needsMemory(type, memory);
  checkSize(size, offset);
  depth++;
  check(depth <= (isValueType(type) ? maxDepth : maxScopeDepth), 'type nesting is too deep', offset);
  return { size, depth, borrow, memory };
}

/** Throws where types together are larger than a component may have them. */
export function checkSize(size: number, offset: number): void {
  check(size <= maxSize, `effective type size exceeds the limit of ${maxSize}`, offset);
}

function needsMemory(type: Typed, inside: boolean): boolean {
  switch (type.kind) {
    case 'string':
    case 'list':
    case 'map':
      return true;
    case 'stream':
    case 'future':
      return false;
    default:
      return inside;
  }
}

/** The types directly inside a type; not the resource of a handle. */
function insideOf(type: Typed): readonly Typed[] {
  switch (type.kind) {
    case 'type':
    case 'value':
      return [type.type];
    case 'function': {
      const params = type.params.map((param) => param.type);
      return type.result === undefined ? params : [...params, type.result];
    }
    case 'instance':
      return typesOf(type.exports);
    case 'component':
      return [...typesOf(type.imports), ...typesOf(type.exports)];
    case 'core module':
    case 'resource':
      return [];
    default:
      return partsOf(type).filter((part) => part !== undefined);
  }
}

function typesOf(externs: Externs): ExternType[] {
  return Array.from(externs.values(), (extern) => extern.type);
}

/**
 * The resources that are free in types, that is, not abstract in an instance or component type inside them. Remembers
 * what it has seen, so that many types cost no more than their parts.
 */
export class FreeResources {
  readonly #found = new Set<ResourceIdentity>();
  readonly #bound = new Set<ResourceIdentity>();
  readonly #seen = new Set<Typed>();

  add(type: Typed, offset: number): void {
    if (this.#seen.has(type)) return;
    this.#seen.add(type);
    count(1, offset);
    if (type.kind === 'resource') this.#found.add(type.identity);
    else if (type.kind === 'own' || type.kind === 'borrow') this.#found.add(type.resource.identity);
    else if (type.kind === 'instance') this.#bind(type.resources);
    else if (type.kind === 'component') {
      this.#bind(type.importedResources);
      this.#bind(type.exportedResources);
    }
    for (const inner of insideOf(type)) this.add(inner, offset);
  }

  #bind(resources: readonly { readonly identity: ResourceIdentity }[]): void {
    for (const { identity } of resources) this.#bound.add(identity);
  }

  has(identity: ResourceIdentity): boolean {
    return this.#found.has(identity) && !this.#bound.has(identity);
  }

  get isEmpty(): boolean {
    for (const identity of this.#found) if (!this.#bound.has(identity)) return false;
    return true;
  }
}

const closed: Map<AnyType, boolean> = remember();

/** Whether no resource is free in a type. */
export function isClosed(type: AnyType, offset: number): boolean {
  let isSo = closed.get(type);
  if (isSo === undefined) {
    const free = new FreeResources();
    free.add(type, offset);
    closed.set(type, (isSo = free.isEmpty));
  }
  return isSo;
}
