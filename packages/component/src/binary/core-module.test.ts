/** What core modules import and export, read from their binaries. */
import { describe, expect, test } from '@jest/globals';
import { coreModule, section, text, vector } from '../../test/bytes.ts';
import type { CoreModuleType } from '../validate/component-type.ts';
import { defineModuleType } from '../validate/core-types.ts';
import { Scope } from '../validate/scope.ts';
import { readCoreModule } from './core-module.ts';
import { InvalidBinary, MalformedBinary } from './reader.ts';

const i32 = 0x7f;
const run = { params: ['i32'], results: [], kind: 'function' };
const limits = { minimum: 1n, maximum: undefined, shared: false, address: 'i32' };

const typeOf = (bytes: Uint8Array, base?: number): CoreModuleType =>
  defineModuleType(new Scope('component', undefined), readCoreModule(bytes, base));

test('imports and exports have their types', () => {
  const type = typeOf(
    coreModule(
      section(0, text('name')),
      vector(1, [0x60, 1, i32, 0], [0x60, 0, 1, 0x7c]),
      vector(
        2,
        [...text('a'), ...text('f'), 0, 0],
        [...text('a'), ...text('m'), 2, 3, 1, 2],
        [...text('b'), ...text('g'), 3, 0x7e, 1],
        [...text('a'), ...text('t'), 1, 0x6f, 0, 1],
        [...text('b'), ...text('e'), 4, 0, 0],
      ),
      vector(3, [1]),
      vector(4, [0x70, 0, 1]),
      vector(5, [4, 1], [8, 1, 0]),
      vector(13, [0, 0]),
      vector(6, [i32, 0, 0x41, 0xff, 0, 0x0b]),
      vector(
        7,
        [...text('f'), 0, 1],
        [...text('again'), 0, 0],
        [...text('t'), 1, 1],
        [...text('m'), 2, 1],
        [...text('bytes'), 2, 2],
        [...text('g'), 3, 1],
        [...text('e'), 4, 1],
      ),
      section(8, [0]),
      section(9, [0]),
      section(12, [0]),
      section(10, [0xff, 0xff]),
      section(11, [0xff]),
      section(0, text('producers')),
    ),
  );
  expect(Object.fromEntries([...type.imports].map(([from, fields]) => [from, Object.fromEntries(fields)])))
    // The engine reads code and data; here they are not looked at.
    .toEqual({
      a: {
        f: { kind: 'function', type: run },
        m: { kind: 'memory', type: { ...limits, maximum: 2n, shared: true, pageSize: 16 } },
        t: { kind: 'table', type: { ...limits, element: { nullable: true, heap: 'extern' } } },
      },
      b: {
        g: { kind: 'global', type: { type: 'i64', mutable: true } },
        e: { kind: 'tag', type: run },
      },
    });
  expect(Object.fromEntries(type.exports)).toEqual({
    f: { kind: 'function', type: { kind: 'function', params: [], results: ['f64'] } },
    again: { kind: 'function', type: run },
    t: { kind: 'table', type: { ...limits, element: { nullable: true, heap: 'func' } } },
    m: { kind: 'memory', type: { ...limits, address: 'i64', pageSize: 16 } },
    bytes: { kind: 'memory', type: { ...limits, pageSize: 0 } },
    g: { kind: 'global', type: { type: 'i32', mutable: false } },
    e: { kind: 'tag', type: run },
  });
});

test.each<[string, number[]]>([
  ['numbers', [0x7e, 0, 0x42, 0x80, 0x80, 1, 0x0b]],
  ['floats with the byte that ends an expression', [0x7c, 0, 0x44, ...Array<number>(8).fill(0x0b), 0x0b]],
  ['f32', [0x7d, 0, 0x43, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b]],
  ['vectors', [0x7b, 0, 0xfd, 12, ...Array<number>(16).fill(0x0b), 0x0b]],
  ['references', [0x70, 0, 0xd0, 0x70, 0x0b]],
  ['functions', [0x70, 0, 0xd2, 11, 0x0b]],
  ['other globals', [0x7f, 0, 0x23, 0, 0x41, 11, 0x6a, 0x0b]],
  ['structures', [0x6b, 0, 0x41, 11, 0xfb, 0, 11, 0x0b]],
  ['arrays', [0x6a, 0, 0x41, 11, 0xfb, 8, 11, 1, 0x0b]],
  ['conversions', [0x6e, 0, 0x41, 0, 0xfb, 28, 0x0b]],
])('a global may begin with %s', (_name, global) => {
  const { exports } = typeOf(
    coreModule(vector(6, global, [i32, 1, 0x41, 0, 0x0b]), vector(7, [...text('g'), 3, 1])),
  );
  expect(exports.get('g')).toEqual({ kind: 'global', type: { type: 'i32', mutable: true } });
});

