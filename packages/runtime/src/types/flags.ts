/** `flags`: an object of optional booleans. Spec: `pack_flags_into_int`. */
import { bad, within } from '../errors.ts';
import { interned, object, put } from './record.ts';
import { leaf, type ValueType } from './value-type.ts';
import { loadDiscriminant, storeDiscriminant } from './variant.ts';

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
 * Flags as a descriptor: in memory the smallest integer that has a bit for each. There are 1 to 32, as components have
 * them. `names` are the properties in JavaScript. Spec: `load_flags`, `store_flags`, `lift_flat_flags`, `lower_flat_flags`.
 */
export function flags(names: readonly string[]): ValueType<Record<string, boolean>> {
  const labels = names.map(interned);
  const count = labels.length;
  const known = new Set(labels);
  const paths = labels.map((label) => `.${label}`);
  const expected = `one of ${labels.join(', ')}`;
  const size = count <= 8 ? 1 : count <= 16 ? 2 : 4;
  // Every value of the type begins as a copy of this one, which has all properties.
  const none: Record<string, boolean> = {};
  for (const label of labels) put(none, label, false);
  const groups = Array.from({ length: Math.ceil(count / 4) }, (_, g) =>
    group(labels.slice(4 * g, 4 * g + 4), paths.slice(4 * g, 4 * g + 4)),
  );
  const unpack = (bits: number): Record<string, boolean> => {
    const value = { ...none };
    for (let g = 0, rest = bits; g < groups.length; g++, rest >>>= 4) groups[g]!.unpack(value, rest);
    return value;
  };
  const pack = (value: unknown, at: string): number => {
    object(value, at);
    // A misspelt flag would be off without a word.
    for (const property in value as object) if (!known.has(property)) bad(property, expected, at);
    let bits = 0;
    try {
      for (let g = 0; g < groups.length; g++)
        bits |= groups[g]!.pack(value as Record<string, unknown>) << (4 * g);
    } catch (error) {
      throw within(error, at, value);
    }
    return bits;
  };
  return leaf({
    kind: 'flags',
    size,
    core: 'i32',
    count,
    load: (cx, p) => unpack(loadDiscriminant(cx, p, size)),
    store: (cx, p, value, at) => storeDiscriminant(cx, p, size, pack(value, at)),
    liftCore: (_, core) => unpack(core as number),
    lowerCore: (_, value, at) => pack(value, at),
  });
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
