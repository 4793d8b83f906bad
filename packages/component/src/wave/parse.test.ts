import { describe, expect, test } from '@jest/globals';
import {
  enumeration,
  fixedLengthList,
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
  u32,
  u8,
  variant,
} from '../../test/value-types.ts';
import type { ValueType } from '../validate/component-type.ts';
import { parseArguments, parseCall, parseWave, WaveError } from './index.ts';

const primitive = (kind: 'bool' | 's8' | 's64' | 'u64' | 'f32' | 'f64' | 'char'): ValueType => ({ kind });
const item = record({ name: string, 'unit-price': u32, note: option(string) });
const shape = variant({ none: undefined, circle: primitive('f64'), 'two-words': tuple(u8, u8) });

describe('a text stands for the value', () => {
  test.each<readonly [string, ValueType, unknown]>([
    ['true', primitive('bool'), true],
    [' false ', primitive('bool'), false],
    ['255', u8, 255],
    ['-128', primitive('s8'), -128],
    ['-0', primitive('s8'), 0],
    ['18446744073709551615', primitive('u64'), 2n ** 64n - 1n],
    ['-9223372036854775808', primitive('s64'), -(2n ** 63n)],
    ['1', primitive('f64'), 1],
    ['-0', primitive('f64'), -0],
    ['-6.022e+23', primitive('f64'), -6.022e23],
    ['1E-3', primitive('f64'), 0.001],
    ['nan', primitive('f64'), Number.NaN],
    ['-inf', primitive('f32'), -Infinity],
    ['0.1', primitive('f32'), Math.fround(0.1)],
    ['1e39', primitive('f32'), Infinity],
    ["'x'", primitive('char'), 'x'],
    ["'☃'", primitive('char'), '☃'],
    ["'🌊'", primitive('char'), '🌊'],
    [String.raw`'\''`, primitive('char'), "'"],
    [`'"'`, primitive('char'), '"'],
    [String.raw`'\u{10FFFF}'`, primitive('char'), '\u{10ffff}'],
    [String.raw`"a\"b\\c\td\ne\rf\'g\u{1F30A}"`, string, 'a"b\\c\td\ne\rf\'g\u{1f30a}'],
    ['"// no comment"', string, '// no comment'],
    ['""', string, ''],
    ['[]', list(string), []],
    ['["a", "b",]', list(string), ['a', 'b']],
    ['[1, 2]', list(u8), Uint8Array.of(1, 2)],
    ['[nan, -1]', list(primitive('f32')), Float32Array.of(Number.NaN, -1)],
    ['[1]', list(primitive('s64')), BigInt64Array.of(1n)],
    ['[[1], []]', list(list(u8)), [Uint8Array.of(1), new Uint8Array()]],
    ['[1, 2]', fixedLengthList(u32, 2), Uint32Array.of(1, 2)],
    ['("a", 1)', tuple(string, u8), ['a', 1]],
    ['("a",)', tuple(string), ['a']],
    ['{name: "a", unit-price: 1}', item, { name: 'a', unitPrice: 1, note: undefined }],
    ['{note: "b", unit-price: 1, name: "a",}', item, { name: 'a', unitPrice: 1, note: 'b' }],
    ['{%name: "a", %unit-price: 1, note: none}', item, { name: 'a', unitPrice: 1, note: undefined }],
    ['{:}', record({ a: option(u8), b: option(option(u8)) }), { a: undefined, b: { tag: 'none' } }],
    ['{true: 1, ok: 2}', record({ true: u8, ok: u8 }), { true: 1, ok: 2 }],
    ['{a1: 1, a-1: 2}', record({ a1: u8, 'a-1': u8 }), { a1: 1, a_1: 2 }],
    [
      '{constructor: 1, to-string: 2}',
      record({ constructor: u8, 'to-string': u8 }),
      { constructor: 1, toString: 2 },
    ],
    ['circle(1.5)', shape, { tag: 'circle', val: 1.5 }],
    ['two-words((1, 2))', shape, { tag: 'two-words', val: [1, 2] }],
    ['%none', shape, { tag: 'none' }],
    ['%circle ( 1 )', shape, { tag: 'circle', val: 1 }],
    ['HTTP3', enumeration('HTTP3', 'method-GET'), 'HTTP3'],
    ['%err', enumeration('ok', 'err'), 'err'],
    ['none', option(u8), undefined],
    ['some(1)', option(u8), 1],
    ['1', option(u8), 1],
    ['none', option(option(u8)), { tag: 'none' }],
    ['some(none)', option(option(u8)), { tag: 'some', val: undefined }],
    ['some(some(1))', option(option(u8)), { tag: 'some', val: 1 }],
    ['%none', option(shape), { tag: 'none' }],
    ['ok', result(), { tag: 'ok' }],
    ['err', result(u8), { tag: 'err' }],
    ['ok(1)', result(u8, string), { tag: 'ok', val: 1 }],
    ['1', result(u8, string), { tag: 'ok', val: 1 }],
    ['err("no")', result(u8, string), { tag: 'err', val: 'no' }],
    ['ok(err)', result(result()), { tag: 'ok', val: { tag: 'err' } }],
    ['{}', flags('read', 'write'), { read: false, write: false }],
    ['{write, read,}', flags('read', 'write'), { read: true, write: true }],
    ['{%only-me}', flags('only-me', 'true'), { onlyMe: true, true: false }],
    ['[("a", 1), ("b", 2)]', map(string, u8), new Map([['a', 1], ['b', 2]])], // prettier-ignore
    ['[("a", 1), ("a", 2)]', map(string, u8), new Map([['a', 2]])],
    ['// one\n[ // two\n1, // three\n]\n// four', list(u8), Uint8Array.of(1)],
    ['\r\n\t[\r1]', list(u8), Uint8Array.of(1)],
  ])('%j', (text, type, value) => {
    expect(parseWave(text, type)).toStrictEqual(value);
  });

  test('of several lines, without what all are indented by', () => {
    const lines = (text: string): unknown => parseWave(text, string);
    expect(lines('"""\n"""')).toBe('');
    expect(lines('"""\none\n"""')).toBe('one');
    expect(lines('"""\n    one\n      two\n    """')).toBe('one\n  two');
    expect(lines('"""\r\n  one\r\n  two\r\n  """')).toBe('one\ntwo');
    expect(lines('"""\n  one\\r\n\n  """'.replace('\n\n', '\n  \n'))).toBe('one\r\n');
    expect(lines(String.raw`"""${'\n'}a ""\"" \u{2603} 'b'${'\n'}"""`)).toBe('a """" ☃ \'b\'');
    expect(lines('"""\n\none\n\n"""')).toBe('\none\n');
  });

  test('of single precision, rounded once', () => {
    // The double nearest to this lies in the middle between two floats; the number itself lies above.
    const above = '1.00000005960464477540';
    expect(Number(above)).toBe(1 + 2 ** -24);
    expect(Math.fround(Number(above))).toBe(1);
    expect(parseWave(above, primitive('f32'))).toBe(1 + 2 ** -23);
    expect(parseWave(`-${above}`, primitive('f32'))).toBe(-1 - 2 ** -23);
    expect(parseWave('1.000000059604644775390625', primitive('f32'))).toBe(1);
    expect(parseWave('1.00000017881393432617187499', primitive('f32'))).toBe(1 + 2 ** -23);
    expect(parseWave('7.006492321624085e-46', primitive('f32'))).toBe(0);
    expect(parseWave('7.0064923216240854e-46', primitive('f32'))).toBe(2 ** -149);
    expect(parseWave('340282356779733661637539395458142568447', primitive('f32'))).toBe(
      3.4028234663852886e38,
    );
    expect(parseWave('340282356779733661637539395458142568448', primitive('f32'))).toBe(Infinity);
  });
});

