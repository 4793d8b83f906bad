/** An instance of a guest in JavaScript, from the inside: its memory, and what it has of its own and of others. */
import { ComponentInstance, giveMemory, renew } from '../instance.ts';
import { trap, Trap } from '../trap.ts';
import { Allocator } from './allocator.ts';
import type { HandleCell, HandleResource } from './handles.ts';

/** A core function that the instance imports or exports. */
export type CoreCall = (...args: never[]) => unknown;

/**
 * What the guest's side of values and calls needs to know. It is a `ComponentInstance` to the descriptors of values, with
 * the guest's memory; its state, handle table and resources are not used, for those are kept on the host's side.
 */
export class GuestInstance extends ComponentInstance {
  readonly allocator: Allocator;
  /** The resource types of its world, by the numbers that handles name them by. */
  readonly types: HandleResource[] = [];
  /** What is lowered meanwhile: blocks to be freed after the call, handles to be taken back if there is none. */
  lowered: Lowered | undefined;
  /** How many of its functions run or wait. */
  running: number = 0;
  /** The imported function that the guest waits for. */
  waitsFor: string | undefined;
  /** What an imported function has thrown that is no error value: the instance is lost. */
  lost: { readonly error: unknown } | undefined;
  /** Handles that are lent to the running call. */
  borrowed: HandleCell[] = [];
  /** Handles whose objects were collected; to be dropped when a function runs again. */
  readonly forgotten: HandleCell[] = [];
  /** Blocks of results that `post-return` frees, by the address of the result. */
  readonly results: Map<number, readonly number[]> = new Map();

  /** @param maximum Pages of memory that the instance may have; by default what the engine gives. */
  constructor(name: string, maximum?: number) {
    super(name);
    const memory = new WebAssembly.Memory(maximum === undefined ? { initial: 1 } : { initial: 1, maximum });
    const allocator = new Allocator(memory, () => renew(this));
    this.allocator = allocator;
    giveMemory(this, memory, (old, oldSize, alignment, size) => {
      const p = allocator.realloc(old, oldSize, alignment, size);
      const blocks = this.lowered?.blocks;
      if (blocks !== undefined && p !== old) {
        if (oldSize !== 0) blocks.splice(blocks.lastIndexOf(old), 1);
        if (size !== 0) blocks.push(p);
      }
      return p;
    });
  }
}

/** What lowering the values of one call has done so far. */
export interface Lowered {
  readonly blocks: number[];
  readonly moved: { readonly cell: HandleCell; readonly index: number }[];
}

/** Notes what `lower` does. If it fails, handles are the guest's again, and no memory is lost. */
export function lowering(cx: GuestInstance, lower: () => void): readonly number[] {
  const mine: Lowered = { blocks: [], moved: [] };
  const previous = cx.lowered;
  cx.lowered = mine;
  try {
    lower();
    return mine.blocks;
  } catch (error) {
    for (const { cell, index } of mine.moved) cell.index = index;
    freeAll(cx, mine.blocks);
    throw error;
  } finally {
    cx.lowered = previous;
  }
}

export function freeAll({ allocator }: GuestInstance, blocks: readonly number[]): void {
  for (const p of blocks) allocator.free(p);
}

/** A core function of the host's, which notes that the instance is lost when it throws. */
export function noting(cx: GuestInstance, call: CoreCall): CoreCall {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      throw lose(cx, error);
    }
  };
}

/** Notes what the host's side has thrown. */
export function lose(cx: GuestInstance, error: unknown): unknown {
  cx.lost ??= { error };
  return error;
}

/**
 * What leaves the guest when a function of its fails: a trap, whose cause is the error. What the host has thrown into it goes
 * on as it would through WebAssembly.
 */
export function failure(cx: GuestInstance, what: string, error: unknown): unknown {
  if (cx.lost !== undefined && cx.lost.error === error) return error;
  try {
    return trap(`${what} failed: ${messageOf(error)}`);
  } catch (trapped) {
    return trapped instanceof Trap
      ? Object.defineProperty(trapped, 'cause', { value: error, configurable: true, writable: true })
      : trapped;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return typeof error === 'string'
    ? error
    : `it threw ${typeof error === 'object' ? 'an object' : String(error)}`;
}
