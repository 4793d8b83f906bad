/** `wasi:random/insecure-seed`: a seed for hash maps, new for every instance. */
import { type FillRandom, randomU64 } from '../../host/random-bytes.ts';

/** WIT: `interface insecure-seed`. */
export interface InsecureSeed {
  insecureSeed(): [bigint, bigint];
}

export function insecureSeed(fill: FillRandom): InsecureSeed {
  const next = randomU64(fill);
  const seed: [bigint, bigint] = [next(), next()];
  return { insecureSeed: () => [...seed] };
}
