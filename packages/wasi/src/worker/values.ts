/**
 * JavaScript values as bytes, in the shapes that WIT has in JavaScript: for memory that threads share, where a
 * structured clone cannot be put.
 *
 * A value is a tag and what belongs to it; numbers are little-endian, typed arrays as the machine has them.
 */

/** What stands for resources: objects that stay in their thread and cross as numbers. */
export interface References {
  /** The type of an object that is a resource, -1 for data. */
  typeOf(value: object): number;
  /** The number for an object of such a type. Throws for one that was disposed of. */
  give(value: object, type: number): number;
  /** What a number stands for. Throws for one that stands for nothing. `moves`: from now on it does not. */
  take(id: number, type: number, moves: boolean): object;
}

/** Nested deeper, a value is taken for a cycle. No WIT type is. */
const maxDepth = 200;
/** Strings up to this length are copied character by character, which is faster. */
const shortString = 48;

const tags = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  float: 5,
  signed: 6,
  unsigned: 7,
  string: 8,
  array: 9,
  object: 10,
  map: 11,
  typedArray: 12,
  resource: 13,
} as const;

const typedArrays = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float32Array,
  Float64Array,
  Uint8ClampedArray,
] as const;
/** By name, for arrays may come from another realm. */
const typedArrayNames: readonly string[] = typedArrays.map(({ name }) => name);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Writes values, one after the other. */
export class ValueWriter {
  /** What was written is `bytes.subarray(0, length)`; the array is another one when more room was needed. */
  bytes: Uint8Array;
  length = 0;
  #view: DataView;
  readonly #allocate: (size: number) => Uint8Array;

  /** `allocate` gives arrays that are larger than the first. */
  constructor(bytes: Uint8Array, allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size)) {
    this.bytes = bytes;
    this.#view = viewOf(bytes);
    this.#allocate = allocate;
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  /** Throws a TypeError for what is no value of WIT. */
  value(value: unknown, references: References, depth: number = 0): void {
    switch (typeof value) {
      case 'undefined':
        return this.#tag(tags.undefined);
      case 'boolean':
        return this.#tag(value ? tags.true : tags.false);
      case 'number':
        return this.#number(value);
      case 'bigint':
        return this.#bigint(value);
      case 'string':
        this.#tag(tags.string);
        return this.#string(value);
      case 'object':
        if (value === null) return this.#tag(tags.null);
        return this.#object(value, references, depth);
      default:
        throw new TypeError(`a ${typeof value} is no value that can be given to another thread`);
    }
  }

  #number(value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#tag(tags.int);
      const at = this.#room(4);
      this.#view.setInt32(at, value, true);
    } else {
      this.#tag(tags.float);
      const at = this.#room(8);
      this.#view.setFloat64(at, value, true);
    }
  }

  #bigint(value: bigint): void {
    const signed = BigInt.asIntN(64, value) === value;
    if (!signed && BigInt.asUintN(64, value) !== value)
      throw new TypeError('a bigint of more than 64 bits is no value of WIT');
    this.#tag(signed ? tags.signed : tags.unsigned);
    const at = this.#room(8);
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), true);
  }

  #string(value: string): void {
    const { length } = value;
    if (length <= shortString) {
      const start = this.#room(4 + length) + 4;
      let at = 0;
      for (; at < length; at++) {
        const code = value.charCodeAt(at);
        if (code > 0x7f) break;
        this.bytes[start + at] = code;
      }
      if (at === length) {
        this.#view.setUint32(start - 4, length, true);
        return;
      }
      this.length = start - 4;
    }
    const encoded = encoder.encode(value);
    this.u32(encoded.length);
    const at = this.#room(encoded.length);
    this.bytes.set(encoded, at);
  }

  #object(value: object, references: References, depth: number): void {
    if (depth > maxDepth) throw new TypeError('a value is nested too deeply, or in itself');
    const inner = depth + 1;
    if (ArrayBuffer.isView(value)) return this.#typedArray(value);
    if (Array.isArray(value)) {
      this.#tag(tags.array);
      this.u32(value.length);
      for (let at = 0, { length } = value; at < length; at++) this.value(value[at], references, inner);
      return;
    }
    const type = references.typeOf(value);
    if (type >= 0) {
      this.#tag(tags.resource);
      this.u32(type);
      this.u32(references.give(value, type));
      return;
    }
    if (isMap(value)) {
      this.#tag(tags.map);
      this.u32(value.size);
      for (const [key, each] of value) {
        this.value(key, references, inner);
        this.value(each, references, inner);
      }
      return;
    }
    // Lists may be anything that can be iterated.
    if (Symbol.iterator in value) return this.value([...(value as Iterable<unknown>)], references, depth);
    this.#tag(tags.object);
    const countAt = this.#room(4);
    let count = 0;
    // Fields may be inherited.
    for (const key in value) {
      const field: unknown = (value as Readonly<Record<string, unknown>>)[key];
      if (typeof field === 'function') continue;
      this.#string(key);
      this.value(field, references, inner);
      count++;
    }
    this.#view.setUint32(countAt, count, true);
  }

  #typedArray(value: ArrayBufferView): void {
    const kind = typedArrayNames.indexOf((value as Partial<Uint8Array>)[Symbol.toStringTag] ?? '');
    if (kind < 0) throw new TypeError('a DataView is no value of WIT');
    this.#tag(tags.typedArray);
    this.#tag(kind);
    const { buffer, byteOffset, byteLength } = value;
    this.u32(byteLength);
    this.#room(padding(this.length));
    const at = this.#room(byteLength);
    this.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
  }

  #tag(tag: number): void {
    const at = this.#room(1);
    this.bytes[at] = tag;
  }

  /** Room for so many bytes; where it is. */
  #room(size: number): number {
    const at = this.length;
    const end = at + size;
    if (end > this.bytes.length) {
      const larger = this.#allocate(Math.max(end, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
      this.#view = viewOf(larger);
    }
    this.length = end;
    return at;
  }
}

