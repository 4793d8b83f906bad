/** The import section. Binary.md: "Import and Export Definitions". */
import type { ImportItem } from './definition.ts';
import { readExternName } from './names.ts';
import type { ByteReader } from './reader.ts';
import { readExternType } from './types.ts';

/** Spec: `import`. */
export function readImport(reader: ByteReader): ImportItem {
  const { offset } = reader;
  return { kind: 'import', offset, name: readExternName(reader), type: readExternType(reader) };
}
