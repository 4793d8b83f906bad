/** The instance section. Binary.md: "Instance Definitions". */
import type { InlineExports, InstanceItem, Instantiate } from './definition.ts';
import { readExternName } from './names.ts';
import type { ByteReader } from './reader.ts';
import { readSortIndex } from './sorts.ts';

/** Spec: `instance`. */
export function readInstance(reader: ByteReader): InstanceItem {
  const { offset } = reader;
  return { kind: 'instance', offset, expression: readExpression(reader) };
}

function readExpression(reader: ByteReader): Instantiate | InlineExports {
  switch (reader.byte()) {
    case 0x00:
      return {
        kind: 'instantiate',
        component: reader.index(),
        args: reader.vector(() => ({ name: reader.name(), ...readSortIndex(reader) })),
      };
    case 0x01:
      return {
        kind: 'exports',
        exports: reader.vector(() => ({ name: readExternName(reader), item: readSortIndex(reader) })),
      };
    default:
      return reader.unknown('kind of instance');
  }
}
