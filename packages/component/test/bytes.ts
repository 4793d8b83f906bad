/** Components written as bytes, for tests. */

/** A component of sections. */
export function component(...sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, ...sections.flat()]);
}

/** A core module of sections. */
export function coreModule(...sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}

/** A section; its size always takes two bytes, so that offsets do not depend on it. */
export function section(id: number, contents: Iterable<number>): readonly number[] {
  const bytes = [...contents];
  return [id, (bytes.length & 0x7f) | 0x80, bytes.length >> 7, ...bytes];
}

/** A section that is a vector. */
export function vector(id: number, ...items: readonly (readonly number[])[]): readonly number[] {
  return section(id, [items.length, ...items.flat()]);
}

/** A name with its length. */
export function text(value: string): readonly number[] {
  const bytes = new TextEncoder().encode(value);
  return [bytes.length, ...bytes];
}

/** The name of an import or export without attributes. */
export function plainName(value: string): readonly number[] {
  return [0x00, ...text(value)];
}
