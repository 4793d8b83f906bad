/**
 * What is open: reading and writing it, closing and renumbering it, asking about it. Preview 1: `fd_*`.
 *
 * A descriptor that is not open, or is reserved, gives `badf` before anything else, and so does a directory where only
 * files will do; then come the pointers (`fault`), then what the descriptor cannot do.
 */
import type { Context } from '../context.ts';
import { positionIn, type FileEntry, type OpenEntry, type OutputEntry } from '../descriptors.ts';
import { errno, Failure } from '../errno.ts';
import { attempt } from '../file-errors.ts';
import { appendFile, readFile, writeFile } from '../file-transfer.ts';
import { filestatSize, filetypeOf, newTimes, storeFilestat } from '../filestat.ts';
import { fdflags, filetype, rights } from '../layouts.ts';
import { endPass, readDirectory } from '../readdir.ts';
import type { Advice, OutputStream, Preview2 } from '../preview2.ts';
import type { Functions } from '../signatures.ts';
import { outputErrno } from '../stream-errors.ts';
import { checkVectors, readStream, stored, writeAll, writeStream } from '../transfer.ts';
import { finallyDo, rescue, andThen } from '../wait.ts';

type Group = Pick<Functions, Extract<keyof Functions, `fd_${string}`>>;

const fdstatSize = 24;
const prestatSize = 8;

/** Preview 1: `whence` has the values 0 (set), 1 (cur) and 2 (end). */
const lastWhence = 2;
/** Preview 1: `advice`, by number. */
const advices: readonly Advice[] = ['normal', 'sequential', 'random', 'will-need', 'dont-need', 'no-reuse'];

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

