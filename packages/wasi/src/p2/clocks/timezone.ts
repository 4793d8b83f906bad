/** `wasi:clocks/timezone` (unstable): UTC, for the host's own time zone is not the guest's business. */
import type { Host } from '../../generated/imports/wasi/clocks/timezone.ts';

export const timezone: Host = {
  display: () => ({ utcOffset: 0, name: 'UTC', inDaylightSavingTime: false }),
  utcOffset: () => 0,
};
