/** `s64`: a signed 64-bit integer; a bigint. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import type { ValueType } from './value-type.ts';

// Taken out of its object, so that what uses it stays small enough to be inlined.
const { asIntN } = BigInt;

/** The value, checked. */
export function s64(value: unknown, at: string): bigint {
  if (!isS64(value)) badS64(value, at);
  return value;
}

/** WebAssembly gives an i64 signed. Spec: `lift_flat_signed`. */
export function liftS64(core: bigint): bigint {
  return core;
}

export function loadS64(cx: ComponentInstance, p: number): bigint {
  return cx.view.getBigInt64(p, true);
}

export function storeS64(cx: ComponentInstance, p: number, value: bigint): void {
  cx.view.setBigInt64(p, value, true);
}

function isS64(value: unknown): value is bigint {
  return typeof value === 'bigint' && asIntN(64, value) === value;
}

function badS64(value: unknown, at: string): never {
  bad(value, 's64', at);
}

/** `s64` as a descriptor. */
export const s64Type: ValueType<bigint> = {
  kind: 's64',
  size: 8,
  alignment: 8,
  flat: ['i64'],
  load: loadS64,
  store: (cx, p, value, at) => storeS64(cx, p, s64(value, at)),
  lift: (_, values) => liftS64(values.bigint()),
  lower: (_, value, out, at) => void out.push(s64(value, at)),
};
