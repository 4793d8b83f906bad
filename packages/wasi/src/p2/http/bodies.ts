/** `wasi:http/types`: bodies in both directions, and the trailers behind them. */
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { ComponentError } from '@wittle/runtime';
import type { ErrorCode } from '../../generated/imports/wasi/http/types.ts';
import { answer } from '../../host/answer.ts';
import type { ByteSink, ByteSource, Ending } from '../../host/byte-ends.ts';
import { HttpError } from '../../host/http-errors.ts';
import type { Instance } from '../../host/instance.ts';
import { ReadableSource } from '../../host/readable-source.ts';
import type { Readiness } from '../../host/readiness.ts';
import { WritableSink } from '../../host/writable-sink.ts';
import { InputStream, OutputStream } from '../io/streams.ts';
import { Fields, requireNoChildren, type ChildOwner } from './fields.ts';
import { Future } from './future.ts';

/** A failure without a value. */
export function failed(): ComponentError<undefined> {
  return answer(undefined);
}

/** What a body that arrives is part of. */
export interface BodyOrigin {
  /** What it means when the body breaks off. */
  readonly failure: ErrorCode;
  /** The guest has dropped the body, and perhaps not read all of it. */
  abandon(): void;
}

/** A source whose failures are those of HTTP. */
class BodySource extends ReadableSource {
  readonly #message: IncomingMessage;
  readonly #origin: BodyOrigin;

  constructor(message: IncomingMessage, instance: Instance, origin: BodyOrigin) {
    super(message, instance.limits.bufferSize, true, false);
    this.#message = message;
    this.#origin = origin;
  }

  override get ending(): Ending | undefined {
    const ending = super.ending;
    if (ending === undefined || ending instanceof HttpError) return ending;
    // Node does not always say that a message has broken off.
    return ending === 'closed' && this.#message.complete
      ? ending
      : new HttpError(this.#origin.failure, ending);
  }
}

/** WIT: `resource incoming-body`. */
export class IncomingBody implements ChildOwner {
  children = 0;
  readonly #instance: Instance;
  readonly #origin: BodyOrigin;
  readonly #source: ByteSource;
  readonly #trailers: FutureTrailers;
  #taken = false;
  #finished = false;

  constructor(instance: Instance, message: IncomingMessage, origin: BodyOrigin) {
    this.#instance = instance;
    this.#origin = origin;
    this.#source = new BodySource(message, instance, origin);
    const trailers = new FutureTrailers(instance);
    this.#trailers = trailers;
    message.once('end', () => {
      const { rawTrailers } = message;
      trailers.settle(
        rawTrailers.length === 0
          ? { tag: 'ok', val: undefined }
          : { tag: 'ok', val: Fields.received(rawTrailers, trailers) },
      );
    });
    const broken = (error?: Error): void => {
      trailers.settle({ tag: 'err', val: error instanceof HttpError ? error.errorCode : origin.failure });
    };
    message.on('error', broken);
    message.once('close', () => broken());
    if (message.destroyed) broken();
  }

