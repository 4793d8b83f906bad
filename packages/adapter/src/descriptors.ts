/** The numbers that a guest's libc and its adapter share, and what each stands for. */
import { Failure, errno, type Errno } from './errno.ts';
import { attempt } from './file-errors.ts';
import type {
  Descriptor,
  DescriptorType,
  DirectoryEntryStream,
  InputStream,
  OutputStream,
} from './preview2.ts';

/** What a number stands for. */
export type Entry = InputEntry | OutputEntry | DirectoryEntry | FileEntry | ReservedEntry;

/** An entry that Preview 1 functions work on. */
export type OpenEntry = Exclude<Entry, ReservedEntry>;

/** Standard input. Its stream is asked for when it is first used. */
export interface InputEntry extends Flagged {
  readonly kind: 'stdin';
  readonly open: () => InputStream;
  readonly isTerminal: () => boolean;
  stream?: InputStream;
}

/** Standard output or standard error. Its stream is asked for when it is first used. */
export interface OutputEntry extends Flagged {
  readonly kind: 'stdout' | 'stderr';
  readonly open: () => OutputStream;
  readonly isTerminal: () => boolean;
  stream?: OutputStream;
  /** Whether a flush was only requested: closing then waits for it. */
  unflushed: boolean;
  /** Why its stream failed, from then on. */
  failed?: Errno;
}

/** An open directory. */
export interface DirectoryEntry extends Flagged {
  readonly kind: 'directory';
  readonly descriptor: Descriptor;
  /** The path of a preopened one, in UTF-8. */
  readonly path: Uint8Array | undefined;
  /** The pass over its entries that the last `fd_readdir` left. */
  reading?: DirectoryPass | undefined;
}

/** An open file, or what else is not a directory. */
export interface FileEntry extends Flagged {
  readonly kind: 'file';
  readonly descriptor: Descriptor;
  readonly read: boolean;
  readonly write: boolean;
  /** Where the next read or write begins: a whole number below 2^53; `appended` when it is where the last append ended. */
  position: number | 'appended';
}

/** A pass over a directory's entries. */
export interface DirectoryPass {
  readonly entries: DirectoryEntryStream;
  /** The cookie of the next entry that `entries` gives. */
  next: bigint;
  /** The entry before it, which did not fit whole the last time. */
  held?: { readonly type: DescriptorType; readonly name: string } | undefined;
}

/** A number that libc uses for something of its own, such as a socket: no Preview 1 function works on it. */
export interface ReservedEntry {
  readonly kind: 'reserved';
}

interface Flagged {
  /** Preview 1's `fdflags`. */
  flags: number;
  /** Preview 1's `rights` that the guest has given up. */
  dropped?: DroppedRights | undefined;
}

/** Rights that are gone for a descriptor, and for those that are opened below it. */
export interface DroppedRights {
  readonly base: bigint;
  readonly inheriting: bigint;
}

/** What is open in one guest. New numbers are the lowest free ones, as POSIX has it. */
export class DescriptorTable {
  readonly #limit: number;
  readonly #entries: (Entry | undefined)[] = [];
  /** No number below is free. */
  #lowest = 0;

  /** @param limit How many numbers there are: 0 to `limit` - 1. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws Failure `mfile` when every number is taken. */
  add(entry: Entry): number {
    let fd = this.#lowest;
    while (this.#entries[fd] !== undefined) fd++;
    if (fd >= this.#limit) throw new Failure(errno.mfile);
    this.#entries[fd] = entry;
    this.#lowest = fd + 1;
    return fd;
  }

  /**
   * What a number stands for, to do something that takes a right.
   * @throws Failure `badf` when the number is free or reserved, `notcapable` when the guest has given that right up.
   */
  get(fd: number, right?: bigint): OpenEntry {
    const entry = this.#entries[fd];
    if (entry === undefined || entry.kind === 'reserved') throw new Failure(errno.badf);
    if (entry.dropped !== undefined && right !== undefined && (entry.dropped.base & right) !== 0n) {
      throw new Failure(errno.notcapable);
    }
    return entry;
  }

  isReserved(fd: number): boolean {
    return this.#entries[fd]?.kind === 'reserved';
  }

  /** Puts an entry in the place of another. */
  replace(fd: number, entry: Entry): void {
    this.#entries[fd] = entry;
  }

  /** Frees a number; the entry, if any, is the caller's to close. */
  remove(fd: number): void {
    if (this.#entries[fd] === undefined) return;
    this.#entries[fd] = undefined;
    if (fd < this.#lowest) this.#lowest = fd;
  }

  /** Moves an entry to a number that is taken; what stood there is the caller's to close. */
  move(from: number, to: number): void {
    this.#entries[to] = this.#entries[from];
    this.remove(from);
  }
}

/** The stream of standard input, opened now if it was not. */
export function inputStream(entry: InputEntry): InputStream {
  return (entry.stream ??= entry.open());
}

/** The stream of standard output or error, opened now if it was not. */
export function outputStream(entry: OutputEntry): OutputStream {
  return (entry.stream ??= entry.open());
}

/** Where the next read or write of a file begins. */
export function positionIn(entry: FileEntry): number {
  if (typeof entry.position === 'number') return entry.position;
  return (entry.position = attempt(() => entry.descriptor.appended!()));
}
