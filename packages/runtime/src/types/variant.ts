/** `variant`: an object `{ tag, val }`; what enum, option and result are made from. */
import { bad, within } from '../errors.ts';
import { f32ToI32, i32ToF32 } from './f32.ts';
import { f64ToI64, i64ToF64 } from './f64.ts';
import type { CoreType } from '../core-adapter.ts';
import type { CoreValue } from '../function-type.ts';
import type { ComponentInstance } from '../instance.ts';
import { flattenVariant, variantLayout } from '../layout.ts';
import { trap } from '../trap.ts';
import { interned, object } from './record.ts';
import { loadU16, storeU16 } from './u16.ts';
import { loadU32, storeU32 } from './u32.ts';
import { loadU8, storeU8 } from './u8.ts';
import type { Kind, ValueType } from './value-type.ts';

/** A case of a variant. */
export interface Case {
  /** Its `tag` in JavaScript. */
  readonly tag: string;
  /** `undefined` for a case without a payload. */
  readonly type: ValueType | undefined;
}

/** A variant in JavaScript; `val` is there when the case has a payload. */
export interface Tagged {
  readonly tag: string;
  readonly val?: unknown;
}

/** A variant as a descriptor. It has at least one case. */
export function variant(cases: readonly Case[]): ValueType<Tagged> {
  return taggedAs('variant', cases);
}

/** A variant whose value in JavaScript is `{ tag, val }`, under another kind's name. */
export function taggedAs(
  kind: Kind,
  named: readonly Case[],
  paths: readonly string[] = named.map(() => '.val'),
): ValueType<Tagged> {
  const cases = named.map(({ tag, type }) => ({ tag: interned(tag), type }));
  const types = cases.map((each) => each.type);
  const byTag = labelIndex(cases.map((each) => each.tag));
  const expected = oneOf(cases.map((each) => each.tag));
  return variantAs<Tagged>(kind, types, paths, {
    make: (index, val) => {
      const { tag, type } = cases[index]!;
      return type === undefined ? { tag } : { tag, val };
    },
    match: (value, at) => {
      object(value, at);
      const { tag } = value as { tag: string };
      const index = byTag(tag);
      return index === -1 ? bad(tag, expected, `${at}.tag`) : index;
    },
    payload: (value) => (value as Tagged).val,
  });
}

/** Finds the index of a label; -1 for what is none. */
export function labelIndex(labels: readonly string[]): (value: unknown) => number {
  const [a, b, c, d] = labels;
  if (labels.length <= 4) {
    return (value) =>
      value === undefined ? -1 : value === a ? 0 : value === b ? 1 : value === c ? 2 : value === d ? 3 : -1;
  }
  const indices = new Map<unknown, number>(labels.map((label, index) => [label, index]));
  return (value) => indices.get(value) ?? -1;
}

/** What is expected of a tag: `"none" | "circle"`. */
export function oneOf(tags: readonly string[]): string {
  const shown = tags.slice(0, 12).map((tag) => JSON.stringify(tag));
  if (tags.length > shown.length) shown.push(`… (${tags.length} in all)`);
  return shown.join(' | ');
}

/** How the cases of a variant are told apart in JavaScript. */
export interface CaseMapping<T> {
  /** The value for a case and its payload (`undefined` when it has none). */
  readonly make: (index: number, payload: unknown) => T;
  /** The case that a value is of; throws ValueError when it is of none. Spec: `match_case`. */
  readonly match: (value: unknown, at: string) => number;
  /** The payload of a value whose case has one. */
  readonly payload: (value: unknown) => unknown;
}

/**
 * What is a variant to the Canonical ABI, and in JavaScript whatever `mapping` makes of it. `payloads` has a type or
 * `undefined` per case, `paths` lead from the value to the payload of each.
 * Spec: `load_variant`, `store_variant`, `lift_flat_variant`, `lower_flat_variant`.
 */
