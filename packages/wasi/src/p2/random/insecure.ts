/** `wasi:random/insecure`: random data without a promise of security, taken from the secure generator all the same. */
import type { Host } from '../../generated/imports/wasi/random/insecure.ts';
import { type FillRandom, randomBytes, randomU64 } from '../../host/random-bytes.ts';

/** `limit`: bytes of one call. */
export function insecure(fill: FillRandom, limit: number): Host {
  return {
    getInsecureRandomBytes: (length) => randomBytes(fill, length, limit),
    getInsecureRandomU64: randomU64(fill),
  };
}
