/** The allocator of guests in process: blocks do not overlap, keep what is in them, and are used again. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Allocator } from './allocator.ts';

interface Block {
  readonly p: number;
  readonly size: number;
  readonly mark: number;
}

function make(maximum = 65_536): { readonly allocator: Allocator; readonly bytes: () => Uint8Array } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum });
  return { allocator: new Allocator(memory, () => {}), bytes: () => new Uint8Array(memory.buffer) };
}

const alignment = fc.constantFrom(1, 2, 4, 8);
const size = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200_000 }));
const step = fc.oneof(
  fc.record({ kind: fc.constant('alloc' as const), alignment, size }),
  fc.record({ kind: fc.constant('realloc' as const), which: fc.nat(), alignment, size }),
  fc.record({ kind: fc.constant('free' as const), which: fc.nat() }),
);

test('random blocks are aligned, apart from each other, and keep what is in them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { allocator, bytes } = make();
      const blocks: Block[] = [];
      let marks = 0;
      const written = (p: number, length: number): void => {
        const mark = (marks = (marks % 255) + 1);
        bytes().fill(mark, p, p + length);
        if (length > 0) blocks.push({ p, size: length, mark });
      };
      for (const each of steps) {
        const found =
          each.kind === 'alloc' ? undefined : blocks.splice(each.which % (blocks.length || 1), 1)[0];
        if (each.kind === 'free') {
          if (found !== undefined) allocator.free(found.p);
        } else {
          const { p: old, size: oldSize } = found ?? { p: 0, size: 0 };
          const p = allocator.realloc(old, oldSize, each.alignment, each.size);
          expect(p % each.alignment).toBe(0);
          expect(p + each.size).toBeLessThanOrEqual(bytes().length);
          const kept = bytes().subarray(p, p + Math.min(oldSize, each.size));
          expect(kept.every((byte) => byte === found!.mark)).toBe(true);
          written(p, each.size);
        }
        expect(allocator.blocks).toBe(blocks.length);
      }
      for (const { p, size: length, mark } of blocks)
        expect(
          bytes()
            .subarray(p, p + length)
            .every((byte) => byte === mark),
        ).toBe(true);
      for (const { p } of blocks) allocator.free(p);
      expect(allocator.blocks).toBe(0);
    }),
    { seed: Number(process.env['SEED'] ?? 20_261_122), numRuns: 60 },
  );
});

test('every size is in a block that has it, with at most a fifth to spare', () => {
  const { allocator } = make();
  for (let n = 1; n < 70_000; n += n < 600 ? 1 : 97) {
    const p = allocator.realloc(0, 0, 1, n);
    // The next block of this size begins where this one ends.
    const next = allocator.realloc(0, 0, 1, n);
    const room = next - p - 8;
    expect(room).toBeGreaterThanOrEqual(n);
    expect(room - n).toBeLessThan(Math.max(16, room / 5 + 1));
  }
});

test('what is freed is used again, so that the memory stays what it was', () => {
  const { allocator, bytes } = make();
  const sizes = [1, 16, 17, 100, 1000, 50_000, 300_000];
  const round = (): void => {
    const all = sizes.map((each) => allocator.realloc(0, 0, 8, each));
    const grown = all.map((p, i) => allocator.realloc(p, sizes[i]!, 8, 3 * sizes[i]!));
    for (const [i, p] of grown.entries()) allocator.realloc(p, 3 * sizes[i]!, 8, 0);
  };
  round();
  const { length } = bytes();
  for (let i = 0; i < 1000; i++) round();
  expect(bytes()).toHaveLength(length);
  expect(allocator.blocks).toBe(0);
});

test('nothing of size 0 is a block', () => {
  const { allocator } = make();
  expect([1, 2, 4, 8].map((each) => allocator.realloc(0, 0, each, 0))).toEqual([1, 2, 4, 8]);
  expect(allocator.realloc(4, 0, 4, 0)).toBe(4);
  const p = allocator.realloc(4, 0, 4, 10);
  expect(allocator.realloc(p, 10, 4, 0)).toBe(4);
  expect(allocator.blocks).toBe(0);
});

describe('a trap is', () => {
  test('to free what is not allocated, or no more', () => {
    const { allocator } = make();
    const p = allocator.realloc(0, 0, 4, 20);
    for (const wrong of [0, 8, p + 1, p + 8, p + 4096, 2 ** 31])
      expect(() => allocator.free(wrong)).toThrow(`cabi_realloc: nothing is allocated at ${wrong}`);
    allocator.free(p);
    expect(() => allocator.free(p)).toThrow(`cabi_realloc: nothing is allocated at ${p}`);
    expect(() => allocator.realloc(p, 20, 4, 30)).toThrow(`cabi_realloc: nothing is allocated at ${p}`);
  });

  test('to want more than there is, after which what fits can still be had', () => {
    const { allocator, bytes } = make(4);
    const p = allocator.realloc(0, 0, 1, 100_000);
    for (const much of [200_000, 2 ** 30, 2 ** 31, 2 ** 32 - 1])
      expect(() => allocator.realloc(0, 0, 1, much)).toThrow(`cabi_realloc: no memory left for`);
    bytes().fill(7, p, p + 100_000);
    expect(bytes()[allocator.realloc(p, 100_000, 1, 110_000) + 99_999]).toBe(7);
  });

  test('an alignment that no value has', () => {
    expect(() => make().allocator.realloc(0, 0, 16, 1)).toThrow('no block is aligned to 16 bytes');
  });
});
