/** Reads bytes in order. Binary.md reuses these rules of the core specification: "Values" and "Conventions". */

/** What is wrong with a binary; `offset` counts bytes from the beginning of the file. */
export interface BinaryProblem {
  readonly message: string;
  readonly offset: number;
}

/** Thrown inside this package only, where a binary is found to be wrong; its doors turn it into a problem. */
export class MalformedBinary extends Error implements BinaryProblem {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads up to `end`, and throws {@link MalformedBinary} rather than beyond it. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** The offset of the next byte. */
  offset: number;
  readonly end: number;

  constructor(bytes: Uint8Array, offset: number = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  fail(message: string, offset: number = this.offset): never {
    throw new MalformedBinary(message, offset);
  }

  byte(): number {
    if (this.offset >= this.end) this.fail('unexpected end');
    return this.bytes[this.offset++]!;
  }

  peek(): number {
    if (this.offset >= this.end) this.fail('unexpected end');
    return this.bytes[this.offset]!;
  }

  /** `core:u32`: LEB128, at most five bytes. */
  u32(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f) this.fail('a number is larger than 32 bits', start);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail('a number has more bytes than 32 bits need', start);
  }

  /** The number of elements of a vector; each takes a byte at least, so there cannot be more than bytes. */
  count(): number {
    const start = this.offset;
    const count = this.u32();
    if (count > this.end - this.offset) this.fail('a list is longer than what is left', start);
    return count;
  }

  /** `vec(<B>)` */
  vector<Item>(read: () => Item): Item[] {
    const items: Item[] = [];
    for (let left = this.count(); left > 0; left--) items.push(read());
    return items;
  }

  /** `core:name`: UTF-8 with its length. */
  name(): string {
    const length = this.count();
    const start = this.offset;
    this.offset += length;
    try {
      return utf8.decode(this.bytes.subarray(start, this.offset));
    } catch {
      return this.fail('a name is not UTF-8', start);
    }
  }

  /** A reader of the next `length` bytes, which this one skips. */
  slice(length: number): ByteReader {
    if (length > this.end - this.offset) this.fail('unexpected end');
    const start = this.offset;
    this.offset += length;
    return new ByteReader(this.bytes, start, this.offset);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
