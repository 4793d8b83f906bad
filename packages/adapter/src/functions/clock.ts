/** The time of day and the time since some moment, in nanoseconds. Preview 1: `clock_*`. */
import type { Context } from '../context.ts';
import { Failure, errno } from '../errno.ts';
import { clockid } from '../layouts.ts';
import type { Datetime, Preview2 } from '../preview2.ts';
import type { Functions } from '../signatures.ts';

/** The clocks are `realtime` and `monotonic`; those of CPU time answer `inval`: Preview 2 has none. */
export function clockFunctions({
  host,
  memory,
}: Context): Pick<Functions, 'clock_res_get' | 'clock_time_get'> {
  return {
    /** Writes the resolution of a clock, which is never 0. */
    clock_res_get: (id, resultPointer) => {
      memory.check(resultPointer, 8);
      const resolution = resolutionOf(host, id);
      memory.storeU64(resultPointer, resolution === 0n ? 1n : resolution);
      return errno.success;
    },
    /** Writes the time of a clock. The precision asked for is of no use: Preview 2 clocks are always as good as they are. */
    clock_time_get: (id, _precision, resultPointer) => {
      memory.check(resultPointer, 8);
      memory.storeU64(resultPointer, timeOf(host, id));
      return errno.success;
    },
  };
}

/**
 * The time of a clock of Preview 1.
 * @throws Failure `inval` for a clock that is not there, `overflow` when the time needs more than 64 bits.
 */
export function timeOf(host: Preview2, id: number): bigint {
  if (id === clockid.realtime) return nanoseconds(host['wasi:clocks/wall-clock'].now());
  if (id === clockid.monotonic) return host['wasi:clocks/monotonic-clock'].now();
  throw new Failure(errno.inval);
}

function resolutionOf(host: Preview2, id: number): bigint {
  if (id === clockid.realtime) return nanoseconds(host['wasi:clocks/wall-clock'].resolution());
  if (id === clockid.monotonic) return host['wasi:clocks/monotonic-clock'].resolution();
  throw new Failure(errno.inval);
}

/** So many seconds, and less than one more, fit 64 bits of nanoseconds. */
const mostSeconds = 18_446_744_072n;
const word = new DataView(new ArrayBuffer(8));

function nanoseconds({ seconds, nanoseconds }: Datetime): bigint {
  // By way of memory: BigInt() takes longer than all the rest.
  word.setUint32(0, nanoseconds, true);
  const sum = seconds * 1_000_000_000n + word.getBigUint64(0, true);
  // What is cut to 64 bits is calculated with no more.
  if (seconds <= mostSeconds) return BigInt.asUintN(64, sum);
  if (sum !== BigInt.asUintN(64, sum)) throw new Failure(errno.overflow);
  return sum;
}
