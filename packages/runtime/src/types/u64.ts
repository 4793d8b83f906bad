/** `u64`: an unsigned 64-bit integer; a bigint. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import type { ValueType } from './value-type.ts';

// Taken out of its object, so that what uses it stays small enough to be inlined.
const { asUintN } = BigInt;

/** The value, checked. */
export function u64(value: unknown, at: string): bigint {
  if (!isU64(value)) badU64(value, at);
  return value;
}

/** WebAssembly gives an i64 signed. Spec: `lift_flat_unsigned`. */
export function liftU64(core: bigint): bigint {
  return BigInt.asUintN(64, core);
}

export function loadU64(cx: ComponentInstance, p: number): bigint {
  return cx.view.getBigUint64(p, true);
}

export function storeU64(cx: ComponentInstance, p: number, value: bigint): void {
  cx.view.setBigUint64(p, value, true);
}

function isU64(value: unknown): value is bigint {
  return typeof value === 'bigint' && asUintN(64, value) === value;
}

function badU64(value: unknown, at: string): never {
  bad(value, 'u64', at);
}

/** `u64` as a descriptor. */
export const u64Type: ValueType<bigint> = {
  kind: 'u64',
  size: 8,
  alignment: 8,
  flat: ['i64'],
  load: loadU64,
  store: (cx, p, value, at) => storeU64(cx, p, u64(value, at)),
  lift: (_, values) => liftU64(values.bigint()),
  lower: (_, value, out, at) => void out.push(u64(value, at)),
};