export function variantAs<T>(
  kind: Kind,
  payloads: readonly (ValueType | undefined)[],
  paths: readonly string[],
  mapping: CaseMapping<T>,
): ValueType<T> {
  const { size, alignment, discriminantSize, payloadOffset } = variantLayout(payloads);
  const flat = flattenVariant(payloads);
  const { make, match, payload } = mapping;
  const zeros = flat.map((type) => (type === 'i64' ? 0n : 0));
  /** Checks a discriminant. */
  const caseOf = (index: number): number => {
    if (index >= payloads.length) badDiscriminant(index, kind, payloads.length);
    return index;
  };
  // Two core values at most: no array is needed.
  const isSmall =
    flat.length <= 2 && payloads.every((type) => type === undefined || type.liftCore !== undefined);
  const shared = flat[1]!;
  /** Whether a case's core values are of other types than the variant's. */
  const isShared = payloads.map((type) => type?.flat.some((core, k) => core !== flat[k + 1]) ?? false);
  return {
    kind,
    size,
    alignment,
    flat,
    parts: payloads,
    count: 0,
    hasHandles: payloads.some((type) => type?.hasHandles),
    load(cx, p) {
      const index = caseOf(loadDiscriminant(cx, p, discriminantSize));
      return make(index, payloads[index]?.load(cx, p + payloadOffset));
    },
    store(cx, p, value, at) {
      const index = match(value, at);
      storeDiscriminant(cx, p, discriminantSize, index);
      const type = payloads[index];
      if (type === undefined) return;
      try {
        type.store(cx, p + payloadOffset, payload(value), paths[index]!);
      } catch (error) {
        throw within(error, at, value);
      }
    },
    lift(cx, core, i) {
      const index = caseOf((core[i] as number) >>> 0);
      const type = payloads[index];
      if (type === undefined) return make(index, undefined);
      if (!isShared[index]) return make(index, type.lift(cx, core, i + 1));
      return make(index, type.lift(cx, liftShared(core, i, flat, type), 0));
    },
    lower(cx, value, out, i, at) {
      const index = match(value, at);
      const type = payloads[index];
      out[i] = index;
      if (type !== undefined) {
        try {
          type.lower(cx, payload(value), out, i + 1, paths[index]!);
        } catch (error) {
          throw within(error, at, value);
        }
      }
      lowerShared(out, i, flat, type, zeros);
    },
    liftCore: isSmall
      ? (cx, first, second) => {
          const index = caseOf((first as number) >>> 0);
          const type = payloads[index];
          if (type === undefined) return make(index, undefined);
          return make(index, type.liftCore!(cx, coerceLifted(second, shared, type.flat[0]!), 0));
        }
      : undefined,
    lowerCore: isSmall
      ? (cx, value, at) => {
          const index = match(value, at);
          const type = payloads[index];
          if (type === undefined) {
            cx.second = zeros[1] ?? 0;
            return index;
          }
          try {
            const core = type.lowerCore!(cx, payload(value), paths[index]!);
            cx.second = coerceLowered(core, type.flat[0]!, shared);
          } catch (error) {
            throw within(error, at, value);
          }
          return index;
        }
      : undefined,
  };
}

/** The core values of a case's payload, out of those of a variant that begins at `i`. Spec: `CoerceValueIter`. */
export function liftShared(
  core: readonly CoreValue[],
  i: number,
  flat: readonly CoreType[],
  type: ValueType,
): CoreValue[] {
  return type.flat.map((want, k) => coerceLifted(core[i + 1 + k]!, flat[k + 1]!, want));
}

/**
 * Makes the core values of a case's payload, which stand where the variant has them, those of the variant.
 * Spec: `lower_flat_variant`.
 */
export function lowerShared(
  out: CoreValue[],
  i: number,
  flat: readonly CoreType[],
  type: ValueType | undefined,
  zeros: readonly CoreValue[],
): void {
  for (let k = 1; k < flat.length; k++) {
    const have = type?.flat[k - 1];
    out[i + k] = have === undefined ? zeros[k]! : coerceLowered(out[i + k]!, have, flat[k]!);
  }
}

export function loadDiscriminant(cx: ComponentInstance, p: number, size: 1 | 2 | 4): number {
  return size === 1 ? loadU8(cx, p) : size === 2 ? loadU16(cx, p) : loadU32(cx, p);
}

export function storeDiscriminant(cx: ComponentInstance, p: number, size: 1 | 2 | 4, index: number): void {
  if (size === 1) storeU8(cx, p, index);
  else if (size === 2) storeU16(cx, p, index);
  else storeU32(cx, p, index);
}

export function badDiscriminant(index: number, kind: Kind, cases: number): never {
  trap(`invalid variant discriminant ${index}: the ${kind} has ${cases} cases`);
}

/** A core value of a payload, out of the type that it shares with other cases. Spec: `CoerceValueIter`. */
function coerceLifted(value: CoreValue, have: CoreType, want: CoreType): CoreValue {
  if (have === want) return value;
  if (have === 'i64' && want === 'f64') return i64ToF64(value as bigint);
  const bits = have === 'i64' ? Number(BigInt.asIntN(32, value as bigint)) : (value as number);
  return want === 'f32' ? i32ToF32(bits) : bits;
}

/** A core value of a payload, into the type that it shares with other cases. Spec: `lower_flat_variant`. */
function coerceLowered(value: CoreValue, have: CoreType, want: CoreType): CoreValue {
  if (have === want) return value;
  if (have === 'f64') return f64ToI64(value as number);
  const bits = have === 'f32' ? f32ToI32(value as number) : (value as number);
  // An i32 keeps its bits in an i64, and the upper half is 0.
  return want === 'i64' ? BigInt(bits >>> 0) : bits;
}
