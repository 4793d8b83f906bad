/** `flags`: an object of optional booleans. Spec: `pack_flags_into_int`. */
import { bad, within } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { MAX_FLAT } from '../layout.ts';
import { object, put } from './record.ts';
import { loadU16, storeU16 } from './u16.ts';
import { loadU32, storeU32 } from './u32.ts';
import { loadU8, storeU8 } from './u8.ts';
import type { ValueType } from './value-type.ts';

/** The bit of one flag; absent is off. */
export function flag(value: unknown, at: string): number {
  return value === undefined ? 0 : given(value, at);
}

// In two steps, each small enough to be inlined wherever it is used.
function given(value: unknown, at: string): number {
  if (typeof value !== 'boolean') badFlag(value, at);
  return value ? 1 : 0;
}

function badFlag(value: unknown, at: string): never {
  bad(value, 'boolean or undefined', at);
}

/**
 * Flags as a descriptor: in memory the smallest integer that has a bit for each, beyond 32 flags several words.
 * There is at least one. `labels` are the properties in JavaScript. Spec: `load_flags`, `store_flags`, `lift_flat_flags`, `lower_flat_flags`.
 */
export function flags(labels: readonly string[]): ValueType<Record<string, boolean>> {
  const count = labels.length;
  if (count === 0) throw new RangeError('flags have at least one label');
  const known = new Set(labels);
  const paths = labels.map((label) => `.${label}`);
  const expected = `one of ${labels.join(', ')}`;
  const words = Math.ceil(count / 32);
  const wordSize = count <= 8 ? 1 : count <= 16 ? 2 : 4;
  const unpack = (word: (index: number) => number): Record<string, boolean> => {
    const value: Record<string, boolean> = {};
    for (let w = 0; w < words; w++) {
      const bits = word(w);
      const end = Math.min(count, 32 * w + 32);
      for (let i = 32 * w; i < end; i++) put(value, labels[i]!, ((bits >>> (i & 31)) & 1) === 1);
    }
    return value;
  };
  const pack = (value: unknown, at: string): number[] => {
    object(value, at);
    // A misspelt flag would be off without a word.
    for (const property in value as object) if (!known.has(property)) bad(property, expected, at);
    const bits = Array.from<number>({ length: words }).fill(0);
    try {
      for (let i = 0; i < count; i++) {
        const on = (value as Readonly<Record<string, unknown>>)[labels[i]!];
        bits[i >>> 5]! |= flag(on, paths[i]!) << (i & 31);
      }
    } catch (error) {
      throw within(error, at, value);
    }
    return bits;
  };
  const load = (cx: ComponentInstance, p: number): Record<string, boolean> =>
    unpack((w) =>
      wordSize === 1 ? loadU8(cx, p) : wordSize === 2 ? loadU16(cx, p) : loadU32(cx, p + 4 * w),
    );
  return {
    kind: 'flags',
    size: wordSize * words,
    alignment: wordSize,
    flat: Array.from({ length: Math.min(words, MAX_FLAT) }, () => 'i32' as const),
    parts: [],
    count,
    hasHandles: false,
    load,
    store(cx, p, value, at) {
      const bits = pack(value, at);
      if (wordSize === 1) storeU8(cx, p, bits[0]!);
      else if (wordSize === 2) storeU16(cx, p, bits[0]!);
      else bits.forEach((word, w) => storeU32(cx, p + 4 * w, word));
    },
    lift: (_, core, i) => unpack((w) => core[i + w] as number),
    lower(_, value, out, i, at) {
      const bits = pack(value, at);
      for (let w = 0; w < words; w++) out[i + w] = bits[w]!;
    },
    liftCore: words === 1 ? (_, core) => unpack(() => core as number) : undefined,
    lowerCore: words === 1 ? (_, value, at) => pack(value, at)[0]! : undefined,
  };
}
