/** The four ways across the boundary, one call each, for tests of types. */
import type { CoreValue, ValueType } from '../src/types/index.ts';
import { guest, type Guest } from './guest.ts';

/** Where values are put that tests load and store. */
export const AT = 1024;

/** The core values of a lowered value. */
export function lower(type: ValueType, value: unknown, g: Guest = guest()): CoreValue[] {
  const out: CoreValue[] = [];
  type.lower(g.cx, value, out, 0, 'value');
  return out;
}

/** The value of core values; there must be as many as the type has. */
export function lift(type: ValueType, core: readonly CoreValue[], g: Guest = guest()): unknown {
  if (type.flat.length !== core.length) throw new Error('core values are left');
  return type.lift(g.cx, core, 0);
}

/** The bytes of a stored value; what is padding is 0. */
export function store(type: ValueType, value: unknown, g: Guest = guest()): number[] {
  type.store(g.cx, AT, value, 'value');
  return g.bytes(AT, type.size);
}

/** The value of bytes in memory. */
export function load(type: ValueType, bytes: readonly number[], g: Guest = guest()): unknown {
  return type.load(g.cx, g.write(AT, bytes));
}

/** Core values as a core function sees them: integers without a sign. */
export function bits(core: readonly CoreValue[], flat: ValueType['flat']): CoreValue[] {
  return core.map((value, i) => {
    if (flat[i] === 'i32') return Number(value) >>> 0;
    return flat[i] === 'i64' ? BigInt.asUintN(64, value as bigint) : value;
  });
}
