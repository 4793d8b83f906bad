/** What the values of socket options must be, for TCP and UDP. */
import { networkError } from './error-codes.ts';
import type { WasiLimits } from './instance.ts';

/** The hop limit that kernels start with. */
export const defaultHopLimit = 64;

/** Throws `invalid-argument` for 0. */
export function requirePositive(value: number | bigint, what: string): void {
  if (value <= 0) throw networkError('invalid-argument', new Error(`${what} must be greater than 0`));
}

/** A buffer size in bytes, at least 1 and at most the limit. */
export function clampBufferSize(value: bigint, limits: WasiLimits): number {
  requirePositive(value, 'a buffer size');
  return value > limits.maxBufferSize ? limits.maxBufferSize : Number(value);
}
