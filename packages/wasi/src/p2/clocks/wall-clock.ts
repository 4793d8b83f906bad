/** `wasi:clocks/wall-clock`: date and time, which may be set back. */
import type { Instance } from '../../host/instance.ts';

/** WIT: `record datetime`. */
export interface Datetime {
  seconds: bigint;
  nanoseconds: number;
}

/** WIT: `interface wall-clock`. */
export interface WallClock {
  now(): Datetime;
  resolution(): Datetime;
}

const second = 1_000_000_000n;

export function wallClock(instance: Instance): WallClock {
  return {
    now: () => {
      const now = instance.clock.wall();
      return { seconds: now / second, nanoseconds: Number(now % second) };
    },
    // What Date.now() can tell apart.
    resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
  };
}
