/** The export section. Binary.md: "Import and Export Definitions". */
import type { ExportItem } from './definition.ts';
import { readExternName } from './names.ts';
import type { ByteReader } from './reader.ts';
import { readSortIndex } from './sorts.ts';
import { readExternType } from './types.ts';

/** Spec: `export`. */
export function readExport(reader: ByteReader): ExportItem {
  const { offset } = reader;
  const name = readExternName(reader);
  const item = readSortIndex(reader);
  return { kind: 'export', offset, name, item, type: reader.optional(() => readExternType(reader)) };
}
