import { describe, expect, test } from '@jest/globals';
import { recordOf, variantOf } from '../test/types.ts';
import { flattenFunctionType } from './function-type.ts';
import { alignTo, flattenRecord, join, MAX_FLAT, recordLayout, variantLayout } from './layout.ts';
import {
  f32Type,
  f64Type,
  list,
  result,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type ValueType,
} from './types/index.ts';

describe('layouts', () => {
  test('fields follow each other, each aligned, and the whole is a multiple of the greatest alignment', () => {
    expect(recordLayout([u8Type, u64Type, u16Type, u8Type, u32Type])).toEqual({
      size: 24,
      alignment: 8,
      offsets: [0, 8, 16, 18, 20],
    });
    expect(recordLayout([u16Type, u8Type])).toEqual({ size: 4, alignment: 2, offsets: [0, 2] });
  });

  test('a variant’s payloads start at the same offset', () => {
    expect(variantLayout([undefined, u64Type, u8Type])).toEqual({
      size: 16,
      alignment: 8,
      discriminantSize: 1,
      payloadOffset: 8,
    });
    expect(variantLayout([undefined])).toEqual({
      size: 1,
      alignment: 1,
      discriminantSize: 1,
      payloadOffset: 1,
    });
    expect(variantLayout(Array.from({ length: 257 }, () => u8Type))).toMatchObject({
      size: 4,
      alignment: 2,
      payloadOffset: 2,
    });
  });

  test('addresses above 2^31 are aligned as any', () => {
    expect(alignTo(2 ** 31 + 1, 8)).toBe(2 ** 31 + 8);
    expect(alignTo(0, 8)).toBe(0);
    expect(alignTo(2 ** 40 + 1, 4)).toBe(2 ** 40 + 4);
  });

  test('join is symmetric, and i64 takes whatever differs', () => {
    const types = ['i32', 'i64', 'f32', 'f64'] as const;
    for (const a of types) for (const b of types) expect(join(a, b)).toBe(join(b, a));
    expect(join('i32', 'f32')).toBe('i32');
    expect(join('f32', 'f64')).toBe('i64');
  });

  test('types that share their parts do not take time that grows with what they would be flat', () => {
    let type: ValueType = u8Type;
    for (let i = 0; i < 64; i++) type = i % 2 === 0 ? tuple([type, type]) : variantOf({ a: type, b: type });
    expect(type.flat).toHaveLength(MAX_FLAT);
    expect(type.size).toBeGreaterThan(2 ** 31);
    expect(flattenRecord([type, type])).toHaveLength(MAX_FLAT);
  });
});

describe('the core type of a function', () => {
  const of = (params: readonly ValueType[], type: ValueType | undefined): readonly string[] =>
    (['lift', 'lower'] as const).map((context) => {
      const core = flattenFunctionType(
        { name: 'f', params: params.map((each) => ({ name: 'p', type: each })), result: type },
        context,
      );
      return `${core.params.join(' ')} -> ${core.results.join(' ')}`.trim();
    });
  const several = [u8Type, f32Type, f64Type];
  const many = Array.from({ length: 17 }, () => u8Type);

  test.each<[string, readonly ValueType[], ValueType | undefined, string[]]>([
    ['no result', several, undefined, ['i32 f32 f64 ->', 'i32 f32 f64 ->']],
    ['one flat result', several, f32Type, ['i32 f32 f64 -> f32', 'i32 f32 f64 -> f32']],
    ['a tuple of one', several, tuple([f32Type]), ['i32 f32 f64 -> f32', 'i32 f32 f64 -> f32']],
    ['a result of two', several, tuple([f32Type, f32Type]), ['i32 f32 f64 -> i32', 'i32 f32 f64 i32 ->']],
    ['a string', [stringType], stringType, ['i32 i32 -> i32', 'i32 i32 i32 ->']],
    ['a result without payloads', [], result(undefined, undefined), ['-> i32', '-> i32']],
    ['16 parameters', many.slice(1), undefined, [`${'i32 '.repeat(16)}->`, `${'i32 '.repeat(16)}->`]],
    ['17 parameters', many, undefined, ['i32 ->', 'i32 ->']],
    ['17 parameters and a result of two', many, tuple([u8Type, u8Type]), ['i32 -> i32', 'i32 i32 ->']],
    [
      'a record of 17 fields',
      [recordOf(Object.fromEntries(many.map((type, i) => [`f${i}`, type])))],
      u8Type,
      ['i32 -> i32', 'i32 -> i32'],
    ],
    [
      '8 lists and an i32',
      [...Array.from({ length: 8 }, () => list(u8Type)), u8Type],
      undefined,
      ['i32 ->', 'i32 ->'],
    ],
  ])('with %s', (_, params, type, expected) => {
    expect(of(params, type)).toEqual(expected);
  });
});
