/**
 * What is open: reading and writing it, closing and renumbering it, asking about it. Preview 1: `fd_*`.
 *
 * A descriptor that is not open, or is reserved, gives `badf` before anything else; then come the pointers (`fault`),
 * then what the descriptor cannot do. Directories answer `nosys` where files are to come.
 */
import type { Context } from '../context.ts';
import type { OpenEntry } from '../descriptors.ts';
import { errno } from '../errno.ts';
import { fdflags, filetype } from '../layouts.ts';
import type { Functions } from '../signatures.ts';
import { streamErrno } from '../stream-errors.ts';
import { checkVectors, readStream, writeStream } from '../transfer.ts';
import { finallyDo, rescue, andThen } from '../wait.ts';

type Group = Pick<Functions, Extract<keyof Functions, `fd_${string}`>>;

const fdstatSize = 24;
const filestatSize = 64;
const prestatSize = 8;

/** Preview 1: `whence` has the values 0 to 2, `advice` 0 to 5. */
const lastWhence = 2;
const lastAdvice = 5;

/** Preview 1: `rights`, those that do not hold for every kind of descriptor. */
const rights = {
  fdDatasync: 1n << 0n,
  fdRead: 1n << 1n,
  fdSeek: 1n << 2n,
  fdFdstatSetFlags: 1n << 3n,
  fdTell: 1n << 5n,
  fdWrite: 1n << 6n,
  fdAdvise: 1n << 7n,
  fdAllocate: 1n << 8n,
  fdFilestatGet: 1n << 21n,
  fdFilestatSetSize: 1n << 22n,
  pollFdReadwrite: 1n << 27n,
  sockShutdown: 1n << 28n,
  sockAccept: 1n << 29n,
};
/** Everything that Preview 1 knows: bits 0 to 29. */
const allRights = (1n << 30n) - 1n;
const neverOfDirectories =
  rights.fdDatasync |
  rights.fdRead |
  rights.fdSeek |
  rights.fdTell |
  rights.fdWrite |
  rights.fdAdvise |
  rights.fdAllocate |
  rights.fdFilestatSetSize |
  rights.sockShutdown |
  rights.sockAccept;

