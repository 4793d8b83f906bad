/** The export section. Binary.md: "Import and Export Definitions". */
import { readSort, type Sort } from './aliases.ts';
import { readExternName, type ExternName } from './names.ts';
import type { ByteReader } from './reader.ts';
import { readExternType, type ExternType } from './types.ts';

export interface Export {
  readonly offset: number;
  readonly name: ExternName;
  readonly sort: Sort;
  readonly index: number;
  readonly type: ExternType | undefined;
}

/** `export` */
export function readExport(reader: ByteReader): Export {
  const { offset } = reader;
  const name = readExternName(reader);
  const sort = readSort(reader);
  const index = reader.u32();
  const at = reader.offset;
  const flag = reader.byte();
  if (flag > 1) reader.fail('this must be 0 or 1', at);
  return { offset, name, sort, index, type: flag === 0 ? undefined : readExternType(reader) };
}
