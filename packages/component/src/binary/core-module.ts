/** What a core module imports and exports. Core specification: "Modules", in its binary format. */
import type { CoreExternType, CoreModuleType } from '../validate/component-type.ts';
import {
  canonicalExtern,
  canonicalTypes,
  type CanonicalCoreType,
  type CoreTypeLookup,
} from './canonical-core-types.ts';
import { readCorePreamble } from './core-modules.ts';
import {
  readCoreExtern,
  readGlobalType,
  readHeapType,
  readMemoryType,
  readRecursiveTypes,
  readTableType,
  readTagType,
} from './core-types.ts';
import type { CoreExternDeclaration } from './definition.ts';
import { ByteReader, InvalidBinary } from './reader.ts';

/**
 * Reads the type of a core module; its code and data are not looked at. `base` is the offset of `bytes` in their file,
 * for messages. Throws `MalformedBinary`, and `InvalidBinary` for what keeps the module from having a type at all.
 */
export function readCoreModule(bytes: Uint8Array, base: number = 0): CoreModuleType {
  const reader = new ByteReader(bytes, 0, bytes.length, base);
  readCorePreamble(reader);
  const module: Module = { types: [], spaces: { function: [], table: [], memory: [], global: [], tag: [] } };
  const imports = new Map<string, Map<string, CoreExternType>>();
  const exports = new Map<string, CoreExternType>();
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
    if (id === 2) readImports(contents, module, imports);
    else if (id === 7) readExports(contents, module, exports);
    else if (read === undefined) continue;
    else for (let left = contents.count(); left > 0; left--) read(contents, module);
    if (!contents.isAtEnd) contents.fail('the section is longer than its contents');
  }
  return { kind: 'core module', imports, exports };
}

/** Index spaces; functions and the like are as they are declared. */
interface Module {
  readonly types: CanonicalCoreType[];
  readonly spaces: Readonly<Record<CoreExternDeclaration['kind'], CoreExternDeclaration[]>>;
}

/** The order of sections by their numbers; custom sections may be anywhere. */
const order = [0, 1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Sections that are vectors and say what something is. */
const sections: Readonly<Record<number, (reader: ByteReader, module: Module) => void>> = {
  1: (reader, { types }) => {
    const { offset } = reader;
    const group = readRecursiveTypes(reader);
    const found = canonicalTypes(group, types.length, lookup(reader, types, offset));
    for (const each of found) types.push(each);
  },
  3: (reader, { spaces }) => spaces.function.push({ kind: 'function', type: reader.u32() }),
  4: (reader, { spaces }) => {
    const hasValue = reader.peek() === 0x40;
    if (hasValue) {
      reader.byte();
      if (reader.byte() !== 0x00) reader.unknown('kind of table');
    }
    spaces.table.push({ kind: 'table', type: readTableType(reader) });
    if (hasValue) skipExpression(reader);
  },
  5: (reader, { spaces }) => spaces.memory.push({ kind: 'memory', type: readMemoryType(reader) }),
  6: (reader, { spaces }) => {
    spaces.global.push({ kind: 'global', type: readGlobalType(reader) });
    skipExpression(reader);
  },
  13: (reader, { spaces }) => spaces.tag.push({ kind: 'tag', type: readTagType(reader) }),
};

function readImports(
  reader: ByteReader,
  module: Module,
  imports: Map<string, Map<string, CoreExternType>>,
): void {
  for (let left = reader.count(); left > 0; left--) {
    const { offset } = reader;
    const from = reader.name();
    const name = reader.name();
    const declaration = readCoreExtern(reader);
    module.spaces[declaration.kind].push(declaration);
    let fields = imports.get(from);
    if (fields === undefined) imports.set(from, (fields = new Map()));
    if (fields.has(name)) {
      throw new InvalidBinary(`the module imports \`${from}\` \`${name}\` twice`, reader.base + offset);
    }
    fields.set(name, externType(reader, module, declaration, offset));
  }
}

function readExports(reader: ByteReader, module: Module, exports: Map<string, CoreExternType>): void {
  for (let left = reader.count(); left > 0; left--) {
    const { offset } = reader;
    const name = reader.name();
    const kind = reader.code(kinds, 'kind of core import or export');
    const index = reader.u32();
    const declaration = module.spaces[kind][index];
    if (declaration === undefined) {
      throw new InvalidBinary(`there is no ${kind} ${index}`, reader.base + offset);
    }
    if (exports.has(name)) {
      throw new InvalidBinary(`the module exports \`${name}\` twice`, reader.base + offset);
    }
    exports.set(name, externType(reader, module, declaration, offset));
  }
}

const kinds = ['function', 'table', 'memory', 'global', 'tag'] as const;

function externType(
  reader: ByteReader,
  { types }: Module,
  declaration: CoreExternDeclaration,
  offset: number,
): CoreExternType {
  const found = canonicalExtern(declaration, lookup(reader, types, offset));
  if (found !== undefined) return found;
  throw new InvalidBinary('this type is not a function type', reader.base + offset);
}

function lookup(reader: ByteReader, types: readonly CanonicalCoreType[], offset: number): CoreTypeLookup {
  return (index) => {
    const found = types[index];
    if (found !== undefined) return found;
    throw new InvalidBinary(`there is no core type ${index}`, reader.base + offset);
  };
}

/** Spec: `constexpr`. */
function skipExpression(reader: ByteReader): void {
  for (;;) {
    const code = reader.byte();
    switch (code) {
      case 0x0b:
        return;
      // Constants, `global.get` and `ref.func`.
      case 0x41:
      case 0x42:
      case 0x23:
      case 0xd2:
        skipNumber(reader);
        break;
      case 0x43:
        reader.take(4);
        break;
      case 0x44:
        reader.take(8);
        break;
      case 0xd0:
        readHeapType(reader);
        break;
      // Addition, subtraction and multiplication.
      case 0x6a:
      case 0x6b:
      case 0x6c:
      case 0x7c:
      case 0x7d:
      case 0x7e:
        break;
      case 0xfb:
        skipAggregate(reader);
        break;
      case 0xfd:
        if (reader.u32() !== 12) reader.unknown('constant instruction');
        reader.take(16);
        break;
      default:
        reader.unknown('constant instruction');
    }
  }
}

// Structures and arrays with one or two numbers, and conversions of references without.
function skipAggregate(reader: ByteReader): void {
  const code = reader.u32();
  const numbers = [0, 1, 6, 7].includes(code) ? 1 : code === 8 ? 2 : [26, 27, 28].includes(code) ? 0 : -1;
  if (numbers < 0) reader.unknown('constant instruction');
  for (let left = numbers; left > 0; left--) reader.u32();
}

function skipNumber(reader: ByteReader): void {
  for (let left = 10; reader.byte() >= 0x80;) {
    if (--left === 0) reader.fail('a number is larger than 64 bits');
  }
}
