/** `wasi:random/insecure-seed`: a seed for hash maps, new for every instance. */
import type { Host } from '../../generated/imports/wasi/random/insecure-seed.ts';
import { type FillRandom, randomU64 } from '../../host/random-bytes.ts';

export function insecureSeed(fill: FillRandom): Host {
  let seed: [bigint, bigint] | undefined;
  const make = (): [bigint, bigint] => {
    const next = randomU64(fill);
    return [next(), next()];
  };
  return { insecureSeed: () => [...(seed ??= make())] };
}
