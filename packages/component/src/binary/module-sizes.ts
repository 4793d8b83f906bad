/**
 * How large the memories and tables of a core module start and may become, and the same module with lower maxima: no
 * host can refuse `memory.grow` otherwise. Core specification: "Limits", in its binary format.
 */
import { readLimits, readMemoryType, readReferenceType } from './core-types.ts';
import { skipExpression } from './core-module.ts';
import { readCorePreamble } from './core-modules.ts';
import { ByteReader } from './reader.ts';
import type { ByteArray } from '@wittle/runtime';

/** A memory or table that a module defines. */
export interface Size {
  readonly kind: 'memory' | 'table';
  /** Where it stands in the file. */
  readonly offset: number;
  /** What `minimum` and `maximum` count: pages of so many bytes, or single elements. */
  readonly unit: bigint;
  readonly minimum: bigint;
  /** What its addresses reach, where the module says nothing. */
  readonly maximum: bigint;
  /** Where its limits begin in the module's bytes, flags first, and where what stands behind them ends. */
  readonly type: readonly [start: number, end: number];
  /** What stands behind the limits: the size of a page, if it is not the usual one. */
  readonly rest: readonly number[];
}

/** The memories and tables of a module, in its order. `base` is the offset of `bytes` in their file. Throws `MalformedBinary`. */
export function readSizes(bytes: Uint8Array, base: number = 0): Size[] {
  return [...sectionsOf(bytes, base)].flatMap(({ id, contents }) => sizesIn(id, contents));
}

/**
 * The module with lower maxima: `maximumOf` gives them in the size's unit, `undefined` or a higher one for no change.
 * `base` is as for {@link readSizes}.
 */
export function withMaxima(
  bytes: Uint8Array,
  base: number,
  maximumOf: (size: Size) => bigint | undefined,
): ByteArray {
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const { id, start, contents } of sectionsOf(bytes, base)) {
    const { offset, end } = contents;
    const changes = sizesIn(id, contents).flatMap((size) => {
      const maximum = maximumOf(size);
      return maximum === undefined || maximum >= size.maximum ? [] : [{ size, maximum }];
    });
    if (changes.length === 0) continue;
    const rewritten: Uint8Array[] = [];
    let at = offset;
    for (const { size, maximum } of changes) {
      const [from, to] = size.type;
      // The flag 1 says that there is a maximum.
      const limits = [bytes[from]! | 1, ...unsigned(size.minimum), ...unsigned(maximum), ...size.rest];
      rewritten.push(bytes.subarray(at, from), Uint8Array.from(limits));
      at = to;
    }
    rewritten.push(bytes.subarray(at, end));
    const length = rewritten.reduce((sum, part) => sum + part.length, 0);
    parts.push(bytes.subarray(copied, start), Uint8Array.of(id, ...unsigned(BigInt(length))), ...rewritten);
    copied = end;
  }
  return joined([...parts, bytes.subarray(copied)]);
}

interface Section {
  readonly id: number;
  /** The offset of the id. */
  readonly start: number;
  readonly contents: ByteReader;
}

function* sectionsOf(bytes: Uint8Array, base: number): Generator<Section> {
  const reader = new ByteReader(bytes, 0, bytes.length, base);
  readCorePreamble(reader);
  while (!reader.isAtEnd) {
    const start = reader.offset;
    const id = reader.byte();
    yield { id, start, contents: reader.slice(reader.u32()) };
  }
}

/** Those that a section defines. */
function sizesIn(id: number, section: ByteReader): Size[] {
  const read = id === 4 ? readTable : id === 5 ? readMemory : undefined;
  if (read === undefined) return [];
  const reader = new ByteReader(section.bytes, section.offset, section.end, section.base);
  const sizes = reader.vector(() => read(reader));
  reader.finish();
  return sizes;
}

function readTable(reader: ByteReader): Size {
  const { position: offset } = reader;
  const hasValue = reader.skips(0x40);
  if (hasValue) reader.expect(0x00);
  readReferenceType(reader);
  const start = reader.offset;
  const { minimum, maximum, address } = readLimits(reader, reader.byte());
  const { offset: end } = reader;
  if (hasValue) skipExpression(reader);
  return {
    kind: 'table',
    offset,
    unit: 1n,
    minimum,
    maximum: maximum ?? reach[address] - 1n,
    type: [start, end],
    rest: [],
  };
}

function readMemory(reader: ByteReader): Size {
  const { offset: start, position: offset } = reader;
  const { minimum, maximum, address, pageSize } = readMemoryType(reader);
  const hasPageSize = (reader.bytes[start]! & 8) !== 0;
  return {
    kind: 'memory',
    offset,
    unit: 1n << BigInt(pageSize),
    minimum,
    maximum: maximum ?? (pageSize === 0 ? reach[address] - 1n : reach[address] >> BigInt(pageSize)),
    type: [start, reader.offset],
    rest: hasPageSize ? [pageSize] : [],
  };
}

/** How many bytes and elements there are addresses for. */
const reach = { i32: 1n << 32n, i64: 1n << 64n } as const;

/** LEB128. */
function unsigned(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

function joined(parts: readonly Uint8Array[]): ByteArray {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
