/** Values and start functions. Binary.md: "Value Definitions", "Start Definitions". */
import { ByteReader } from '../binary/reader.ts';
import type { StartItem, ValueItem } from '../binary/definition.ts';
import type { ValueType } from './component-type.ts';
import { check, count, fail, within } from './invalid.ts';
import type { Scope } from './scope.ts';
import { insideOf } from './structure.ts';
import { expectSubtype } from './subtype.ts';
import { valueType } from './value-types.ts';

/** Adds the results of the start function as values. */
export function addStart(scope: Scope, { callee, args, results }: StartItem): void {
  check(!scope.hasStart, 'component cannot have more than one start function');
  scope.hasStart = true;
  const { params, result } = scope.at('function', callee);
  const fits = params.length === args.length && results === (result === undefined ? 0 : 1);
  check(fits, 'component start function has other numbers of arguments and results');
  args.forEach((arg, i) => {
    within(`value type mismatch for argument ${i}`, () =>
      expectSubtype(scope.useValue(arg), params[i]!.type),
    );
  });
  if (result !== undefined) scope.addTyped({ kind: 'value', type: result });
}

/** Adds a value. */
export function addValue(scope: Scope, { type: reference, bytes }: ValueItem): void {
  const type = valueType(scope, reference);
  const reader = new ByteReader(bytes);
  skip(reader, type);
  check(reader.isAtEnd, 'a value is longer than its type');
  scope.addTyped({ kind: 'value', type });
}

/** Reads past a value of a type. Spec: `val`. */
function skip(reader: ByteReader, type: ValueType): void {
  count();
  const inside = insideOf(type) as readonly (ValueType | undefined)[];
  const all = (types: readonly (ValueType | undefined)[]): void =>
    types.forEach((each) => each && skip(reader, each));
  const select = (types: readonly (ValueType | undefined)[]): void => {
    const found = reader.u32();
    check(found < types.length, 'a value has a case that its type has not');
    all([types[found]]);
  };
  switch (type.kind) {
    case 'bool':
      return void reader.flag();
    case 'u8':
    case 's8':
      return void reader.byte();
    case 'u16':
    case 's16':
    case 'u32':
    case 's32':
      return void reader.u32();
    case 'u64':
    case 's64':
      return void reader.u64();
    case 'f32':
    case 'f64':
      return void reader.take(type.kind === 'f32' ? 4 : 8);
    case 'char': {
      const first = reader.peek();
      return void reader.take(first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
    }
    case 'string':
      return void reader.name();
    case 'list':
      for (let left = reader.count(); left > 0; left--) all(inside);
      return;
    case 'fixed-length-list':
      for (let left = type.length; left > 0; left--) all(inside);
      return;
    case 'record':
    case 'tuple':
      return all(inside);
    case 'variant':
    case 'result':
      return select(inside);
    case 'option':
      return select([undefined, ...inside]);
    case 'enum':
      return select(type.labels.map(() => undefined));
    case 'flags':
      return void reader.take(Math.ceil(type.labels.length / 8));
    default:
      return fail(`a value cannot have a ${type.kind} inside`);
  }
}
