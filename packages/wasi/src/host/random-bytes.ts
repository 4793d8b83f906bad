/** Random bytes for the three interfaces of `wasi:random`. */
import { randomFillSync } from 'node:crypto';
import { WasiTrap } from './trap.ts';

/** Fills an array with random bytes. */
export type FillRandom = (target: Uint8Array) => void;

/** Node's cryptographically secure generator. What is asked for in small pieces is drawn from it in batches. */
export const secureRandom: FillRandom = (target) => {
  const { length } = target;
  if (length > drawn.length / 16) {
    randomFillSync(target);
    return;
  }
  if (next + length > drawn.length) {
    randomFillSync(drawn);
    next = 0;
  }
  target.set(drawn.subarray(next, next + length));
  // What has been handed out is not kept.
  drawn.fill(0, next, next + length);
  next += length;
};

const drawn = new Uint8Array(4096);
let next = drawn.length;

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
    batch[next++] = 0n;
    return value;
  };
}
