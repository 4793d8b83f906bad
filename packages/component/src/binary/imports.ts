/** The import section. Binary.md: "Import and Export Definitions". */
import { readExternName, type ExternName } from './names.ts';
import type { ByteReader } from './reader.ts';
import { readExternType, type ExternType } from './types.ts';

export interface Import {
  readonly offset: number;
  readonly name: ExternName;
  readonly type: ExternType;
}

/** `import` */
export function readImport(reader: ByteReader): Import {
  const { offset } = reader;
  return { offset, name: readExternName(reader), type: readExternType(reader) };
}
