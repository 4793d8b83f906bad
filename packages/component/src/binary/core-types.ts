/** The core type section, and types of core WebAssembly. Binary.md: "Type Definitions"; core specification: "Types". */
import type {
  CoreCompositeType,
  CoreExternDeclaration,
  CoreFieldType,
  CoreGlobalType,
  CoreLimits,
  CoreMemoryType,
  CoreModuleDeclaration,
  CoreRecursiveTypes,
  CoreReferenceType,
  CoreSubtype,
  CoreTableType,
  CoreTypeDefinition,
  CoreTypeItem,
  CoreValueType,
} from './definition.ts';
import type { ByteReader } from './reader.ts';

/** Spec: `core:type`. */
export function readCoreType(reader: ByteReader): CoreTypeItem {
  const { offset } = reader;
  return { kind: 'core type', offset, definition: readCoreDefinition(reader) };
}

// Here `0x50` begins a module type, so a subtype that is not final has a zero before it. Inside a module type it has not,
// as that has no module types inside.
function readCoreDefinition(reader: ByteReader): CoreTypeDefinition {
  const { offset } = reader;
  const code = reader.peek();
  if (code === 0x50) {
    reader.byte();
    return { kind: 'module', declarations: reader.vector(() => readModuleDeclaration(reader)) };
  }
  if (code === 0x00) {
    reader.byte();
    if (reader.peek() !== 0x50) reader.fail('this core type is not known', offset);
  }
  return readRecursiveTypes(reader);
}

/** Spec: `core:rectype`. */
export function readRecursiveTypes(reader: ByteReader): CoreRecursiveTypes {
  if (reader.peek() !== 0x4e) return { kind: 'recursive types', types: [readSubtype(reader)] };
  reader.byte();
  return { kind: 'recursive types', types: reader.vector(() => readSubtype(reader)) };
}

function readSubtype(reader: ByteReader): CoreSubtype {
  const code = reader.peek();
  if (code !== 0x50 && code !== 0x4f) return { final: true, supertypes: [], type: readComposite(reader) };
  reader.byte();
  return {
    final: code === 0x4f,
    supertypes: reader.vector(() => reader.u32(), maxParts),
    type: readComposite(reader),
  };
}

// Engines have lower limits; without any a short type could have a very long text.
function readComposite(reader: ByteReader): CoreCompositeType {
  const value = (): CoreValueType => readCoreValueType(reader);
  switch (reader.byte()) {
    case 0x60:
      return {
        kind: 'function',
        params: reader.vector(value, maxParts),
        results: reader.vector(value, maxParts),
      };
    case 0x5f:
      return { kind: 'struct', fields: reader.vector(() => readField(reader), maxParts) };
    case 0x5e:
      return { kind: 'array', element: readField(reader) };
    default:
      return reader.unknown('core type');
  }
}

function readField(reader: ByteReader): CoreFieldType {
  const code = reader.peek();
  const packed = code === 0x78 ? 'i8' : code === 0x77 ? 'i16' : undefined;
  if (packed !== undefined) reader.byte();
  return { type: packed ?? readCoreValueType(reader), mutable: reader.flag() };
}

/** Spec: `core:valtype`. */
export function readCoreValueType(reader: ByteReader): CoreValueType {
  const numeric = numericTypes[reader.peek()];
  if (numeric === undefined) return readReferenceType(reader);
  reader.byte();
  return numeric;
}

/** Spec: `core:reftype`. */
export function readReferenceType(reader: ByteReader): CoreReferenceType {
  const code = reader.byte();
  const heap = heapTypes[code];
  if (heap !== undefined) return { nullable: true, heap };
  if (code !== 0x63 && code !== 0x64) reader.unknown('core value type');
  return { nullable: code === 0x63, heap: readHeapType(reader) };
}

/** Spec: `core:heaptype`. */
export function readHeapType(reader: ByteReader): string | number {
  const heap = heapTypes[reader.peek()];
  if (heap === undefined) return reader.signedIndex('heap type').index;
  reader.byte();
  return heap;
}

/** Spec: `core:externtype`. */
export function readCoreExtern(reader: ByteReader): CoreExternDeclaration {
  switch (reader.byte()) {
    case 0x00:
      return { kind: 'function', type: reader.u32() };
    case 0x01:
      return { kind: 'table', type: readTableType(reader) };
    case 0x02:
      return { kind: 'memory', type: readMemoryType(reader) };
    case 0x03:
      return { kind: 'global', type: readGlobalType(reader) };
    case 0x04:
      return { kind: 'tag', type: readTagType(reader) };
    default:
      return reader.unknown('kind of core import or export');
  }
}

/** Spec: `core:tabletype`. */
export function readTableType(reader: ByteReader): CoreTableType {
  const element = readReferenceType(reader);
  return { element, ...readLimits(reader, reader.byte()) };
}

/** Spec: `core:memtype`. The flag 8 says that the size of a page follows. */
export function readMemoryType(reader: ByteReader): CoreMemoryType {
  const flags = reader.byte();
  const limits = readLimits(reader, flags & ~8);
  const pageSize = (flags & 8) === 0 ? 16 : reader.u32();
  if (pageSize > 64) reader.fail('the size of a page is too large', reader.offset - 1);
  return { ...limits, pageSize };
}

/** Spec: `core:globaltype`. */
export function readGlobalType(reader: ByteReader): CoreGlobalType {
  return { type: readCoreValueType(reader), mutable: reader.flag() };
}

/** Spec: `core:tagtype`; gives the index of a function type. */
export function readTagType(reader: ByteReader): number {
  if (reader.byte() !== 0x00) reader.unknown('kind of tag');
  return reader.u32();
}

// The flags are: 1 for a maximum, 2 for shared, 4 for 64-bit addresses.
function readLimits(reader: ByteReader, flags: number): CoreLimits {
  if (flags > 7) reader.unknown('kind of limits');
  return {
    minimum: reader.u64(),
    maximum: (flags & 1) === 0 ? undefined : reader.u64(),
    shared: (flags & 2) !== 0,
    address: (flags & 4) === 0 ? 'i32' : 'i64',
  };
}

function readModuleDeclaration(reader: ByteReader): CoreModuleDeclaration {
  const { offset } = reader;
  switch (reader.byte()) {
    case 0x00:
      return {
        kind: 'import',
        offset,
        module: reader.name(),
        name: reader.name(),
        type: readCoreExtern(reader),
      };
    case 0x01:
      return { kind: 'type', offset, definition: readRecursiveTypes(reader) };
    case 0x02:
      if (reader.byte() !== 0x10 || reader.byte() !== 0x01) reader.unknown('alias');
      return { kind: 'alias', offset, scopes: reader.u32(), index: reader.u32() };
    case 0x03:
      return { kind: 'export', offset, name: reader.name(), type: readCoreExtern(reader) };
    default:
      return reader.unknown('declaration');
  }
}

/** A core type has at most this many fields, parameters, results or supertypes. */
const maxParts = 10_000;

const numericTypes: Readonly<Record<number, 'i32' | 'i64' | 'f32' | 'f64' | 'v128'>> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
};

/** Spec: `core:absheaptype`. */
const heapTypes: Readonly<Record<number, string>> = {
  0x69: 'exn',
  0x6a: 'array',
  0x6b: 'struct',
  0x6c: 'i31',
  0x6d: 'eq',
  0x6e: 'any',
  0x6f: 'extern',
  0x70: 'func',
  0x71: 'none',
  0x72: 'noextern',
  0x73: 'nofunc',
  0x74: 'noexn',
};
