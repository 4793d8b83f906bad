/** The alias section. Binary.md: "Alias Definitions". */
import type { Alias, AliasItem, Sort } from './definition.ts';
import type { ByteReader } from './reader.ts';
import { readSort } from './sorts.ts';

export function readAlias(reader: ByteReader): AliasItem {
  const { offset } = reader;
  return { kind: 'alias', offset, alias: readTarget(reader, readSort(reader), offset) };
}

function readTarget(reader: ByteReader, sort: Sort, offset: number): Alias {
  switch (reader.byte()) {
    case 0x00:
      return { kind: 'export', sort, instance: reader.u32(), name: reader.name() };
    case 0x01:
      if (!sort.startsWith('core ')) reader.fail('a core alias cannot be of this sort', offset);
      return { kind: 'core export', sort, instance: reader.u32(), name: reader.name() };
    case 0x02:
      if (!outerSorts.includes(sort)) reader.fail('an outer alias cannot be of this sort', offset);
      return { kind: 'outer', sort, scopes: reader.u32(), index: reader.u32() };
    default:
      return reader.unknown('kind of alias');
  }
}

/** Spec: `outeraliassort`. */
const outerSorts: readonly Sort[] = ['core module', 'core type', 'type', 'component'];