export function fdFunctions({ memory, descriptors, closeReserved }: Context): Group {
  return {
    /** Says how a file is going to be used. A stream has no positions: `spipe`. */
    fd_advise: (fd, _offset, _length, advice) => {
      const entry = descriptors.get(fd);
      if (advice > lastAdvice) return errno.inval;
      return isDirectory(entry) ? errno.nosys : errno.spipe;
    },
    /** Reserves room in a file. A stream has no positions: `spipe`. */
    fd_allocate: (fd) => (isDirectory(descriptors.get(fd)) ? errno.nosys : errno.spipe),
    /** Frees the number and drops what it stood for; waits until the output that was left is flushed. */
    fd_close: (fd) => {
      if (descriptors.isReserved(fd)) {
        if (closeReserved === 'badf') return errno.badf;
        descriptors.remove(fd);
        return errno.success;
      }
      const entry = descriptors.get(fd);
      descriptors.remove(fd);
      return close(entry);
    },
    /** Brings data to the disk. As in POSIX, what cannot be synchronized gives `inval`. */
    fd_datasync: (fd) => (isDirectory(descriptors.get(fd)) ? errno.nosys : errno.inval),
    /** Writes the type, the flags and the rights of a descriptor. */
    fd_fdstat_get: (fd, resultPointer) => {
      const entry = descriptors.get(fd);
      memory.clear(resultPointer, fdstatSize);
      const { base, inheriting } = rightsOf(entry);
      memory.storeU8(resultPointer, filetypeOf(entry));
      memory.storeU16(resultPointer + 2, entry.flags);
      memory.storeU64(resultPointer + 8, base);
      memory.storeU64(resultPointer + 16, inheriting);
      return errno.success;
    },
    /** Replaces the flags. `append` and `nonblock` can be set; the flags of synchronized files are `notsup`. */
    fd_fdstat_set_flags: (fd, flags) => {
      const entry = descriptors.get(fd);
      if (flags > 0x1f) return errno.inval;
      if ((flags & (fdflags.dsync | fdflags.rsync | fdflags.sync)) !== 0) return errno.notsup;
      entry.flags = flags;
      return errno.success;
    },
    /** Can only take rights away, which no longer means anything: all of them may stay (`success`), or `notsup`. */
    fd_fdstat_set_rights: (fd, base, inheriting) => {
      const now = rightsOf(descriptors.get(fd));
      if ((base & ~now.base) !== 0n || (inheriting & ~now.inheriting) !== 0n) return errno.notcapable;
      return base === now.base && inheriting === now.inheriting ? errno.success : errno.notsup;
    },
    /** Writes the attributes of a file. Of a stream only its type is known. */
    fd_filestat_get: (fd, resultPointer) => {
      const entry = descriptors.get(fd);
      memory.check(resultPointer, filestatSize);
      if (isDirectory(entry)) return errno.nosys;
      memory.clear(resultPointer, filestatSize);
      memory.storeU8(resultPointer + 16, filetypeOf(entry));
      memory.storeU64(resultPointer + 24, 1n); // one link
      return errno.success;
    },
    /** Sets the size of a file. What is no file gives `inval`, as in POSIX. */
    fd_filestat_set_size: (fd) => (isDirectory(descriptors.get(fd)) ? errno.isdir : errno.inval),
    /** Sets the times of a file. */
    fd_filestat_set_times: (fd) => (isDirectory(descriptors.get(fd)) ? errno.nosys : errno.notsup),
    /** Reads at a position. A stream has none: `spipe`. */
    fd_pread: (fd, vectors, count, _offset, resultPointer) => {
      const entry = descriptors.get(fd);
      checkVectors(memory, vectors, count);
      memory.check(resultPointer, 4);
      return isDirectory(entry) ? errno.isdir : errno.spipe;
    },
    /** Writes the kind of a preopened descriptor and the length of its path. `badf` for any other descriptor. */
    fd_prestat_get: (fd, resultPointer) => {
      const entry = descriptors.get(fd);
      if (!isDirectory(entry)) return errno.badf;
      memory.clear(resultPointer, prestatSize); // the kind is 0: a directory
      memory.storeU32(resultPointer + 4, entry.path.length);
      return errno.success;
    },
    /** Writes the path of a preopened descriptor, without a zero byte. `nametoolong` when it does not fit. */
    fd_prestat_dir_name: (fd, pathPointer, pathLength) => {
      const entry = descriptors.get(fd);
      if (!isDirectory(entry)) return errno.badf;
      memory.check(pathPointer, pathLength);
      if (pathLength < entry.path.length) return errno.nametoolong;
      memory.store(pathPointer, entry.path);
      return errno.success;
    },
    /** Writes at a position. A stream has none: `spipe`. */
    fd_pwrite: (fd, vectors, count, _offset, resultPointer) => {
      const entry = descriptors.get(fd);
      checkVectors(memory, vectors, count);
      memory.check(resultPointer, 4);
      return isDirectory(entry) ? errno.badf : errno.spipe;
    },
    /** Reads into the vectors and writes how many bytes came: 0 at the end. */
    fd_read: (fd, vectors, count, resultPointer) => {
      const entry = descriptors.get(fd);
      switch (entry.kind) {
        case 'stdin':
          return readStream(memory, entry, vectors, count, resultPointer);
        case 'stdout':
        case 'stderr':
          return errno.badf;
        case 'directory':
          return errno.isdir;
      }
    },
    /** Reads entries of a directory. */
    fd_readdir: (fd, buffer, length, _cookie, resultPointer) => {
      const entry = descriptors.get(fd);
      memory.check(buffer, length);
      memory.check(resultPointer, 4);
      return isDirectory(entry) ? errno.nosys : errno.notdir;
    },
    /** Gives a descriptor the number of another one, which is closed. Both must be open. */
    fd_renumber: (fd, to) => {
      descriptors.get(fd);
      const replaced = descriptors.get(to);
      if (fd === to) return errno.success;
      descriptors.move(fd, to);
      // Its output may be lost, but the descriptor has moved.
      return andThen(close(replaced), () => errno.success);
    },
    /** Moves the position in a file and writes the new one. A stream has none: `spipe`. */
    fd_seek: (fd, _offset, whence, resultPointer) => {
      const entry = descriptors.get(fd);
      memory.check(resultPointer, 8);
      if (whence > lastWhence) return errno.inval;
      return isDirectory(entry) ? errno.nosys : errno.spipe;
    },
    /** Brings data and attributes to the disk. As in POSIX, what cannot be synchronized gives `inval`. */
    fd_sync: (fd) => (isDirectory(descriptors.get(fd)) ? errno.nosys : errno.inval),
    /** Writes the position in a file. A stream has none: `spipe`. */
    fd_tell: (fd, resultPointer) => {
      const entry = descriptors.get(fd);
      memory.check(resultPointer, 8);
      return isDirectory(entry) ? errno.nosys : errno.spipe;
    },
    /** Writes from the vectors and tells how many bytes went. */
    fd_write: (fd, vectors, count, resultPointer) => {
      const entry = descriptors.get(fd);
      switch (entry.kind) {
        case 'stdout':
        case 'stderr':
          return writeStream(memory, entry, vectors, count, resultPointer);
        case 'stdin':
        case 'directory':
          return errno.badf;
      }
    },
  };
}

function isDirectory(entry: OpenEntry): entry is Extract<OpenEntry, { kind: 'directory' }> {
  return entry.kind === 'directory';
}

/** Drops the resource behind an entry that is no longer in the table. */
function close(entry: OpenEntry): number | Promise<number> {
  switch (entry.kind) {
    case 'stdin':
      entry.stream?.[Symbol.dispose]?.();
      return errno.success;
    case 'directory':
      entry.descriptor[Symbol.dispose]?.();
      return errno.success;
    case 'stdout':
    case 'stderr': {
      const { stream, unflushed } = entry;
      if (stream === undefined) return errno.success;
      return finallyDo(
        () => (unflushed ? flush(stream) : errno.success),
        () => stream[Symbol.dispose]?.(),
      );
    }
  }
}

function flush(stream: { blockingFlush(): void | Promise<void> }): number | Promise<number> {
  return rescue<number>(
    () => andThen(stream.blockingFlush(), () => errno.success),
    (thrown) => {
      const code = streamErrno(thrown);
      // Nobody reads the output any more: no reason for `close` to fail.
      return code === errno.pipe ? errno.success : code;
    },
  );
}

function filetypeOf(entry: OpenEntry): number {
  if (isDirectory(entry)) return filetype.directory;
  // wasi-libc's `isatty` asks for a character device that can neither seek nor tell.
  return entry.isTerminal() ? filetype.characterDevice : filetype.unknown;
}

function rightsOf(entry: OpenEntry): { base: bigint; inheriting: bigint } {
  const ofStreams = rights.fdFdstatSetFlags | rights.fdFilestatGet | rights.pollFdReadwrite;
  switch (entry.kind) {
    case 'stdin':
      return { base: ofStreams | rights.fdRead, inheriting: 0n };
    case 'stdout':
    case 'stderr':
      return { base: ofStreams | rights.fdWrite, inheriting: 0n };
    case 'directory':
      return { base: allRights & ~neverOfDirectories, inheriting: allRights };
  }
}