/** Reads what a {@link ValueWriter} wrote. Nothing that it gives shares memory with the bytes. */
export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at = 0;

  constructor(bytes: Uint8Array, length: number = bytes.length) {
    if (!(length >= 0 && length <= bytes.length)) throw malformed();
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#end = length;
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  /** Whether there is nothing left to read. */
  get done(): boolean {
    return this.#at === this.#end;
  }

  /** The next value; `moves` says what becomes of the numbers in it. Throws a TypeError for bytes that are none. */
  value(references: References, moves: boolean = false, depth: number = 0): unknown {
    if (depth > maxDepth) throw malformed();
    const inner = depth + 1;
    switch (this.#byte()) {
      case tags.undefined:
        return undefined;
      case tags.null:
        return null;
      case tags.false:
        return false;
      case tags.true:
        return true;
      case tags.int:
        return this.#view.getInt32(this.#skip(4), true);
      case tags.float:
        return this.#view.getFloat64(this.#skip(8), true);
      case tags.signed:
        return this.#view.getBigInt64(this.#skip(8), true);
      case tags.unsigned:
        return this.#view.getBigUint64(this.#skip(8), true);
      case tags.string:
        return this.#string();
      case tags.array: {
        const list: unknown[] = [];
        for (let left = this.#count(); left > 0; left--) list.push(this.value(references, moves, inner));
        return list;
      }
      case tags.object: {
        const object: Record<string, unknown> = {};
        for (let left = this.#count(); left > 0; left--) {
          const key = this.#string();
          define(object, key, this.value(references, moves, inner));
        }
        return object;
      }
      case tags.map: {
        const map = new Map<unknown, unknown>();
        for (let left = this.#count(); left > 0; left--) {
          const key = this.value(references, moves, inner);
          map.set(key, this.value(references, moves, inner));
        }
        return map;
      }
      case tags.typedArray:
        return this.#typedArray();
      case tags.resource: {
        const type = this.u32();
        return references.take(this.u32(), type, moves);
      }
      default:
        throw malformed();
    }
  }

  #string(): string {
    const length = this.u32();
    const start = this.#skip(length);
    if (length <= shortString) {
      let text = '';
      let at = 0;
      for (; at < length; at++) {
        const code = this.#bytes[start + at]!;
        if (code > 0x7f) break;
        text += String.fromCharCode(code);
      }
      if (at === length) return text;
    }
    // A copy: decoders do not take memory that is shared.
    return decoder.decode(this.#bytes.slice(start, start + length));
  }

  #typedArray(): unknown {
    const make = typedArrays[this.#byte()];
    const length = this.u32();
    this.#skip(padding(this.#at));
    const start = this.#skip(length);
    if (make === undefined || length % make.BYTES_PER_ELEMENT !== 0) throw malformed();
    const bytes = new Uint8Array(length);
    bytes.set(this.#bytes.subarray(start, start + length));
    return make === Uint8Array ? bytes : new make(bytes.buffer);
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)]!;
  }

  /** Every element takes a byte at least, so what is there bounds the count. */
  #count(): number {
    const count = this.u32();
    if (count > this.#end - this.#at) throw malformed();
    return count;
  }

  #skip(size: number): number {
    const at = this.#at;
    if (size > this.#end - at) throw malformed();
    this.#at = at + size;
    return at;
  }
}

/** Sets a member, whatever its name. */
export function define(object: object, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else (object as Record<string, unknown>)[key] = value;
}

/** From here to where typed arrays begin: copying is four times as fast in shared memory if that is aligned. */
function padding(at: number): number {
  return -at & 7;
}

function isMap(value: object): value is Map<unknown, unknown> {
  return Object.prototype.toString.call(value) === '[object Map]';
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function malformed(): TypeError {
  return new TypeError('a message between threads is malformed');
}
