/** Bytes between the guest's scatter/gather vectors and Preview 2 streams. Preview 1: `iovec`, `ciovec`. */
import { fdflags } from './layouts.ts';
import { inputStream, outputStream, type InputEntry, type OutputEntry } from './descriptors.ts';
import { Failure, errno } from './errno.ts';
import type { Context } from './context.ts';
import type { GuestMemory } from './memory.ts';
import type { OutputStream } from './preview2.ts';
import { outputErrno, streamErrno } from './stream-errors.ts';
import { block, isPromise, rescue, andThen } from './wait.ts';

/** The most vectors in one call (`IOV_MAX` of wasi-libc): `inval` beyond. */
const maximumVectors = 1024;
/** The most bytes in one call, so that the count fits a signed 32-bit size: `inval` beyond. */
const maximumTransfer = 0x7fff_ffff;
/** What `blocking-write-and-flush` takes at once. */
const maximumBlockingWrite = 4096;
/** The most bytes that are copied out of or into the guest at once. */
export const maximumChunk = 65_536;

export const vectorSize = 8;

/**
 * Checks vectors and the buffers they name.
 * @returns the sum of the buffers' lengths.
 * @throws Failure `fault` when a part is outside of the memory, `inval` for too many vectors or too many bytes.
 */
export function checkVectors(memory: GuestMemory, vectors: number, count: number): number {
  if (count > maximumVectors) throw new Failure(errno.inval);
  memory.check(vectors, count * vectorSize);
  let total = 0;
  for (let at = vectors, end = vectors + count * vectorSize; at < end; at += vectorSize) {
    const length = memory.loadU32(at + 4);
    memory.check(memory.loadU32(at), length);
    total += length;
  }
  if (total > maximumTransfer) throw new Failure(errno.inval);
  return total;
}

/**
 * Reads once into the vectors: what is there, up to their length; waits for the first byte unless non-blocking.
 * The number of bytes goes to `countPointer`: 0 at the end of the stream. `again` when non-blocking and nothing is there.
 */
export function readStream(
  { host, memory }: Context,
  entry: InputEntry,
  vectors: number,
  count: number,
  countPointer: number,
): number | Promise<number> {
  const total = checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  const stream = inputStream(entry);
  if (total === 0) return stored(memory, countPointer, 0);
  const nonblock = (entry.flags & fdflags.nonblock) !== 0;
  const wanted = Math.min(total, maximumChunk);
  // The vectors are kept as they are now: while the guest waits, another of its calls may reuse their memory.
  const targets = loadVectors(memory, vectors, count);
  return rescue(
    () =>
      andThen(nonblock ? stream.read(BigInt(wanted)) : stream.blockingRead(BigInt(wanted)), (bytes) => {
        if (bytes.length > wanted)
          throw new Error(`stdin gave ${bytes.length} bytes when asked for ${wanted}`);
        // A blocking read without a byte is no end of file: let the guest try again.
        if (bytes.length === 0) return nonblock ? errno.again : errno.intr;
        scatter(memory, targets, bytes);
        return stored(memory, countPointer, bytes.length);
      }),
    (thrown) => {
      const code = streamErrno(host, thrown);
      return code === errno.pipe ? stored(memory, countPointer, 0) : code;
    },
  );
}

/**
 * Writes the vectors, and waits until all is written and flushed; when non-blocking, writes what the stream takes now.
 * The number of bytes goes to `countPointer`. `pipe` when the stream is closed, `again` when it takes nothing now.
 * When the stream fails after some bytes, they count, and the next write tells.
 */
export function writeStream(
  context: Context,
  entry: OutputEntry,
  vectors: number,
  count: number,
  countPointer: number,
): number | Promise<number> {
  const { memory } = context;
  const total = checkVectors(memory, vectors, count);
  memory.check(countPointer, 4);
  const stream = outputStream(entry);
  if (total === 0) return stored(memory, countPointer, 0);
  if ((entry.flags & fdflags.nonblock) !== 0) {
    return writeNow(context, entry, stream, loadVectors(memory, vectors, count), total, countPointer);
  }
  return writeAll(context, entry, stream, vectors, count, total, countPointer);
}

