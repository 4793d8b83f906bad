/** `wasi:clocks/wall-clock`: date and time, which may be set back. */
import type { Host } from '../../generated/imports/wasi/clocks/wall-clock.ts';
import type { Instance } from '../../host/instance.ts';

const second = 1_000_000_000n;

export function wallClock(instance: Pick<Instance, 'clock'>): Host {
  return {
    now: () => {
      const now = instance.clock.wall();
      return { seconds: now / second, nanoseconds: Number(now % second) };
    },
    // What Date.now() can tell apart.
    resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
  };
}
