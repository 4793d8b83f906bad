/**
 * Numbers that libc keeps for itself. Not Preview 1: the adapter's own.
 *
 * libc and the adapter share one numbering. What libc opens without the adapter (a socket of wasi-sockets) needs a
 * number that no file gets meanwhile, and on which every Preview 1 call fails.
 */
import type { Context } from '../context.ts';
import { errno } from '../errno.ts';
import type { Functions } from '../signatures.ts';

export function badfdFunctions({
  memory,
  descriptors,
}: Context): Pick<Functions, 'adapter_open_badfd' | 'adapter_close_badfd'> {
  return {
    /** Reserves the lowest free number and writes it. `mfile` when there is none. */
    adapter_open_badfd: (resultPointer) => {
      memory.check(resultPointer, 4);
      memory.storeU32(resultPointer, descriptors.add({ kind: 'reserved' }));
      return errno.success;
    },
    /** Frees a reserved number. `badf` when it is not reserved. */
    adapter_close_badfd: (fd) => {
      if (!descriptors.isReserved(fd)) return errno.badf;
      descriptors.remove(fd);
      return errno.success;
    },
  };
}
