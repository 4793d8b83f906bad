/** `wasi:io/streams`: byte streams over any source or sink. */
import { ComponentError } from '@wittle/runtime';
import type { Host, StreamError } from '../../generated/imports/wasi/io/streams.ts';
import { answer } from '../../host/answer.ts';
import type { ByteSink, ByteSource, Ending } from '../../host/byte-ends.ts';
import type { Instance } from '../../host/instance.ts';
import { WasiTrap } from '../../host/trap.ts';
import { IoError } from './error.ts';
import { Pollable, type PollableOwner } from './poll.ts';

/** The most one `read` hands out, however much is asked for. */
const maxRead = 0x10_0000;
/** The most one `blocking-write-and-flush` takes, by the WIT. */
const maxBlockingWrite = 4096;
const noBytes = new Uint8Array(0);
const zeroes = new Uint8Array(0x1_0000);
const closed = answer<StreamError>(Object.freeze({ tag: 'closed' }));

/** WIT: `resource input-stream`. All functions throw `ComponentError<StreamError>`. */
export class InputStream implements PollableOwner {
  pollables = 0;
  /** Where the bytes come from. */
  readonly source: ByteSource;
  readonly #instance: Instance;
  readonly #onDispose: (() => void) | undefined;
  #failureTold = false;

  constructor(instance: Instance, source: ByteSource, onDispose?: () => void) {
    this.#instance = instance;
    this.source = source;
    this.#onDispose = onDispose;
  }

  read(length: bigint): Uint8Array {
    const source = this.source;
    source.start();
    if (source.buffered === 0) {
      if (source.ending === undefined) return noBytes;
      throw this.#ended(source.ending);
    }
    if (length === 0n) return noBytes;
    return source.take(length < maxRead ? Number(length) : maxRead);
  }

  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array> {
    const ready = length === 0n ? true : this.untilReady();
    return ready === true ? this.read(length) : ready.then(() => this.read(length));
  }

  skip(length: bigint): bigint {
    return BigInt(this.read(length).length);
  }

  blockingSkip(length: bigint): bigint | Promise<bigint> {
    const ready = length === 0n ? true : this.untilReady();
    return ready === true ? this.skip(length) : ready.then(() => this.skip(length));
  }

  subscribe(): Pollable {
    this.source.start();
    return new Pollable(this.#instance, this.source.readiness, this);
  }

  /** True when there are bytes or an end now, or a promise of that. */
  untilReady(): true | Promise<true> {
    const source = this.source;
    source.start();
    return this.#instance.whenReady(source);
  }

  [Symbol.dispose](): void {
    requireNoPollables(this, 'input-stream');
    this.source.close();
    this.#onDispose?.();
  }

  /** A failure is told once; from then on the stream is closed. */
  #ended(ending: Ending): ComponentError<StreamError> {
    if (ending === 'closed' || this.#failureTold) return closed;
    this.#failureTold = true;
    return failed(ending);
  }
}

/** WIT: `resource output-stream`. All functions throw `ComponentError<StreamError>`. */
export class OutputStream implements PollableOwner {
  pollables = 0;
  readonly #sink: ByteSink;
  readonly #instance: Instance;
  readonly #onDispose: (() => void) | undefined;
  #permit = 0;
  #failureTold = false;

  constructor(instance: Instance, sink: ByteSink, onDispose?: () => void) {
    this.#instance = instance;
    this.#sink = sink;
    this.#onDispose = onDispose;
  }