/** Writes the vectors to a stream and waits until all is written and flushed. `entry` is told why that fails. */
export function writeAll(
  context: Context,
  entry: Pick<OutputEntry, 'failed'>,
  stream: OutputStream,
  vectors: number,
  count: number,
  total: number,
  countPointer: number,
): number | Promise<number> {
  const { host, memory } = context;
  if (total > maximumBlockingWrite) {
    const gatherer = new Gatherer(memory, loadVectors(memory, vectors, count));
    return writeMuch({ context, entry, stream, gatherer, total, countPointer, written: 0 });
  }
  // The short line: one allocation, no promise when the stream takes it.
  const bytes = new Uint8Array(total);
  for (let index = 0, offset = 0; index < count; index++) {
    const length = memory.loadU32(vectors + index * vectorSize + 4);
    memory.load(memory.loadU32(vectors + index * vectorSize), length, bytes, offset);
    offset += length;
  }
  let waiting;
  try {
    waiting = stream.blockingWriteAndFlush(bytes);
  } catch (thrown) {
    return outputErrno(host, entry, thrown);
  }
  if (!isPromise(waiting)) return stored(memory, countPointer, total);
  return waiting.then(
    () => stored(memory, countPointer, total),
    (thrown: unknown) => outputErrno(host, entry, thrown),
  );
}

function writeNow(
  { host, memory }: Context,
  entry: OutputEntry,
  stream: OutputStream,
  vectors: readonly Vector[],
  total: number,
  countPointer: number,
): number {
  try {
    const length = Math.min(total, permitOf(stream), maximumChunk);
    if (length === 0) return errno.again;
    stream.write(new Gatherer(memory, vectors).next(length));
    entry.unflushed = true;
    stream.flush();
    return stored(memory, countPointer, length);
  } catch (thrown) {
    return outputErrno(host, entry, thrown);
  }
}

interface LongWrite {
  readonly context: Context;
  readonly entry: Pick<OutputEntry, 'failed'>;
  readonly stream: OutputStream;
  readonly gatherer: Gatherer;
  readonly total: number;
  readonly countPointer: number;
  written: number;
}

/** Writes by permits until it is done or has to wait; goes on after the wait. */
function writeMuch(task: LongWrite): number | Promise<number> {
  const { context, entry, stream, gatherer, total, countPointer } = task;
  const { host, memory } = context;
  return rescue(
    () => {
      while (task.written < total) {
        const length = Math.min(total - task.written, permitOf(stream), maximumChunk);
        if (length === 0) {
          const waiting = block(stream.subscribe());
          if (isPromise(waiting)) return waiting.then(() => writeMuch(task));
          continue;
        }
        stream.write(gatherer.next(length));
        task.written += length;
      }
      return andThen(stream.blockingFlush(), () => stored(memory, countPointer, total));
    },
    (thrown) => {
      const code = outputErrno(host, entry, thrown);
      // All written and the flush failed: nothing would tell later, so this call does.
      if (task.written === 0 || task.written === total) return code;
      return stored(memory, countPointer, task.written);
    },
  );
}

function permitOf(stream: OutputStream): number {
  // Precise enough: everything beyond a chunk is the same to us.
  return Number(stream.checkWrite());
}

interface Vector {
  readonly pointer: number;
  readonly length: number;
}

function loadVectors(memory: GuestMemory, vectors: number, count: number): readonly Vector[] {
  return Array.from({ length: count }, (_, index) => {
    const at = vectors + index * vectorSize;
    return { pointer: memory.loadU32(at), length: memory.loadU32(at + 4) };
  });
}

/** Copies bytes over vectors that are at least as long. */
function scatter(memory: GuestMemory, vectors: readonly Vector[], bytes: Uint8Array): void {
  let offset = 0;
  for (const { pointer, length } of vectors) {
    if (offset === bytes.length) return;
    const part = bytes.subarray(offset, offset + length);
    memory.store(pointer, part);
    offset += part.length;
  }
}

/** Takes the vectors' bytes out of the guest, chunk by chunk. */
class Gatherer {
  readonly #memory: GuestMemory;
  readonly #vectors: readonly Vector[];
  #index = 0;
  #offset = 0;

  constructor(memory: GuestMemory, vectors: readonly Vector[]) {
    this.#memory = memory;
    this.#vectors = vectors;
  }

  /** The next `length` bytes, copied; there must be as many. */
  next(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const vector = this.#vectors[this.#index]!;
      const part = Math.min(length - filled, vector.length - this.#offset);
      this.#memory.load(vector.pointer + this.#offset, part, bytes, filled);
      filled += part;
      this.#offset += part;
      if (this.#offset === vector.length) {
        this.#index++;
        this.#offset = 0;
      }
    }
    return bytes;
  }
}

export function stored(memory: GuestMemory, countPointer: number, count: number): number {
  memory.storeU32(countPointer, count);
  return errno.success;
}
