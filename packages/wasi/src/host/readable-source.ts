/** A Node readable stream (a socket, a pipe, a file) as a source of bytes, with a bounded buffer. */
import type { Readable } from 'node:stream';
import { ByteQueue } from './byte-queue.ts';
import type { ByteSource, Ending } from './byte-ends.ts';
import { Readiness } from './readiness.ts';
import { release } from './release.ts';

/** Reads ahead up to a limit and then pauses the stream, so that whoever sends is held back. */
export class ReadableSource implements ByteSource {
  readonly readiness: Readiness = new Readiness(() => this.#queue.length > 0 || this.#ending !== undefined);
  /** Bytes to read ahead; may be passed by the last chunk. */
  limit: number;
  readonly #readable: Readable;
  readonly #owned: boolean;
  readonly #lends: boolean;
  /** The buffer whose last bytes were taken. */
  #lent: Uint8Array | undefined;
  readonly #queue = new ByteQueue();
  #started = false;
  #paused = false;
  #discarding = false;
  #ending: Ending | undefined;

  /** `owned`: closing the source gives up the stream. `lends`: what is taken is taken back soon. */
  constructor(readable: Readable, limit: number, owned: boolean, lends = false) {
    this.#readable = readable;
    this.limit = limit;
    this.#owned = owned;
    this.#lends = lends;
    this.#look();
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    // It may have ended before anybody listened.
    this.#look();
    if (this.#ending !== undefined) return;
    this.#readable.on('data', this.#onData);
    this.#readable.on('end', this.#onEnd);
    this.#readable.on('error', this.#onError);
    this.#readable.on('close', this.#onEnd);
    this.#readable.resume();
  }

  #look(): void {
    if (this.#readable.destroyed) this.#ending ??= this.#readable.errored ?? 'closed';
    else if (this.#readable.readableEnded) this.#ending ??= 'closed';
  }

  get buffered(): number {
    return this.#queue.length;
  }

  take(max: number): Uint8Array {
    this.#takeBack();
    const chunk = this.#queue.take(max);
    if (this.#lends && chunk.byteOffset + chunk.byteLength === chunk.buffer.byteLength) {
      this.#lent = new Uint8Array(chunk.buffer);
    }
    if (this.#paused && this.#queue.length <= this.limit >> 1) {
      this.#paused = false;
      this.#readable.resume();
    }
    return chunk;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  close(): void {
    if (!this.#owned) return;
    this.#discarding = true;
    this.#queue.clear();
    this.#ending = 'closed';
    // Goes on reading, so that the end of the stream is still noticed.
    if (this.#paused) this.#readable.resume();
    this.readiness.notify();
  }

  /** Lets go of a stream that is not ours: unread bytes go back to it. */
  detach(): void {
    if (!this.#started || this.#discarding) return;
    this.#discarding = true;
    this.#readable.off('data', this.#onData);
    this.#readable.off('end', this.#onEnd);
    this.#readable.off('close', this.#onEnd);
    this.#readable.off('error', this.#onError);
    this.#readable.pause();
    if (this.#readable.readableEnded || this.#readable.destroyed || this.#queue.length === 0) return;
    const rest: Uint8Array[] = [];
    while (this.#queue.length > 0) rest.push(this.#queue.take(this.#queue.length));
    this.#readable.unshift(Buffer.concat(rest));
  }

  readonly #onData = (data: Buffer | string): void => {
    if (this.#discarding) return;
    const chunk = typeof data === 'string' ? Buffer.from(data) : data;
    this.#takeBack();
    // A plain view: a guest's host code must not meet Buffer's different `slice`.
    const whole = chunk.byteLength === chunk.buffer.byteLength;
    // Buffers that Node shares between chunks are not ours to release.
    this.#queue.push(
      this.#lends && !whole
        ? new Uint8Array(chunk)
        : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength),
    );
    if (this.#queue.length >= this.limit && !this.#paused) {
      this.#paused = true;
      this.#readable.pause();
    }
    this.readiness.notify();
  };

  #takeBack(): void {
    if (this.#lent !== undefined) release(this.#lent);
    this.#lent = undefined;
  }

  readonly #onEnd = (): void => {
    this.#ending ??= 'closed';
    this.readiness.notify();
  };

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    // EPIPE is about writing: the peer had closed in order before.
    this.#ending ??= error.code === 'EPIPE' ? 'closed' : error;
    this.readiness.notify();
  };
}
