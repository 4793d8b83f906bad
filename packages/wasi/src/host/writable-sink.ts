/** A Node writable stream (a socket, a pipe, a file) as a sink of bytes, with a bounded buffer. */
import type { Writable } from 'node:stream';
import type { ByteSink, Ending } from './byte-ends.ts';
import { Readiness } from './readiness.ts';
import { release } from './release.ts';

const nothing = new Uint8Array(0);

/** Writes straight to the stream and permits as much as its own buffer is below the limit. */
export class WritableSink implements ByteSink {
  readonly readiness: Readiness = new Readiness(
    () => this.permit > 0 || this.ending !== undefined || this.#willTell(),
  );
  /** Bytes that may wait in the stream. */
  limit: number;
  readonly #writable: Writable;
  readonly #owned: boolean;
  readonly #releases: boolean;
  #flushing = false;
  /** A write is on its way that says when it has left. */
  #telling = false;
  #ending: Ending | undefined;

  /**
   * `owned`: closing the sink ends the stream. `releases`: the stream copies bytes to the system before it counts them as
   * written, as a socket does. Others may keep what they were given: a `PassThrough` has it still to give.
   */
  constructor(writable: Writable, limit: number, owned: boolean, releases = false) {
    this.#writable = writable;
    this.limit = limit;
    this.#owned = owned;
    this.#releases = releases;
    writable.on('error', this.#onError);
    writable.on('close', this.#onClose);
  }

  get permit(): number {
    if (this.#flushing) return 0;
    const room = this.limit - this.#writable.writableLength;
    return room > 0 ? room : 0;
  }

  write(bytes: Uint8Array, usedUp = false): void {
    // A write that fills the buffer says when it has left; the others need not, which saves Node a tick each.
    if (this.#writable.writableLength + bytes.length < this.limit) this.#writable.write(bytes);
    else {
      this.#telling = true;
      this.#writable.write(bytes, this.#onWritten);
    }
    // Nothing waits: the system has them.
    if (usedUp && this.#releases && this.#writable.writableLength === 0) release(bytes);
  }

  flush(): void {
    if (this.#flushing || this.#writable.writableLength === 0) return;
    this.#flushing = true;
    this.#writable.write(nothing, this.#onFlushed);
  }

  get flushed(): boolean {
    return !this.#flushing && this.#writable.writableLength === 0 && this.#writable.errored === null;
  }

  get ending(): Ending | undefined {
    if (this.#ending !== undefined) return this.#ending;
    // Node announces an end only in a later tick.
    if (this.#writable.destroyed || this.#writable.errored !== null) {
      this.#ending = endingOf(this.#writable.errored);
    }
    if (this.#writable.writableEnded) this.#ending ??= 'closed';
    return this.#ending;
  }

  close(): void {
    if (!this.#owned) return;
    this.#ending ??= 'closed';
    if (!this.#writable.writableEnded) this.end(this.#writable);
    this.readiness.notify();
  }

  /** Ends the stream, once all bytes have left. */
  protected end(writable: Writable): void {
    writable.end();
  }

  /** Lets go of a stream that is not ours. */
  detach(): void {
    this.#ending ??= 'closed';
    // Node tells of a failed write only after it: that must not become an unhandled error of the host.
    setImmediate(() => {
      this.#writable.off('error', this.#onError);
      this.#writable.off('close', this.#onClose);
    });
  }

  /** The stream may be full of what others have written, who are not told for us. Not ready. */
  #willTell(): false {
    if (!this.#telling && !this.#flushing) {
      this.#telling = true;
      this.#writable.write(nothing, this.#onWritten);
    }
    return false;
  }

  readonly #onWritten = (): void => {
    this.#telling = false;
    this.readiness.notify();
  };

  readonly #onFlushed = (error?: Error | null): void => {
    // Bytes that failed to leave stay unflushed.
    if (error === undefined || error === null) this.#flushing = false;
    this.readiness.notify();
  };

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#ending ??= endingOf(error);
    this.readiness.notify();
  };

  readonly #onClose = (): void => {
    this.#ending ??= 'closed';
    this.readiness.notify();
  };
}

/** A reader that is gone is an end like any other; every other error is a failure. */
export function endingOf(error: NodeJS.ErrnoException | null | undefined): Ending {
  return error === null || error === undefined || error.code === 'EPIPE' ? 'closed' : error;
}
