/** The preamble and the sections of a component. Binary.md: "Component Definitions". */
import { ByteReader } from './reader.ts';

/** A section by its number; `contents` ends where it ends. */
export interface Section {
  readonly id: number;
  readonly offset: number;
  readonly contents: ByteReader;
}

/** The numbers of the sections. */
export const sectionId = {
  custom: 0,
  coreModule: 1,
  coreInstance: 2,
  coreType: 3,
  component: 4,
  instance: 5,
  alias: 6,
  type: 7,
  canon: 8,
  start: 9,
  import: 10,
  export: 11,
  value: 12,
} as const;

/** Whether bytes begin as a component, and not as a core module or a text. */
export function isComponent(bytes: Uint8Array): boolean {
  return startsWith(bytes, magic) && bytes[6] === 0x01 && bytes[7] === 0x00;
}

/** Reads the preamble, then gives each section. Throws `MalformedBinary`. */
export function* readSections(bytes: Uint8Array): Generator<Section> {
  const reader = new ByteReader(bytes);
  if (!startsWith(bytes, magic)) reader.fail('this is not WebAssembly: it must begin with `\\0asm`');
  if (bytes[6] === 0x00 && bytes[7] === 0x00) {
    reader.fail('this is a core module, not a component', 4);
  }
  if (!isComponent(bytes) || bytes[4] !== 0x0d || bytes[5] !== 0x00) {
    reader.fail('this version of the component format is not known', 4);
  }
  reader.offset = 8;
  while (!reader.isAtEnd) {
    const offset = reader.offset;
    const id = reader.byte();
    if (id > sectionId.value) reader.fail(`there is no section ${id}`, offset);
    yield { id, offset, contents: reader.slice(reader.u32()) };
  }
}

const magic = [0x00, 0x61, 0x73, 0x6d];

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}
