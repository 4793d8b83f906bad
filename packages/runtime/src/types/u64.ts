/** `u64`: an unsigned 64-bit integer; a bigint. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';

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
  return typeof value === 'bigint' && BigInt.asUintN(64, value) === value;
}

function badU64(value: unknown, at: string): never {
  bad(value, 'u64', at);
}
