/**
 * Sockets of Preview 1, which a host had to open: there are none here. Preview 1: `sock_*`.
 *
 * A libc with sockets calls wasi-sockets itself and keeps its numbers free with `adapter_open_badfd`.
 */
import type { Context } from '../context.ts';
import { errno } from '../errno.ts';
import type { Functions } from '../signatures.ts';
import { checkVectors } from '../transfer.ts';

type Group = Pick<Functions, Extract<keyof Functions, `sock_${string}`>>;

export function sockFunctions({ memory, descriptors }: Context): Group {
  return {
    /** Accepts a connection and writes its number. */
    sock_accept: (fd, _flags, resultPointer) => {
      descriptors.get(fd);
      memory.check(resultPointer, 4);
      return errno.notsock;
    },
    /** Receives into the vectors and writes how many bytes came, and flags. */
    sock_recv: (fd, vectors, count, _flags, sizePointer, flagsPointer) => {
      descriptors.get(fd);
      checkVectors(memory, vectors, count);
      memory.check(sizePointer, 4);
      memory.check(flagsPointer, 2);
      return errno.notsock;
    },
    /** Sends from the vectors and writes how many bytes went. */
    sock_send: (fd, vectors, count, _flags, sizePointer) => {
      descriptors.get(fd);
      checkVectors(memory, vectors, count);
      memory.check(sizePointer, 4);
      return errno.notsock;
    },
    /** Ends receiving, sending or both. */
    sock_shutdown: (fd) => {
      descriptors.get(fd);
      return errno.notsock;
    },
  };
}