/** The message, the place as `line:column`, and what is underlined. */
function refusal(run: () => unknown): readonly [reason: string, place: string, marked: string] {
  try {
    run();
  } catch (error) {
    if (!(error instanceof WaveError)) throw error;
    const { reason, line, column, text, start, end, message } = error;
    expect(message).toBe(`${line}:${column}: ${reason}`);
    return [reason, `${line}:${column}`, text.slice(start, end)];
  }
  throw new Error('it was taken');
}

describe('a text is refused, with the place', () => {
  test.each<readonly [string, ValueType, string, string, string]>([
    ['True', primitive('bool'), 'expected `true` or `false`, found `True`', '1:1', 'True'],
    ['', u8, 'expected a whole number (u8), found the end', '1:1', ''],
    ['256', u8, '`256` does not fit: u8 goes from 0 to 255', '1:1', '256'],
    ['-0', u8, '`-0` does not fit: u8 goes from 0 to 255', '1:1', '-0'],
    ['-129', primitive('s8'), '`-129` does not fit: s8 goes from -128 to 127', '1:1', '-129'],
    ['1.0', u8, 'expected a whole number (u8), found `1.0`', '1:1', '1.0'],
    ['01', u8, '`01` is neither a number nor a name', '1:1', '01'],
    ['1a', u8, '`1a` is neither a number nor a name', '1:1', '1a'],
    ['1.', primitive('f64'), '`1.` is neither a number nor a name', '1:1', '1.'],
    ['-infinity', primitive('f64'), '`-infinity` is neither a number nor a name', '1:1', '-infinity'],
    ['"1"', primitive('f64'), 'expected a number (f64), found `"1"`', '1:1', '"1"'],
    ["'ab'", primitive('char'), 'a char is exactly one Unicode scalar value', '1:1', "'ab'"],
    ["''", primitive('char'), 'a char is exactly one Unicode scalar value', '1:1', "''"],
    ["'\ud800'", primitive('char'), 'a char is exactly one Unicode scalar value', '1:1', "'\ud800'"],
    [String.raw`"a\x"`, string, String.raw`\`\x\` is no escape; there is \\ \" \' \t \n \r and \u{…} of a Unicode scalar value`.replaceAll('\\`', '`'), '1:3', '\\x'], // prettier-ignore
    [
      '"a\nb"',
      string,
      'the string has no `"` at its end; a line break is written `\\n`, or in `"""`',
      '1:1',
      '"',
    ],
    ['"""a"""', string, '`"""` is followed by a line break', '1:1', '"""'],
    ['"""\na"""', string, 'only blanks stand before the closing `"""` on its line', '2:2', '"""'],
    ['"""\n a\n  """', string, 'the closing `"""` is indented by 2, and this line by less', '2:1', ''],
    ['"""\n"', string, 'the string has no `"""` at its end', '1:1', '"""'],
    ['[1 2]', list(u8), 'expected `,` or `]`, found `2`', '1:4', '2'],
    ['[1,,]', list(u8), 'expected a whole number (u8), found `,`', '1:4', ','],
    ['[1', list(u8), 'expected `,` or `]`, found the end', '1:3', ''],
    ['[1] 2', list(u8), 'expected nothing more, found `2`', '1:5', '2'],
    ['[1]', fixedLengthList(u8, 2), 'expected 2 elements, found 1', '1:1', '['],
    ['(1)', tuple(u8, string), 'the tuple lacks an element of type string', '1:1', '('],
    ['(1, 2)', tuple(u8), 'expected `)`: the tuple has 1 elements, found `2`', '1:5', '2'],
    ['{name: "a"}', item, 'the record lacks the field `unit-price`', '1:1', '{'],
    ['{:}', item, 'the record lacks the fields `name`, `unit-price`', '1:1', '{'],
    [
      '{}',
      record({ a: option(u8) }),
      'expected a field, or `{:}` for a record without any, found `}`',
      '1:2',
      '}',
    ],
    ['{name: "a", name: "b"}', item, 'the field `name` is there twice', '1:13', 'name'],
    ['{prize: 1}', item, '`prize` is not a field: there is `name`, `unit-price`, `note`', '1:2', 'prize'],
    ['{name "a"}', item, 'expected `:`, found `"a"`', '1:7', '"a"'],
    ['{read, read}', flags('read'), 'the flag `read` is there twice', '1:8', 'read'],
    ['{exec}', flags('read'), '`exec` is not a flag: there is `read`', '1:2', 'exec'],
    ['square', shape, '`square` is not a case: there is `none`, `circle`, `two-words`', '1:1', 'square'],
    ['none', shape, 'the case `none` is written `%none`', '1:1', 'none'],
    ['circle', shape, 'expected the payload of `circle` in parentheses, found the end', '1:7', ''],
    ['%none(1)', shape, 'expected `none` alone: it has no payload, found `(`', '1:6', '('],
    ['1', option(option(u8)), 'expected `some(…)` or `none`, found `1`', '1:1', '1'],
    ['1', result(result(u8)), 'expected `ok` or `err`, found `1`', '1:1', '1'],
    ['err(1)', result(u8), 'expected `err` alone: it has no payload, found `(`', '1:4', '('],
    ['\n\n  [\n   "é🌊", x]', list(string), 'expected a string, as in `"abc"`, found `x`', '4:10', 'x'],
    ['1', own, 'a value of type socket cannot be written', '1:1', '1'],
    ['é', u8, '`é` is neither a number nor a name', '1:1', 'é'],
  ])('%j', (text, type, reason, place, marked) => {
    expect(refusal(() => parseWave(text, type))).toEqual([reason, place, marked]);
  });

  test('when it is nested without end, as type and value', () => {
    let type: ValueType = list(u8);
    for (let i = 0; i < 100_000; i++) type = list(type);
    expect(refusal(() => parseWave('['.repeat(100_000), type))[0]).toBe(
      'values are nested more than 256 deep',
    );
  });

  test('in time that grows with its length', () => {
    const long = 'x'.repeat(1_000_000);
    expect(refusal(() => parseWave(`"${long}`, string))[0]).toContain('no `"`');
    expect(refusal(() => parseWave(`'${long}`, primitive('char')))[0]).toContain("between `'`");
    expect(refusal(() => parseWave(`${'1'.repeat(1_000_000)}`, primitive('u64')))[0]).toMatch(/does not fit/);
    expect(refusal(() => parseWave('['.repeat(1_000_000), list(u8)))[1]).toBe('1:2');
    expect(refusal(() => parseWave(' '.repeat(1_000_000), u8))[0]).toContain('found the end');
    expect(refusal(() => parseWave('//\n'.repeat(300_000), u8))[0]).toContain('found the end');
    expect(parseWave(`[${'"x\\n", '.repeat(200_000)}]`, list(string))).toHaveLength(200_000);
    expect(parseWave(`[${'"x", '.repeat(300_000)}"\\n"]`, list(string))).toHaveLength(300_001);
  });
});

