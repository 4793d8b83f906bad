/**
 * Files by name, relative to an open directory. Preview 1: `path_*`.
 *
 * A descriptor that is not open or is reserved gives `badf` before anything else, one that is no directory `notdir`;
 * then come pointers (`fault`) and paths that are not UTF-8 (`ilseq`).
 */
import type { Context } from '../context.ts';
import type { DirectoryEntry } from '../descriptors.ts';
import { errno, Failure } from '../errno.ts';
import { attempt } from '../file-errors.ts';
import { filestatSize, newTimes, storeFilestat } from '../filestat.ts';
import { fdflags, oflags, rights } from '../layouts.ts';
import type { DescriptorFlags, PathFlags } from '../preview2.ts';
import type { Functions } from '../signatures.ts';
import { stored } from '../transfer.ts';

type Group = Pick<Functions, Extract<keyof Functions, `path_${string}`>>;

export function pathFunctions({ memory, descriptors }: Context): Group {
  const directory = (fd: number, right: bigint): DirectoryEntry => {
    const entry = descriptors.get(fd, right);
    if (entry.kind !== 'directory') throw new Failure(errno.notdir);
    return entry;
  };
  const text = (pointer: number, length: number): string => {
    memory.check(pointer, length);
    const bytes = new Uint8Array(length);
    memory.load(pointer, length, bytes, 0);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new Failure(errno.ilseq);
    }
  };
  return {
    /** Makes a directory. */
    path_create_directory: (fd, path, length) => {
      const { descriptor } = directory(fd, rights.pathCreateDirectory);
      const name = text(path, length);
      attempt(() => descriptor.createDirectoryAt(name));
      return errno.success;
    },
    /** Writes the attributes of a file. */
    path_filestat_get: (fd, flags, path, length, resultPointer) => {
      const { descriptor } = directory(fd, rights.pathFilestatGet);
      const name = text(path, length);
      memory.check(resultPointer, filestatSize);
      const follow = lookup(flags);
      const [stat, hash] = attempt(
        () =>
          descriptor.statAndHashAt?.(follow, name) ??
          ([descriptor.statAt(follow, name), descriptor.metadataHashAt(follow, name)] as const),
      );
      return storeFilestat(memory, resultPointer, stat, hash);
    },
    /** Sets the times of a file. */
    path_filestat_set_times: (fd, flags, path, length, accessed, modified, which) => {
      const { descriptor } = directory(fd, rights.pathFilestatSetTimes);
      const name = text(path, length);
      const times = newTimes(accessed, modified, which);
      attempt(() => descriptor.setTimesAt(lookup(flags), name, ...times));
      return errno.success;
    },
    /** Gives a file a second name. */
    path_link: (oldFd, oldFlags, oldPath, oldLength, newFd, newPath, newLength) => {
      const from = directory(oldFd, rights.pathLinkSource).descriptor;
      const to = directory(newFd, rights.pathLinkTarget).descriptor;
      const old = text(oldPath, oldLength);
      const name = text(newPath, newLength);
      attempt(() => from.linkAt(lookup(oldFlags), old, to, name));
      return errno.success;
    },
    /** Opens a file or directory and writes its number: the lowest that is free. */
    path_open: (fd, flags, path, length, how, base, _inheriting, fdFlags, resultPointer) => {
      const { descriptor, dropped } = directory(fd, rights.pathOpen);
      const name = text(path, length);
      memory.check(resultPointer, 4);
      if (how > 15 || fdFlags > 31) return errno.inval;
      if (dropped !== undefined) {
        const asked =
          ((how & oflags.creat) !== 0 ? rights.pathCreateFile : 0n) |
          ((how & oflags.trunc) !== 0 ? rights.pathFilestatSetSize : 0n);
        if ((dropped.base & asked) !== 0n || (dropped.inheriting & base) !== 0n) return errno.notcapable;
      }
      const inherited = dropped && { base: dropped.inheriting, inheriting: dropped.inheriting };
      const openFlags = {
        create: (how & oflags.creat) !== 0,
        directory: (how & oflags.directory) !== 0,
        exclusive: (how & oflags.excl) !== 0,
        truncate: (how & oflags.trunc) !== 0,
      };
      const read = (base & rights.fdRead) !== 0n;
      const write = (base & rights.fdWrite) !== 0n;
      const wanted: DescriptorFlags = {
        read,
        write,
        dataIntegritySync: (fdFlags & fdflags.dsync) !== 0,
        requestedWriteSync: (fdFlags & fdflags.rsync) !== 0,
        fileIntegritySync: (fdFlags & fdflags.sync) !== 0,
      };
      const number = descriptors.add({ kind: 'reserved' });
      try {
        const opened = attempt(() => descriptor.openAt(lookup(flags), name, openFlags, wanted));
        const isDirectory = attempt(() => opened.getType()) === 'directory';
        descriptors.replace(
          number,
          isDirectory
            ? { kind: 'directory', descriptor: opened, path: undefined, flags: fdFlags, dropped: inherited }
            : {
                kind: 'file',
                descriptor: opened,
                read,
                write,
                position: 0,
                flags: fdFlags,
                dropped: inherited,
              },
        );
      } catch (thrown) {
        descriptors.remove(number);
        throw thrown;
      }
      return stored(memory, resultPointer, number);
    },
    /** Writes the content of a symbolic link, cut off where the buffer ends, and the length of what is written. */
    path_readlink: (fd, path, length, buffer, bufferLength, resultPointer) => {
      const { descriptor } = directory(fd, rights.pathReadlink);
      const name = text(path, length);
      memory.check(buffer, bufferLength);
      memory.check(resultPointer, 4);
      const target = encoder.encode(attempt(() => descriptor.readlinkAt(name))).subarray(0, bufferLength);
      memory.store(buffer, target);
      return stored(memory, resultPointer, target.length);
    },
    /** Removes an empty directory. */
    path_remove_directory: (fd, path, length) => {
      const { descriptor } = directory(fd, rights.pathRemoveDirectory);
      const name = text(path, length);
      attempt(() => descriptor.removeDirectoryAt(name));
      return errno.success;
    },
    /** Gives a file another name. */
    path_rename: (fd, oldPath, oldLength, newFd, newPath, newLength) => {
      const from = directory(fd, rights.pathRenameSource).descriptor;
      const to = directory(newFd, rights.pathRenameTarget).descriptor;
      const old = text(oldPath, oldLength);
      const name = text(newPath, newLength);
      attempt(() => from.renameAt(old, to, name));
      return errno.success;
    },
    /** Makes a symbolic link with the content `old`. */
    path_symlink: (oldPath, oldLength, fd, newPath, newLength) => {
      const { descriptor } = directory(fd, rights.pathSymlink);
      const old = text(oldPath, oldLength);
      const name = text(newPath, newLength);
      attempt(() => descriptor.symlinkAt(old, name));
      return errno.success;
    },
    /** Removes a name of a file that is no directory. */
    path_unlink_file: (fd, path, length) => {
      const { descriptor } = directory(fd, rights.pathUnlinkFile);
      const name = text(path, length);
      attempt(() => descriptor.unlinkFileAt(name));
      return errno.success;
    },
  };
}

/** Preview 1: `lookupflags`, of which there is one. */
function lookup(flags: number): PathFlags {
  if (flags > 1) throw new Failure(errno.inval);
  return flags === 1 ? { symlinkFollow: true } : {};
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
