/** Random bytes for the three interfaces of `wasi:random`. */
import { randomFillSync } from 'node:crypto';
import { WasiTrap } from './trap.ts';

/** Fills an array with random bytes. */
export type FillRandom = (target: Uint8Array) => void;

/** Node's cryptographically secure generator. */
export const secureRandom: FillRandom = (target) => {
  randomFillSync(target);
};

/** `length` random bytes; traps beyond `limit`, which a guest's memory could not hold either. */
export function randomBytes(fill: FillRandom, length: bigint, limit: number): Uint8Array {
  if (length > limit) {
    throw new WasiTrap(`wasi:random: ${length} bytes in one call, but limits.randomBytes is ${limit}`);
  }
  const bytes = new Uint8Array(Number(length));
  fill(bytes);
  return bytes;
}

/** A function that gives 64 random bits, drawn from the generator in batches. */
export function randomU64(fill: FillRandom): () => bigint {
  const batch = new BigUint64Array(64);
  const bytes = new Uint8Array(batch.buffer);
  let next = batch.length;
  return () => {
    if (next === batch.length) {
      fill(bytes);
      next = 0;
    }
    const value = batch[next]!;
    // What has been handed out is not kept.
    batch[next++] = 0n;
    return value;
  };
}
