import { describe, expect, test } from '@jest/globals';
import type { ValueType } from '@wittle/component';
import { readExpressions, type List } from './s-expression.ts';
import { ConstantProblem, coreDifference, difference, valueOf } from './values.ts';

const constant = (source: string): List => readExpressions(source)[0] as List;

const u32: ValueType = { kind: 'u32' };
const text: ValueType = { kind: 'string' };
const option = (type: ValueType): ValueType => ({ kind: 'option', type });
const list = (element: ValueType): ValueType => ({ kind: 'list', element });
const point: ValueType = {
  kind: 'record',
  fields: [
    { name: 'x-axis', type: u32 },
    { name: 'y', type: option(u32) },
  ],
};
const shape: ValueType = {
  kind: 'variant',
  cases: [
    { name: 'none', type: undefined },
    { name: 'at-point', type: point },
  ],
};
const modes: ValueType = { kind: 'flags', labels: ['can-read', 'write'] };

describe('constants', () => {
  test.each<[string, ValueType, unknown]>([
    ['(bool.const true)', { kind: 'bool' }, true],
    ['(u8.const 0xff)', { kind: 'u8' }, 255],
    ['(s32.const 0xffff_ffff)', { kind: 's32' }, -1],
    ['(s64.const -5)', { kind: 's64' }, -5n],
    ['(f32.const 0.1)', { kind: 'f32' }, Math.fround(0.1)],
    ['(f64.const -0x1.8p-1)', { kind: 'f64' }, -0.75],
    ['(f64.const -inf)', { kind: 'f64' }, -Infinity],
    ['(f64.const nan:0x1)', { kind: 'f64' }, NaN],
    ['(char.const "🍰")', { kind: 'char' }, '🍰'],
    ['(enum.const "a-b")', { kind: 'enum', labels: ['a-b'] }, 'a-b'],
    ['(list.const (str.const "a"))', list(text), ['a']],
    ['(tuple.const (u32.const 1) (str.const "b"))', { kind: 'tuple', types: [u32, text] }, [1, 'b']],
    ['(record.const (field "x-axis" (u32.const 1)) (field "y" (option.none)))', point, { xAxis: 1 }],
    [
      '(record.const (field "x-axis" u32.const 1) (field "y" option.some (u32.const 2)))',
      point,
      { xAxis: 1, y: 2 },
    ],
    ['(variant.const "none")', shape, { tag: 'none' }],
    ['(flags.const "can-read")', modes, { canRead: true }],
    ['(option.some (option.none))', option(option(u32)), { tag: 'some', val: undefined }],
    ['(result.err (u32.const 1))', { kind: 'result', ok: undefined, err: u32 }, { tag: 'err', val: 1 }],
  ])('%s', (source, type, expected) => {
    expect(valueOf(constant(source), type)).toEqual(expected);
    // Flags that are off and fields that are absent are given in full.
    if (type.kind !== 'flags') expect(difference(expected, constant(source), type)).toBeUndefined();
  });

  test('of another type are a problem', () => {
    expect(() => valueOf(constant('(u8.const 1)'), u32)).toThrow(ConstantProblem);
    expect(() => valueOf(constant('(list.const (u8.const 1))'), list(u32))).toThrow(ConstantProblem);
  });
});

describe('comparing', () => {
  test('flags that are off are given, too', () => {
    const expected = constant('(flags.const "write")');
    expect(difference({ canRead: false, write: true }, expected, modes)).toBeUndefined();
    expect(difference({ canRead: true, write: true }, expected, modes)).toMatch(/at \.canRead$/);
  });

  test('a list of numbers is given as a typed array', () => {
    const expected = constant('(list.const (u32.const 1) (u32.const 2))');
    expect(difference(Uint32Array.of(1, 2), expected, list(u32))).toBeUndefined();
    expect(difference(Uint32Array.of(1), expected, list(u32))).toBe('got [1], expected [1,2]');
    expect(difference(Uint32Array.of(1, 3), expected, list(u32))).toBe('got 3, expected 2 at [1]');
  });

  test('the sign of zero counts', () => {
    expect(difference(-0, constant('(f64.const 0)'), { kind: 'f64' })).toMatch(/^got/);
    expect(coreDifference(-0, constant('(f64.const -0)'))).toBeUndefined();
  });

  test('the path leads to what differs', () => {
    const expected = constant(
      '(variant.const "at-point" (record.const (field "x-axis" (u32.const 1)) (field "y" (option.some (u32.const 2)))))',
    );
    expect(difference({ tag: 'at-point', val: { xAxis: 1, y: 3 } }, expected, shape)).toBe(
      'got 3, expected 2 at .val.y',
    );
    expect(difference({ tag: 'none' }, expected, shape)).toMatch(/^got/);
  });
});
