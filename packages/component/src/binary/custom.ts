/** Custom sections: a name, and bytes that only that name's reader understands. */
import type { ByteReader } from './reader.ts';

export interface CustomSection {
  readonly name: string;
  /** Where the contents begin. */
  readonly offset: number;
  readonly contents: Uint8Array;
}

/** `core:custom` */
export function readCustom(reader: ByteReader): CustomSection {
  const name = reader.name();
  const { offset } = reader;
  return { name, offset, contents: reader.bytes.subarray(offset, reader.end) };
}
