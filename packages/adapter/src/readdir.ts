/** Entries of a directory with cookies. Preview 1: `fd_readdir`, `dirent`. */
import type { DirectoryEntry, DirectoryPass } from './descriptors.ts';
import { errno, Failure } from './errno.ts';
import { attempt } from './file-errors.ts';
import { filetypeOf } from './filestat.ts';
import type { GuestMemory } from './memory.ts';
import type { Descriptor, DescriptorType } from './preview2.ts';
import { stored } from './transfer.ts';

const direntSize = 24;
const encoder = new TextEncoder();
/** An entry's fields, before its name; what is between them stays 0. */
const head = new Uint8Array(direntSize);
const view = new DataView(head.buffer);

interface Found {
  readonly type: DescriptorType;
  readonly name: string;
}

/** Cookies 0 and 1 are `.` and `..`, which Preview 2 does not list. */
const own: readonly Found[] = [
  { type: 'directory', name: '.' },
  { type: 'directory', name: '..' },
];

/**
 * Fills the buffer with entries from `cookie` on; the last may be cut off, for the guest to see that there is more. The
 * bytes used go to `usedPointer`: fewer than the buffer has at the end of the directory.
 */
export function readDirectory(
  memory: GuestMemory,
  entry: DirectoryEntry,
  buffer: number,
  length: number,
  cookie: bigint,
  usedPointer: number,
): number {
  memory.check(buffer, length);
  memory.check(usedPointer, 4);
  const { descriptor } = entry;
  let used = 0;
  let at = BigInt.asUintN(64, cookie);
  // From the beginning, the directory is read as it is now.
  if (at === 0n) endPass(entry);
  while (used < length) {
    const found = own[Number(at)] ?? listed(entry, at);
    if (found === undefined) break;
    const name = encoder.encode(found.name);
    const inode = inodeOf(descriptor, found.name);
    view.setBigUint64(0, at + 1n, true);
    view.setBigUint64(8, inode, true);
    view.setUint32(16, name.length, true);
    view.setUint8(20, filetypeOf(found.type));
    const room = length - used;
    memory.store(buffer + used, head.subarray(0, room));
    if (room > direntSize) memory.store(buffer + used + direntSize, name.subarray(0, room - direntSize));
    const size = direntSize + name.length;
    used += Math.min(size, room);
    if (room < size && entry.reading !== undefined && at >= 2n) entry.reading.held = found;
    at++;
  }
  return stored(memory, usedPointer, used);
}

/** Ends the pass that is kept with a directory. */
export function endPass(entry: DirectoryEntry): void {
  entry.reading?.entries[Symbol.dispose]?.();
  entry.reading = undefined;
}

/** The entry with that cookie, by the pass that is kept when it is there, and by a new one when not. */
function listed(entry: DirectoryEntry, cookie: bigint): Found | undefined {
  let pass: DirectoryPass | undefined = entry.reading;
  if (pass !== undefined && pass.held !== undefined && pass.next === cookie + 1n) {
    const { held } = pass;
    pass.held = undefined;
    return held;
  }
  if (pass === undefined || pass.next !== cookie) {
    endPass(entry);
    pass = { entries: attempt(() => entry.descriptor.readDirectory()), next: 2n };
    entry.reading = pass;
    while (pass.next < cookie) if (next(pass) === undefined) return ended(entry);
  }
  pass.held = undefined;
  return next(pass) ?? ended(entry);
}

/** What is read after the end may have come since. */
function ended(entry: DirectoryEntry): undefined {
  endPass(entry);
  return undefined;
}

/** Names that cannot be said are passed over, as if they were not there. */
function next(pass: DirectoryPass): Found | undefined {
  for (;;) {
    try {
      const found = attempt(() => pass.entries.readDirectoryEntry());
      if (found !== undefined) pass.next++;
      return found;
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.errno !== errno.ilseq) throw thrown;
    }
  }
}

/** 0 for what is gone by now. */
function inodeOf(descriptor: Descriptor, name: string): bigint {
  try {
    return attempt(() =>
      name === '.' || name === '..' ? descriptor.metadataHash() : descriptor.metadataHashAt({}, name),
    ).lower;
  } catch (thrown) {
    if (thrown instanceof Failure) return 0n;
    throw thrown;
  }
}
