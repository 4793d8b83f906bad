/** The options of `createWasi`, their defaults, and the check at the door. */
import type { Denial, NetworkGrants } from './host/grants.ts';
import type { WasiClock, WasiLimits } from './host/instance.ts';
import type { FillRandom } from './host/random-bytes.ts';
import type { StdioInput, StdioOutput } from './host/stdio.ts';
import type { Preopens } from './p2/filesystem/preopens.ts';
import type { Resolver } from './p2/sockets/ip-name-lookup.ts';

/** What a guest gets of its host. Everything is optional; what is left out gives the guest nothing. */
export interface WasiOptions {
  /** Arguments, the program's name first. Default: none. */
  readonly args?: readonly string[];
  /** Environment variables. Default: none; the host's own are not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the guest takes for its working directory. Default: none. */
  readonly cwd?: string;
  /** Default `'ignore'`: at its end from the start, for reading takes bytes away from the host. */
  readonly stdin?: StdioInput;
  /** Default `'inherit'`: the host's. */
  readonly stdout?: StdioOutput;
  /** Default `'inherit'`: the host's. */
  readonly stderr?: StdioOutput;
  /**
   * Directories by the path that the guest knows them under: `{ '/data': './data' }`; each can be one in memory, or
   * read-only. No path leads out of them. Default: none.
   */
  readonly preopens?: Preopens;
  /** What of the network is allowed; `'all'` is everything. Default: nothing. */
  readonly network?: 'all' | NetworkGrants;
  /** Told of everything that a grant was missing for. */
  readonly onDenied?: (denial: Denial) => void;
  /** Bounds of what the guest may hold; each has a default. */
  readonly limits?: Partial<WasiLimits>;
  /** Time, to be replaced in tests. Default: the host's clocks. */
  readonly clock?: WasiClock;
  /**
   * The zone of local time: `'UTC'`, `'host'` for the one of this process, or a name of the IANA database
   * (`'Europe/Berlin'`). Default: `'UTC'`.
   */
  readonly timezone?: string;
  /** Random bytes, to be replaced in tests. Default: Node's secure generator. */
  readonly random?: FillRandom;
  /** Name resolution. Default: the system's. */
  readonly resolver?: Resolver;
  /**
   * For callers that copy bytes at once, as generated glue does: an array that a TCP stream's `read` gives holds until
   * the next call or turn of the event loop, and one that its `write` is given is used up. Their memory is then free
   * without the garbage collector, which otherwise has the most work of all with a program that moves much data.
   * Default: false; `runCommand` sets it.
   */
  readonly lendBytes?: boolean;
}

/** What applies where `WasiOptions.limits` says nothing. */
export const defaultLimits: WasiLimits = {
  sockets: 4096,
  bufferSize: 0x4_0000,
  maxBufferSize: 0x40_0000,
  pendingConnections: 1024,
  pendingDatagrams: 1024,
  files: 4096,
  lookups: 64,
  randomBytes: 0x100_0000,
  handles: 0x10_0000,
  linger: 2000,
};

/** What each option is; for the check, and complete by its type. */
const kinds: Readonly<Record<keyof WasiOptions, readonly [is: (value: unknown) => boolean, what: string]>> = {
  args: [(value) => Array.isArray(value) && value.every(isText), 'an array of strings without NUL'],
  env: [
    (value) => isObject(value) && Object.entries(value).flat().every(isText),
    'an object of strings without NUL',
  ],
  cwd: [isText, 'a string without NUL'],
  stdin: [isStdio('on'), "'inherit', 'ignore' or a Node Readable"],
  stdout: [isStdio('write'), "'inherit', 'ignore' or a Node Writable"],
  stderr: [isStdio('write'), "'inherit', 'ignore' or a Node Writable"],
  preopens: [isObject, 'an object of directories by the path that the guest knows them under'],
  network: [(value) => value === 'all' || isObject(value), "'all' or { connect, listen, resolve }"],
  onDenied: [isFunction, 'a function'],
  limits: [isObject, 'an object'],
  clock: [
    (value) => isObject(value) && 'monotonic' in value && 'wall' in value,
    'an object with monotonic() and wall()',
  ],
  timezone: [isText, 'a string'],
  random: [isFunction, 'a function'],
  resolver: [isFunction, 'a function'],
  lendBytes: [(value) => typeof value === 'boolean', 'true or false'],
};

/**
 * Throws a TypeError for an option that does not exist or is not of its kind; `undefined` is an option left out.
 * `others` are options that belong to whoever calls.
 */
export function checkOptions(options: WasiOptions, others: readonly string[] = []): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name)) {
      if (others.includes(name)) continue;
      const known = [...Object.keys(kinds), ...others].join(', ');
      throw new TypeError(`the option ${name} does not exist; there are ${known}`);
    }
    const [is, what] = kinds[name as keyof WasiOptions];
    if (value !== undefined && !is(value)) throw new TypeError(`the option ${name} is ${what}`);
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isStdio(method: 'on' | 'write'): (value: unknown) => boolean {
  return (value) =>
    value === 'inherit' ||
    value === 'ignore' ||
    (isObject(value) && method in value && isFunction((value as Record<string, unknown>)[method]));
}

/** The limits with their defaults; throws a TypeError for a name or value that is none. */
export function limitsOf(limits: Partial<WasiLimits> = {}): WasiLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) {
      if (name === 'memory' || name === 'tableElements')
        throw new TypeError(
          `limits.${name} is set when a program is compiled: by \`compile\` or \`limitModule\` of @wittle/component`,
        );
      throw new TypeError(
        `limits.${name} does not exist; there are ${Object.keys(defaultLimits).join(', ')}`,
      );
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`limits.${name} is a whole number greater than 0, not ${String(value)}`);
    }
  }
  return { ...defaultLimits, ...limits };
}

/** The host's clocks. */
export const systemClock: WasiClock = {
  monotonic: () => process.hrtime.bigint(),
  wall: () => BigInt(Date.now()) * 1_000_000n,
};