export function fdFunctions(context: Context): Group {
  const { host, memory, descriptors, closeReserved } = context;
  /** Writes at the end of a file, wherever that is by then, and leaves the position behind it. */
  const append = (
    entry: FileEntry,
    vectors: number,
    count: number,
    countPointer: number,
  ): number | Promise<number> => {
    if (entry.descriptor.appendFrom !== undefined) {
      appendFile(memory, entry, vectors, count, countPointer);
      return errno.success;
    }
    const total = checkVectors(memory, vectors, count);
    memory.check(countPointer, 4);
    if (total === 0) return stored(memory, countPointer, 0);
    const stream = attempt(() => entry.descriptor.appendViaStream());
    return finallyDo(
      () => writeAll(context, {}, stream, vectors, count, total, countPointer),
      () => {
        stream[Symbol.dispose]?.();
        entry.position = Number(attempt(() => entry.descriptor.stat().size));
      },
    );
  };
  return {
    /** Says how a file is going to be used. A stream has no positions: `spipe`. */
    fd_advise: (fd, offset, length, advice) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdAdvise));
      const word = advices[advice];
      if (word === undefined || offset < 0n || length < 0n) return errno.inval;
      if (entry.kind !== 'file') return errno.spipe;
      attempt(() => entry.descriptor.advise(offset, length, word));
      return errno.success;
    },
    /** Reserves room in a file, which Preview 2 cannot: `notsup`. A stream has no positions: `spipe`. */
    fd_allocate: (fd) =>
      noDirectory(descriptors.get(fd, rights.fdAllocate)).kind === 'file' ? errno.notsup : errno.spipe,
    /** Frees the number and drops what it stood for; waits until the output that was left is flushed. */
    fd_close: (fd) => {
      if (descriptors.isReserved(fd)) {
        if (closeReserved === 'badf') return errno.badf;
        descriptors.remove(fd);
        return errno.success;
      }
      const entry = descriptors.get(fd);
      descriptors.remove(fd);
      return close(host, entry);
    },
    /** Brings data to the disk. As in POSIX, what cannot be synchronized gives `inval`. */
    fd_datasync: (fd) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdDatasync));
      if (entry.kind !== 'file') return errno.inval;
      attempt(() => entry.descriptor.syncData());
      return errno.success;
    },
    /** Writes the type, the flags and the rights of a descriptor. */
    fd_fdstat_get: (fd, resultPointer) => {
      const entry = descriptors.get(fd);
      memory.clear(resultPointer, fdstatSize);
      const { base, inheriting } = rightsOf(entry);
      memory.storeU8(resultPointer, entryFiletype(entry));
      memory.storeU16(resultPointer + 2, entry.flags);
      memory.storeU64(resultPointer + 8, base);
      memory.storeU64(resultPointer + 16, inheriting);
      return errno.success;
    },
    /** Replaces the flags. `append` and `nonblock` can be set; the flags of synchronized files are `notsup`. */
    fd_fdstat_set_flags: (fd, flags) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdFdstatSetFlags));
      if (flags > 0x1f) return errno.inval;
      if ((flags & (fdflags.dsync | fdflags.rsync | fdflags.sync)) !== 0) return errno.notsup;
      entry.flags = flags;
      return errno.success;
    },
    /** Gives rights up; asking for one that is not there is `notcapable`. */
    fd_fdstat_set_rights: (fd, base, inheriting) => {
      const entry = descriptors.get(fd);
      const now = rightsOf(entry);
      if ((base & ~now.base) !== 0n || (inheriting & ~now.inheriting) !== 0n) return errno.notcapable;
      const { dropped = { base: 0n, inheriting: 0n } } = entry;
      entry.dropped = {
        base: dropped.base | (now.base & ~base),
        inheriting: dropped.inheriting | (now.inheriting & ~inheriting),
      };
      return errno.success;
    },
    /** Writes the attributes of a file. Of a stream only its type is known. */
    fd_filestat_get: (fd, resultPointer) => {
      const entry = descriptors.get(fd, rights.fdFilestatGet);
      memory.check(resultPointer, filestatSize);
      if (entry.kind === 'file' || entry.kind === 'directory') {
        const { descriptor } = entry;
        const [stat, hash] = attempt(
          () => descriptor.statAndHash?.() ?? ([descriptor.stat(), descriptor.metadataHash()] as const),
        );
        return storeFilestat(memory, resultPointer, stat, hash);
      }
      memory.clear(resultPointer, filestatSize);
      memory.storeU8(resultPointer + 16, entryFiletype(entry));
      memory.storeU64(resultPointer + 24, 1n); // one link
      return errno.success;
    },
    /** Sets the size of a file. What is no file gives `inval`, as in POSIX. */
    fd_filestat_set_size: (fd, size) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdFilestatSetSize));
      if (entry.kind !== 'file' || size < 0n) return errno.inval;
      attempt(() => entry.descriptor.setSize(size));
      return errno.success;
    },
    /** Sets the times of a file. */
    fd_filestat_set_times: (fd, accessed, modified, flags) => {
      const entry = descriptors.get(fd, rights.fdFilestatSetTimes);
      const times = newTimes(accessed, modified, flags);
      if (entry.kind !== 'file' && entry.kind !== 'directory') return errno.notsup;
      const { descriptor } = entry;
      attempt(() => descriptor.setTimes(...times));
      return errno.success;
    },
    /** Reads at a position. A stream has none: `spipe`. */
    fd_pread: (fd, vectors, count, offset, resultPointer) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdRead));
      if (entry.kind === 'file') {
        if (!entry.read) return errno.badf;
        readFile(memory, entry.descriptor, positionOf(offset), vectors, count, resultPointer);
        return errno.success;
      }
      checkVectors(memory, vectors, count);
      memory.check(resultPointer, 4);
      return errno.spipe;
    },
    /** Writes the kind of a preopened descriptor and the length of its path. `badf` for any other descriptor. */
    fd_prestat_get: (fd, resultPointer) => {
      const entry = descriptors.get(fd);
      if (entry.kind !== 'directory' || entry.path === undefined) return errno.badf;
      memory.clear(resultPointer, prestatSize); // the kind is 0: a directory
      memory.storeU32(resultPointer + 4, entry.path.length);
      return errno.success;
    },
    /** Writes the path of a preopened descriptor, without a zero byte. `nametoolong` when it does not fit. */
    fd_prestat_dir_name: (fd, pathPointer, pathLength) => {
      const entry = descriptors.get(fd);
      if (entry.kind !== 'directory' || entry.path === undefined) return errno.badf;
      memory.check(pathPointer, pathLength);
      if (pathLength < entry.path.length) return errno.nametoolong;
      memory.store(pathPointer, entry.path);
      return errno.success;
    },
    /** Writes at a position. A stream has none: `spipe`. */
    fd_pwrite: (fd, vectors, count, offset, resultPointer) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdWrite));
      if (entry.kind === 'file') {
        if (!entry.write) return errno.badf;
        writeFile(memory, entry.descriptor, positionOf(offset), vectors, count, resultPointer);
        return errno.success;
      }
      checkVectors(memory, vectors, count);
      memory.check(resultPointer, 4);
      return errno.spipe;
    },
    /** Reads into the vectors and writes how many bytes came: 0 at the end. */
    fd_read: (fd, vectors, count, resultPointer) => {
      const entry = descriptors.get(fd, rights.fdRead);
      switch (entry.kind) {
        case 'stdin':
          return readStream(context, entry, vectors, count, resultPointer);
        case 'file': {
          if (!entry.read) return errno.badf;
          const { descriptor } = entry;
          const position = positionIn(entry);
          entry.position = position + readFile(memory, descriptor, position, vectors, count, resultPointer);
          return errno.success;
        }
        case 'stdout':
        case 'stderr':
        case 'directory':
          return errno.badf;
      }
    },
    /** Writes entries of a directory from a cookie on, and how many bytes they take. */
    fd_readdir: (fd, buffer, length, cookie, resultPointer) => {
      const entry = descriptors.get(fd, rights.fdReaddir);
      if (entry.kind !== 'directory') return errno.notdir;
      return readDirectory(memory, entry, buffer, length, cookie, resultPointer);
    },
    /** Gives a descriptor the number of another one, which is closed. Both must be open. */
    fd_renumber: (fd, to) => {
      descriptors.get(fd);
      const replaced = descriptors.get(to);
      if (fd === to) return errno.success;
      descriptors.move(fd, to);
      // Its output may be lost, but the descriptor has moved.
      return andThen(close(host, replaced), () => errno.success);
    },
    /** Moves the position in a file and writes the new one. A stream has none: `spipe`. */
    fd_seek: (fd, offset, whence, resultPointer) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdSeek));
      memory.check(resultPointer, 8);
      if (whence > lastWhence) return errno.inval;
      if (entry.kind !== 'file') return errno.spipe;
      const size = whence === 2 ? attempt(() => entry.descriptor.stat().size) : 0n;
      const position = positionOf(offset + (whence === 1 ? BigInt(positionIn(entry)) : size));
      entry.position = position;
      memory.storeU64(resultPointer, BigInt(position));
      return errno.success;
    },
    /** Brings data and attributes to the disk. As in POSIX, what cannot be synchronized gives `inval`. */
    fd_sync: (fd) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdSync));
      if (entry.kind !== 'file') return errno.inval;
      attempt(() => entry.descriptor.sync());
      return errno.success;
    },
    /** Writes the position in a file. A stream has none: `spipe`. */
    fd_tell: (fd, resultPointer) => {
      const entry = noDirectory(descriptors.get(fd, rights.fdTell));
      memory.check(resultPointer, 8);
      if (entry.kind !== 'file') return errno.spipe;
      memory.storeU64(resultPointer, BigInt(positionIn(entry)));
      return errno.success;
    },
    /** Writes from the vectors and tells how many bytes went. */
    fd_write: (fd, vectors, count, resultPointer) => {
      const entry = descriptors.get(fd, rights.fdWrite);
      switch (entry.kind) {
        case 'stdout':
        case 'stderr':
          return writeStream(context, entry, vectors, count, resultPointer);
        case 'file': {
          if (!entry.write) return errno.badf;
          if ((entry.flags & fdflags.append) !== 0) return append(entry, vectors, count, resultPointer);
          const { descriptor } = entry;
          const position = positionIn(entry);
          entry.position = position + writeFile(memory, descriptor, position, vectors, count, resultPointer);
          return errno.success;
        }
        case 'stdin':
        case 'directory':
          return errno.badf;
      }
    },
  };
}

