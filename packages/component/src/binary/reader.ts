/** Reads bytes in order. Binary.md reuses these rules of the core specification: "Values" and "Conventions". */
import type { Index } from './definition.ts';

/** What is wrong with a binary; `offset` counts bytes from the beginning of the file. */
export interface BinaryProblem {
  readonly message: string;
  readonly offset: number;
}

/** Thrown where bytes are not in the format. */
export class MalformedBinary extends Error implements BinaryProblem {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Thrown where bytes are in the format, but say what is not valid: an index of nothing, a name that is there twice. */
export class InvalidBinary extends MalformedBinary {}

/** Reads up to `end`, and throws {@link MalformedBinary} rather than beyond it. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** The offset of the next byte. */
  offset: number;
  readonly end: number;
  /** What is added to offsets in messages: where `bytes` begin in their file. */
  readonly base: number;

  constructor(bytes: Uint8Array, offset: number = 0, end: number = bytes.length, base: number = 0) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    this.base = base;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  /** The offset of the next byte in the file. */
  get position(): number {
    return this.offset + this.base;
  }

  fail(message: string, offset: number = this.offset): never {
    throw new MalformedBinary(message, offset + this.base);
  }

  /** Fails at the byte that was read last. */
  unknown(what: string): never {
    return this.fail(`this ${what} is not known`, this.offset - 1);
  }

  byte(): number {
    if (this.offset >= this.end) this.fail('unexpected end');
    return this.bytes[this.offset++]!;
  }

  peek(): number {
    const byte = this.byte();
    this.offset--;
    return byte;
  }

  /** Fails unless the next byte is this one. */
  expect(byte: number): void {
    if (this.byte() !== byte) this.fail(`this must be ${byte}`, this.offset - 1);
  }

  /** Goes past the next byte if it is this one. */
  skips(byte: number): boolean {
    const isIt = this.peek() === byte;
    if (isIt) this.offset++;
    return isIt;
  }

  /** What the next byte stands for in a table; goes past it only if it is there. */
  known<Meaning>(table: Readonly<Record<number, Meaning>>): Meaning | undefined {
    const meaning = table[this.peek()];
    if (meaning !== undefined) this.offset++;
    return meaning;
  }

  /** A byte that stands for something in a table. */
  code<Meaning>(table: Readonly<Record<number, Meaning>>, what: string): Meaning {
    return table[this.byte()] ?? this.unknown(what);
  }

  /** A byte that is 0 or 1. */
  flag(): boolean {
    const byte = this.byte();
    if (byte > 1) this.fail('this must be 0 or 1', this.offset - 1);
    return byte === 1;
  }

  /** `<T>?` */
  optional<Item>(read: () => Item): Item | undefined {
    return this.flag() ? read() : undefined;
  }

  /** `core:u32`: LEB128, at most five bytes. */
  u32(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail('a number is larger than 32 bits', start);
  }

  /** `core:u64`: LEB128, at most ten bytes. */
  u64(): bigint {
    const start = this.offset;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      if (shift === 63n && byte > 1) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return this.fail('a number is larger than 64 bits', start);
  }

  index(): Index {
    const { position: offset } = this;
    return { index: this.u32(), offset };
  }

  /** An index where negative numbers stand for something else. Spec: `core:s33`. */
  signedIndex(what: string): Index {
    const { offset } = this;
    const found = this.index();
    // The sign is the second bit of the last byte, which five bytes do not reach.
    const isNegative = (this.bytes[this.offset - 1]! & 0x40) !== 0;
    if (!isNegative || this.offset - offset === 5) return found;
    this.offset = offset + 1;
    return this.unknown(what);
  }

  /** The number of elements of a vector; each takes a byte at least, so there cannot be more than bytes. */
  count(): number {
    const start = this.offset;
    const count = this.u32();
    if (count > this.end - this.offset) this.fail('a list is longer than what is left', start);
    return count;
  }

  /** `vec(<B>)` of at most so many elements. */
  vector<Item>(read: () => Item, most: number = Infinity): Item[] {
    const items: Item[] = [];
    const count = this.count();
    if (count > most) this.fail(`a list has more than ${most} elements`);
    while (items.length < count) items.push(read());
    return items;
  }

  /** Fails unless all was read. */
  finish(): void {
    if (!this.isAtEnd) this.fail('the section is longer than its contents');
  }

  /** `core:name`: UTF-8 with its length. */
  name(): string {
    const bytes = this.take(this.count());
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail('a name is not UTF-8', this.offset - bytes.length);
    }
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.end - this.offset) this.fail('unexpected end');
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  /** A reader of the next `length` bytes, which this one skips. */
  slice(length: number): ByteReader {
    const { offset } = this;
    this.take(length);
    return new ByteReader(this.bytes, offset, this.offset, this.base);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
