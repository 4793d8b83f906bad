/**
 * Directories and files of the host. Node has no `openat`: on Linux, `/proc/self/fd/N/name` is one, so nothing that
 * happens to the path of an open directory leads a guest elsewhere. Other systems use the path, and check before each
 * use that it still leads to the directory that was opened.
 */
import fs, { type BigIntStats, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';
import { rememberTimes, withAskedTimes } from './exact-times.ts';
import {
  FileError,
  type Attributes,
  type DirectoryEntry,
  type NewTimes,
  type ObjectType,
  type OpenDirectory,
  type OpenFile,
  type OpenHow,
} from './open-objects.ts';

const {
  O_APPEND,
  O_CREAT,
  O_DIRECTORY = 0,
  O_EXCL,
  O_NOCTTY = 0,
  O_NOFOLLOW = 0,
  O_NONBLOCK = 0,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} = fs.constants;

const hasDescriptorPaths: boolean = process.platform === 'linux' && fs.existsSync('/proc/self/fd');

/** Opens a directory that the host grants; symlinks in its path are the host's own and followed. */
export function openHostDirectory(path: string): OpenDirectory {
  const real = fs.realpathSync(path);
  return new HostDirectory(fs.openSync(path, O_RDONLY | O_DIRECTORY), real);
}

abstract class HostObject {
  protected readonly descriptor: number;
  #closed = false;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  attributes(): Attributes {
    return attributesFrom(fs.fstatSync(this.descriptor, { bigint: true }));
  }

  setTimes(times: NewTimes): void {
    setTimes(
      times,
      () => fs.fstatSync(this.descriptor, { bigint: true }),
      (accessed, modified) => fs.futimesSync(this.descriptor, accessed, modified),
    );
  }

  sync(dataOnly: boolean): void {
    if (dataOnly) fs.fdatasyncSync(this.descriptor);
    else fs.fsyncSync(this.descriptor);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    fs.closeSync(this.descriptor);
  }
}

class HostFile extends HostObject implements OpenFile {
  readonly kind = 'file';
  readonly type: ObjectType;
  readonly #hasPositions: boolean;
  #appending: number | undefined;
  #appended: number | undefined;

  constructor(descriptor: number, type: ObjectType) {
    super(descriptor);
    this.type = type;
    this.#hasPositions = type === 'regular-file' || type === 'block-device';
  }

