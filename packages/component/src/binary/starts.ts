/** The start section. Binary.md: "Start Definitions". */
import type { StartItem } from './definition.ts';
import type { ByteReader } from './reader.ts';

/** Spec: `start`. */
export function readStart(reader: ByteReader): StartItem {
  const { offset } = reader;
  const callee = reader.index();
  const args = reader.vector(() => reader.index());
  return { kind: 'start', offset, callee, args, results: reader.u32() };
}