describe('a call', () => {
  const add = func({ a: u32, b: u32, note: option(string), more: option(option(u8)) });

  test('is a name and its arguments', () => {
    const call = parseCall(' demo:shop/cart@1.2.0#add ( 1, [(2), "),"], {x: 3,},) // so');
    expect(call.name).toBe('demo:shop/cart@1.2.0#add');
    expect(call.args.map(({ start, end }) => call.text.slice(start, end))).toEqual([
      '1',
      '[(2), "),"]',
      '{x: 3,}',
    ]);
    expect(parseCall('run()').args).toEqual([]);
  });

  test('has arguments of the types of its function, with options at the end left out', () => {
    expect(parseArguments(parseCall('add(1, 2)'), add)).toStrictEqual([1, 2, undefined, { tag: 'none' }]);
    expect(parseArguments(parseCall('add(1, 2, "x", some(3))'), add)).toStrictEqual([
      1,
      2,
      'x',
      { tag: 'some', val: 3 },
    ]);
    expect(parseArguments(parseCall('run()'), func({}))).toEqual([]);
  });

  test.each([
    ['add', 'a call is written `add()`, with its arguments in the parentheses', '1:4', ''],
    ['(1)', 'a call is written `name()`, with its arguments in the parentheses', '1:1', ''],
    ['add(1, 2', 'expected `,` or `)`, found the end', '1:9', ''],
    ['add(1, [2)', 'expected `]`, found `)`', '1:10', ')'],
    ['add(1, 2])', 'expected `,` or `)`, found `]`', '1:9', ']'],
    ['add(,)', 'expected a value, found `,`', '1:5', ','],
    ['add(1, 2) 3', 'expected nothing behind the call, found `3`', '1:11', '3'],
    ['add(1)', 'the argument `b: u32` is missing', '1:6', ''],
    ['add(1, x)', 'expected a whole number (u32), found `x`', '1:8', 'x'],
    ['add(1 2, 3)', 'expected `,` or `)`, found `2`', '1:7', '2'],
    ['add(1, some)', 'expected a whole number (u32), found `some`', '1:8', 'some'],
    [
      'add(1, 2, some)',
      'expected the payload of `some` in parentheses, found the end of the argument',
      '1:15',
      '',
    ],
    [
      'add(1, 2, none, none, 5, 6)',
      'too many arguments: add: func(a: u32, b: u32, note: option<string>, more: option<option<u8>>) takes 4 of them',
      '1:23',
      '5, 6',
    ],
  ])('is refused: %s', (text, reason, place, marked) => {
    expect(refusal(() => parseArguments(parseCall(text), add))).toEqual([reason, place, marked]);
  });
});
