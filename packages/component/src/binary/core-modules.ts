/** The core module section. Binary.md: "Component Definitions". */
import type { CoreModuleItem } from './definition.ts';
import type { ByteReader } from './reader.ts';

/** Takes a module as it is; `readCoreModule` looks into it. */
export function readCoreModuleItem(reader: ByteReader): CoreModuleItem {
  const { offset } = reader;
  readCorePreamble(reader);
  reader.offset = reader.end;
  const bytes = reader.bytes.subarray(offset, reader.end) as Uint8Array<ArrayBuffer>;
  return { kind: 'core module', offset, bytes };
}

/** Reads past the first eight bytes of a core module. */
export function readCorePreamble(reader: ByteReader): void {
  const { offset } = reader;
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) {
    if (reader.byte() !== byte) reader.fail('this is not a core module', offset);
  }
}
