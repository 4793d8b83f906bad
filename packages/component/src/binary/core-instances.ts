/** The core instance section. Binary.md: "Instance Definitions". */
import type { CoreInlineExports, CoreInstanceItem, CoreInstantiate } from './definition.ts';
import type { ByteReader } from './reader.ts';
import { readCoreSort } from './sorts.ts';

/** Spec: `core:instance`. */
export function readCoreInstance(reader: ByteReader): CoreInstanceItem {
  const { offset } = reader;
  return { kind: 'core instance', offset, expression: readExpression(reader) };
}

function readExpression(reader: ByteReader): CoreInstantiate | CoreInlineExports {
  switch (reader.byte()) {
    case 0x00:
      return {
        kind: 'instantiate',
        module: reader.index(),
        args: reader.vector(() => {
          const name = reader.name();
          reader.expect(0x12);
          return { name, ...reader.index() };
        }),
      };
    case 0x01:
      return {
        kind: 'exports',
        exports: reader.vector(() => ({
          name: reader.name(),
          sort: readCoreSort(reader),
          ...reader.index(),
        })),
      };
    default:
      return reader.unknown('kind of instance');
  }
}
