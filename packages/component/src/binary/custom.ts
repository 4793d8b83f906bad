/** Custom sections: a name, and bytes that only that name's reader understands. */
import type { CustomItem } from './definition.ts';
import type { ByteReader } from './reader.ts';

/** Spec: `core:custom`. */
export function readCustom(reader: ByteReader): CustomItem {
  const { offset } = reader;
  const name = reader.name();
  const contentsOffset = reader.offset;
  return { kind: 'custom', offset, name, contentsOffset, contents: reader.take(reader.end - contentsOffset) };
}
