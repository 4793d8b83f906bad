/** The preamble and the sections of a component. Binary.md: "Component Definitions". */
import { readAlias } from './aliases.ts';
import { readCanon } from './canons.ts';
import { readCoreInstance } from './core-instances.ts';
import { readCoreModuleItem } from './core-modules.ts';
import { readCoreType } from './core-types.ts';
import { readCustom } from './custom.ts';
import type { ComponentDefinition, Item } from './definition.ts';
import { readExport } from './exports.ts';
import { readImport } from './imports.ts';
import { readInstance } from './instances.ts';
import { ByteReader } from './reader.ts';
import { readStart } from './starts.ts';
import { maxNesting, readType } from './types.ts';
import { readValue } from './values.ts';

/** Whether bytes begin as a component, and not as a core module or a text. */
export function isComponent(bytes: Uint8Array): boolean {
  return startsWith(bytes, magic) && bytes[6] === 0x01 && bytes[7] === 0x00;
}

/**
 * Reads a component with all that is inside it, core modules aside, whose bytes are views of `bytes`. Takes time and
 * memory in proportion to `bytes`; components and their types may be nested {@link maxNesting} deep. Throws
 * `MalformedBinary`. Spec: `component`.
 */
export function readComponent(bytes: Uint8Array): ComponentDefinition {
  // WebAssembly and text decoders do not take shared memory.
  const isShared = bytes.buffer[Symbol.toStringTag] === 'SharedArrayBuffer';
  return readDefinition(new ByteReader(isShared ? bytes.slice() : bytes), 0);
}

function readDefinition(reader: ByteReader, depth: number): ComponentDefinition {
  const { offset } = reader;
  readPreamble(reader);
  const items: Item[] = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const read = sections[id];
    if (id > 12) reader.fail(`there is no section ${id}`, reader.offset - 1);
    const contents = reader.slice(reader.u32());
    if (read === undefined) items.push(readWhole(contents, id, depth));
    else for (let left = contents.count(); left > 0; left--) items.push(read(contents, depth));
    contents.finish();
  }
  return { offset, items };
}

/** A section that is one item. */
function readWhole(contents: ByteReader, id: number, depth: number): Item {
  const { offset } = contents;
  switch (id) {
    case 0:
      return readCustom(contents);
    case 1:
      return readCoreModuleItem(contents);
    case 9:
      return readStart(contents);
    default:
      if (depth >= maxNesting) contents.fail(`components are nested more than ${maxNesting} levels deep`);
      return { kind: 'component', offset, definition: readDefinition(contents, depth + 1) };
  }
}

/** Sections that are vectors, by their numbers. */
const sections: Readonly<Record<number, (reader: ByteReader, depth: number) => Item>> = {
  2: readCoreInstance,
  3: readCoreType,
  5: readInstance,
  6: readAlias,
  7: readType,
  8: readCanon,
  10: readImport,
  11: readExport,
  12: readValue,
};

function readPreamble(reader: ByteReader): void {
  const { offset, bytes, end } = reader;
  const start = bytes.subarray(offset, Math.min(end, offset + 8));
  if (!startsWith(start, magic)) reader.fail('this is not WebAssembly');
  if (start[6] === 0x00 && start[7] === 0x00)
    reader.fail('this is a core module, not a component', offset + 4);
  if (!isComponent(start) || start[4] !== 0x0d || start[5] !== 0x00) {
    reader.fail('this version of components is not known', offset + 4);
  }
  reader.offset += 8;
}

const magic = [0x00, 0x61, 0x73, 0x6d];

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}
