/** Bytes between the guest's scatter/gather vectors and files, which never make anybody wait. Preview 1: `iovec`. */
import type { FileEntry } from './descriptors.ts';
import { errno } from './errno.ts';
import { attempt } from './file-errors.ts';
import type { GuestMemory } from './memory.ts';
import { checkVectors, Gatherer, loadVectors, maximumChunk, scatter, stored } from './transfer.ts';

/** Reads from `position` on until the vectors are full or the file ends; the number of bytes goes to `countPointer`. */
export function readFile(
  memory: GuestMemory,
  { descriptor }: FileEntry,
  position: bigint,
  vectors: number,
  count: number,
  countPointer: number,
): number {
  let left = checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  const targets = loadVectors(memory, vectors, count);
  let done = 0;
  while (left > 0) {
    const wanted = Math.min(left, maximumChunk);
    const [bytes, end] = attempt(() => descriptor.read(BigInt(wanted), position + BigInt(done)));
    if (bytes.length > wanted) throw new Error(`a file gave ${bytes.length} bytes when asked for ${wanted}`);
    scatter(memory, targets, bytes, done);
    done += bytes.length;
    left -= bytes.length;
    if (end || bytes.length === 0) break;
  }
  return stored(memory, countPointer, done);
}

/** Writes the vectors at `position`; the number of bytes that went goes to `countPointer`. */
export function writeFile(
  memory: GuestMemory,
  { descriptor }: FileEntry,
  position: bigint,
  vectors: number,
  count: number,
  countPointer: number,
): number {
  const total = checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  const gatherer = new Gatherer(memory, loadVectors(memory, vectors, count));
  let done = 0;
  while (done < total) {
    const chunk = gatherer.next(Math.min(total - done, maximumChunk));
    const at = position + BigInt(done);
    // What went before an error has gone: the next write tells of the error.
    const went =
      done === 0 ? attempt(() => descriptor.write(chunk, at)) : rest(() => descriptor.write(chunk, at));
    done += Number(went);
    if (went < chunk.length) break;
  }
  return stored(memory, countPointer, done);
}

function rest(write: () => bigint): bigint {
  try {
    return attempt(write);
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    return 0n;
  }
}

/** Moves an entry behind what was just read or written. */
export function advance(memory: GuestMemory, entry: FileEntry, code: number, countPointer: number): number {
  if (code === errno.success) entry.position += BigInt(memory.loadU32(countPointer));
  return code;
}
