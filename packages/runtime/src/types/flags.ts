/** `flags`: an object of optional booleans. Spec: `pack_flags_into_int`. */
import { bad, within } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { MAX_FLAT } from '../layout.ts';
import { interned, object, put } from './record.ts';
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
 * There is at least one. `names` are the properties in JavaScript. Spec: `load_flags`, `store_flags`, `lift_flat_flags`, `lower_flat_flags`.
 */
export function flags(names: readonly string[]): ValueType<Record<string, boolean>> {
  const labels = names.map(interned);
  const count = labels.length;
  if (count === 0) throw new RangeError('flags have at least one label');
  const known = new Set(labels);
  const paths = labels.map((label) => `.${label}`);
  const expected = `one of ${labels.join(', ')}`;
  const words = Math.ceil(count / 32);
  const wordSize = count <= 8 ? 1 : count <= 16 ? 2 : 4;
  // Every value of the type begins as a copy of this one, which has all properties.
  const none: Record<string, boolean> = {};
  for (const label of labels) put(none, label, false);
  const groups = Array.from({ length: Math.ceil(count / 4) }, (_, g) =>
    group(labels.slice(4 * g, 4 * g + 4), paths.slice(4 * g, 4 * g + 4)),
  );
  const unpackWord = (value: Record<string, boolean>, bits: number, from: number, end: number): void => {
    for (let g = from, rest = bits; g < end; g++, rest >>>= 4) groups[g]!.unpack(value, rest);
  };
  const packWord = (value: Record<string, unknown>, from: number, end: number): number => {
    let bits = 0;
    for (let g = from; g < end; g++) bits |= groups[g]!.pack(value) << (4 * (g - from));
    return bits;
  };
  const unpack = (word: (index: number) => number): Record<string, boolean> => {
    const value = { ...none };
    for (let w = 0; w < words; w++) unpackWord(value, word(w), 8 * w, Math.min(groups.length, 8 * w + 8));
    return value;
  };
  const checked = (value: unknown, at: string): Record<string, unknown> => {
    object(value, at);
    // A misspelt flag would be off without a word.
    for (const property in value as object) if (!known.has(property)) bad(property, expected, at);
    return value as Record<string, unknown>;
  };
  const pack = (value: unknown, w: number, at: string): number => {
    const given = checked(value, at);
    try {
      return packWord(given, 8 * w, Math.min(groups.length, 8 * w + 8));
    } catch (error) {
      throw within(error, at, value);
    }
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
      if (wordSize === 1) storeU8(cx, p, pack(value, 0, at));
      else if (wordSize === 2) storeU16(cx, p, pack(value, 0, at));
      else for (let w = 0; w < words; w++) storeU32(cx, p + 4 * w, pack(value, w, at));
    },
    lift: (_, core, i) => unpack((w) => core[i + w] as number),
    lower(_, value, out, i, at) {
      for (let w = 0; w < words; w++) out[i + w] = pack(value, w, at);
    },
    liftCore:
      words === 1
        ? (_, core) => {
            const value = { ...none };
            unpackWord(value, core as number, 0, groups.length);
            return value;
          }
        : undefined,
    lowerCore: words === 1 ? (_, value, at) => pack(value, 0, at) : undefined,
  };
}

/** Up to four flags, written out: a loop over them is much slower. */
interface Group {
  readonly pack: (value: Readonly<Record<string, unknown>>) => number;
  readonly unpack: (value: Record<string, boolean>, bits: number) => void;
}

function group(labels: readonly string[], paths: readonly string[]): Group {
  const [a = '', b = '', c = '', d = ''] = labels;
  const [pa = '', pb = '', pc = '', pd = ''] = paths;
  if (labels.length === 4) {
    return {
      pack: (value) =>
        flag(value[a], pa) |
        (flag(value[b], pb) << 1) |
        (flag(value[c], pc) << 2) |
        (flag(value[d], pd) << 3),
      unpack(value, bits) {
        value[a] = (bits & 1) !== 0;
        value[b] = (bits & 2) !== 0;
        value[c] = (bits & 4) !== 0;
        value[d] = (bits & 8) !== 0;
      },
    };
  }
  return {
    pack: (value) => labels.reduce((bits, label, i) => bits | (flag(value[label], paths[i]!) << i), 0),
    unpack(value, bits) {
      labels.forEach((label, i) => (value[label] = ((bits >>> i) & 1) !== 0));
    },
  };
}
