/** The table of handles of one instance. Spec: `Table`, `ResourceHandle`. */
import { trap } from './trap.ts';

/** The longest a table grows. Spec: `Table.MAX_LENGTH`. */
const MAX_LENGTH = 2 ** 28 - 1;

/** An identity: two handles are of the same resource type when they hold the same object. Spec: `ResourceType`. */
export interface ResourceType {
  /** For messages: `wasi:io/poll.pollable`. */
  readonly name: string;
}

/** A call that was lent handles. */
export interface BorrowScope {
  /** Those that it has not dropped yet. Spec: `num_borrows`. */
  borrows: number;
}

/** One handle. Spec: `ResourceHandle`. */
export class ResourceHandle {
  readonly type: ResourceType;
  /** What stands behind it: the guest's number, or the host's object. */
  readonly rep: unknown;
  readonly own: boolean;
  /** How many calls in flight have borrowed it. Spec: `num_lends`. */
  lends: number;
  /** The call that it was lent to; generated code counts in the instance instead. Spec: `borrow_scope`. */
  readonly scope: BorrowScope | undefined;
  constructor(type: ResourceType, rep: unknown, own: boolean, scope?: BorrowScope) {
    this.type = type;
    this.rep = rep;
    this.own = own;
    this.lends = 0;
    this.scope = scope;
  }
}

/** Handles by number; 0 is never one, and a freed number is the next to be used. */
export class HandleTable {
  /** How many handles may be live at a time; one more traps. */
  limit: number = MAX_LENGTH;
  readonly #whenFull: () => void;
  readonly #entries: (ResourceHandle | undefined)[] = [undefined];
  readonly #free: number[] = [];

  /** @param whenFull Called before a handle too many traps. */
  constructor(whenFull: () => void = () => {}) {
    this.#whenFull = whenFull;
  }

  /** How many handles are live. */
  get size(): number {
    return this.#entries.length - 1 - this.#free.length;
  }

  /** Spec: `Table.add`. */
  add(handle: ResourceHandle): number {
    const free = this.#free.pop();
    if (free !== undefined) {
      this.#entries[free] = handle;
      return free;
    }
    const index = this.#entries.length;
    if (index > this.limit) this.#full();
    this.#entries.push(handle);
    return index;
  }

  /** The handle with this number and type; traps on any other. Spec: `Table.get`. */
  get(index: number, type: ResourceType): ResourceHandle {
    const handle = this.#entries[index];
    if (handle === undefined || handle.type !== type) badHandle(index, handle, type);
    return handle;
  }

  /** Spec: `Table.remove`. */
  remove(index: number, type: ResourceType): ResourceHandle {
    const handle = this.get(index, type);
    this.#entries[index] = undefined;
    this.#free.push(index);
    return handle;
  }

  #full(): never {
    this.#whenFull();
    trap(`handle table is full: its limit is ${this.limit}`);
  }
}

/** Bounds a table that is still empty; throws a TypeError for what is no number of handles. Undefined is no bound. */
export function limitHandles(table: HandleTable, limit: number | undefined): void {
  if (limit === undefined) return;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new TypeError(`limits.handles is a whole number greater than 0, not ${String(limit)}`);
  table.limit = Math.min(limit, MAX_LENGTH);
}

function badHandle(index: number, handle: ResourceHandle | undefined, type: ResourceType): never {
  if (handle === undefined) trap(`unknown handle index ${index >>> 0}`);
  trap(`handle index ${index} used with the wrong type: expected ${type.name}, found ${handle.type.name}`);
}