  checkWrite(): bigint {
    this.#requireOpen();
    this.#permit = this.#sink.permit;
    return BigInt(this.#permit);
  }

  write(contents: Uint8Array): void {
    this.#requireOpen();
    this.#usePermit(contents.length, 'write');
    if (contents.length > 0) this.#sink.write(contents, this.#instance.lendsBytes);
  }

  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void> {
    requireAtMost(contents.length, 'blocking-write-and-flush');
    this.#requireOpen();
    const ready = this.#untilReady();
    if (ready !== true || this.#sink.permit < contents.length) return this.#writeAll(contents, ready);
    if (contents.length > 0) this.#sink.write(contents);
    return this.#flushAll();
  }

  flush(): void {
    this.#requireOpen();
    this.#sink.flush();
    this.#permit = 0;
  }

  blockingFlush(): void | Promise<void> {
    this.#requireOpen();
    return this.#flushAll();
  }

  subscribe(): Pollable {
    return new Pollable(this.#instance, this.#sink.readiness, this);
  }

  writeZeroes(length: bigint): void {
    this.#requireOpen();
    this.#usePermit(Number(length), 'write-zeroes');
    for (let rest = Number(length); rest > 0; rest -= zeroes.length) {
      this.#sink.write(rest < zeroes.length ? zeroes.subarray(0, rest) : zeroes);
    }
  }

  blockingWriteZeroesAndFlush(length: bigint): void | Promise<void> {
    requireAtMost(Number(length), 'blocking-write-zeroes-and-flush');
    return this.blockingWriteAndFlush(zeroes.subarray(0, Number(length)));
  }

  splice(source: InputStream, length: bigint): bigint {
    const permit = this.checkWrite();
    const bytes = source.read(length < permit ? length : permit);
    const { length: spliced } = bytes;
    // What is lent would be gone before it has left.
    this.write(this.#instance.lendsBytes ? bytes.slice() : bytes);
    return BigInt(spliced);
  }

  blockingSplice(source: InputStream, length: bigint): bigint | Promise<bigint> {
    const writable = this.#untilReady();
    const readable = source.untilReady();
    if (writable === true && readable === true) return this.splice(source, length);
    // Bytes that can be read stay readable, and room to write stays.
    return Promise.all([writable, readable]).then(() => this.splice(source, length));
  }

  [Symbol.dispose](): void {
    requireNoPollables(this, 'output-stream');
    this.#sink.close();
    this.#onDispose?.();
  }

  #requireOpen(): void {
    const ending = this.#sink.ending;
    if (ending === undefined) return;
    this.#permit = 0;
    if (ending === 'closed' || this.#failureTold) throw closed;
    this.#failureTold = true;
    throw failed(ending);
  }

  #usePermit(length: number, operation: string): void {
    if (length > this.#permit) {
      throw new WasiTrap(
        `wasi:io/streams.output-stream.${operation}: ${length} bytes, but check-write permitted ${this.#permit}`,
      );
    }
    this.#permit -= length;
  }

  #untilReady(): true | Promise<true> {
    return this.#instance.whenReady(this.#sink);
  }

  async #writeAll(contents: Uint8Array, ready: true | Promise<true>): Promise<void> {
    await ready;
    for (let offset = 0; offset < contents.length;) {
      this.#requireOpen();
      const end = offset + Math.min(this.#sink.permit, contents.length - offset);
      if (end > offset) this.#sink.write(contents.subarray(offset, end));
      offset = end;
      if (offset < contents.length) await this.#untilReady();
    }
    await this.#flushAll();
  }

  #flushAll(): void | Promise<void> {
    const sink = this.#sink;
    this.#permit = 0;
    sink.flush();
    if (sink.flushed) return undefined;
    const flushed = this.#instance.when<boolean>([sink], () =>
      sink.ending !== undefined ? sink.flushed : sink.flushed || undefined,
    );
    const end = (all: boolean): void => {
      // What has left has left, even when the stream closed with it.
      if (!all) this.#requireOpen();
    };
    return flushed instanceof Promise ? flushed.then(end) : end(flushed);
  }
}

export const streams: Host = { InputStream, OutputStream };

function failed(reason: Error): ComponentError<StreamError> {
  const error: StreamError = { tag: 'last-operation-failed', val: new IoError(reason) };
  return new ComponentError(error, `last-operation-failed: ${reason.message}`, { cause: reason });
}

function requireAtMost(length: number, operation: string): void {
  if (length <= maxBlockingWrite) return;
  throw new WasiTrap(
    `wasi:io/streams.output-stream.${operation}: ${length} bytes, but it takes at most ${maxBlockingWrite}`,
  );
}

function requireNoPollables(stream: PollableOwner, resource: string): void {
  if (stream.pollables === 0) return;
  throw new WasiTrap(
    `wasi:io/streams.${resource} dropped before ${stream.pollables} pollable(s) that its subscribe returned`,
  );
}
