/** `wasi:random/insecure`: random data without a promise of security, taken from the secure generator all the same. */
import { type FillRandom, randomBytes, randomU64 } from '../../host/random-bytes.ts';

/** WIT: `interface insecure`. */
export interface Insecure {
  getInsecureRandomBytes(length: bigint): Uint8Array;
  getInsecureRandomU64(): bigint;
}

/** `limit`: bytes of one call. */
export function insecure(fill: FillRandom, limit: number): Insecure {
  return {
    getInsecureRandomBytes: (length) => randomBytes(fill, length, limit),
    getInsecureRandomU64: randomU64(fill),
  };
}
