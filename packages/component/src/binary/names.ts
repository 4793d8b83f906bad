/** The names of imports and exports with their attributes. Binary.md: "Import and Export Definitions". */
import type { ExternName } from './definition.ts';
import type { ByteReader } from './reader.ts';

/** Spec: `nameattributes`. The two oldest encodings have no attributes. */
export function readExternName(reader: ByteReader): ExternName {
  const encoding = reader.byte();
  if (encoding > 2) reader.unknown('encoding of a name');
  const { offset } = reader;
  const name = reader.name();
  const attributes: { implements?: string; versionSuffix?: string; externalId?: string } = {};
  let repeated = false;
  if (encoding === 2) {
    for (let left = reader.count(); left > 0; left--) {
      const kind = reader.code(attributeKinds, 'attribute of a name');
      repeated ||= attributes[kind] !== undefined;
      attributes[kind] = reader.name();
    }
  }
  const { implements: of, versionSuffix, externalId } = attributes;
  const found = { name, offset, implements: of, versionSuffix, externalId };
  return repeated ? { ...found, hasRepeatedAttribute: true } : found;
}

const attributeKinds = ['implements', 'versionSuffix', 'externalId'] as const;
