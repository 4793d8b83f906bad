/**
 * What a file system gives to descriptors: open directories and files, whatever is behind them. All calls are finished
 * when they return, and throw errors with the system's code (`ENOENT`). Names are single steps of a path; no call
 * follows a symlink in the last one: paths are resolved in one place, `walk.ts`.
 */

/** What kind of object a name leads to; the words are those of `wasi:filesystem`. */
export type ObjectType =
  | 'unknown'
  | 'block-device'
  | 'character-device'
  | 'directory'
  | 'fifo'
  | 'symbolic-link'
  | 'regular-file'
  | 'socket';

/** Times are nanoseconds since 1970-01-01T00:00:00Z, and may be before it. */
export interface Attributes {
  readonly type: ObjectType;
  readonly links: bigint;
  readonly size: bigint;
  readonly accessed: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
  /** Together with `inode`, what makes two names the same object. */
  readonly device: bigint;
  readonly inode: bigint;
}

/** A time to be set; `undefined` leaves it as it is. */
export interface NewTimes {
  readonly accessed: bigint | 'now' | undefined;
  readonly modified: bigint | 'now' | undefined;
}

export interface DirectoryEntry {
  readonly type: ObjectType;
  readonly name: string;
}

/** How something is opened, in the words of `open(2)`. */
export interface OpenHow {
  readonly read: boolean;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
}

interface OpenObject {
  attributes(): Attributes;
  setTimes(times: NewTimes): void;
  /** `dataOnly`: as `fdatasync`. */
  sync(dataOnly: boolean): void;
  close(): void;
}

export interface OpenFile extends OpenObject {
  readonly kind: 'file';
  /** What it is, which stays. */
  readonly type: ObjectType;
  /**
   * Reads from `position`, a whole number below 2^53, up to `length` bytes into `bytes` at `start`; how many came: none
   * at the end of the file.
   */
  read(bytes: Uint8Array, start: number, length: number, position: number): number;
  /** Writes at `position`; how many of the bytes went, at least one if there are any. */
  write(bytes: Uint8Array, start: number, length: number, position: number): number;
  /** The same at the end, wherever that is now. */
  append(bytes: Uint8Array, start: number, length: number): number;
  /** Where the last of these writes has ended. */
  appended(): number;
  resize(size: bigint): void;
}

export interface OpenDirectory extends OpenObject {
  readonly kind: 'directory';
  /** The same directory once more, to be closed by itself. */
  reopen(): OpenDirectory;
  attributesOf(name: string): Attributes;
  setTimesOf(name: string, times: NewTimes): void;
  /** Where a symlink leads; `EINVAL` for what is none. */
  targetOf(name: string): string;
  /** `ENOTDIR` for what is no directory, a symlink included. */
  openDirectory(name: string): OpenDirectory;
  /** `ELOOP` for a symlink. */
  open(name: string, how: OpenHow): OpenFile | OpenDirectory;
  makeDirectory(name: string): void;
  makeSymlink(name: string, target: string): void;
  removeDirectory(name: string): void;
  removeFile(name: string): void;
  /** `EXDEV` when the other directory is of another file system. */
  link(name: string, to: OpenDirectory, newName: string): void;
  rename(name: string, to: OpenDirectory, newName: string): void;
  /** Without `.` and `..`. */
  entries(): Iterator<DirectoryEntry, undefined> & Disposable;
}

/** An error of the file system that did not come from the system itself. */
export class FileError extends Error {
  /** As in Node's errors: `ENOENT`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