  stream(): InputStream {
    if (this.#taken) throw failed();
    this.#taken = true;
    this.children++;
    return new InputStream(this.#instance, this.#source, () => this.children--);
  }

  static finish(body: IncomingBody): FutureTrailers {
    requireNoChildren(body, 'incoming-body');
    body.#finished = true;
    // What is left of the body is on the way to the trailers.
    body.#source.start();
    body.#source.close();
    return body.#trailers;
  }

  [Symbol.dispose](): void {
    requireNoChildren(this, 'incoming-body');
    if (!this.#finished) this.#origin.abandon();
  }
}

/** WIT: `resource future-trailers`. */
export class FutureTrailers extends Future<Fields | undefined> implements ChildOwner {
  children = 0;

  [Symbol.dispose](): void {}
}

/** Where an outgoing body goes once its message is sent. */
export interface BodyTarget {
  /** The body is complete. */
  end(trailers: readonly string[] | undefined): void;
  /** The guest has given the body up. */
  abort(): void;
}

/** Counts what goes through, and lets no more through than was announced. */
class CountingSink implements ByteSink {
  readonly readiness: Readiness;
  readonly #sink: WritableSink;
  readonly #expected: number | undefined;
  readonly #tooLong: (written: number) => ErrorCode;
  #failure: HttpError | undefined;
  written = 0;

  constructor(sink: WritableSink, expected: number | undefined, tooLong: (written: number) => ErrorCode) {
    this.#sink = sink;
    this.#expected = expected;
    this.#tooLong = tooLong;
    this.readiness = sink.readiness;
  }

  get permit(): number {
    return this.#sink.permit;
  }
  get flushed(): boolean {
    return this.#failure === undefined && this.#sink.flushed;
  }
  get ending(): Ending | undefined {
    return this.#failure ?? this.#sink.ending;
  }
  write(bytes: Uint8Array): void {
    this.written += bytes.length;
    if (this.#expected !== undefined && this.written > this.#expected) {
      this.#failure ??= new HttpError(this.#tooLong(this.written));
      this.readiness.notify();
      return;
    }
    this.#sink.write(bytes);
  }
  flush(): void {
    this.#sink.flush();
  }
  /** The body is complete with `finish`, not when its stream is dropped. */
  close(): void {}
}

type Outcome = { readonly trailers: readonly string[] | undefined } | 'aborted';

/** WIT: `resource outgoing-body`. Functions throw `ComponentError<ErrorCode>`. */
export class OutgoingBody implements ChildOwner {
  children = 0;
  /** What the message is sent with: what the guest has written until then waits in it. */
  readonly content: PassThrough;
  readonly #instance: Instance;
  readonly #sink: CountingSink;
  readonly #expected: number | undefined;
  readonly #wrongSize: (written: number) => ErrorCode;
  #target: BodyTarget | undefined;
  #outcome: Outcome | undefined;
  #taken = false;

  /** `expected`: the `Content-Length`, when there is one. */
  constructor(instance: Instance, expected: number | undefined, wrongSize: (written: number) => ErrorCode) {
    this.#instance = instance;
    this.#expected = expected;
    this.#wrongSize = wrongSize;
    this.content = new PassThrough({ highWaterMark: instance.limits.bufferSize });
    this.#sink = new CountingSink(
      new WritableSink(this.content, instance.limits.bufferSize, true),
      expected,
      wrongSize,
    );
  }

  write(): OutputStream {
    if (this.#taken) throw failed();
    this.#taken = true;
    this.children++;
    return new OutputStream(this.#instance, this.#sink, () => this.children--);
  }

  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    requireNoChildren(body, 'outgoing-body');
    const { written } = body.#sink;
    if (body.#expected !== undefined && body.#expected !== written) {
      const code = body.#wrongSize(written);
      body.#settle('aborted');
      throw new ComponentError(
        code,
        `${code.tag}: ${written} bytes of ${body.#expected} that were announced`,
      );
    }
    body.#settle({ trailers: trailers?.raw() });
  }

  /** The guest has ended: a body that it has not begun is empty, and one that it has not completed breaks off. */
  endWithGuest(): void {
    if (this.#outcome !== undefined) return;
    this.#settle(this.#sink.written === 0 ? { trailers: undefined } : 'aborted');
  }

  /** How it ended: how many bytes there are, if that is all; `undefined` while it goes on. */
  get ended(): { readonly length: number; readonly trailers: boolean } | 'aborted' | undefined {
    const outcome = this.#outcome;
    if (outcome === undefined || outcome === 'aborted') return outcome;
    return { length: this.#sink.written, trailers: outcome.trailers !== undefined };
  }

  /** The message is being sent: what becomes of the body goes there. */
  send(target: BodyTarget): void {
    this.#target = target;
    if (this.#outcome !== undefined) this.#tell();
  }

  [Symbol.dispose](): void {
    requireNoChildren(this, 'outgoing-body');
    if (this.#outcome === undefined) this.#settle('aborted');
  }

  #settle(outcome: Outcome): void {
    this.#outcome = outcome;
    if (this.#target !== undefined) this.#tell();
  }

  #tell(): void {
    const outcome = this.#outcome!;
    if (outcome === 'aborted') this.#target!.abort();
    else this.#target!.end(outcome.trailers);
  }
}

/**
 * The number in `Content-Length`, when there is one; `invalid` for what is none, or says it more than once: two
 * recipients could see different ends of the message.
 */
export function contentLength(headers: Fields): number | 'invalid' | undefined {
  const [value, ...others] = headers.get('content-length');
  if (value === undefined) return undefined;
  const text = Buffer.from(value).toString('latin1').trim();
  return others.length === 0 && /^\d{1,15}$/.test(text) ? Number(text) : 'invalid';
}
