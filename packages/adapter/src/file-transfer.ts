/** Bytes between the guest's scatter/gather vectors and files, which never make anybody wait. Preview 1: `iovec`. */
import type { FileEntry } from './descriptors.ts';
import { errno } from './errno.ts';
import { fileFailure } from './file-errors.ts';
import type { GuestMemory } from './memory.ts';
import { checkVectors, maximumChunk, stored, vectorSize } from './transfer.ts';

/** Reads from `position` on until the vectors are full or the file ends; the number of bytes goes to `countPointer`. */
export function readFile(
  memory: GuestMemory,
  { descriptor }: FileEntry,
  position: number,
  vectors: number,
  count: number,
  countPointer: number,
): number {
  return transfer(memory, vectors, count, countPointer, (target, done) =>
    descriptor.readInto === undefined
      ? readCopies(descriptor, target, position + done)
      : descriptor.readInto(target, position + done),
  );
}

/** Writes the vectors at `position`; the number of bytes that went goes to `countPointer`. */
export function writeFile(
  memory: GuestMemory,
  { descriptor }: FileEntry,
  position: number,
  vectors: number,
  count: number,
  countPointer: number,
): number {
  return transfer(memory, vectors, count, countPointer, (source, done) =>
    descriptor.writeFrom === undefined
      ? writeCopies(descriptor, source, position + done)
      : descriptor.writeFrom(source, position + done),
  );
}

/** Moves bytes vector by vector, until one is not moved whole. */
function transfer(
  memory: GuestMemory,
  vectors: number,
  count: number,
  countPointer: number,
  move: (bytes: Uint8Array, done: number) => number,
): number {
  checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  let done = 0;
  try {
    for (let at = vectors, end = vectors + count * vectorSize; at < end; at += vectorSize) {
      const bytes = memory.bytes(memory.loadU32(at), memory.loadU32(at + 4));
      if (bytes.length === 0) continue;
      const moved = move(bytes, done);
      done += moved;
      if (moved < bytes.length) break;
    }
  } catch (thrown) {
    // What went before an error has gone: the next call tells of the error.
    const failure = fileFailure(thrown);
    if (done === 0 || failure === thrown) throw failure;
  }
  return stored(memory, countPointer, done);
}

/** Moves an entry behind what was just read or written. */
export function advance(memory: GuestMemory, entry: FileEntry, code: number, countPointer: number): number {
  if (code === errno.success) entry.position += memory.loadU32(countPointer);
  return code;
}

function readCopies(descriptor: FileEntry['descriptor'], target: Uint8Array, position: number): number {
  let done = 0;
  while (done < target.length) {
    const wanted = Math.min(target.length - done, maximumChunk);
    const [bytes, end] = descriptor.read(BigInt(wanted), BigInt(position + done));
    if (bytes.length > wanted) throw new Error(`a file gave ${bytes.length} bytes when asked for ${wanted}`);
    target.set(bytes, done);
    done += bytes.length;
    if (end || bytes.length === 0) break;
  }
  return done;
}

function writeCopies(descriptor: FileEntry['descriptor'], source: Uint8Array, position: number): number {
  let done = 0;
  while (done < source.length) {
    const chunk = source.slice(done, done + maximumChunk);
    const written = Number(partly(done, () => descriptor.write(chunk, BigInt(position + done))));
    done += written;
    if (written < chunk.length) break;
  }
  return done;
}

/** What went before an error has gone: the next write tells of the error. */
function partly(done: number, write: () => bigint): bigint {
  try {
    return write();
  } catch (thrown) {
    if (done === 0 || fileFailure(thrown) === thrown) throw thrown;
    return 0n;
  }
}
