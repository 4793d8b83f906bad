/** `wasi:random/insecure-seed`: a seed for hash maps, new for every instance. */
import type { Host } from '../../generated/imports/wasi/random/insecure-seed.ts';
import { type FillRandom, randomU64 } from '../../host/random-bytes.ts';

export function insecureSeed(fill: FillRandom): Host {
  const next = randomU64(fill);
  const seed: [bigint, bigint] = [next(), next()];
  return { insecureSeed: () => [...seed] };
}