  read(bytes: Uint8Array, start: number, length: number, position: number): number {
    // A device gives what it has.
    return fs.readSync(this.descriptor, bytes, start, length, this.#hasPositions ? position : null);
  }

  write(bytes: Uint8Array, start: number, length: number, position: number): number {
    return fs.writeSync(this.descriptor, bytes, start, length, this.#hasPositions ? position : null);
  }

  append(bytes: Uint8Array, start: number, length: number): number {
    if (!hasDescriptorPaths) {
      const end = this.size();
      const count = this.write(bytes, start, length, end);
      this.#appended = end + count;
      return count;
    }
    // Another opening of the same file: on this one, O_APPEND would make every write go to the end.
    this.#appending ??= fs.openSync(`/proc/self/fd/${this.descriptor}`, O_WRONLY | O_APPEND | O_NONBLOCK);
    return fs.writeSync(this.#appending, bytes, start, length);
  }

  appended(): number {
    return this.#appended ?? this.#positionOfAppending() ?? this.size();
  }

  /** Where the system is in the other opening, which Node has no call for. */
  #positionOfAppending(): number | undefined {
    try {
      const info = fs.readFileSync(`/proc/self/fdinfo/${this.#appending}`, 'latin1');
      const position = /^pos:\s*(\d+)$/m.exec(info)?.[1];
      return position === undefined ? undefined : Number(position);
    } catch {
      return undefined;
    }
  }

  size(): number {
    return fs.fstatSync(this.descriptor).size;
  }

  resize(size: bigint): void {
    if (size > longest) throw new FileError('EFBIG', 'no file is so long');
    fs.ftruncateSync(this.descriptor, Number(size));
  }

  override close(): void {
    if (this.#appending !== undefined) fs.closeSync(this.#appending);
    this.#appending = undefined;
    super.close();
  }
}

const longest = BigInt(Number.MAX_SAFE_INTEGER);

class HostDirectory extends HostObject implements OpenDirectory {
  readonly kind = 'directory';
  readonly #path: string;

  constructor(descriptor: number, path: string) {
    super(descriptor);
    this.#path = path;
  }

  reopen(): OpenDirectory {
    const path = hasDescriptorPaths ? this.#at('.') : this.#at(undefined);
    return new HostDirectory(fs.openSync(path, O_RDONLY | O_DIRECTORY), this.#path);
  }

  attributesOf(name: string): Attributes {
    return attributesFrom(fs.lstatSync(this.#at(name), { bigint: true }));
  }

  setTimesOf(name: string, times: NewTimes): void {
    const path = this.#at(name);
    setTimes(
      times,
      () => fs.lstatSync(path, { bigint: true }),
      (accessed, modified) => fs.lutimesSync(path, accessed, modified),
    );
  }

  targetOf(name: string): string {
    const target = fs.readlinkSync(this.#at(name), 'buffer');
    return decoded(target);
  }

  openDirectory(name: string): OpenDirectory {
    const path = this.#at(name);
    const descriptor = fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
    return new HostDirectory(descriptor, join(this.#path, name));
  }

  open(name: string, how: OpenHow): OpenFile | OpenDirectory {
    const access = how.write ? (how.read ? O_RDWR : O_WRONLY) : O_RDONLY;
    const made = (how.create ? O_CREAT : 0) | (how.exclusive && how.create ? O_EXCL : 0);
    // Without O_NONBLOCK, opening a named pipe waits for its other end.
    const flags = access | made | (how.truncate ? O_TRUNC : 0) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    const path = this.#at(name);
    if (O_NOFOLLOW === 0 && isSymlink(path)) throw new FileError('ELOOP', 'it is a symlink');
    const descriptor = fs.openSync(path, flags, 0o666);
    try {
      const type = typeOf(fs.fstatSync(descriptor));
      if (type === 'directory') return new HostDirectory(descriptor, join(this.#path, name));
      return new HostFile(descriptor, type);
    } catch (error) {
      fs.closeSync(descriptor);
      throw error;
    }
  }

  makeDirectory(name: string): void {
    fs.mkdirSync(this.#at(name));
  }

  makeSymlink(name: string, target: string): void {
    fs.symlinkSync(target, this.#at(name));
  }

  removeDirectory(name: string): void {
    fs.rmdirSync(this.#at(name));
  }

  removeFile(name: string): void {
    const path = this.#at(name);
    // Linux says EISDIR, others EPERM.
    if (!hasDescriptorPaths && fs.lstatSync(path).isDirectory())
      throw new FileError('EISDIR', 'it is a directory');
    fs.unlinkSync(path);
  }

  link(name: string, to: OpenDirectory, newName: string): void {
    fs.linkSync(this.#at(name), hostDirectory(to).#at(newName));
  }

  rename(name: string, to: OpenDirectory, newName: string): void {
    fs.renameSync(this.#at(name), hostDirectory(to).#at(newName));
  }

  entries(): Iterator<DirectoryEntry, undefined> & Disposable {
    const directory = fs.opendirSync(this.#at(undefined), { bufferSize: 256 });
    let closed = false;
    const close = (): void => {
      if (closed) return;
      closed = true;
      directory.closeSync();
    };
    return {
      next: () => {
        const found = closed ? null : directory.readSync();
        if (found !== null) return { done: false, value: this.#entry(found) };
        close();
        return { done: true, value: undefined };
      },
      [Symbol.dispose]: close,
    };
  }

  #entry(found: Dirent): DirectoryEntry {
    const { name } = found;
    // Node puts U+FFFD where a name is not UTF-8; then nothing has that name.
    if (name.includes('\uFFFD') && !fs.existsSync(this.#at(name))) {
      throw new FileError('EILSEQ', 'a name is not UTF-8');
    }
    const type = typeOf(found);
    return { name, type: type === 'unknown' ? this.attributesOf(name).type : type };
  }

  /** A path that leads to a name in this very directory, or to the directory. */
  #at(name: string | undefined): string {
    if (hasDescriptorPaths) {
      const here = `/proc/self/fd/${this.descriptor}`;
      return name === undefined ? here : `${here}/${name}`;
    }
    const now = fs.lstatSync(this.#path, { bigint: true });
    const { device, inode } = this.attributes();
    if (now.dev !== device || now.ino !== inode) throw new FileError('ENOENT', 'the directory has moved');
    // A backslash or a drive would be part of the path to Windows.
    if (process.platform === 'win32' && name !== undefined && /[\\:]/.test(name)) {
      throw new FileError('EINVAL', 'a name contains `\\` or `:`');
    }
    return name === undefined ? this.#path : join(this.#path, name);
  }
}

function hostDirectory(directory: OpenDirectory): HostDirectory {
  if (directory instanceof HostDirectory) return directory;
  throw new FileError('EXDEV', 'the directories are of different file systems');
}

function isSymlink(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function attributesFrom(stats: BigIntStats): Attributes {
  return withAskedTimes(plainAttributes(stats));
}

function plainAttributes(stats: BigIntStats): Attributes {
  return {
    type: typeOf(stats),
    links: stats.nlink,
    size: stats.size,
    accessed: stats.atimeNs,
    modified: stats.mtimeNs,
    changed: stats.ctimeNs,
    device: stats.dev,
    inode: stats.ino,
  };
}

function typeOf(of: Stats | BigIntStats | Dirent): ObjectType {
  if (of.isFile()) return 'regular-file';
  if (of.isDirectory()) return 'directory';
  if (of.isSymbolicLink()) return 'symbolic-link';
  if (of.isCharacterDevice()) return 'character-device';
  if (of.isBlockDevice()) return 'block-device';
  if (of.isFIFO()) return 'fifo';
  return of.isSocket() ? 'socket' : 'unknown';
}

/** Times in Node's seconds. What stays is set to what it is. */
function setTimes(
  times: NewTimes,
  stat: () => BigIntStats,
  set: (accessed: number | string, modified: number | string) => void,
): void {
  const before = times.accessed === undefined || times.modified === undefined ? stat() : undefined;
  set(seconds(times.accessed ?? before!.atimeNs), seconds(times.modified ?? before!.mtimeNs));
  const asked = (time: NewTimes['accessed'], was: bigint | undefined): bigint | undefined =>
    time === 'now' ? undefined : (time ?? was);
  // What stays is as exact as it was asked for before.
  const known = before && attributesFrom(before);
  rememberTimes(
    plainAttributes(stat()),
    asked(times.accessed, known?.accessed),
    asked(times.modified, known?.modified),
  );
}

function seconds(time: bigint | 'now'): number | string {
  if (time === 'now') return Date.now() / 1000;
  const value = Number(time) / 1e9;
  // Node takes a number before 1970 for the present, but not a numeral.
  return value < 0 ? String(value) : value;
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new FileError('EILSEQ', 'a symlink is not UTF-8');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
