import { describe, expect, test } from '@jest/globals';
import { ValueError } from '@wittle/runtime';
import {
  enumeration,
  flags,
  func,
  list,
  map,
  option,
  own,
  record,
  result,
  string,
  tuple,
  u8,
  variant,
} from '../../test/value-types.ts';
import type { ValueType } from '../validate/component-type.ts';
import { functionText, printWave, typeText } from './index.ts';

const f32: ValueType = { kind: 'f32' };
const f64: ValueType = { kind: 'f64' };
const char: ValueType = { kind: 'char' };

describe('a value is printed as', () => {
  test.each<readonly [unknown, ValueType, string]>([
    [true, { kind: 'bool' }, 'true'],
    [255, u8, '255'],
    [2n ** 64n - 1n, { kind: 'u64' }, '18446744073709551615'],
    [-0, f64, '-0'],
    [1e21, f64, '1e+21'],
    [Number.NaN, f64, 'nan'],
    [-Infinity, f32, '-inf'],
    [Math.fround(0.1), f32, '0.1'],
    [Math.fround(3.4028234663852886e38), f32, '3.4028235e+38'],
    [2 ** -149, f32, '1e-45'],
    ["'", char, String.raw`'\''`],
    ['"', char, `'"'`],
    ['\u0301', char, String.raw`'\u{301}'`],
    ['\u200d', char, String.raw`'\u{200d}'`],
    ['é🌊 "\'\\\n\r\t\0', string, String.raw`"é🌊 \"'\\\n\r\t\u{0}"`],
    ['e\u0301 \u{1f469}\u200d\u{1f4bb}', string, '"e\u0301 \u{1f469}\u200d\u{1f4bb}"'],
    ['\u0301a\u202e\u00a0', string, String.raw`"\u{301}a\u{202e}\u{a0}"`],
    ['\ud800', string, '"\ufffd"'],
    [Uint8Array.of(1, 2), list(u8), '[1, 2]'],
    [[1, 2], list(u8), '[1, 2]'],
    [new Set(['a']), list(string), '["a"]'],
    [['a', 1], tuple(string, u8), '("a", 1)'],
    [{ aB: 1, c: undefined }, record({ 'a-b': u8, c: option(u8) }), '{a-b: 1}'],
    [{ a: 1, b: { tag: 'none' } }, record({ a: option(u8), b: option(option(u8)) }), '{a: some(1)}'],
    [{}, record({ a: option(u8) }), '{:}'],
    [{ tag: 'ok' }, variant({ ok: undefined }), '%ok'],
    [{ tag: 'a-b', val: 1 }, variant({ 'a-b': u8 }), 'a-b(1)'],
    ['true', enumeration('true'), '%true'],
    [undefined, option(u8), 'none'],
    [{ tag: 'some', val: undefined }, option(option(u8)), 'some(none)'],
    [{ tag: 'ok' }, result(), 'ok'],
    [{ tag: 'err', val: 'no' }, result(u8, string), 'err("no")'],
    [{ b: true, a: true }, flags('a', 'b', 'c-d'), '{a, b}'],
    [{ cD: true }, flags('a', 'c-d'), '{c-d}'],
    [new Map([['a', 1]]), map(string, u8), '[("a", 1)]'],
  ])('%o', (value, type, text) => {
    expect(printWave(value, type)).toBe(text);
  });

  test.each<readonly [unknown, ValueType, string]>([
    [256, u8, 'expected u8, got number 256'],
    [1, { kind: 'u64' }, 'expected u64, got number 1'],
    ['ab', char, 'expected char, got string ab'],
    [{ a: [1, 'x'] }, record({ a: list(u8) }), '.a[1]: expected u8, got string x'],
    [{ tag: 'b', val: 256 }, variant({ b: u8 }), '.val: expected u8, got number 256'],
    [{ tag: 'c' }, variant({ b: u8 }), 'expected variant { b(u8) }, got object'],
    [[1], tuple(u8, u8), 'expected tuple<u8, u8>, got object'],
    [null, record({ a: u8 }), 'expected record { a: u8 }, got object'],
    [1, own, 'a value of type socket has no text'],
  ])('nothing if it is not of the type: %o', (value, type, message) => {
    expect(() => printWave(value, type)).toThrow(ValueError);
    expect(() => printWave(value, type)).toThrow(message);
  });

  test('nothing if it is nested without end', () => {
    let type: ValueType = list(u8);
    let value: unknown = [];
    for (let i = 0; i < 100_000; i++) {
      type = list(type);
      value = [value];
    }
    expect(() => printWave(value, type)).toThrow('values are nested more than 256 deep');
  });
});

describe('a type is named as in WIT', () => {
  const item = record({ name: string, size: option(u8) });
  test.each<readonly [ValueType, string]>([
    [item, 'record { name: string, size: option<u8> }'],
    [list(tuple(string, u8)), 'list<tuple<string, u8>>'],
    [variant({ a: undefined, b: u8 }), 'variant { a, b(u8) }'],
    [enumeration('a', 'b'), 'enum { a, b }'],
    [result(), 'result'],
    [result(u8), 'result<u8>'],
    [result(undefined, string), 'result<_, string>'],
    [result(u8, string), 'result<u8, string>'],
    [map(string, item), 'map<string, record { name: string, size: option<u8> }>'],
    [{ kind: 'fixed-length-list', element: u8, length: 3 }, 'list<u8, 3>'],
    [{ kind: 'stream', element: undefined }, 'stream'],
    [own, 'socket'],
    [{ ...own, kind: 'borrow' } as ValueType, 'borrow<socket>'],
  ])('%#: %j', (type, text) => {
    expect(typeText(type)).toBe(text);
  });

  test('and by its name where it has one', () => {
    const nameOf = (type: unknown): string | undefined => (type === item ? 'item' : undefined);
    expect(functionText('add', func({ what: list(item), n: u8 }, result(item)), nameOf)).toBe(
      'add: func(what: list<item>, n: u8) -> result<item>',
    );
  });

  test('and cut short where it would have no end', () => {
    let type: ValueType = u8;
    for (let i = 0; i < 64; i++) type = tuple(type, type);
    expect(typeText(type)).toMatch(/^(tuple<){64}u8, .{1,400}…$/);
  });
});
