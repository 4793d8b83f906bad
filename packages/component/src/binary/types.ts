/** The type section. Binary.md: "Type Definitions". */
import type { PrimitiveKind } from '@wittle/parser';
import { readAlias } from './aliases.ts';
import { readCoreType, readCoreValueType } from './core-types.ts';
import type {
  Declaration,
  ExternTypeDefinition,
  Label,
  LabelledType,
  TypeDefinition,
  TypeItem,
  ValueTypeReference,
} from './definition.ts';
import { readExternName } from './names.ts';
import type { ByteReader } from './reader.ts';

/** Components, and component and instance types, may be nested this deep. */
export const maxNesting: number = 100;

/** Spec: `type`. `depth` counts the components, component types and instance types around it. */
export function readType(reader: ByteReader, depth: number): TypeItem {
  const { offset } = reader;
  return { kind: 'type', offset, definition: readDefinition(reader, depth) };
}

/** Spec: `externtype`. */
export function readExternType(reader: ByteReader): ExternTypeDefinition {
  switch (reader.byte()) {
    case 0x00:
      reader.expect(0x11);
      return { kind: 'core module', type: reader.index() };
    case 0x02:
      // Other tools write a type without saying that it is one, which is clear for primitives.
      if (reader.peek() > 1 || reader.flag()) return { kind: 'value', type: readValueType(reader) };
      return { kind: 'value', equals: reader.index() };
    case 0x03:
      return { kind: 'type', equals: reader.flag() ? undefined : reader.index() };
    case 0x01:
      return { kind: 'function', type: reader.index() };
    case 0x04:
      return { kind: 'component', type: reader.index() };
    case 0x05:
      return { kind: 'instance', type: reader.index() };
    default:
      return reader.unknown('sort');
  }
}

/** Spec: `valtype`. */
export function readValueType(reader: ByteReader): ValueTypeReference {
  return reader.known(primitives) ?? reader.signedIndex('type');
}

/** Spec: `resultlist`. */
export function readResult(reader: ByteReader): ValueTypeReference | undefined {
  if (reader.skips(0x00)) return readValueType(reader);
  reader.expect(0x01);
  reader.expect(0x00);
  return undefined;
}

function readDefinition(reader: ByteReader, depth: number): TypeDefinition {
  const primitive = reader.known(primitives);
  if (primitive !== undefined) return { kind: 'primitive', primitive };
  const code = reader.byte();
  const value = (): ValueTypeReference => readValueType(reader);
  const field = (): LabelledType => ({ ...readLabel(reader), type: readValueType(reader) });
  const optional = (): ValueTypeReference | undefined => reader.optional(value);
  switch (code) {
    case 0x72:
      return { kind: 'record', fields: reader.vector(field) };
    case 0x71:
      return {
        kind: 'variant',
        cases: reader.vector(() => {
          const found = { ...readLabel(reader), type: optional() };
          reader.expect(0x00);
          return found;
        }),
      };
    case 0x70:
      return { kind: 'list', element: value() };
    case 0x6f:
      return { kind: 'tuple', types: reader.vector(value) };
    case 0x6e:
    case 0x6d:
      return {
        kind: code === 0x6e ? 'flags' : 'enum',
        labels: reader.vector(() => readLabel(reader)),
      };
    case 0x6b:
      return { kind: 'option', type: value() };
    case 0x6a:
      return { kind: 'result', ok: optional(), err: optional() };
    case 0x69:
    case 0x68:
      return { kind: code === 0x69 ? 'own' : 'borrow', resource: reader.index() };
    case 0x67:
      return { kind: 'fixed-length-list', element: value(), length: reader.u32() };
    case 0x66:
    case 0x65:
      return { kind: code === 0x66 ? 'stream' : 'future', element: optional() };
    case 0x63:
      return { kind: 'map', key: value(), value: value() };
    case 0x40:
    case 0x43:
      return {
        kind: 'function',
        async: code === 0x43,
        params: reader.vector(field),
        result: readResult(reader),
      };
    case 0x41:
    case 0x42:
      if (depth >= maxNesting) {
        reader.fail(`types are nested more than ${maxNesting} levels deep`, reader.offset - 1);
      }
      return {
        kind: code === 0x41 ? 'component' : 'instance',
        declarations: reader.vector(() => readDeclaration(reader, depth + 1, code === 0x41)),
      };
    case 0x3f:
      return {
        kind: 'resource',
        rep: readCoreValueType(reader),
        destructor: reader.optional(() => reader.index()),
      };
    default:
      return reader.unknown('type');
  }
}

function readLabel(reader: ByteReader): Label {
  const { offset } = reader;
  return { name: reader.name(), offset };
}

/** Spec: `componentdecl`, `instancedecl`. */
function readDeclaration(reader: ByteReader, depth: number, isComponent: boolean): Declaration {
  const { offset } = reader;
  const code = reader.byte();
  switch (code) {
    case 0x00:
      return readCoreType(reader);
    case 0x01:
      return readType(reader, depth);
    case 0x02:
      return readAlias(reader);
    case 0x03:
    case 0x04:
      if (code === 0x03 && !isComponent) reader.fail('an instance type has no imports', offset);
      return {
        kind: code === 0x03 ? 'import' : 'export',
        offset,
        name: readExternName(reader),
        type: readExternType(reader),
      };
    default:
      return reader.unknown('declaration');
  }
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
