/** `wasi:random/random`: cryptographically secure random data. */
import { type FillRandom, randomBytes, randomU64 } from '../../host/random-bytes.ts';

/** WIT: `interface random`. */
export interface Random {
  getRandomBytes(length: bigint): Uint8Array;
  getRandomU64(): bigint;
}

/** `limit`: bytes of one call. */
export function random(fill: FillRandom, limit: number): Random {
  return {
    getRandomBytes: (length) => randomBytes(fill, length, limit),
    getRandomU64: randomU64(fill),
  };
}
