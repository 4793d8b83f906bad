/** Sizes, alignments and flattenings, against numbers worked out by hand from the specification. */
import { expect, test } from '@jest/globals';
import type { Type } from '@wittle/parser';
import { worldOf } from '../test/generate.ts';
import {
  alignmentOf,
  discriminantSize,
  flagsSize,
  flatten,
  flattenAll,
  recordLayout,
  sizeOf,
  variantLayout,
} from './layout.ts';

/** The type of a text, with some declarations to use. */
function typeOf(text: string): Type {
  const world = worldOf(`package a:b; interface i {
    record r { a: u8, b: u64, c: u16 } variant v { a, b(u8), c(f64) } enum e { ${many(257, 'x')} }
    enum e256 { ${many(256, 'x')} } flags f9 { ${many(9, 'x')} } flags f17 { ${many(17, 'x')} } flags all { ${many(32, 'x')} } flags f1 { a }
    variant mixed { a(f32), b(u32) } variant mixed64 { a(f32), b(u64) } variant wide { a(tuple<f32, f64, string>), b(tuple<u64, f32>) }
    resource res; type alias = r;
    f: func(x: ${text}); } world w { import i; }`);
  const item = world.imports[0]!;
  if (item.kind !== 'world-interface') throw new Error('no interface');
  return item.interface.functions.get('f')!.params[0]!.type;
}

function many(count: number, name: string): string {
  return Array.from({ length: count }, (_, index) => `${name}${index}`).join(', ');
}

const i32 = 'i32' as const;

test.each([
  ['bool', 1, 1, [i32]],
  ['u8', 1, 1, [i32]],
  ['s16', 2, 2, [i32]],
  ['u32', 4, 4, [i32]],
  ['s64', 8, 8, ['i64']],
  ['f32', 4, 4, ['f32']],
  ['f64', 8, 8, ['f64']],
  ['char', 4, 4, [i32]],
  ['string', 8, 4, [i32, i32]],
  ['list<u64>', 8, 4, [i32, i32]],
  ['map<string, u64>', 8, 4, [i32, i32]],
  ['r', 24, 8, [i32, 'i64', i32]],
  ['alias', 24, 8, [i32, 'i64', i32]],
  ['tuple<u8, u16, u8>', 6, 2, [i32, i32, i32]],
  ['tuple<u8, string>', 12, 4, [i32, i32, i32]],
  ['option<u8>', 2, 1, [i32, i32]],
  ['option<u64>', 16, 8, [i32, 'i64']],
  ['option<option<u8>>', 3, 1, [i32, i32, i32]],
  ['result', 1, 1, [i32]],
  ['result<u8, string>', 12, 4, [i32, i32, i32]],
  ['v', 16, 8, [i32, 'i64']],
  ['e256', 1, 1, [i32]],
  ['e', 2, 2, [i32]],
  ['f1', 1, 1, [i32]],
  ['f9', 2, 2, [i32]],
  ['f17', 4, 4, [i32]],
  ['all', 4, 4, [i32]],
  ['mixed', 8, 4, [i32, i32]],
  ['mixed64', 16, 8, [i32, 'i64']],
  ['wide', 32, 8, [i32, 'i64', 'i64', i32, i32]],
  ['list<u16, 3>', 6, 2, [i32, i32, i32]],
  ['list<string, 2>', 16, 4, [i32, i32, i32, i32]],
  ['res', 4, 4, [i32]],
  ['borrow<res>', 4, 4, [i32]],
] as const)('%s takes %d bytes at multiples of %d, and is %j', (text, size, alignment, flat) => {
  const type = typeOf(text);
  expect([sizeOf(type), alignmentOf(type)]).toEqual([size, alignment]);
  expect(flatten(type)).toEqual(flat);
});

test('fields and payloads have their offsets', () => {
  expect(recordLayout([typeOf('u8'), typeOf('u64'), typeOf('u16')])).toEqual({
    size: 24,
    alignment: 8,
    offsets: [0, 8, 16],
  });
  expect(recordLayout([])).toEqual({ size: 0, alignment: 1, offsets: [] });
  expect(variantLayout([undefined, typeOf('u8'), typeOf('u32')])).toEqual({
    size: 8,
    alignment: 4,
    discriminant: 1,
    payload: 4,
  });
  expect(variantLayout([undefined, undefined])).toEqual({
    size: 1,
    alignment: 1,
    discriminant: 1,
    payload: 1,
  });
});

test('discriminants and flags grow by their counts', () => {
  expect([1, 256, 257, 65_536, 65_537].map(discriminantSize)).toEqual([1, 1, 2, 2, 4]);
  expect([1, 8, 9, 16, 17, 32].map(flagsSize)).toEqual([1, 1, 2, 2, 4, 4]);
});

test('more core values than fit parameters are not counted further', () => {
  expect(flatten(typeOf('list<u8, 100000000>'))).toHaveLength(17);
  expect(flattenAll(Array.from({ length: 40 }, () => typeOf('string')))).toHaveLength(17);
  expect(flatten(typeOf('option<list<u8, 16>>'))).toHaveLength(17);
});
