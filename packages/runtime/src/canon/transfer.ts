/**
 * Values that pass from one component to another, from memory to memory, without becoming JavaScript's. Two descriptors
 * of one type differ only in the numbers of their resources. Spec: `lift_flat` and then `lower_flat`, `load` and then `store`.
 */
import type { CoreValue } from '../function-type.ts';
import { allocFrom, check, checkList, renew, type ComponentInstance } from '../instance.ts';
import { flatStarts, recordLayout, variantLayout } from '../layout.ts';
import { transcode } from '../string-encoding.ts';
import { lend, liftLent } from '../types/borrow.ts';
import { liftChar } from '../types/char.ts';
import { receiveOwn, takeOwn } from '../types/own.ts';
import { storePair } from '../types/string.ts';
import {
  badDiscriminant,
  liftShared,
  loadDiscriminant,
  lowerShared,
  storeDiscriminant,
} from '../types/variant.ts';
import type { ValueType } from '../types/value-type.ts';

type Cx = ComponentInstance;

/** How the values of a type pass. */
export interface Transfer {
  /** Any bytes are a value, and all of them count: many values may be copied at once. */
  readonly isPlain: boolean;
  /** From memory to memory; the ranges have been checked. */
  readonly copy: (from: Cx, p: number, to: Cx, q: number) => void;
  /** Makes core values that were lifted, from the one at `i` on, those to be lowered. */
  readonly pass: (from: Cx, to: Cx, core: CoreValue[], i: number) => void;
}

/** Finds how the values of a type pass, once for each pair of descriptors. */
export type Transfers = (from: ValueType, to: ValueType) => Transfer;

export function transfers(): Transfers {
  const known = new Map<ValueType, Map<ValueType, Transfer>>();
  const find: Transfers = (from, to) => {
    const row = known.get(from) ?? new Map<ValueType, Transfer>();
    known.set(from, row);
    const made = row.get(to) ?? make(from, to, find);
    row.set(to, made);
    return made;
  };
  return find;
}

function make(from: ValueType, to: ValueType, find: Transfers): Transfer {
  const { kind, size, count } = from;
  switch (kind) {
    case 'u8':
    case 'u16':
    case 's8':
    case 's16': {
      const rest = 32 - 8 * size;
      return kind.startsWith('u')
        ? plain(size, (core) => ((core as number) << rest) >>> rest)
        : plain(size, (core) => ((core as number) << rest) >> rest);
    }
    case 'u32':
    case 's32':
    case 'u64':
    case 's64':
    case 'f32':
    case 'f64':
      return plain(size, undefined);
    case 'bool':
      return word(size, (_, core) => (core === 0 ? 0 : 1));
    case 'char':
      return word(size, (_, core) => (liftChar(core), core));
    case 'flags':
      // Bits without a label are dropped.
      return word(size, (_, bits) => bits & (count === 32 ? -1 : 2 ** count - 1));
    case 'own':
      return word(size, (a, index, b) => receiveOwn(b, takeOwn(a, index >>> 0, count), to.count));
    case 'borrow':
      return word(size, (a, index, b) =>
        lend(b, b.resources[to.count]!, liftLent(a, index >>> 0, count, a.scope!.lent)),
      );
    case 'string':
      return pair(transcode);
    case 'list':
    case 'map':
      return pair(elements(from.parts[0]!, find(from.parts[0]!, to.parts[0]!)));
    case 'fixed-length-list':
      return repeated(from, find(from.parts[0]!, to.parts[0]!));
    case 'record':
    case 'tuple':
      return row(from, to, find);
    case 'variant':
    case 'enum':
    case 'option':
    case 'result':
      return choice(from, to, find);
  }
}

function copyBytes(from: Cx, p: number, to: Cx, q: number, size: number): void {
  to.u8.set(from.u8.subarray(p, p + size), q);
}

/** A number; `wrap` for those that are narrower than their core type. */
function plain(size: number, wrap: ((core: CoreValue) => CoreValue) | undefined): Transfer {
  return {
    isPlain: true,
    copy(from, p, to, q) {
      for (let i = 0; i < size; i++) to.u8[q + i] = from.u8[p + i]!;
    },
    pass(_from, _to, core, i) {
      if (wrap !== undefined) core[i] = wrap(core[i]!);
    },
  };
}

/** One i32, or in memory 1, 2 or 4 bytes. */
function word(size: number, change: (from: Cx, core: number, to: Cx) => number): Transfer {
  const bytes = size as 1 | 2 | 4;
  return {
    isPlain: false,
    copy: (from, p, to, q) =>
      storeDiscriminant(to, q, bytes, change(from, loadDiscriminant(from, p, bytes), to)),
    pass(from, to, core, i) {
      core[i] = change(from, core[i] as number, to);
    },
  };
}

