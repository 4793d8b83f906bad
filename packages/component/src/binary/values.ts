/** The value section. Binary.md: "Value Definitions". */
import type { ValueItem } from './definition.ts';
import type { ByteReader } from './reader.ts';
import { readValueType } from './types.ts';

/** Spec: `value`. */
export function readValue(reader: ByteReader): ValueItem {
  const { offset } = reader;
  const type = readValueType(reader);
  return { kind: 'value', offset, type, bytes: reader.take(reader.u32()) };
}
