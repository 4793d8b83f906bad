/** Files as the two ends of byte streams: a file never makes anybody wait. */
import type { ByteSink, ByteSource, Ending } from '../byte-ends.ts';
import { Readiness } from '../readiness.ts';
import type { OpenFile } from './open-objects.ts';

/** Bytes read ahead of the guest, and permitted to it. */
const chunkSize = 0x1_0000;
const permitted = 0x10_0000;

/** Reads a file from a position on. */
export class FileSource implements ByteSource {
  readonly readiness: Readiness = new Readiness(() => true);
  readonly #file: OpenFile;
  readonly #lends: boolean;
  #position: number;
  #chunk: Uint8Array = nothing;
  #buffer: Uint8Array | undefined;
  #ending: Ending | undefined;

  /** `lends`: what is taken is used before the next call. */
  constructor(file: OpenFile, position: number, lends: boolean) {
    this.#file = file;
    this.#position = position;
    this.#lends = lends;
  }

  start(): void {
    if (this.#chunk.length > 0 || this.#ending !== undefined) return;
    try {
      const buffer = this.#buffer ?? new Uint8Array(Buffer.allocUnsafeSlow(chunkSize).buffer);
      if (this.#lends) this.#buffer = buffer;
      const count = this.#file.read(buffer, 0, buffer.length, this.#position);
      this.#chunk = buffer.subarray(0, count);
      this.#position += count;
      if (count === 0) this.#ending = 'closed';
    } catch (error) {
      this.#ending = error as Error;
    }
  }

  get buffered(): number {
    return this.#chunk.length;
  }

  take(max: number): Uint8Array {
    const taken = this.#chunk.subarray(0, max);
    this.#chunk = this.#chunk.subarray(taken.length);
    return taken;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  close(): void {
    this.#ending ??= 'closed';
    this.#chunk = nothing;
  }
}

/** Writes a file from a position on, or at its end. */
export class FileSink implements ByteSink {
  readonly readiness: Readiness = new Readiness(() => true);
  readonly #file: OpenFile;
  #position: number | 'end';
  #ending: Ending | undefined;

  constructor(file: OpenFile, position: number | 'end') {
    this.#file = file;
    this.#position = position;
  }

  get permit(): number {
    return this.#ending === undefined ? permitted : 0;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** What is written has left, unless it failed. */
  get flushed(): boolean {
    return this.#ending === undefined || this.#ending === 'closed';
  }

  write(bytes: Uint8Array): void {
    try {
      for (let rest = bytes; rest.length > 0;) {
        const count =
          this.#position === 'end'
            ? this.#file.append(rest, 0, rest.length)
            : this.#file.write(rest, 0, rest.length, this.#position);
        if (this.#position !== 'end') this.#position += count;
        rest = rest.subarray(count);
      }
    } catch (error) {
      this.#ending = error as Error;
    }
  }

  flush(): void {}

  close(): void {
    this.#ending ??= 'closed';
  }
}

const nothing = new Uint8Array(0);
