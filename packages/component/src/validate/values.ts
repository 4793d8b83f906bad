/** Values and start functions. Binary.md: "Value Definitions", "Start Definitions". */
import { ByteReader } from '../binary/reader.ts';
import type { StartItem, ValueItem } from '../binary/definition.ts';
import type { ValueType } from './component-type.ts';
import { check, count, fail } from './invalid.ts';
import type { Scope } from './scope.ts';
import { expectEqual } from './subtype.ts';
import { valueType } from './value-types.ts';

/** Adds the results of the start function as values. */
export function addStart(scope: Scope, { callee, args, results, offset }: StartItem): void {
  check(!scope.hasStart, 'component cannot have more than one start function', offset);
  scope.hasStart = true;
  const { params, result } = scope.at('function', callee);
  const needs = `component start function requires ${params.length} arguments but was given ${args.length}`;
  check(params.length === args.length, needs, offset);
  check(
    results === (result === undefined ? 0 : 1),
    'component start function has another result count',
    offset,
  );
  args.forEach((arg, i) => {
    const context = `value type mismatch for component start function argument ${i}`;
    expectEqual(scope.useValue(arg), params[i]!.type, arg.offset, context);
  });
  if (result !== undefined) scope.add('value', { type: result, isUsed: false }, offset);
}

/** Adds a value. */
export function addValue(scope: Scope, { type: reference, bytes, offset }: ValueItem): void {
  const type = valueType(scope, reference);
  const reader = new ByteReader(bytes);
  skip(reader, type, offset);
  check(reader.isAtEnd, 'a value is longer than its type', offset);
  scope.add('value', { type, isUsed: false }, offset);
}

/** Reads past a value of a type. Spec: `val`. */
function skip(reader: ByteReader, type: ValueType, offset: number): void {
  count(1, offset);
  const inside = (inner: ValueType | undefined): void => {
    if (inner !== undefined) skip(reader, inner, offset);
  };
  const below = (length: number): number => {
    const found = reader.u32();
    check(found < length, 'a value has a case that its type has not', offset);
    return found;
  };
  switch (type.kind) {
    case 'bool':
    case 'u8':
    case 's8': {
      const byte = reader.byte();
      return check(type.kind !== 'bool' || byte < 2, 'a boolean must be 0 or 1', offset);
    }
    case 'u16':
    case 's16':
    case 'u32':
    case 's32':
      reader.u32();
      return;
    case 'u64':
    case 's64':
      reader.u64();
      return;
    case 'f32':
      reader.take(4);
      return;
    case 'f64':
      reader.take(8);
      return;
    case 'char': {
      const first = reader.peek();
      reader.take(first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
      return;
    }
    case 'string':
      reader.name();
      return;
    case 'list':
      for (let left = reader.count(); left > 0; left--) inside(type.element);
      return;
    case 'fixed-length-list':
      for (let left = type.length; left > 0; left--) inside(type.element);
      return;
    case 'record':
      return type.fields.forEach((field) => inside(field.type));
    case 'tuple':
      return type.types.forEach(inside);
    case 'variant':
      return inside(type.cases[below(type.cases.length)]!.type);
    case 'enum':
      below(type.labels.length);
      return;
    case 'flags':
      reader.take(Math.ceil(type.labels.length / 8));
      return;
    case 'option':
      return inside(below(2) === 1 ? type.type : undefined);
    case 'result':
      return inside(below(2) === 1 ? type.err : type.ok);
    default:
      return fail(`a value cannot have a ${type.kind} inside`, offset);
  }
}
