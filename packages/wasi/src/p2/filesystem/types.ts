/** `wasi:filesystem/types`: files and directories by descriptor, below the directories that the host grants. */
import { ComponentError } from '@wittle/runtime';
import type {
  Advice,
  DescriptorFlags,
  DescriptorStat,
  DescriptorType,
  DirectoryEntry,
  ErrorCode,
  Host,
  MetadataHashValue,
  NewTimestamp,
  OpenFlags,
  PathFlags,
} from '../../generated/imports/wasi/filesystem/types.ts';
import type { Datetime } from '../../generated/imports/wasi/clocks/wall-clock.ts';
import { attempt, fileError, fileErrorCodeOf, fileErrorOf } from '../../host/files/file-errors.ts';
import { FileSink, FileSource } from '../../host/files/file-ends.ts';
import type {
  Attributes,
  DirectoryEntry as HostEntry,
  NewTimes,
  OpenDirectory,
  OpenFile,
} from '../../host/files/open-objects.ts';
import { walk, type LastStep, type Place } from '../../host/files/walk.ts';
import type { Instance, Open } from '../../host/instance.ts';
import type { IoError } from '../io/error.ts';
import { InputStream, OutputStream } from '../io/streams.ts';

/** The most that one `read` hands out, however much is asked for. */
const maxRead = 0x10_0000n;
const second = 1_000_000_000n;

/** What a preopened directory allows below it. */
export interface FileGrant {
  /** By which the guest knows the directory. */
  readonly path: string;
  /** Anything may be changed; otherwise what would change something is `not-permitted`. */
  readonly write: boolean;
}

/** Something open in the host; its descriptor and the streams made of it hold it together. */
class Held<T extends OpenFile | OpenDirectory> implements Open {
  readonly object: T;
  readonly #instance: Instance;
  #holders = 1;

