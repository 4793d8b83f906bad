/** A file system in memory: what a guest gets in place of a directory of the host. */
import {
  FileError,
  type Attributes,
  type DirectoryEntry,
  type NewTimes,
  type OpenDirectory,
  type OpenFile,
  type OpenHow,
} from './open-objects.ts';

/** What a directory contains at the beginning: text becomes UTF-8, an object a directory. */
export interface MemoryContents {
  readonly [name: string]: string | Uint8Array | MemoryContents;
}

export interface MemoryDirectoryOptions {
  /** Bytes of all files together, and 256 for each name; more is `insufficient-space`. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** A directory in memory. It outlives the guests that it is given to, and can be looked at between them. */
export class MemoryDirectory {
  readonly #volume: Volume;

  constructor(contents: MemoryContents = {}, options: MemoryDirectoryOptions = {}) {
    this.#volume = new Volume(options.maxBytes ?? 0x1000_0000);
    fill(this.#volume, this.#volume.root, contents);
  }

  /** A copy of a file's bytes; `undefined` when there is no such file. `path` has `/` between its names. */
  readFile(path: string): Uint8Array | undefined {
    const node = find(this.#volume.root, path);
    return node?.kind === 'file' ? node.bytes.slice(0, node.length) : undefined;
  }

  /** Makes or replaces a file, and the directories above it. Throws an Error where a file is in the way. */
  writeFile(path: string, contents: string | Uint8Array): void {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw new FileError('EISDIR', 'the path is that of the directory itself');
    let directory = this.#volume.root;
    for (const each of names) {
      const next = directory.entries.get(each) ?? makeDirectory(this.#volume, directory, each);
      if (next.kind !== 'directory') throw new FileError('ENOTDIR', `${each} is no directory`);
      directory = next;
    }
    const file = directory.entries.get(name) ?? makeFile(this.#volume, directory, name);
    if (file.kind !== 'file') throw new FileError('EISDIR', `${name} is no file`);
    resize(this.#volume, file, 0);
    write(
      this.#volume,
      file,
      typeof contents === 'string' ? new TextEncoder().encode(contents) : contents,
      0,
    );
  }

  /** The names in a directory, in order; `undefined` when there is no such directory. */
  list(path: string = '.'): readonly string[] | undefined {
    const node = find(this.#volume.root, path);
    return node?.kind === 'directory' ? [...node.entries.keys()].toSorted() : undefined;
  }

  /** For hosts: the directory as guests open it. */
  open(): OpenDirectory {
    return new OpenMemoryDirectory(this.#volume, this.#volume.root);
  }
}

interface Inode {
  readonly number: bigint;
  links: number;
  accessed: bigint;
  modified: bigint;
  changed: bigint;
}
interface FileNode extends Inode {
  readonly kind: 'file';
  bytes: Uint8Array;
  length: number;
  /** How many have it open: its room is given back after the last of them. */
  opened: number;
}
interface SymlinkNode extends Inode {
  readonly kind: 'symlink';
  readonly target: string;
}
interface DirectoryNode extends Inode {
  readonly kind: 'directory';
  readonly entries: Map<string, Node>;
  /** Itself for the root, and for what has been removed. */
  parent: DirectoryNode;
}
type Node = FileNode | SymlinkNode | DirectoryNode;

const nothing = new Uint8Array(0);
const nameCost = 256;
const longestName = 255;

/** The file system as a whole: its numbers and its room. */
class Volume {
  static #volumes = 0n;
  readonly device: bigint = ++Volume.#volumes;
  readonly root: DirectoryNode;
  #inodes = 0n;
  #room: number;

  constructor(room: number) {
    this.#room = room;
    const root = { kind: 'directory' as const, ...this.inode(), entries: new Map<string, Node>() };
    this.root = Object.assign(root, { parent: root as unknown as DirectoryNode, links: 2 });
  }

  inode(): Inode {
    const now = timeNow();
    return { number: ++this.#inodes, links: 1, accessed: now, modified: now, changed: now };
  }

  /** Takes room, or gives it back. */
  take(bytes: number): void {
    if (bytes > this.#room) throw new FileError('ENOSPC', 'the directory in memory is full');
    this.#room -= bytes;
  }
}

/** What files and directories have in common. */
abstract class OpenNode<N extends FileNode | DirectoryNode> {
  protected readonly volume: Volume;
  protected readonly node: N;

  constructor(volume: Volume, node: N) {
    this.volume = volume;
    this.node = node;
  }

  attributes(): Attributes {
    return attributesOf(this.volume, this.node);
  }

  setTimes(times: NewTimes): void {
    setTimes(this.node, times);
  }

  sync(_dataOnly: boolean): void {}

  close(): void {}
}

class OpenMemoryFile extends OpenNode<FileNode> implements OpenFile {
  readonly kind = 'file';
  readonly type = 'regular-file';
  #closed = false;
  #appended = 0;

  constructor(volume: Volume, node: FileNode) {
    super(volume, node);
    node.opened++;
  }

  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.node.opened--;
    release(this.volume, this.node);
  }

  read(bytes: Uint8Array, start: number, length: number, position: number): number {
    const { node } = this;
    node.accessed = timeNow();
    if (position >= node.length) return 0;
    const found = node.bytes.subarray(position, Math.min(node.length, position + length));
    bytes.set(found, start);
    return found.length;
  }

  write(bytes: Uint8Array, start: number, length: number, position: number): number {
    return write(this.volume, this.node, bytes.subarray(start, start + length), position);
  }

  append(bytes: Uint8Array, start: number, length: number): number {
    const count = this.write(bytes, start, length, this.node.length);
    this.#appended = this.node.length;
    return count;
  }

  appended(): number {
    return this.#appended;
  }

  resize(size: bigint): void {
    if (size > longest) throw new FileError('EFBIG', 'no file is so long');
    resize(this.volume, this.node, Number(size));
  }
}

const longest = BigInt(Number.MAX_SAFE_INTEGER);

class OpenMemoryDirectory extends OpenNode<DirectoryNode> implements OpenDirectory {
  readonly kind = 'directory';

  reopen(): OpenDirectory {
    return new OpenMemoryDirectory(this.volume, this.node);
  }

  attributesOf(name: string): Attributes {
    return attributesOf(this.volume, this.#entry(name));
  }

  setTimesOf(name: string, times: NewTimes): void {
    setTimes(this.#entry(name), times);
  }

  targetOf(name: string): string {
    const node = this.#entry(name);
    if (node.kind !== 'symlink') throw new FileError('EINVAL', `${name} is no symlink`);
    return node.target;
  }

  openDirectory(name: string): OpenDirectory {
    const node = this.#entry(name);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR', `${name} is no directory`);
    return new OpenMemoryDirectory(this.volume, node);
  }

  open(name: string, how: OpenHow): OpenFile | OpenDirectory {
    const found = this.#find(name);
    if (found !== undefined && how.create && how.exclusive) throw new FileError('EEXIST', `${name} exists`);
    if (found === undefined && !how.create) throw missing(name);
    const node = found ?? makeFile(this.volume, this.#alive(), name);
    if (node.kind === 'symlink') throw new FileError('ELOOP', `${name} is a symlink`);
    if (node.kind === 'file') {
      if (how.truncate) resize(this.volume, node, 0);
      return new OpenMemoryFile(this.volume, node);
    }
    if (how.write || how.truncate || how.create) throw new FileError('EISDIR', `${name} is a directory`);
    return new OpenMemoryDirectory(this.volume, node);
  }

  makeDirectory(name: string): void {
    this.#mustBeFree(name);
    makeDirectory(this.volume, this.#alive(), name);
  }

  makeSymlink(name: string, target: string): void {
    this.#mustBeFree(name);
    const node: SymlinkNode = { kind: 'symlink', ...this.volume.inode(), target };
    add(this.volume, this.#alive(), name, node);
  }

  removeDirectory(name: string): void {
    const node = this.#entry(name);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR', `${name} is no directory`);
    if (node.entries.size > 0) throw new FileError('ENOTEMPTY', `${name} is not empty`);
    this.#remove(name, node);
  }

  removeFile(name: string): void {
    const node = this.#entry(name);
    if (node.kind === 'directory') throw new FileError('EISDIR', `${name} is a directory`);
    this.#remove(name, node);
  }

  link(name: string, to: OpenDirectory, newName: string): void {
    const node = this.#entry(name);
    const target = this.#sameVolume(to);
    if (node.kind === 'directory') throw new FileError('EPERM', `${name} is a directory`);
    target.#mustBeFree(newName);
    add(this.volume, target.#alive(), newName, node);
    node.links++;
    node.changed = timeNow();
  }

  rename(name: string, to: OpenDirectory, newName: string): void {
    const node = this.#entry(name);
    const target = this.#sameVolume(to);
    const there = target.#find(newName);
    if (there === node) return;
    if (node.kind === 'directory') {
      for (let each = target.node; ; each = each.parent) {
        if (each === node) throw new FileError('EINVAL', 'a directory cannot be moved into itself');
        if (each.parent === each) break;
      }
    }
    if (there !== undefined) {
      if (there.kind === 'directory' && node.kind !== 'directory') {
        throw new FileError('EISDIR', `${newName} is a directory`);
      }
      if (there.kind !== 'directory' && node.kind === 'directory') {
        throw new FileError('ENOTDIR', `${newName} is no directory`);
      }
      if (there.kind === 'directory' && there.entries.size > 0) {
        throw new FileError('ENOTEMPTY', `${newName} is not empty`);
      }
    }
    if (there !== undefined) target.#remove(newName, there);
    this.node.entries.delete(name);
    target.#alive().entries.set(newName, node);
    if (node.kind === 'directory' && this.node !== target.node) {
      this.node.links--;
      target.node.links++;
      node.parent = target.node;
    }
    this.node.modified = target.node.modified = node.changed = timeNow();
  }

  entries(): Iterator<DirectoryEntry, undefined> & Disposable {
    // As it is now: names that come or go meanwhile do not disturb the pass.
    const names = [...this.node.entries].map(([name, node]) => ({ name, type: typeOf(node) }));
    let next = 0;
    return {
      next: () => {
        const value = names[next++];
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
      [Symbol.dispose]: () => void (next = names.length),
    };
  }

  #entry(name: string): Node {
    const node = this.#find(name);
    if (node === undefined) throw missing(name);
    return node;
  }

  #find(name: string): Node | undefined {
    const node = this.node.entries.get(name);
    if (node === undefined) checkName(name);
    return node;
  }

  #remove(name: string, node: Node): void {
    const now = timeNow();
    this.node.entries.delete(name);
    this.node.modified = now;
    node.links = node.kind === 'directory' ? 0 : node.links - 1;
    node.changed = now;
    this.volume.take(-nameCost);
    if (node.kind === 'directory') {
      this.node.links--;
      node.parent = node;
    }
    if (node.kind === 'file') release(this.volume, node);
  }

  #mustBeFree(name: string): void {
    if (this.node.entries.has(name)) throw new FileError('EEXIST', `${name} exists`);
  }

  /** A directory that has been removed takes no new names. */
  #alive(): DirectoryNode {
    if (this.node.links === 0) throw new FileError('ENOENT', 'the directory has been removed');
    return this.node;
  }

  #sameVolume(to: OpenDirectory): OpenMemoryDirectory {
    if (to instanceof OpenMemoryDirectory && to.volume === this.volume) return to;
    throw new FileError('EXDEV', 'the directories are of different file systems');
  }
}

function fill(volume: Volume, directory: DirectoryNode, contents: MemoryContents): void {
  for (const [name, value] of Object.entries(contents)) {
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      write(volume, makeFile(volume, directory, name), bytes, 0);
    } else fill(volume, makeDirectory(volume, directory, name), value);
  }
}

function makeFile(volume: Volume, directory: DirectoryNode, name: string): FileNode {
  const node: FileNode = { kind: 'file', ...volume.inode(), bytes: nothing, length: 0, opened: 0 };
  add(volume, directory, name, node);
  return node;
}

function makeDirectory(volume: Volume, directory: DirectoryNode, name: string): DirectoryNode {
  const node: DirectoryNode = {
    kind: 'directory',
    ...volume.inode(),
    links: 2,
    entries: new Map(),
    parent: directory,
  };
  add(volume, directory, name, node);
  directory.links++;
  return node;
}

function add(volume: Volume, directory: DirectoryNode, name: string, node: Node): void {
  checkName(name);
  volume.take(nameCost);
  directory.entries.set(name, node);
  directory.modified = timeNow();
}

function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) {
    throw new FileError('EINVAL', `\`${name}\` is no name`);
  }
  if (name.length > longestName) throw new FileError('ENAMETOOLONG', 'the name is too long');
}

function write(volume: Volume, file: FileNode, bytes: Uint8Array, position: number): number {
  if (bytes.length === 0) return 0;
  const end = position + bytes.length;
  if (end > file.bytes.length) reserve(volume, file, end);
  file.bytes.set(bytes, position);
  if (end > file.length) file.length = end;
  file.modified = file.changed = timeNow();
  return bytes.length;
}

function resize(volume: Volume, file: FileNode, size: number): void {
  if (size > file.bytes.length) reserve(volume, file, size);
  if (size < file.length) file.bytes.fill(0, size, file.length);
  if (size === 0) {
    volume.take(-file.bytes.length);
    file.bytes = nothing;
  }
  file.length = size;
  file.modified = file.changed = timeNow();
}

/** Room for `size` bytes, and for as many again when a file grows bit by bit. */
function reserve(volume: Volume, file: FileNode, size: number): void {
  const has = file.bytes.length;
  const wanted = Math.max(size, Math.min(has * 2, has + 0x100_0000));
  const take = (capacity: number): Uint8Array => {
    volume.take(capacity - has);
    try {
      return new Uint8Array(capacity);
    } catch {
      volume.take(has - capacity);
      throw new FileError('ENOSPC', 'the host has no memory for it');
    }
  };
  let bytes: Uint8Array;
  try {
    bytes = take(wanted);
  } catch (error) {
    if (wanted === size) throw error;
    bytes = take(size);
  }
  bytes.set(file.bytes.subarray(0, file.length));
  file.bytes = bytes;
}

/** A file without a name that nobody has open is gone. */
function release(volume: Volume, file: FileNode): void {
  if (file.links === 0 && file.opened === 0) resize(volume, file, 0);
}

function attributesOf(volume: Volume, node: Node): Attributes {
  return {
    type: typeOf(node),
    links: BigInt(node.links),
    size: BigInt(
      node.kind === 'file'
        ? node.length
        : node.kind === 'symlink'
          ? new TextEncoder().encode(node.target).length
          : node.entries.size,
    ),
    accessed: node.accessed,
    modified: node.modified,
    changed: node.changed,
    device: volume.device,
    inode: node.number,
  };
}

function setTimes(node: Node, { accessed, modified }: NewTimes): void {
  const now = timeNow();
  if (accessed !== undefined) node.accessed = accessed === 'now' ? now : accessed;
  if (modified !== undefined) node.modified = modified === 'now' ? now : modified;
  node.changed = now;
}

function typeOf(node: Node): 'regular-file' | 'symbolic-link' | 'directory' {
  return node.kind === 'file' ? 'regular-file' : node.kind === 'symlink' ? 'symbolic-link' : 'directory';
}

function find(root: DirectoryNode, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of namesOf(path)) node = node?.kind === 'directory' ? node.entries.get(name) : undefined;
  return node;
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function missing(name: string): FileError {
  return new FileError('ENOENT', `there is no ${name}`);
}

function timeNow(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
