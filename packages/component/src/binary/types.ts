/** The type section. Binary.md: "Type Definitions". Indices are as they stand; nothing is looked up. */
import type { PrimitiveKind } from '@wittle/parser';
import { readAlias, type Alias } from './aliases.ts';
import { readExternName, type ExternName } from './names.ts';
import type { ByteReader } from './reader.ts';

/** `valtype`: a primitive, or the index of a definition. */
export type ValueType = PrimitiveKind | TypeIndex;

export interface TypeIndex {
  readonly index: number;
  readonly offset: number;
}

export interface LabelledType {
  readonly name: string;
  readonly type: ValueType;
}

export interface LabelledCase {
  readonly name: string;
  readonly type: ValueType | undefined;
}

/** `defvaltype` */
export type ValueDefinition =
  | { readonly kind: 'primitive'; readonly primitive: PrimitiveKind }
  | { readonly kind: 'record'; readonly fields: readonly LabelledType[] }
  | { readonly kind: 'variant'; readonly cases: readonly LabelledCase[] }
  | { readonly kind: 'list'; readonly element: ValueType }
  | { readonly kind: 'fixed-length-list'; readonly element: ValueType; readonly length: number }
  | { readonly kind: 'tuple'; readonly types: readonly ValueType[] }
  | { readonly kind: 'flags'; readonly labels: readonly string[] }
  | { readonly kind: 'enum'; readonly labels: readonly string[] }
  | { readonly kind: 'option'; readonly type: ValueType }
  | { readonly kind: 'result'; readonly ok: ValueType | undefined; readonly err: ValueType | undefined }
  | { readonly kind: 'own'; readonly resource: TypeIndex }
  | { readonly kind: 'borrow'; readonly resource: TypeIndex }
  | { readonly kind: 'stream'; readonly element: ValueType | undefined }
  | { readonly kind: 'future'; readonly element: ValueType | undefined }
  | { readonly kind: 'map'; readonly key: ValueType; readonly value: ValueType };

export interface FunctionDefinition {
  readonly kind: 'function';
  readonly async: boolean;
  readonly params: readonly LabelledType[];
  readonly result: ValueType | undefined;
}

/** `componenttype` or `instancetype`; the latter has no imports. */
export interface ScopeDefinition {
  readonly kind: 'component' | 'instance';
  readonly declarations: readonly Declaration[];
}

export type Definition =
  ValueDefinition | FunctionDefinition | ScopeDefinition | { readonly kind: 'resource' };

export interface TypeDeclaration {
  readonly kind: 'type';
  readonly offset: number;
  readonly definition: Definition;
}

export type Declaration =
  | TypeDeclaration
  | { readonly kind: 'alias'; readonly offset: number; readonly alias: Alias }
  | {
      readonly kind: 'import' | 'export';
      readonly offset: number;
      readonly name: ExternName;
      readonly type: ExternType;
    };

/** `externtype` */
export type ExternType =
  | { readonly kind: 'function' | 'component' | 'instance' | 'core-module'; readonly type: TypeIndex }
  | { readonly kind: 'type'; readonly equals: TypeIndex | undefined };

/** Component and instance types may be nested this deep. */
export const maxNesting: number = 100;

/** `type`; `depth` counts the component and instance types around it. */
export function readType(reader: ByteReader, depth: number = 0): TypeDeclaration {
  const offset = reader.offset;
  return { kind: 'type', offset, definition: readDefinition(reader, depth) };
}

/** `externtype` */
export function readExternType(reader: ByteReader): ExternType {
  const offset = reader.offset;
  switch (reader.byte()) {
    case 0x00:
      if (reader.byte() !== 0x11) reader.fail('this core sort cannot be here', offset);
      return { kind: 'core-module', type: readIndex(reader) };
    case 0x01:
      return { kind: 'function', type: readIndex(reader) };
    case 0x03:
      return { kind: 'type', equals: readBound(reader) };
    case 0x04:
      return { kind: 'component', type: readIndex(reader) };
    case 0x05:
      return { kind: 'instance', type: readIndex(reader) };
    default:
      return reader.fail('this sort of import or export is not known', offset);
  }
}

/** `<u32>` as an index. */
export function readIndex(reader: ByteReader): TypeIndex {
  const offset = reader.offset;
  return { offset, index: reader.u32() };
}

