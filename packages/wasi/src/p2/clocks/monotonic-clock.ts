/** `wasi:clocks/monotonic-clock`: time that never goes back, and waiting for it. */
import type { Host } from '../../generated/imports/wasi/clocks/monotonic-clock.ts';
import type { Instance } from '../../host/instance.ts';
import { DeadlineReadiness } from '../../host/readiness.ts';
import { Pollable } from '../io/poll.ts';

/** Instants and durations are nanoseconds. */
export function monotonicClock(instance: Instance): Host {
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
