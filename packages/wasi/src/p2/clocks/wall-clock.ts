/** `wasi:clocks/wall-clock`: date and time, which may be set back. */
import type { Host } from '../../generated/imports/wasi/clocks/wall-clock.ts';
import type { Instance } from '../../host/instance.ts';
import { systemClock } from '../../options.ts';

const second = 1_000_000_000n;

export function wallClock({ clock }: Pick<Instance, 'clock'>): Host {
  return {
    now:
      clock === systemClock
        ? systemTime()
        : () => {
            const now = clock.wall();
            return { seconds: now / second, nanoseconds: Number(now % second) };
          },
    // What Date.now() can tell apart.
    resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
  };
}

/** As {@link systemClock} has it, without larger integers but once a second. */
function systemTime(): Host['now'] {
  let known = 0;
  let seconds = 0n;
  return () => {
    const now = Date.now();
    const whole = Math.floor(now / 1000);
    if (whole !== known) {
      known = whole;
      seconds = BigInt(whole);
    }
    return { seconds, nanoseconds: (now - whole * 1000) * 1_000_000 };
  };
}