function readDefinition(reader: ByteReader, depth: number): Definition {
  const offset = reader.offset;
  const code = reader.byte();
  const primitive = primitives[code];
  if (primitive !== undefined) return { kind: 'primitive', primitive };
  const value = (): ValueType => readValueType(reader);
  const optional = (): ValueType | undefined => readOptional(reader);
  switch (code) {
    case 0x72:
      return {
        kind: 'record',
        fields: reader.vector(() => readField(reader)),
      };
    case 0x71:
      return {
        kind: 'variant',
        cases: notEmpty(
          reader,
          offset,
          reader.vector(() => readCase(reader)),
        ),
      };
    case 0x70:
      return { kind: 'list', element: value() };
    case 0x6f:
      return { kind: 'tuple', types: reader.vector(value) };
    case 0x6e:
      return {
        kind: 'flags',
        labels: reader.vector(() => reader.name()),
      };
    case 0x6d:
      return {
        kind: 'enum',
        labels: notEmpty(
          reader,
          offset,
          reader.vector(() => reader.name()),
        ),
      };
    case 0x6b:
      return { kind: 'option', type: value() };
    case 0x6a:
      return { kind: 'result', ok: optional(), err: optional() };
    case 0x69:
      return { kind: 'own', resource: readIndex(reader) };
    case 0x68:
      return { kind: 'borrow', resource: readIndex(reader) };
    case 0x67:
      return { kind: 'fixed-length-list', element: value(), length: reader.u32() };
    case 0x66:
      return { kind: 'stream', element: optional() };
    case 0x65:
      return { kind: 'future', element: optional() };
    case 0x63:
      return { kind: 'map', key: value(), value: value() };
    case 0x40:
    case 0x43:
      return {
        kind: 'function',
        async: code === 0x43,
        params: reader.vector(() => readField(reader)),
        result: readResult(reader),
      };
    case 0x41:
    case 0x42:
      if (depth >= maxNesting) reader.fail(`types are nested more than ${maxNesting} levels deep`, offset);
      return {
        kind: code === 0x41 ? 'component' : 'instance',
        declarations: reader.vector(() => readDeclaration(reader, depth + 1, code === 0x41)),
      };
    case 0x3f:
      readResource(reader);
      return { kind: 'resource' };
    default:
      return reader.fail('this kind of type is not known', offset);
  }
}

function readValueType(reader: ByteReader): ValueType {
  const primitive = primitives[reader.peek()];
  if (primitive !== undefined) {
    reader.byte();
    return primitive;
  }
  // An index is a signed number here, as primitives are the negative ones.
  const found = readIndex(reader);
  const last = reader.bytes[reader.offset - 1]!;
  const isNegative = (last & 0x40) !== 0 && reader.offset - found.offset < 5;
  return isNegative ? reader.fail('this kind of type is not known', found.offset) : found;
}

function readOptional(reader: ByteReader): ValueType | undefined {
  const offset = reader.offset;
  const flag = reader.byte();
  if (flag > 1) reader.fail('this must be 0 or 1', offset);
  return flag === 0 ? undefined : readValueType(reader);
}

function readField(reader: ByteReader): LabelledType {
  return { name: reader.name(), type: readValueType(reader) };
}

function readCase(reader: ByteReader): LabelledCase {
  const found = { name: reader.name(), type: readOptional(reader) };
  const offset = reader.offset;
  if (reader.byte() !== 0x00) reader.fail('a case must end with 0', offset);
  return found;
}

function readResult(reader: ByteReader): ValueType | undefined {
  const offset = reader.offset;
  const code = reader.byte();
  if (code === 0x00) return readValueType(reader);
  if (code !== 0x01 || reader.byte() !== 0x00) reader.fail('this is not a result list', offset);
  return undefined;
}

function readResource(reader: ByteReader): void {
  reader.byte();
  const offset = reader.offset;
  const flag = reader.byte();
  if (flag > 1) reader.fail('this must be 0 or 1', offset);
  if (flag === 1) reader.u32();
}

function readDeclaration(reader: ByteReader, depth: number, isComponent: boolean): Declaration {
  const offset = reader.offset;
  const code = reader.byte();
  switch (code) {
    case 0x01:
      return readType(reader, depth);
    case 0x02:
      return { kind: 'alias', offset, alias: readAlias(reader) };
    case 0x03:
      if (!isComponent) reader.fail('an instance type has no imports', offset);
      return { kind: 'import', offset, name: readExternName(reader), type: readExternType(reader) };
    case 0x04:
      return { kind: 'export', offset, name: readExternName(reader), type: readExternType(reader) };
    default:
      return reader.fail('this declaration is not known', offset);
  }
}

function readBound(reader: ByteReader): TypeIndex | undefined {
  const offset = reader.offset;
  const code = reader.byte();
  if (code > 1) reader.fail('this bound of a type is not known', offset);
  return code === 0x00 ? readIndex(reader) : undefined;
}

// Records, flags and tuples without members are in no specification, but WIT has them and so do its binaries.
function notEmpty<Item>(reader: ByteReader, offset: number, items: readonly Item[]): readonly Item[] {
  if (items.length === 0) reader.fail('this type must have a member', offset);
  return items;
}

const primitives: Readonly<Record<number, PrimitiveKind>> = {
  0x7f: 'bool',
  0x7e: 's8',
  0x7d: 'u8',
  0x7c: 's16',
  0x7b: 'u16',
  0x7a: 's32',
  0x79: 'u32',
  0x78: 's64',
  0x77: 'u64',
  0x76: 'f32',
  0x75: 'f64',
  0x74: 'char',
  0x73: 'string',
  0x64: 'error-context',
};
