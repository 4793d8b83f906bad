/** The process's own standard output and error, written without a detour where that comes to the same. */
import { writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import { isMainThread } from 'node:worker_threads';
import type { Ending } from './byte-ends.ts';
import { endingOf, WritableSink } from './writable-sink.ts';

/**
 * Hands bytes to the system itself while nothing waits in the stream, so that they stay in order with what the host
 * prints; what the system does not take now goes to the stream and waits there.
 */
export class DescriptorSink extends WritableSink {
  readonly #stream: WriteStream;
  readonly #descriptor: number;
  /** As Node made it: who replaces it wants to see what is written. */
  readonly #write: WriteStream['write'];
  #failure: Ending | undefined;

  /** `stream` is `process.stdout` or `process.stderr`; see {@link writesItself}. */
  constructor(stream: WriteStream, descriptor: number, limit: number) {
    super(stream, limit, false);
    this.#stream = stream;
    this.#descriptor = descriptor;
    this.#write = stream.write;
  }

  override write(bytes: Uint8Array): void {
    const stream = this.#stream;
    let rest = bytes;
    if (stream.writableLength === 0 && stream.write === this.#write) {
      try {
        for (;;) {
          const count = writeNow(this.#descriptor, rest);
          if (count === rest.length) return;
          rest = rest.subarray(count);
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
          this.#failure = endingOf(error as NodeJS.ErrnoException);
          return;
        }
      }
    }
    super.write(rest);
  }

  override get flushed(): boolean {
    return this.#failure === undefined && super.flushed;
  }

  override get ending(): Ending | undefined {
    return this.#failure ?? super.ending;
  }
}

/**
 * Whether a stream of the process is nothing but its descriptor. It is not in a worker, whose output goes through the
 * main thread, nor where somebody has put something else in its place; and on Windows only files are written at once,
 * since consoles take characters and pipes may wait.
 */
export function writesItself(stream: WriteStream, descriptor: number): boolean {
  return (
    isMainThread &&
    (stream as { readonly fd?: number }).fd === descriptor &&
    !Object.hasOwn(stream, 'write') &&
    (process.platform !== 'win32' || !('_handle' in stream))
  );
}

const little = new Uint8Array(Buffer.allocUnsafeSlow(64).buffer);

/** V8 has small arrays in its heap and moves one out when Node asks for its bytes: that costs more than the write. */
function writeNow(descriptor: number, bytes: Uint8Array): number {
  if (bytes.length > little.length) return writeSync(descriptor, bytes);
  little.set(bytes);
  return writeSync(descriptor, little, 0, bytes.length);
}
