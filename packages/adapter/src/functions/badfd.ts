/**
 * Numbers that libc keeps for itself. Not Preview 1: the adapter's own.
 *
 * libc and the adapter share one numbering. What libc opens without the adapter (a socket of wasi-sockets) needs a
 * number that no file gets meanwhile, and on which every Preview 1 call fails.
 */
import { ComponentError } from '@wittle/runtime';
import type { Context } from '../context.ts';
import type { DescriptorTable } from '../descriptors.ts';
import { errno, type ErrnoName, Failure, nameOf } from '../errno.ts';
import type { Functions } from '../signatures.ts';

export function badfdFunctions({
  memory,
  descriptors,
}: Context): Pick<Functions, 'adapter_open_badfd' | 'adapter_close_badfd'> {
  return {
    /** Reserves the lowest free number and writes it. `mfile` when there is none. */
    adapter_open_badfd: (resultPointer) => {
      memory.check(resultPointer, 4);
      memory.storeU32(resultPointer, reserve(descriptors));
      return errno.success;
    },
    /** Frees a reserved number. `badf` when it is not reserved. */
    adapter_close_badfd: (fd) => {
      release(descriptors, fd);
      return errno.success;
    },
  };
}

/** WIT: `wittle:adapter/descriptors`. Both functions throw `ComponentError<ErrnoName>`. */
export interface Descriptors {
  /** Reserves the lowest free number. `mfile` when there is none. */
  openBadfd(): number;
  /** Frees a reserved number. `badf` when it is not reserved. */
  closeBadfd(fd: number): void;
}

export function badfdInterface(descriptors: DescriptorTable): Descriptors {
  return {
    openBadfd: () => named(() => reserve(descriptors)),
    closeBadfd: (fd) => named(() => release(descriptors, fd)),
  };
}

function reserve(descriptors: DescriptorTable): number {
  return descriptors.add({ kind: 'reserved' });
}

function release(descriptors: DescriptorTable, fd: number): void {
  if (!descriptors.isReserved(fd)) throw new Failure(errno.badf);
  descriptors.remove(fd);
}

/** Runs an action whose failures components get by name. */
function named<T>(action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw thrown instanceof Failure ? new ComponentError<ErrnoName>(nameOf(thrown.errno)) : thrown;
  }
}
