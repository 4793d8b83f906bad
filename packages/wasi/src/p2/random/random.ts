/** `wasi:random/random`: cryptographically secure random data. */
import type { Host } from '../../generated/imports/wasi/random/random.ts';
import { type FillRandom, randomBytes, randomU64 } from '../../host/random-bytes.ts';

/** `limit`: bytes of one call. */
export function random(fill: FillRandom, limit: number): Host {
  return {
    getRandomBytes: (length) => randomBytes(fill, length, limit),
    getRandomU64: randomU64(fill),
  };
}
