/** `wasi:clocks/monotonic-clock`: time that never goes back, and waiting for it. */
import type { Instance } from '../../host/instance.ts';
import { DeadlineReadiness } from '../../host/readiness.ts';
import { Pollable } from '../io/poll.ts';

/** WIT: `interface monotonic-clock`. Instants and durations are nanoseconds. */
export interface MonotonicClock {
  now(): bigint;
  resolution(): bigint;
  subscribeInstant(when: bigint): Pollable;
  subscribeDuration(when: bigint): Pollable;
}

export function monotonicClock(instance: Instance): MonotonicClock {
  const { monotonic } = instance.clock;
  const at = (instant: bigint): Pollable =>
    new Pollable(instance, new DeadlineReadiness(() => instant - monotonic()));
  return {
    now: monotonic,
    resolution: () => 1n,
    subscribeInstant: at,
    // Not clamped to u64: a duration without end must not wrap into the past.
    subscribeDuration: (duration) => at(monotonic() + duration),
  };
}