/** A pointer and a length. `move` gives the new pointer and leaves the new length in `to.len`. */
function pair(move: (from: Cx, p: number, n: number, to: Cx) => number): Transfer {
  return {
    isPlain: false,
    copy(from, p, to, q) {
      const at = move(from, from.u32[p >>> 2]!, from.u32[(p >>> 2) + 1]!, to);
      storePair(to, q, at);
      // A component that calls itself may have grown this, too.
      if (!from.u8.length) renew(from);
    },
    pass(from, to, core, i) {
      core[i] = move(from, (core[i] as number) >>> 0, (core[i + 1] as number) >>> 0, to);
      core[i + 1] = to.len;
    },
  };
}

/** Spec: `load_list_from_range`, `store_list_into_range`. */
function elements({ size, alignment }: ValueType, { isPlain, copy }: Transfer) {
  return (from: Cx, p: number, n: number, to: Cx): number => {
    checkList(from, p, n * size, alignment - 1);
    const q = allocFrom(from, to, alignment, n * size);
    if (isPlain) copyBytes(from, p, to, q, n * size);
    else for (let i = 0; i < n; i++) copy(from, p + i * size, to, q + i * size);
    to.len = n;
    return q;
  };
}

function repeated({ parts, count }: ValueType, { isPlain, copy, pass }: Transfer): Transfer {
  const { size, flat } = parts[0]!;
  return {
    isPlain,
    copy(from, p, to, q) {
      if (isPlain) copyBytes(from, p, to, q, count * size);
      else for (let i = 0; i < count; i++) copy(from, p + i * size, to, q + i * size);
    },
    pass(from, to, core, start) {
      for (let i = 0; i < count; i++) pass(from, to, core, start + i * flat.length);
    },
  };
}

function row(from: ValueType, to: ValueType, find: Transfers): Transfer {
  const types = from.parts as readonly ValueType[];
  const fields = types.map((type, i) => find(type, to.parts[i]!));
  const { offsets } = recordLayout(types);
  const starts = flatStarts(types);
  // Bytes between fields are nobody's business.
  const isFull = types.reduce((sum, type) => sum + type.size, 0) === from.size;
  return {
    isPlain: isFull && fields.every((field) => field.isPlain),
    copy(a, p, b, q) {
      for (let i = 0; i < fields.length; i++) fields[i]!.copy(a, p + offsets[i]!, b, q + offsets[i]!);
    },
    pass(a, b, core, start) {
      for (let i = 0; i < fields.length; i++) fields[i]!.pass(a, b, core, start + starts[i]!);
    },
  };
}

function choice(from: ValueType, to: ValueType, find: Transfers): Transfer {
  const { kind, flat, parts } = from;
  const { discriminantSize, payloadOffset } = variantLayout(parts);
  const zeros = flat.map((type) => (type === 'i64' ? 0n : 0));
  const cases = parts.map((type, i) => type && find(type, to.parts[i]!));
  return {
    isPlain: false,
    copy(a, p, b, q) {
      const index = loadDiscriminant(a, p, discriminantSize);
      if (index >= cases.length) badDiscriminant(index, kind, cases.length);
      storeDiscriminant(b, q, discriminantSize, index);
      cases[index]?.copy(a, p + payloadOffset, b, q + payloadOffset);
    },
    pass(a, b, core, i) {
      const index = (core[i] as number) >>> 0;
      if (index >= cases.length) badDiscriminant(index, kind, cases.length);
      const type = parts[index];
      if (type !== undefined) {
        liftShared(core, i, flat, type).forEach((each, k) => (core[i + 1 + k] = each));
        cases[index]!.pass(a, b, core, i + 1);
      }
      lowerShared(core, i, flat, type, zeros);
    },
  };
}

/**
 * How a function's values pass: its core values are changed in place. Spilled ones are copied to `area` when the caller
 * has given one, else to memory that is allocated for them; then there is one core value, the pointer.
 * Spec: `lift_flat_values`, `lower_flat_values`.
 */
export function transferValues(
  from: readonly ValueType[],
  to: readonly ValueType[],
  spilled: boolean,
  find: Transfers,
): (a: Cx, b: Cx, core: CoreValue[], area: number | undefined) => void {
  const all = from.map((type, i) => find(type, to[i]!));
  const starts = flatStarts(from);
  if (!spilled) {
    return (a, b, core) => {
      for (let i = 0; i < all.length; i++) all[i]!.pass(a, b, core, starts[i]!);
    };
  }
  const { size, alignment, offsets } = recordLayout(from);
  return (a, b, core, area) => {
    const p = (core[0] as number) >>> 0;
    check(a, p, size, alignment - 1);
    if (area !== undefined) check(b, area, size, alignment - 1);
    const q = area ?? allocFrom(a, b, alignment, size);
    for (let i = 0; i < all.length; i++) all[i]!.copy(a, p + offsets[i]!, b, q + offsets[i]!);
    core[0] = q;
  };
}
