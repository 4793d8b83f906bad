/** Time zones, as far as `Intl` knows them. */

/** How local time is at one moment. */
export interface LocalTime {
  /** Seconds between UTC and local time. */
  readonly offset: number;
  /** `CEST`, or `+09:00` where people use no name. */
  readonly name: string;
  readonly daylightSaving: boolean;
}

export interface TimeZone {
  /** `seconds` since 1970-01-01T00:00:00Z. */
  at(seconds: bigint): LocalTime;
  /** The `offset` alone, which is found sooner. */
  offsetAt(seconds: bigint): number;
}

/**
 * `UTC`, `host` for the zone of this process, or a name of the IANA database. Throws a TypeError for anything else; a
 * host that does not know its zone is in UTC.
 */
export function timeZoneOf(choice: string): TimeZone {
  if (choice === 'UTC') return utc;
  try {
    const { timeZone } = new Intl.DateTimeFormat(
      'en',
      choice === 'host' ? {} : { timeZone: choice },
    ).resolvedOptions();
    return timeZone === undefined || timeZone === 'UTC' || timeZone === 'Etc/Unknown'
      ? utc
      : new IntlZone(timeZone);
  } catch (error) {
    if (choice === 'host') return utc;
    throw new TypeError(
      `timezone is 'UTC', 'host' or a name as in 'Europe/Berlin', not ${JSON.stringify(choice)}`,
      { cause: error },
    );
  }
}

const utc: TimeZone = { at: () => ({ offset: 0, name: 'UTC', daylightSaving: false }), offsetAt: () => 0 };

/** Seconds that `Date` reaches; later moments are taken for the last one. */
const lastSecond = 8_640_000_000_000n;

/** Each knows the names that are used where it is spoken: `PST`, `CET`, `AEST`, `IST`. */
const locales = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'];

class IntlZone implements TimeZone {
  readonly #offset: Intl.DateTimeFormat;
  readonly #long: Intl.DateTimeFormat;
  readonly #short: readonly Intl.DateTimeFormat[];

  constructor(timeZone: string) {
    const named = (locale: string, timeZoneName: 'longOffset' | 'long' | 'short'): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(locale, { timeZone, timeZoneName });
    this.#offset = named('en-US', 'longOffset');
    this.#long = named('en-US', 'long');
    this.#short = locales.map((locale) => named(locale, 'short'));
  }

  at(seconds: bigint): LocalTime {
    const date = dateOf(seconds);
    const offset = this.#offsetAt(date);
    const name = this.#short.map((format) => nameIn(format, date)).find((each) => !/^GMT[+-]/.test(each));
    return { offset, name: name ?? offsetText(offset), daylightSaving: this.#daylightSaving(date, offset) };
  }

  offsetAt(seconds: bigint): number {
    return this.#offsetAt(dateOf(seconds));
  }

  /** `GMT`, `GMT+05:30`, or with seconds, as before there were zones. */
  #offsetAt(date: Date): number {
    const [, sign, hours, minutes, seconds = 0] =
      /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(nameIn(this.#offset, date)) ?? [];
    if (sign === undefined) return 0;
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -size : size;
  }

  #daylightSaving(date: Date, offset: number): boolean {
    const long = nameIn(this.#long, date);
    // The summer time of Ireland is called standard, and law there says that winter is the exception.
    if (/Daylight|Summer|^Irish Standard/.test(long)) return true;
    if (!/^GMT[+-]/.test(long)) return false;
    const half = (month: number): number => this.#offsetAt(new Date(Date.UTC(date.getUTCFullYear(), month)));
    return offset > Math.min(half(0), half(6));
  }
}

function dateOf(seconds: bigint): Date {
  return new Date(Number(seconds < lastSecond ? seconds : lastSecond) * 1000);
}

function nameIn(format: Intl.DateTimeFormat, date: Date): string {
  return format.formatToParts(date).find(({ type }) => type === 'timeZoneName')!.value;
}

function offsetText(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}
