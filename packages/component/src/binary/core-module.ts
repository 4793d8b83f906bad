/** What a core module imports and exports. Core specification: "Modules", in its binary format. */
import { readCorePreamble } from './core-modules.ts';
import {
  coreExternKinds,
  readCoreImport,
  readGlobalType,
  readMemoryType,
  readModuleTypes,
  readTableType,
  readTagType,
} from './core-types.ts';
import type { CoreExternDeclaration, CoreModuleDeclaration, CoreModuleTypeDefinition } from './definition.ts';
import { ByteReader, InvalidBinary } from './reader.ts';

/**
 * Reads the type of a core module, as a component could define it; its code and data are not looked at. `base` is the
 * offset of `bytes` in their file, for messages. Throws `MalformedBinary`, and `InvalidBinary` for an export of nothing.
 */
export function readCoreModule(bytes: Uint8Array, base: number = 0): CoreModuleTypeDefinition {
  const reader = new ByteReader(bytes, 0, bytes.length, base);
  readCorePreamble(reader);
  const module: Module = { declarations: [], function: [], table: [], memory: [], global: [], tag: [] };
  let before = 0;
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const position = order.indexOf(id);
    if (position < 0) reader.fail(`there is no section ${id}`, reader.offset - 1);
    if (position > 0 && position <= before) {
      reader.fail(`section ${id} is out of order`, reader.offset - 1);
    }
    before = Math.max(before, position);
    const contents = reader.slice(reader.u32());
    const read = sections[id];
    if (read === undefined) continue;
    for (let left = contents.count(); left > 0; left--) read(contents, module);
    contents.finish();
  }
  return { kind: 'module', declarations: module.declarations };
}

/** Index spaces, and what makes the type of the module. */
interface Module extends Readonly<Record<CoreExternDeclaration['kind'], CoreExternDeclaration[]>> {
  readonly declarations: CoreModuleDeclaration[];
}

/** The order of sections by their numbers; custom sections may be anywhere. */
const order = [0, 1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Sections that are vectors and say what something is. */
const sections: Readonly<Record<number, (reader: ByteReader, module: Module) => void>> = {
  1: (reader, module) => module.declarations.push(readModuleTypes(reader)),
  2: (reader, module) => {
    const declaration = readCoreImport(reader);
    module.declarations.push(declaration);
    module[declaration.type.kind].push(declaration.type);
  },
  3: (reader, module) => module.function.push({ kind: 'function', type: reader.u32() }),
  4: (reader, module) => {
    const hasValue = reader.skips(0x40);
    if (hasValue) reader.expect(0x00);
    module.table.push({ kind: 'table', type: readTableType(reader) });
    if (hasValue) skipExpression(reader);
  },
  5: (reader, module) => module.memory.push({ kind: 'memory', type: readMemoryType(reader) }),
  6: (reader, module) => {
    module.global.push({ kind: 'global', type: readGlobalType(reader) });
    skipExpression(reader);
  },
  7: (reader, module) => {
    const offset = reader.position;
    const name = reader.name();
    const kind = reader.code(coreExternKinds, 'sort');
    const index = reader.u32();
    const type = module[kind][index];
    if (type === undefined) throw new InvalidBinary(`there is no ${kind} ${index}`, offset);
    module.declarations.push({ kind: 'export', offset, name, type });
  },
  13: (reader, module) => module.tag.push({ kind: 'tag', type: readTagType(reader) }),
};

/** Spec: `constexpr`. */
export function skipExpression(reader: ByteReader): void {
  for (let code = reader.byte(); code !== 0x0b; code = reader.byte()) {
    const hasSecond = code === 0xfb || code === 0xfd;
    const follows = instructions[hasSecond ? code * 256 + Math.min(reader.u32(), 0xff) : code];
    if (follows === undefined) reader.unknown('instruction');
    for (let left = follows; left > 0; left--) skipNumber(reader);
    if (follows < 0) reader.take(-follows);
  }
}

/** How many numbers follow a constant instruction; bytes, where negative. */
const instructions: Readonly<Record<number, number>> = {
  // Constants, `global.get`, `ref.null` and `ref.func`.
  0x41: 1,
  0x42: 1,
  0x43: -4,
  0x44: -8,
  0xfd0c: -16,
  0x23: 1,
  0xd0: 1,
  0xd2: 1,
  // Addition, subtraction and multiplication.
  0x6a: 0,
  0x6b: 0,
  0x6c: 0,
  0x7c: 0,
  0x7d: 0,
  0x7e: 0,
  // Structures, arrays, and conversions of references.
  0xfb00: 1,
  0xfb01: 1,
  0xfb06: 1,
  0xfb07: 1,
  0xfb08: 2,
  0xfb1a: 0,
  0xfb1b: 0,
  0xfb1c: 0,
};

function skipNumber(reader: ByteReader): void {
  for (let left = 10; reader.byte() >= 0x80;) {
    if (--left === 0) reader.fail('a number is larger than 64 bits');
  }
}
