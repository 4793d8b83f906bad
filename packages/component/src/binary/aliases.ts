/** Aliases. Binary.md: "Alias Definitions". */
import type { ByteReader } from './reader.ts';

export type Alias =
  | { readonly kind: 'export'; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly kind: 'core-export'; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly kind: 'outer'; readonly sort: Sort; readonly scopes: number; readonly index: number };

export type Sort = 'core' | 'function' | 'value' | 'type' | 'component' | 'instance';

/** `alias` */
export function readAlias(reader: ByteReader): Alias {
  const sort = readSort(reader);
  const offset = reader.offset;
  switch (reader.byte()) {
    case 0x00:
      return { kind: 'export', sort, instance: reader.u32(), name: reader.name() };
    case 0x01:
      return { kind: 'core-export', sort, instance: reader.u32(), name: reader.name() };
    case 0x02:
      return { kind: 'outer', sort, scopes: reader.u32(), index: reader.u32() };
    default:
      return reader.fail('this kind of alias is not known', offset);
  }
}

/** `sort`; all core sorts count as one. */
export function readSort(reader: ByteReader): Sort {
  const offset = reader.offset;
  const sort = sorts[reader.byte()];
  if (sort === undefined) return reader.fail('this sort is not known', offset);
  if (sort === 'core') reader.byte();
  return sort;
}

const sorts: readonly Sort[] = ['core', 'function', 'value', 'type', 'component', 'instance'];