describe('defined types', () => {
  /** The type of an exported global whose type is `(ref index)`. */
  const global = (index: number, ...types: readonly number[][]): unknown => {
    const bytes = coreModule(
      vector(1, ...types),
      vector(2, [...text('a'), ...text('g'), 3, 0x64, index, 0]),
      vector(7, [...text('g'), 3, 0]),
    );
    const { type } = typeOf(bytes).exports.get('g') as { type: { type: { heap: string } } };
    return type.type.heap;
  };
  const struct = (...fields: readonly number[]): number[] => [0x5f, fields.length, ...fields.flatMap(field)];
  const field = (type: number): number[] => [type, 0];

  test('are the same when they are made the same way, whatever their index', () => {
    expect(global(0, struct(i32))).toBe(global(2, struct(0x7e), [0x60, 0, 0], struct(i32)));
    expect(global(0, struct(i32))).not.toBe(global(0, struct(0x7e)));
    expect(global(0, struct(i32))).not.toBe(global(0, struct(i32, i32)));
    expect(global(0, struct(i32))).not.toBe(global(0, [0x50, 0, ...struct(i32)]));
    expect(global(0, struct(i32))).not.toBe(global(0, [0x5f, 1, i32, 1]));
  });

  test('refer to each other by what they are', () => {
    const list = (self: number): number[] => [0x5f, 1, 0x63, self, 0];
    expect(global(0, list(0))).toBe(global(1, struct(i32), list(1)));
    expect(global(1, struct(i32), list(0))).toBe(global(2, struct(0x7e), struct(i32), list(1)));
    expect(global(1, struct(i32), list(0))).not.toBe(global(1, struct(0x7e), list(0)));
    expect(global(1, struct(i32), list(0))).not.toBe(global(0, list(0)));
  });

  test('of a group are the same when their groups are', () => {
    const pair = (a: number, b: number): number[] => [0x4e, 2, 0x5f, 1, 0x63, b, 0, 0x5f, 1, 0x63, a, 0];
    expect(global(1, pair(0, 1))).toBe(global(2, struct(i32), pair(1, 2)));
    expect(global(0, pair(0, 1))).not.toBe(global(1, pair(0, 1)));
    expect(global(0, pair(0, 1))).not.toBe(global(0, [0x5f, 1, 0x63, 0, 0]));
  });

  test('that double in size with each step stay small', () => {
    const doubled = Array.from({ length: 60 }, (_, index) => [0x5f, 2, 0x63, index, 0, 0x63, index, 0]);
    const text = global(60, struct(i32), ...doubled) as string;
    expect(text.length).toBeLessThan(300);
    expect(text).toBe(global(60, struct(i32), ...doubled));
    expect(text).not.toBe(global(60, struct(0x7e), ...doubled));
  });
});

describe('refused', () => {
  const wrong = (bytes: Uint8Array, base?: number): unknown => {
    try {
      typeOf(bytes, base);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test.each<[string, Uint8Array, string]>([
    ['a component', new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), 'this is not a core module @0'],
    ['sections out of order', coreModule(vector(1), vector(11), vector(1)), 'section 1 is out of order @16'],
    ['a section twice', coreModule(vector(1), vector(1)), 'section 1 is out of order @12'],
    ['an unknown section', coreModule([14, 0]), 'there is no section 14 @8'],
    ['code beyond the end', coreModule([10, 5, 0]), 'unexpected end @10'],
    ['a longer section', coreModule(section(3, [0, 0])), 'the section is longer than its contents @12'],
    [
      'a structure without end',
      coreModule([1, 0x95, 0x4e, 1, 0x5f, 0x91, 0x4e, ...Array<number>(10001).fill(0x7f)]),
      'a list has more than 10000 elements @15',
    ],
    ['a global that calls', coreModule(vector(6, [i32, 0, 0x10, 0, 0x0b])), 'instruction is not known @14'],
    ['a global without end', coreModule(vector(6, [i32, 0, 0x41, 0])), 'unexpected end @16'],
    ['a long number', coreModule(vector(6, [i32, 0, 0x41, ...Array<number>(11).fill(0x80)])), '@25'],
  ])('%s, as malformed', (_name, bytes, expected) => {
    const error = wrong(bytes);
    expect(error).toBeInstanceOf(MalformedBinary);
    const { message, offset } = error as MalformedBinary;
    expect(`${message} @${offset}`).toContain(expected);
  });

  test.each<[string, Uint8Array, string]>([
    ['a missing type', coreModule(vector(2, [0, 0, 0, 0])), 'core type index out of bounds: 0 @12'],
    [
      'a type of a later group',
      coreModule(vector(1, [0x5f, 1, 0x63, 1, 0], [0x5f, 0])),
      'core type index out of bounds: 1 @12',
    ],
    [
      'a function that is a structure',
      coreModule(vector(1, [0x5f, 0]), vector(2, [0, 0, 0, 0])),
      'this type is not a function type @18',
    ],
    ['an export of nothing', coreModule(vector(7, [0, 2, 3])), 'there is no memory 3 @12'],
    [
      'two imports of one name',
      coreModule(vector(2, [0, 1, 0x61, 3, i32, 0], [0, 1, 0x61, 3, i32, 0])),
      'name `:a` already defined @18',
    ],
    [
      'two exports of one name',
      coreModule(vector(5, [0, 1]), vector(7, [0, 2, 0], [0, 2, 0])),
      'name `` already defined @21',
    ],
  ])('%s, as invalid', (_name, bytes, expected) => {
    const error = wrong(bytes);
    expect(error).toBeInstanceOf(InvalidBinary);
    const { message, offset } = error as InvalidBinary;
    expect(`${message} @${offset}`).toBe(expected);
  });

  test('with the offset in the file that the module is in', () => {
    expect(wrong(coreModule([14, 0]), 1000)).toMatchObject({ offset: 1008 });
    expect(wrong(coreModule(vector(7, [0, 2, 3])), 1000)).toMatchObject({ offset: 1012 });
  });
});
