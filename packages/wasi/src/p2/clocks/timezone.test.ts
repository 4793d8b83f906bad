import { describe, expect, test } from '@jest/globals';
import { createWasi, type WasiOptions } from '../../index.ts';
import type { TimezoneDisplay } from '../../generated/imports/wasi/clocks/timezone.ts';

const january = Date.UTC(2024, 0, 15) / 1000;
const july = Date.UTC(2024, 6, 15) / 1000;

function display(timezone: string | undefined, seconds: number | bigint): TimezoneDisplay {
  const options: WasiOptions = timezone === undefined ? {} : { timezone };
  using wasi = createWasi(options);
  const { display: show, utcOffset } = wasi.imports['wasi:clocks/timezone'];
  const when = { seconds: BigInt(seconds), nanoseconds: 999_999_999 };
  const shown = show(when);
  expect(utcOffset(when)).toBe(shown.utcOffset);
  return shown;
}

describe('a time zone', () => {
  test('is UTC unless another one is given', () => {
    const utc = { utcOffset: 0, name: 'UTC', inDaylightSavingTime: false };
    expect(display(undefined, july)).toEqual(utc);
    expect(display('UTC', july)).toEqual(utc);
    expect(display('Etc/UTC', july)).toEqual(utc);
  });

  test.each([
    ['Europe/Berlin', january, 3600, 'CET', false],
    ['Europe/Berlin', july, 7200, 'CEST', true],
    ['America/Los_Angeles', january, -8 * 3600, 'PST', false],
    ['America/Los_Angeles', july, -7 * 3600, 'PDT', true],
    ['Asia/Kolkata', july, 19_800, 'IST', false],
    ['Australia/Lord_Howe', january, 39_600, 'LHDT', true],
    ['Europe/Dublin', july, 3600, '+01:00', true],
    ['Asia/Kathmandu', january, 20_700, '+05:45', false],
    ['America/Sao_Paulo', january, -10_800, '-03:00', false],
    // No names at all, and a summer that is two hours ahead.
    ['Antarctica/Troll', july, 7200, '+02:00', true],
  ])('%s at %d', (zone, seconds, utcOffset, name, inDaylightSavingTime) => {
    expect(display(zone, seconds)).toEqual({ utcOffset, name, inDaylightSavingTime });
  });

  test('changes at its moment, to the second', () => {
    const change = Date.UTC(2024, 2, 31, 1) / 1000;
    expect(display('Europe/Berlin', change - 1).name).toBe('CET');
    expect(display('Europe/Berlin', change).name).toBe('CEST');
  });

  test('of the host is what `Date` says', () => {
    expect(display('host', july).utcOffset).toBe(0 - new Date(july * 1000).getTimezoneOffset() * 60);
  });

  test('goes on for as long as there is time', () => {
    expect(Math.abs(display('America/New_York', 0xffff_ffff_ffff_ffffn).utcOffset)).toBeLessThan(86_400);
  });

  test.each(['Mars/Olympus', '', 'hosts'])('is not `%s`', (timezone) => {
    expect(() => createWasi({ timezone })).toThrow(
      `timezone is 'UTC', 'host' or a name as in 'Europe/Berlin', not ${JSON.stringify(timezone)}`,
    );
  });
});