  constructor(instance: Instance, object: T) {
    this.object = object;
    this.#instance = instance;
    instance.open.add(this);
    instance.files++;
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    if (--this.#holders === 0) this.closeNow();
  }

  closeNow(): void {
    if (!this.#instance.open.delete(this)) return;
    this.#instance.files--;
    this.object.close();
  }
}

/** WIT: `resource descriptor`. All functions throw `ComponentError<ErrorCode>`. */
export class Descriptor {
  readonly #instance: Instance;
  readonly #held: Held<OpenFile | OpenDirectory>;
  readonly #grant: FileGrant;
  readonly #flags: DescriptorFlags;
  #disposed = false;

  constructor(
    instance: Instance,
    object: OpenFile | OpenDirectory,
    grant: FileGrant,
    flags: DescriptorFlags,
  ) {
    this.#instance = instance;
    this.#held = new Held(instance, object);
    this.#grant = grant;
    this.#flags = flags;
  }

  readViaStream(offset: bigint): InputStream {
    const file = this.#readable();
    this.#held.hold();
    const source = new FileSource(file, positionOf(offset, 'invalid'), this.#instance.lendsBytes);
    return new InputStream(this.#instance, source, () => this.#held.release());
  }

  writeViaStream(offset: bigint): OutputStream {
    return this.#writing(this.#writable(), positionOf(offset, 'file-too-large'));
  }

  appendViaStream(): OutputStream {
    return this.#writing(this.#writable(), 'end');
  }

  /** Taken note of by nobody: Node has no `posix_fadvise`. */
  advise(_offset: bigint, _length: bigint, _advice: Advice): void {
    this.#file('bad-descriptor');
  }

  syncData(): void {
    this.#sync(true);
  }

  getFlags(): DescriptorFlags {
    return this.#flags;
  }

  getType(): DescriptorType {
    const { object } = this.#held;
    return object.kind === 'directory' ? 'directory' : object.type;
  }

  setSize(size: bigint): void {
    const file = this.#file('is-directory');
    this.#mayChange();
    // As ftruncate.
    if (!this.#flags.write) throw fileError('invalid');
    attempt(() => file.resize(size));
  }

  setTimes(accessed: NewTimestamp, modified: NewTimestamp): void {
    this.#mayChange();
    attempt(() => this.#held.object.setTimes(newTimes(accessed, modified)));
  }

  read(length: bigint, offset: bigint): [Uint8Array, boolean] {
    const file = this.#readable();
    const bytes = new Uint8Array(Number(length < maxRead ? length : maxRead));
    const position = positionOf(offset, 'invalid');
    let count = 0;
    attempt(() => {
      while (count < bytes.length) {
        const more = file.read(bytes, count, bytes.length - count, position + count);
        if (more === 0) break;
        count += more;
      }
    });
    return [count === bytes.length ? bytes : bytes.subarray(0, count), count < bytes.length];
  }

  write(buffer: Uint8Array, offset: bigint): bigint {
    const file = this.#writable();
    const position = positionOf(offset, 'file-too-large');
    return attempt(() => BigInt(buffer.length === 0 ? 0 : file.write(buffer, 0, buffer.length, position)));
  }

  /** Beside the WIT, for the adapter: reads once, without a copy. No bytes is the end of the file. */
  readInto(target: Uint8Array, start: number, length: number, position: number): number {
    const file = this.#readable();
    try {
      return file.read(target, start, length, position);
    } catch (error) {
      throw fileErrorOf(error);
    }
  }

  /** Beside the WIT, for the adapter: {@link write} without a copy. */
  writeFrom(source: Uint8Array, start: number, length: number, position: number): number {
    const file = this.#writable();
    try {
      return file.write(source, start, length, position);
    } catch (error) {
      throw fileErrorOf(error);
    }
  }

  /** Beside the WIT, for the adapter: writes at the end, without a copy; how many bytes went. */
  appendFrom(source: Uint8Array, start: number, length: number): number {
    const file = this.#writable();
    try {
      return file.append(source, start, length);
    } catch (error) {
      throw fileErrorOf(error);
    }
  }

  /** Beside the WIT, for the adapter: where the last {@link appendFrom} has ended. */
  appended(): number {
    return attempt(() => this.#writable().appended());
  }

  readDirectory(): DirectoryEntryStream {
    const directory = this.#directory();
    this.#requireRoom();
    return new DirectoryEntryStream(
      this.#instance,
      attempt(() => directory.entries()),
    );
  }

  sync(): void {
    this.#sync(false);
  }

  createDirectoryAt(path: string): void {
    this.#mayChange();
    this.#at(path, 'name', (place) => {
      if (place.name === undefined) throw fileError('exist');
      place.directory.makeDirectory(place.name);
    });
  }

  stat(): DescriptorStat {
    return attempt(() => descriptorStat(this.#held.object.attributes()));
  }

  statAt(pathFlags: PathFlags, path: string): DescriptorStat {
    return descriptorStat(this.#attributesAt(pathFlags, path));
  }

  setTimesAt(pathFlags: PathFlags, path: string, accessed: NewTimestamp, modified: NewTimestamp): void {
    this.#mayChange();
    const times = newTimes(accessed, modified);
    this.#at(path, lastStepOf(pathFlags), (place) => {
      if (place.name === undefined) place.directory.setTimes(times);
      else {
        requireKind(place);
        place.directory.setTimesOf(place.name, times);
      }
    });
  }

  linkAt(oldPathFlags: PathFlags, oldPath: string, newDescriptor: Descriptor, newPath: string): void {
    this.#mayChange();
    newDescriptor.#mayChange();
    if (oldPathFlags.symlinkFollow) throw fileError('invalid');
    this.#at(oldPath, 'name', (from) => {
      requireKind(from);
      if (from.name === undefined) throw fileError('not-permitted');
      const { directory, name } = from;
      newDescriptor.#at(newPath, 'name', (to) => {
        if (to.name === undefined) throw fileError('exist');
        // With a slash it would have to be a directory, which has one name only.
        if (to.mustBeDirectory) throw fileError(exists(to) ? 'exist' : 'no-entry');
        directory.link(name, to.directory, to.name);
      });
    });
  }

  openAt(pathFlags: PathFlags, path: string, openFlags: OpenFlags, flags: DescriptorFlags): Descriptor {
    const { create = false, directory = false, exclusive = false, truncate = false } = openFlags;
    const { write = false, mutateDirectory = false } = flags;
    // Neither is reading, as it is for open(2).
    const read = flags.read === true || !write;
    const base = this.#directory();
    if (directory && (create || exclusive || truncate)) throw fileError('invalid');
    if (flags.fileIntegritySync || flags.dataIntegritySync || flags.requestedWriteSync) {
      throw fileError('unsupported');
    }
    if (create || truncate || write || mutateDirectory) this.#mayChange();
    this.#requireRoom();
    const how = { read, write, create, exclusive, truncate, directory };
    const opened = attempt(() => {
      if (!pathFlags.symlinkFollow || (create && exclusive)) {
        using place = walk(base, path, create && exclusive ? 'name' : 'object');
        return openPlace(place, how);
      }
      return openTarget(base, path, how);
    });
    return new Descriptor(this.#instance, opened, this.#grant, {
      ...(read && { read: true }),
      ...(write && { write: true }),
      ...(opened.kind === 'directory' && mutateDirectory && { mutateDirectory: true }),
    });
  }

  readlinkAt(path: string): string {
    return this.#at(path, 'object', ({ directory, name }) => {
      if (name === undefined) throw fileError('invalid');
      const target = directory.targetOf(name);
      if (target.startsWith('/')) throw fileError('not-permitted');
      return target;
    });
  }

  removeDirectoryAt(path: string): void {
    this.#mayChange();
    this.#at(path, 'name', ({ directory, name, mustBeDirectory }) => {
      if (name === undefined) throw fileError('invalid');
      // With a slash a symlink is followed, which may lead outside; one that does not is no directory.
      if (mustBeDirectory && directory.attributesOf(name).type === 'symbolic-link') {
        this.#at(path, 'target', () => undefined);
      }
      directory.removeDirectory(name);
    });
  }

  renameAt(oldPath: string, newDescriptor: Descriptor, newPath: string): void {
    this.#mayChange();
    newDescriptor.#mayChange();
    this.#at(oldPath, 'name', (from) => {
      requireKind(from);
      const { directory, name } = from;
      if (name === undefined) throw fileError('busy');
      newDescriptor.#at(newPath, 'name', (to) => {
        if (to.name === undefined) throw fileError('busy');
        if (to.mustBeDirectory && directory.attributesOf(name).type !== 'directory') {
          throw fileError('not-directory');
        }
        directory.rename(name, to.directory, to.name);
      });
    });
  }

  symlinkAt(oldPath: string, newPath: string): void {
    this.#mayChange();
    if (oldPath.startsWith('/')) throw fileError('not-permitted');
    this.#at(newPath, 'name', (place) => {
      if (oldPath === '') throw fileError('no-entry');
      if (oldPath.includes('\0')) throw fileError('invalid');
      if (place.name === undefined) throw fileError('exist');
      if (place.mustBeDirectory) throw fileError(exists(place) ? 'exist' : 'no-entry');
      place.directory.makeSymlink(place.name, oldPath);
    });
  }

  unlinkFileAt(path: string): void {
    this.#mayChange();
    this.#at(path, 'name', (place) => {
      if (place.name === undefined) throw fileError('is-directory');
      requireKind(place);
      place.directory.removeFile(place.name);
    });
  }

  isSameObject(other: Descriptor): boolean {
    return attempt(() => {
      const one = this.#held.object.attributes();
      const two = other.#held.object.attributes();
      return one.device === two.device && one.inode === two.inode;
    });
  }

  metadataHash(): MetadataHashValue {
    return attempt(() => hashOf(this.#held.object.attributes()));
  }

  metadataHashAt(pathFlags: PathFlags, path: string): MetadataHashValue {
    return hashOf(this.#attributesAt(pathFlags, path));
  }

  /** Beside the WIT, for the adapter: {@link stat} and {@link metadataHash} of one look. */
  statAndHash(): [DescriptorStat, MetadataHashValue] {
    return statAndHash(attempt(() => this.#held.object.attributes()));
  }

  /** Beside the WIT, for the adapter: {@link statAt} and {@link metadataHashAt} of one look. */
  statAndHashAt(pathFlags: PathFlags, path: string): [DescriptorStat, MetadataHashValue] {
    return statAndHash(this.#attributesAt(pathFlags, path));
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#held.release();
  }

  #directory(): OpenDirectory {
    const { object } = this.#held;
    if (object.kind !== 'directory') throw fileError('not-directory');
    return object;
  }

  #file(otherwise: ErrorCode): OpenFile {
    const { object } = this.#held;
    if (object.kind !== 'file') throw fileError(otherwise);
    return object;
  }

  #readable(): OpenFile {
    const file = this.#file('is-directory');
    if (!this.#flags.read) throw fileError('bad-descriptor');
    return file;
  }

  #writable(): OpenFile {
    const file = this.#file('is-directory');
    this.#mayChange();
    if (!this.#flags.write) throw fileError('bad-descriptor');
    return file;
  }

  #requireRoom(): void {
    if (this.#instance.files >= this.#instance.limits.files) throw fileError('insufficient-memory');
  }

  #mayChange(): void {
    if (this.#grant.write) return;
    const message = this.#instance.grants.denyChange(this.#grant.path);
    throw new ComponentError<ErrorCode>('not-permitted', message);
  }

  #writing(file: OpenFile, position: number | 'end'): OutputStream {
    this.#held.hold();
    return new OutputStream(this.#instance, new FileSink(file, position), () => this.#held.release());
  }

  #sync(dataOnly: boolean): void {
    const { object } = this.#held;
    if (this.#flags.write || object.kind === 'directory') attempt(() => object.sync(dataOnly));
  }

  /** Of what a path leads to. That it ends with a symlink is seldom, and found out by looking. */
  #attributesAt({ symlinkFollow }: PathFlags, path: string): Attributes {
    const found = this.#at(path, 'object', attributesAt);
    return symlinkFollow && found.type === 'symbolic-link' ? this.#at(path, 'target', attributesAt) : found;
  }

  #at<T>(path: string, lastStep: LastStep, call: (place: Place) => T): T {
    const base = this.#directory();
    return attempt(() => {
      using place = walk(base, path, lastStep);
      return call(place);
    });
  }
}

/** WIT: `resource directory-entry-stream`. */
export class DirectoryEntryStream implements Open {
  readonly #instance: Instance;
  readonly #entries: Iterator<HostEntry, undefined> & Disposable;

  constructor(instance: Instance, entries: Iterator<HostEntry, undefined> & Disposable) {
    this.#instance = instance;
    this.#entries = entries;
    instance.open.add(this);
    instance.files++;
  }

  readDirectoryEntry(): DirectoryEntry | undefined {
    return attempt(() => this.#entries.next().value);
  }

  closeNow(): void {
    if (!this.#instance.open.delete(this)) return;
    this.#instance.files--;
    this.#entries[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.closeNow();
  }
}

/** WIT: `filesystem-error-code`. */
function filesystemErrorCode(error: IoError): ErrorCode | undefined {
  return error.reason.syscall === undefined || fileCalls.has(error.reason.syscall)
    ? fileErrorCodeOf(error.reason)
    : undefined;
}

/** Node's names of the calls that streams of files make; an error of a socket names another one. */
const fileCalls: ReadonlySet<string> = new Set(['read', 'write', 'open', 'fstat']);

export const filesystemTypes: Host = { Descriptor, DirectoryEntryStream, filesystemErrorCode };

/** An offset as Node takes it. */
function positionOf(offset: bigint, otherwise: ErrorCode): number {
  if (offset > 0x1f_ffff_ffff_ffffn) throw fileError(otherwise);
  return Number(offset);
}

interface How {
  readonly read: boolean;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  readonly directory: boolean;
}

/** Follows a symlink at the end of the path, which is seldom there: opening it as it is tells. */
function openTarget(base: OpenDirectory, path: string, how: How): OpenFile | OpenDirectory {
  if (!how.directory) {
    try {
      using place = walk(base, path, 'object');
      return openPlace(place, how);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Some BSDs say EMLINK.
      if (code !== 'ELOOP' && code !== 'EMLINK') throw error;
    }
  }
  using place = walk(base, path, 'target');
  return openPlace(place, how);
}

function openPlace(place: Place, how: How): OpenFile | OpenDirectory {
  const { directory: parent, name, mustBeDirectory } = place;
  if (name === undefined) {
    if (how.create && how.exclusive) throw fileError('exist');
    if (how.write || how.create || how.truncate) throw fileError('is-directory');
    // Another opening of the directory: the one in the place is closed with it, or is the descriptor's own.
    return parent.reopen();
  }
  if (mustBeDirectory && how.create) {
    throw fileError(exists(place) && how.exclusive ? 'exist' : 'is-directory');
  }
  if (how.directory || mustBeDirectory) {
    if (how.write || how.truncate) {
      requireKind(place);
      throw fileError('is-directory');
    }
    return parent.openDirectory(name);
  }
  return parent.open(name, how);
}

function attributesAt(place: Place): Attributes {
  if (place.name === undefined) return place.directory.attributes();
  const attributes = place.directory.attributesOf(place.name);
  if (place.mustBeDirectory && attributes.type !== 'directory') throw fileError('not-directory');
  return attributes;
}

function lastStepOf(flags: PathFlags): LastStep {
  return flags.symlinkFollow ? 'target' : 'object';
}

/** A path with a slash at its end leads to a directory. */
function requireKind(place: Place): void {
  if (place.mustBeDirectory) attributesAt(place);
}

function exists({ directory, name }: Place): boolean {
  try {
    directory.attributesOf(name!);
    return true;
  } catch {
    return false;
  }
}

function descriptorStat(attributes: Attributes): DescriptorStat {
  const { type, links, size, accessed, modified, changed } = attributes;
  return {
    type,
    linkCount: links,
    size,
    dataAccessTimestamp: datetime(accessed),
    dataModificationTimestamp: datetime(modified),
    statusChangeTimestamp: datetime(changed),
  };
}

/** A time before 1970 cannot be said. */
function datetime(time: bigint): Datetime | undefined {
  return time < 0n ? undefined : { seconds: time / second, nanoseconds: Number(time % second) };
}

function newTimes(accessed: NewTimestamp, modified: NewTimestamp): NewTimes {
  return { accessed: newTime(accessed), modified: newTime(modified) };
}

function newTime(timestamp: NewTimestamp): bigint | 'now' | undefined {
  if (timestamp.tag === 'no-change') return undefined;
  if (timestamp.tag === 'now') return 'now';
  const { seconds, nanoseconds } = timestamp.val;
  if (nanoseconds >= 1_000_000_000) throw fileError('invalid');
  // Later than any file system can say.
  if (seconds > 0x7fff_ffff_ffffn) throw fileError('overflow');
  return seconds * second + BigInt(nanoseconds);
}

function statAndHash(attributes: Attributes): [DescriptorStat, MetadataHashValue] {
  return [descriptorStat(attributes), hashOf(attributes)];
}

/**
 * Tells objects apart, and stays the same while one is changed: libraries take its lower half for an inode. That half is
 * a permutation of the inodes of a device, so there no two are the same.
 */
function hashOf({ device, inode }: Attributes): MetadataHashValue {
  const upper = mixed(device);
  return { lower: mixed(inode ^ upper), upper };
}

/** A permutation of 64 bits after which each depends on all (the finalizer of SplitMix64). */
function mixed(bits: bigint): bigint {
  let x = BigInt.asUintN(64, bits);
  x = BigInt.asUintN(64, (x ^ (x >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  x = BigInt.asUintN(64, (x ^ (x >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return x ^ (x >> 31n);
}
