/** The names of imports and exports with their attributes. Binary.md: "Import and Export Definitions". */
import type { ByteReader } from './reader.ts';

export interface ExternName {
  readonly name: string;
  readonly offset: number;
  /** The interface that an instance under a plain name implements. */
  readonly implements: string | undefined;
  /** What follows the version in `name`. */
  readonly versionSuffix: string | undefined;
  readonly externalId: string | undefined;
}

/** `nameattributes`; the two oldest encodings have no attributes. */
export function readExternName(reader: ByteReader): ExternName {
  const start = reader.offset;
  const encoding = reader.byte();
  if (encoding > 2) reader.fail('this encoding of a name is not known', start);
  const offset = reader.offset;
  const name = reader.name();
  const attributes: { implements?: string; versionSuffix?: string; externalId?: string } = {};
  if (encoding === 2) {
    reader.vector(() => {
      const at = reader.offset;
      const kind = attributeKinds[reader.byte()];
      if (kind === undefined) return reader.fail('this attribute of a name is not known', at);
      if (attributes[kind] !== undefined) reader.fail('a name has the same attribute twice', at);
      attributes[kind] = reader.name();
      return undefined;
    });
  }
  const { implements: of, versionSuffix, externalId } = attributes;
  return { name, offset, implements: of, versionSuffix, externalId };
}

const attributeKinds = ['implements', 'versionSuffix', 'externalId'] as const;
