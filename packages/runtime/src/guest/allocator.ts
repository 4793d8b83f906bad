/** The allocator of a guest's linear memory: what its `cabi_realloc` is. */
import { trap } from '../trap.ts';
import type { WasmMemory } from '../platform.ts';

/** Every block begins behind a header of its own: the number of its size class and 1, or 0 while it is free. */
const HEADER = 8;
/** The greatest alignment that the Canonical ABI asks for; every block has it. */
const ALIGNMENT = 8;
/** Address 0 is nothing's. */
const START = 16;
const PAGE = 65_536;
/** More than any value takes: lists and strings end at 2^28 - 1 bytes, and strings are given three times their length. */
const MAX_SIZE = 2 ** 30;

/**
 * Blocks come in classes of sizes: multiples of 16 to 128, then four between each power of two and the next, so that at
 * most a fifth of a block is not used. A free block is kept for the next one of its class; memory that blocks were
 * once made of is never given back. Allocating and freeing take constant time, and the memory never grows beyond what
 * the largest number of blocks of each class that were there at a time takes.
 */
export class Allocator {
  readonly memory: WasmMemory;
  readonly #whenGrown: () => void;
  readonly #free: number[][] = [];
  #top = START;
  #headers: Uint32Array;
  #blocks = 0;

  /** @param whenGrown Called when growing has detached the memory's views. */
  constructor(memory: WasmMemory, whenGrown: () => void) {
    this.memory = memory;
    this.#whenGrown = whenGrown;
    this.#headers = new Uint32Array(memory.buffer);
  }

  /** How many blocks are allocated. */
  get blocks(): number {
    return this.#blocks;
  }

  /** `cabi_realloc`. Nothing of size 0 is a block: its address is only aligned. Traps when there is no memory left. */
  realloc(old: number, oldSize: number, alignment: number, size: number): number {
    if (alignment > ALIGNMENT) trap(`cabi_realloc: no block is aligned to ${alignment} bytes`);
    const from = old >>> 0;
    const bytes = size >>> 0;
    if (oldSize === 0) return bytes === 0 ? alignment : this.#allocate(bytes);
    const known = this.#classAt(from);
    if (bytes === 0) {
      this.free(from);
      return alignment;
    }
    if (classOf(bytes) === known) return from;
    const to = this.#allocate(bytes);
    new Uint8Array(this.memory.buffer).copyWithin(to, from, from + Math.min(oldSize >>> 0, bytes));
    this.free(from);
    return to;
  }

  /** Frees a block. Traps when there is none at this address. */
  free(p: number): void {
    const known = this.#classAt(p);
    this.#headers[(p - HEADER) >>> 2] = 0;
    (this.#free[known] ??= []).push(p);
    this.#blocks--;
  }

  #classAt(p: number): number {
    const header = p >= START + HEADER && p < this.#top && p % ALIGNMENT === 0 ? (p - HEADER) >>> 2 : -1;
    const known = header === -1 ? 0 : this.#headers[header]!;
    return known === 0 ? trap(`cabi_realloc: nothing is allocated at ${p}`) : known - 1;
  }

  #allocate(size: number): number {
    if (size > MAX_SIZE) noMemory(size);
    const index = classOf(size);
    const p = this.#free[index]?.pop() ?? this.#carve(index);
    this.#headers[(p - HEADER) >>> 2] = index + 1;
    this.#blocks++;
    return p;
  }

  #carve(index: number): number {
    const p = this.#top + HEADER;
    const end = p + sizeOf(index);
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE));
    this.#top = end;
    return p;
  }

  #grow(pages: number): void {
    const { memory } = this;
    // By half at least, as far as that can be had: growing copies the memory in some engines.
    const more = memory.buffer.byteLength / PAGE / 2;
    if (!grown(memory, Math.max(pages, Math.ceil(more))) && !grown(memory, pages)) noMemory(pages * PAGE);
    this.#headers = new Uint32Array(memory.buffer);
    this.#whenGrown();
  }
}

function grown(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function noMemory(size: number): never {
  return trap(`cabi_realloc: no memory left for ${size} bytes more`);
}

/** The class of the smallest blocks that have this size. */
function classOf(size: number): number {
  if (size <= 128) return (size - 1) >>> 4;
  const power = 31 - Math.clz32(size - 1);
  return 8 + (power - 7) * 4 + ((size - 1 - 2 ** power) >>> (power - 2));
}

/** How large the blocks of a class are. */
function sizeOf(index: number): number {
  if (index < 8) return (index + 1) * 16;
  const power = 7 + ((index - 8) >>> 2);
  return 2 ** power + (((index - 8) & 3) + 1) * 2 ** (power - 2);
}
