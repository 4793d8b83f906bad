/** `wasi:clocks/timezone` (unstable): UTC, for the host's own time zone is not the guest's business. */
import type { Datetime } from './wall-clock.ts';

/** WIT: `record timezone-display`. */
export interface TimezoneDisplay {
  utcOffset: number;
  name: string;
  inDaylightSavingTime: boolean;
}

/** WIT: `interface timezone`. */
export interface Timezone {
  display(when: Datetime): TimezoneDisplay;
  utcOffset(when: Datetime): number;
}

export const timezone: Timezone = {
  display: () => ({ utcOffset: 0, name: 'UTC', inDaylightSavingTime: false }),
  utcOffset: () => 0,
};