/** @throws Failure `inval` for an offset that is negative or that no file has. */
function positionOf(offset: bigint): number {
  if (offset < 0n || offset > 0x1f_ffff_ffff_ffffn) throw new Failure(errno.inval);
  return Number(offset);
}

/** @throws Failure `badf` for a directory: Preview 1 hosts agree on that where POSIX has an answer. */
function noDirectory(entry: OpenEntry): Exclude<OpenEntry, { kind: 'directory' }> {
  if (entry.kind === 'directory') throw new Failure(errno.badf);
  return entry;
}

/** Drops the resource behind an entry that is no longer in the table. */
function close(host: Preview2, entry: OpenEntry): number | Promise<number> {
  switch (entry.kind) {
    case 'stdin':
      entry.stream?.[Symbol.dispose]?.();
      return errno.success;
    case 'directory':
      endPass(entry);
      entry.descriptor[Symbol.dispose]?.();
      return errno.success;
    case 'file':
      entry.descriptor[Symbol.dispose]?.();
      return errno.success;
    case 'stdout':
    case 'stderr': {
      const { stream, unflushed } = entry;
      if (stream === undefined) return errno.success;
      return finallyDo(
        () => (unflushed ? flush(host, entry, stream) : errno.success),
        () => stream[Symbol.dispose]?.(),
      );
    }
  }
}

