/** `wasi:clocks/timezone` (unstable): local time of the zone that the options name; UTC unless they name one. */
import type { Host } from '../../generated/imports/wasi/clocks/timezone.ts';
import type { TimeZone } from '../../host/time-zone.ts';

export function timezone(zone: TimeZone): Host {
  return {
    display: ({ seconds }) => {
      const { offset, name, daylightSaving } = zone.at(seconds);
      return { utcOffset: offset, name, inDaylightSavingTime: daylightSaving };
    },
    utcOffset: ({ seconds }) => zone.offsetAt(seconds),
  };
}
