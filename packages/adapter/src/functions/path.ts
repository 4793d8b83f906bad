/**
 * Files by name, relative to an open directory. Preview 1: `path_*`.
 *
 * None works yet: a directory answers `nosys`, what is no directory `notdir`. Before that come a descriptor that is not
 * open or is reserved (`badf`) and pointers (`fault`).
 */
import type { Context } from '../context.ts';
import { errno } from '../errno.ts';
import type { Functions } from '../signatures.ts';

type Group = Pick<Functions, Extract<keyof Functions, `path_${string}`>>;

const filestatSize = 64;

export function pathFunctions({ memory, descriptors }: Context): Group {
  const answer = (...fds: readonly number[]): number =>
    fds.map((fd) => descriptors.get(fd)).every((entry) => entry.kind === 'directory')
      ? errno.nosys
      : errno.notdir;
  return {
    /** Makes a directory. */
    path_create_directory: (fd, path, length) => {
      const code = answer(fd);
      memory.check(path, length);
      return code;
    },
    /** Writes the attributes of a file. */
    path_filestat_get: (fd, _flags, path, length, resultPointer) => {
      const code = answer(fd);
      memory.check(path, length);
      memory.check(resultPointer, filestatSize);
      return code;
    },
    /** Sets the times of a file. */
    path_filestat_set_times: (fd, _flags, path, length) => {
      const code = answer(fd);
      memory.check(path, length);
      return code;
    },
    /** Gives a file a second name. */
    path_link: (oldFd, _oldFlags, oldPath, oldLength, newFd, newPath, newLength) => {
      const code = answer(oldFd, newFd);
      memory.check(oldPath, oldLength);
      memory.check(newPath, newLength);
      return code;
    },
    /** Opens a file and writes its number. */
    path_open: (fd, _dirflags, path, length, _oflags, _base, _inheriting, _fdflags, resultPointer) => {
      const code = answer(fd);
      memory.check(path, length);
      memory.check(resultPointer, 4);
      return code;
    },
    /** Writes the content of a symbolic link and its length. */
    path_readlink: (fd, path, length, buffer, bufferLength, resultPointer) => {
      const code = answer(fd);
      memory.check(path, length);
      memory.check(buffer, bufferLength);
      memory.check(resultPointer, 4);
      return code;
    },
    /** Removes an empty directory. */
    path_remove_directory: (fd, path, length) => {
      const code = answer(fd);
      memory.check(path, length);
      return code;
    },
    /** Gives a file another name. */
    path_rename: (fd, oldPath, oldLength, newFd, newPath, newLength) => {
      const code = answer(fd, newFd);
      memory.check(oldPath, oldLength);
      memory.check(newPath, newLength);
      return code;
    },
    /** Makes a symbolic link with the content `old`. */
    path_symlink: (oldPath, oldLength, fd, newPath, newLength) => {
      const code = answer(fd);
      memory.check(oldPath, oldLength);
      memory.check(newPath, newLength);
      return code;
    },
    /** Removes a name of a file that is no directory. */
    path_unlink_file: (fd, path, length) => {
      const code = answer(fd);
      memory.check(path, length);
      return code;
    },
  };
}