function flush(host: Preview2, entry: OutputEntry, stream: OutputStream): number | Promise<number> {
  return rescue<number>(
    () => andThen(stream.blockingFlush(), () => errno.success),
    (thrown) => {
      const code = outputErrno(host, entry, thrown);
      // Nobody reads the output any more: no reason for `close` to fail.
      return code === errno.pipe ? errno.success : code;
    },
  );
}

function entryFiletype(entry: OpenEntry): number {
  switch (entry.kind) {
    case 'directory':
      return filetype.directory;
    case 'file':
      return filetypeOf(attempt(() => entry.descriptor.getType()));
    case 'stdin':
    case 'stdout':
    case 'stderr':
      // wasi-libc's `isatty` asks for a character device that can neither seek nor tell.
      return entry.isTerminal() ? filetype.characterDevice : filetype.unknown;
  }
}

function rightsOf(entry: OpenEntry): { base: bigint; inheriting: bigint } {
  const { base, inheriting } = rightsOfKind(entry);
  const { dropped } = entry;
  if (dropped === undefined) return { base, inheriting };
  return { base: base & ~dropped.base, inheriting: inheriting & ~dropped.inheriting };
}

function rightsOfKind(entry: OpenEntry): { base: bigint; inheriting: bigint } {
  const ofStreams = rights.fdFdstatSetFlags | rights.fdFilestatGet | rights.pollFdReadwrite;
  switch (entry.kind) {
    case 'stdin':
      return { base: ofStreams | rights.fdRead, inheriting: 0n };
    case 'stdout':
    case 'stderr':
      return { base: ofStreams | rights.fdWrite, inheriting: 0n };
    case 'directory':
      return { base: allRights & ~neverOfDirectories, inheriting: allRights };
    case 'file':
      return {
        base:
          ofStreams |
          rights.fdSeek |
          rights.fdTell |
          rights.fdAdvise |
          rights.fdDatasync |
          rights.fdSync |
          rights.fdFilestatSetTimes |
          (entry.read ? rights.fdRead : 0n) |
          (entry.write ? rights.fdWrite | rights.fdAllocate | rights.fdFilestatSetSize : 0n),
        inheriting: 0n,
      };
  }
}
