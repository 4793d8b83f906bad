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
  if (reader.skips(0x50))
    return { kind: 'module', declarations: reader.vector(() => readModuleDeclaration(reader)) };
  if (reader.skips(0x00) && reader.peek() !== 0x50) reader.fail('this type is not known', offset);
  return readRecursiveTypes(reader);
}

/** Spec: `core:rectype`. */
export function readRecursiveTypes(reader: ByteReader): CoreRecursiveTypes {
  const one = (): CoreSubtype => readSubtype(reader);
  return { kind: 'recursive types', types: reader.skips(0x4e) ? reader.vector(one) : [one()] };
}

function readSubtype(reader: ByteReader): CoreSubtype {
  const final = reader.known({ 0x50: false, 0x4f: true });
  return {
    final: final ?? true,
    supertypes: final === undefined ? [] : reader.vector(() => reader.u32(), maxParts),
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
      return reader.unknown('type');
  }
}

function readField(reader: ByteReader): CoreFieldType {
  return {
    type: reader.known({ 0x78: 'i8', 0x77: 'i16' } as const) ?? readCoreValueType(reader),
    mutable: reader.flag(),
  };
}

/** Spec: `core:valtype`. */
export function readCoreValueType(reader: ByteReader): CoreValueType {
  return reader.known(numericTypes) ?? readReferenceType(reader);
}

/** Spec: `core:reftype`. */
export function readReferenceType(reader: ByteReader): CoreReferenceType {
  const heap = reader.known(heapTypes);
  if (heap !== undefined) return { nullable: true, heap };
  const nullable = reader.code({ 0x63: true, 0x64: false }, 'type');
  return { nullable, heap: readHeapType(reader) };
}

/** Spec: `core:heaptype`. */
function readHeapType(reader: ByteReader): string | number {
  return reader.known(heapTypes) ?? reader.signedIndex('type').index;
}

/** Spec: `core:externtype`. */
export function readCoreExtern(reader: ByteReader): CoreExternDeclaration {
  const kind = reader.code(coreExternKinds, 'sort');
  switch (kind) {
    case 'function':
      return { kind, type: reader.u32() };
    case 'table':
      return { kind, type: readTableType(reader) };
    case 'memory':
      return { kind, type: readMemoryType(reader) };
    case 'global':
      return { kind, type: readGlobalType(reader) };
    case 'tag':
      return { kind, type: readTagType(reader) };
  }
}

/** Kinds of what core modules import and export, by their numbers. */
export const coreExternKinds = ['function', 'table', 'memory', 'global', 'tag'] as const;

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
  reader.expect(0x00);
  return reader.u32();
}

/** Spec: `core:limits`. The flags are: 1 for a maximum, 2 for shared, 4 for 64-bit addresses. */
export function readLimits(reader: ByteReader, flags: number): CoreLimits {
  if (flags > 7) reader.unknown('kind of limits');
  return {
    minimum: reader.u64(),
    maximum: (flags & 1) === 0 ? undefined : reader.u64(),
    shared: (flags & 2) !== 0,
    address: (flags & 4) === 0 ? 'i32' : 'i64',
  };
}

function readModuleDeclaration(reader: ByteReader): CoreModuleDeclaration {
  const offset = reader.position;
  switch (reader.byte()) {
    case 0x00:
      return readCoreImport(reader);
    case 0x01:
      return readModuleTypes(reader);
    case 0x02:
      reader.expect(0x10);
      reader.expect(0x01);
      return { kind: 'alias', offset, scopes: reader.u32(), index: reader.u32() };
    case 0x03:
      return { kind: 'export', offset, name: reader.name(), type: readCoreExtern(reader) };
    default:
      return reader.unknown('declaration');
  }
}

/** Spec: `core:import`. */
export function readCoreImport(reader: ByteReader): CoreModuleDeclaration & { readonly kind: 'import' } {
  return {
    kind: 'import',
    offset: reader.position,
    module: reader.name(),
    name: reader.name(),
    type: readCoreExtern(reader),
  };
}

/** A type in a module or module type. */
export function readModuleTypes(reader: ByteReader): CoreModuleDeclaration {
  return { kind: 'type', offset: reader.position, definition: readRecursiveTypes(reader) };
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
