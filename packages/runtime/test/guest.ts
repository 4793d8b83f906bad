/** A guest for tests: a memory, an allocator that only goes up, and the instance around them. */
import { giveMemory } from '../src/instance.ts';
import { ComponentInstance, type Realloc, type StringEncoding } from '../src/types/index.ts';
import type { CanonicalOptions } from '../src/types/index.ts';

/** The first address that the allocator gives; tests put what they lift below it. */
export const HEAP = 4096;

export interface Guest {
  readonly cx: ComponentInstance;
  readonly memory: WebAssembly.Memory;
  readonly options: CanonicalOptions;
  /** What `cabi_realloc` was called with, in order. */
  readonly allocations: (readonly [old: number, oldSize: number, alignment: number, size: number])[];
  /** Bytes of the memory as it is now. */
  readonly bytes: (p: number, size: number) => number[];
  /** Writes bytes and gives their address. */
  readonly write: (p: number, bytes: Iterable<number>) => number;
  /** Takes the allocator's place; `undefined` puts it back. */
  realloc: Realloc | undefined;
}

/** A fresh guest with `pages` pages of memory, which grows when the allocator runs out. */
export function guest(stringEncoding: StringEncoding = 'utf8', pages: number = 1): Guest {
  const memory = new WebAssembly.Memory({ initial: pages });
  const cx = new ComponentInstance('test', stringEncoding);
  const allocations: [number, number, number, number][] = [];
  let top = HEAP;
  const bump: Realloc = (old, oldSize, alignment, size) => {
    const p = Math.ceil(top / alignment) * alignment;
    top = p + size;
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(memory.buffer).copyWithin(p, old, old + Math.min(oldSize, size));
    return p;
  };
  const made: Guest = {
    cx,
    memory,
    options: {
      stringEncoding,
      memory,
      realloc: (...args) => {
        allocations.push(args);
        return (made.realloc ?? bump)(...args);
      },
      postReturn: undefined,
    },
    allocations,
    bytes: (p, size) => [...new Uint8Array(memory.buffer, p, size)],
    write: (p, bytes) => {
      new Uint8Array(memory.buffer).set([...bytes], p);
      return p;
    },
    realloc: undefined,
  };
  giveMemory(cx, memory, made.options.realloc);
  return made;
}
