/** Bytes between the guest's scatter/gather vectors and files, which never make anybody wait. Preview 1: `iovec`. */
import type { FileEntry } from './descriptors.ts';
import { attempt, fileFailure } from './file-errors.ts';
import type { GuestMemory } from './memory.ts';
import type { Descriptor } from './preview2.ts';
import { checkVectors, maximumChunk, vectorSize } from './transfer.ts';

/** So few bytes of several vectors are copied, to be moved by one call of the host. */
const maximumGathered = 8192;
let gathered: Uint8Array | undefined;

/**
 * Reads from `position` on until the vectors are full or the file ends. The number of bytes goes to `countPointer`, and
 * is given as well.
 */
export function readFile(
  memory: GuestMemory,
  descriptor: Descriptor,
  position: number,
  vectors: number,
  count: number,
  countPointer: number,
): number {
  const total = checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  let done = 0;
  if (count === 1 && total > 0) {
    const pointer = memory.loadU32(vectors);
    done = attempt(() => readPart(descriptor, memory.all(pointer, total), pointer, total, position));
  } else if (total > maximumGathered) {
    done = transfer(true, memory, descriptor, position, vectors, count);
  } else if (total > 0) {
    const bytes = (gathered ??= new Uint8Array(maximumGathered));
    done = attempt(() => readPart(descriptor, bytes, 0, total, position));
    eachVector(memory, vectors, count, done, (pointer, part, offset) =>
      memory.store(pointer, bytes.subarray(offset, offset + part)),
    );
  }
  memory.storeU32(countPointer, done);
  return done;
}

/** Writes the vectors at `position`. The number of bytes that went goes to `countPointer`, and is given as well. */
export function writeFile(
  memory: GuestMemory,
  descriptor: Descriptor,
  position: number,
  vectors: number,
  count: number,
  countPointer: number,
): number {
  const total = checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  let done = 0;
  if (count === 1 && total > 0) {
    const pointer = memory.loadU32(vectors);
    done = attempt(() => writePart(descriptor, memory.all(pointer, total), pointer, total, position));
  } else if (total > maximumGathered) {
    done = transfer(false, memory, descriptor, position, vectors, count);
  } else if (total > 0) {
    const bytes = gather(memory, vectors, count, total);
    try {
      done = writePart(descriptor, bytes, 0, total, position);
    } catch (thrown) {
      if (fileFailure(thrown) === thrown) throw thrown;
      // A part may go where all of it does not; if none does, that tells why.
      done = transfer(false, memory, descriptor, position, vectors, count);
    }
  }
  memory.storeU32(countPointer, done);
  return done;
}

/**
 * Writes the vectors at the end of a file, wherever that is by then, and leaves the position behind them. The number of
 * bytes that went goes to `countPointer`. For a host that has `appendFrom`.
 */
export function appendFile(
  memory: GuestMemory,
  entry: FileEntry,
  vectors: number,
  count: number,
  countPointer: number,
): void {
  const total = checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  const { descriptor } = entry;
  let done = 0;
  try {
    if (count > 1 && total <= maximumGathered) {
      if (total > 0) done = descriptor.appendFrom!(gather(memory, vectors, count, total), 0, total);
    } else {
      for (let at = vectors, end = vectors + count * vectorSize; at < end; at += vectorSize) {
        const pointer = memory.loadU32(at);
        const length = memory.loadU32(at + 4);
        if (length === 0) continue;
        const moved = descriptor.appendFrom!(memory.all(pointer, length), pointer, length);
        done += moved;
        if (moved < length) break;
      }
    }
  } catch (thrown) {
    fail(thrown, done);
  }
  if (done > 0) entry.position = 'appended';
  memory.storeU32(countPointer, done);
}

/** Moves bytes vector by vector, until one is not moved whole. */
function transfer(
  reads: boolean,
  memory: GuestMemory,
  descriptor: Descriptor,
  position: number,
  vectors: number,
  count: number,
): number {
  let done = 0;
  try {
    for (let at = vectors, end = vectors + count * vectorSize; at < end; at += vectorSize) {
      const pointer = memory.loadU32(at);
      const length = memory.loadU32(at + 4);
      if (length === 0) continue;
      const bytes = memory.all(pointer, length);
      const moved = reads
        ? readPart(descriptor, bytes, pointer, length, position + done)
        : writePart(descriptor, bytes, pointer, length, position + done);
      done += moved;
      if (moved < length) break;
    }
  } catch (thrown) {
    fail(thrown, done);
  }
  return done;
}

/** Reads into `length` bytes at `start`; gives how many came. */
function readPart(
  descriptor: Descriptor,
  bytes: Uint8Array,
  start: number,
  length: number,
  position: number,
): number {
  if (descriptor.readInto !== undefined) return descriptor.readInto(bytes, start, length, position);
  return readCopies(descriptor, bytes.subarray(start, start + length), position);
}

/** Writes `length` bytes at `start`; gives how many went. */
function writePart(
  descriptor: Descriptor,
  bytes: Uint8Array,
  start: number,
  length: number,
  position: number,
): number {
  if (descriptor.writeFrom !== undefined) return descriptor.writeFrom(bytes, start, length, position);
  return writeCopies(descriptor, bytes.subarray(start, start + length), position);
}

/** What went before an error has gone: the next call tells of the error. */
function fail(thrown: unknown, done: number): void {
  const failure = fileFailure(thrown);
  if (done === 0 || failure === thrown) throw failure;
}

/** A copy of few bytes of several vectors, which holds until the next. */
function gather(memory: GuestMemory, vectors: number, count: number, total: number): Uint8Array {
  const bytes = (gathered ??= new Uint8Array(maximumGathered));
  eachVector(memory, vectors, count, total, (pointer, part, offset) =>
    memory.load(pointer, part, bytes, offset),
  );
  return bytes;
}

/** Each vector as far as `length` bytes go. */
function eachVector(
  memory: GuestMemory,
  vectors: number,
  count: number,
  length: number,
  use: (pointer: number, part: number, offset: number) => void,
): void {
  for (let at = vectors, offset = 0; at < vectors + count * vectorSize && offset < length; at += vectorSize) {
    const part = Math.min(memory.loadU32(at + 4), length - offset);
    use(memory.loadU32(at), part, offset);
    offset += part;
  }
}

function readCopies(descriptor: Descriptor, target: Uint8Array, position: number): number {
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

function writeCopies(descriptor: Descriptor, source: Uint8Array, position: number): number {
  let done = 0;
  try {
    while (done < source.length) {
      const chunk = source.slice(done, done + maximumChunk);
      const written = Number(descriptor.write(chunk, BigInt(position + done)));
      done += written;
      if (written < chunk.length) break;
    }
  } catch (thrown) {
    if (done === 0 || fileFailure(thrown) === thrown) throw thrown;
  }
  return done;
}
