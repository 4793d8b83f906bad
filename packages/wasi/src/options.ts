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
  linger: 2000,
};

/** The limits with their defaults; throws a TypeError for a name or value that is none. */
export function limitsOf(limits: Partial<WasiLimits> = {}): WasiLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) {
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
