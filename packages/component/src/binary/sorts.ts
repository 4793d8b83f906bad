/** Sorts of definitions. Binary.md: "Instance Definitions". */
import type { CoreSort, Sort, SortIndex } from './definition.ts';
import type { ByteReader } from './reader.ts';

/** Spec: `core:sort`. */
export function readCoreSort(reader: ByteReader): CoreSort {
  return reader.code(coreSorts, 'sort');
}

/** Spec: `sort`. */
export function readSort(reader: ByteReader): Sort {
  const sort = reader.code(sorts, 'sort');
  return sort === 'core' ? `core ${readCoreSort(reader)}` : sort;
}

/** Spec: `sortidx`. */
export function readSortIndex(reader: ByteReader): SortIndex {
  const { offset } = reader;
  return { sort: readSort(reader), index: reader.u32(), offset };
}

const coreSorts: Readonly<Record<number, CoreSort>> = {
  0x00: 'function',
  0x01: 'table',
  0x02: 'memory',
  0x03: 'global',
  0x04: 'tag',
  0x10: 'type',
  0x11: 'module',
  0x12: 'instance',
};

const sorts = ['core', 'function', 'value', 'type', 'component', 'instance'] as const;
