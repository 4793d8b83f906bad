import { describe, expect, test } from '@jest/globals';
import type { CoreType } from '../core-adapter.ts';
import { bits, lift, load, lower, store } from '../../test/across.ts';
import { guest } from '../../test/guest.ts';
import { enumOf, labels, recordOf, variantOf } from '../../test/types.ts';
import {
  boolType,
  charType,
  f32Type,
  f64Type,
  list,
  option,
  result,
  s32Type,
  s64Type,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  variant,
  type CoreValue,
  type ValueType,
} from './index.ts';

describe('variants', () => {
  const type = variantOf({ x: u8Type, y: f32Type, z: undefined });

  test('are a discriminant and what every payload fits in', () => {
    expect(type).toMatchObject({ kind: 'variant', size: 8, alignment: 4, flat: ['i32', 'i32'] });
    expect(lift(type, [0, 42])).toEqual({ tag: 'x', val: 42 });
    expect(lift(type, [0, 256])).toEqual({ tag: 'x', val: 0 });
    expect(lift(type, [1, 0x4048f5c3])).toEqual({ tag: 'y', val: Math.fround(3.14) });
    expect(lift(type, [2, -1])).toEqual({ tag: 'z' });
    expect(lower(type, { tag: 'x', val: 42 })).toEqual([0, 42]);
    expect(lower(type, { tag: 'y', val: 3.14 })).toEqual([1, 0x4048f5c3]);
    expect(lower(type, { tag: 'z' })).toEqual([2, 0]);
    expect(store(type, { tag: 'y', val: 1.5 })).toEqual([1, 0, 0, 0, 0, 0, 0xc0, 0x3f]);
    expect(load(type, [0, 9, 9, 9, 7, 9, 9, 9])).toEqual({ tag: 'x', val: 7 });
    expect(load(type, [2, 9, 9, 9, 9, 9, 9, 9])).toEqual({ tag: 'z' });
  });

  test('a discriminant that no case has traps', () => {
    for (const core of [3, 256, -1]) {
      expect(() => lift(type, [core, 0])).toThrow(
        /^invalid variant discriminant \d+: the variant has 3 cases$/,
      );
    }
    expect(() => load(type, [3, 0, 0, 0, 0, 0, 0, 0])).toThrow('invalid variant discriminant 3');
    expect(() => load(option(u8Type), [2, 0])).toThrow('invalid variant discriminant 2');
    expect(() => lift(result(u8Type, undefined), [2, 0])).toThrow('invalid variant discriminant 2');
    expect(() => load(enumOf('a', 'b'), [2])).toThrow('invalid variant discriminant 2');
  });

  test.each([
    [1, 1],
    [255, 1],
    [256, 1],
    [257, 2],
    [65536, 2],
    [65537, 4],
  ])('of %i cases have a discriminant of %i bytes', (count, size) => {
    const many = enumOf(...labels(count));
    expect(many).toMatchObject({ size, alignment: size, flat: ['i32'] });
    const last = `f${count - 1}`;
    const memory = [...new Uint8Array(new Uint32Array([count - 1]).buffer)].slice(0, size);
    expect(store(many, last)).toEqual(memory);
    expect(load(many, memory)).toBe(last);
    expect(lift(many, [count - 1])).toBe(last);
    expect(() => lift(many, [count])).toThrow(/invalid variant discriminant/);
    const withPayload = variant(labels(count).map((tag) => ({ tag, type: u8Type })));
    expect(withPayload.size).toBe(size * 2);
    expect(load(withPayload, store(withPayload, { tag: last, val: 5 }))).toEqual({ tag: last, val: 5 });
  });

  test('name the case that does not fit', () => {
    const deep = variantOf({ none: undefined, rect: recordOf({ x: f64Type, y: f64Type }) });
    expect(() => lower(deep, { tag: 'rect', val: { x: 1, y: '' } })).toThrow(
      'value.val.y: expected number, got string ""',
    );
    expect(() => store(deep, { tag: 'rect' })).toThrow('value.val: expected object, got undefined');
    expect(() => lower(deep, { tag: 'circle' })).toThrow(
      'value.tag: expected "none" | "rect", got string "circle"',
    );
    expect(() => lower(deep, {})).toThrow('value.tag: expected "none" | "rect", got undefined');
    for (const wrong of [undefined, null, 'none', 0]) {
      expect(() => lower(deep, wrong)).toThrow(/^value: expected object, got /);
      expect(() => store(deep, wrong)).toThrow(/^value: expected object, got /);
    }
    expect(() => lower(enumOf(...labels(100)), 'x')).toThrow('"f11" | … (100 in all), got string "x"');
  });

  test('are known by their tag alone', () => {
    expect(lower(variantOf({ a: undefined, b: undefined }), { tag: 'b', val: 'ignored' })).toEqual([1]);
    const odd = variantOf({ constructor: undefined, toString: u8Type });
    expect(lower(odd, { tag: 'toString', val: 1 })).toEqual([1, 1]);
    expect(() => lower(odd, { tag: '__proto__' })).toThrow(/value\.tag: expected/);
  });

  test('what the payload’s getters throw is let through', () => {
    const failure = new Error('of the getter');
    const value = {
      tag: 'x',
      get val(): number {
        throw failure;
      },
    };
    expect(() => lower(type, value)).toThrow(failure);
    expect(() => store(type, value)).toThrow(failure);
  });
});

describe('core values that cases share', () => {
  /** Payloads by core type, with a value and its bits. */
  const payloads = {
    i32: [
      [u32Type, 2 ** 32 - 1, 0xffffffffn],
      [s32Type, -1, 0xffffffffn],
      [s32Type, -(2 ** 31), 0x80000000n],
      [boolType, true, 1n],
      [charType, '\u{10ffff}', 0x10ffffn],
    ],
    i64: [
      [u64Type, 2n ** 64n - 1n, 2n ** 64n - 1n],
      [s64Type, -1n, 2n ** 64n - 1n],
      [s64Type, -(2n ** 63n), 2n ** 63n],
    ],
    f32: [
      [f32Type, 1.5, 0x3fc00000n],
      [f32Type, -0, 0x80000000n],
      [f32Type, -Infinity, 0xff800000n],
    ],
    f64: [
      [f64Type, 1.5, 0x3ff8000000000000n],
      [f64Type, -0, 0x8000000000000000n],
      [f64Type, -Infinity, 0xfff0000000000000n],
    ],
  } as const satisfies Record<CoreType, readonly (readonly [ValueType, unknown, bigint])[]>;
  const joined: Record<CoreType, Record<CoreType, CoreType>> = {
    i32: { i32: 'i32', i64: 'i64', f32: 'i32', f64: 'i64' },
    i64: { i32: 'i64', i64: 'i64', f32: 'i64', f64: 'i64' },
    f32: { i32: 'i32', i64: 'i64', f32: 'f32', f64: 'i64' },
    f64: { i32: 'i64', i64: 'i64', f32: 'i64', f64: 'f64' },
  };
  const cores = Object.keys(payloads) as CoreType[];

  test.each(cores.flatMap((one) => cores.map((other) => ({ one, other, both: joined[one][other] }))))(
    '$one and $other pass as $both, bit by bit',
    ({ one, other, both }) => {
      for (const [type, value, pattern] of payloads[one]) {
        const shared = variantOf({ mine: type, other: payloads[other][0][0] });
        expect(shared.flat).toEqual(['i32', both]);
        const core = lower(shared, { tag: 'mine', val: value });
        const expected: CoreValue =
          both === 'i64' ? pattern : both === 'i32' ? Number(pattern) : (value as number);
        expect(bits(core, shared.flat)).toEqual([0, expected]);
        const given =
          both === 'i64' ? BigInt.asIntN(64, pattern) : both === 'i32' ? Number(pattern) | 0 : expected;
        expect(lift(shared, [0, given])).toEqual({ tag: 'mine', val: value });
        expect(lift(shared, core)).toEqual({ tag: 'mine', val: value });
      }
    },
  );

  test.each(cores)('a NaN stays one beside an %s', (other) => {
    for (const type of [f32Type, f64Type]) {
      const shared = variantOf({ mine: type, other: payloads[other][0][0] });
      expect(lift(shared, lower(shared, { tag: 'mine', val: NaN }))).toEqual({ tag: 'mine', val: NaN });
    }
  });

  test('the upper half of an i64 is ignored by what has 32 bits', () => {
    const type = variantOf({ a: u32Type, b: u64Type, c: f32Type, d: u8Type, e: charType });
    expect(lift(type, [0, 0x1234_5678_9abc_def0n])).toEqual({ tag: 'a', val: 0x9abcdef0 });
    expect(lift(type, [2, 0x1234_5678_3fc0_0000n])).toEqual({ tag: 'c', val: 1.5 });
    expect(lift(type, [3, -1n])).toEqual({ tag: 'd', val: 255 });
    expect(lift(type, [4, 0x7fff_ffff_0000_0041n])).toEqual({ tag: 'e', val: 'A' });
    expect(() => lift(type, [4, 0xd800n])).toThrow('not a Unicode scalar value');
  });

  test('payloads of different lengths share what they have, the rest is 0', () => {
    const type = variantOf({ a: tuple([f32Type, u64Type, f64Type]), b: stringType, c: undefined, d: u8Type });
    expect(type.flat).toEqual(['i32', 'i32', 'i64', 'f64']);
    const g = guest();
    for (const value of [
      { tag: 'a', val: [1.5, 7n, 0.1] },
      { tag: 'b', val: 'hello' },
      { tag: 'c' },
      { tag: 'd', val: 1 },
    ]) {
      expect(lift(type, lower(type, value, g), g)).toEqual(value);
    }
    expect(lower(type, { tag: 'c' })).toEqual([2, 0, 0n, 0]);
    expect(lower(type, { tag: 'd', val: 1 })).toEqual([3, 1, 0n, 0]);
  });

  test('variants inside variants are coerced twice', () => {
    const inner = variantOf({ x: f32Type, y: u32Type });
    const type = variantOf({ a: inner, b: tuple([u64Type, u64Type]) });
    expect(type.flat).toEqual(['i32', 'i64', 'i64']);
    const value = { tag: 'a', val: { tag: 'x', val: -0 } };
    expect(lower(type, value)).toEqual([0, 0n, 0x80000000n]);
    expect(lift(type, lower(type, value))).toEqual(value);
  });
});

describe('enums, options and results', () => {
  test('an enum is one of its labels', () => {
    const type = enumOf('a', 'b');
    expect([lift(type, [0]), lift(type, [1])]).toEqual(['a', 'b']);
    expect(lower(type, 'b')).toEqual([1]);
    for (const wrong of ['c', 1, undefined, { tag: 'a' }]) {
      expect(() => lower(type, wrong)).toThrow(/^value: expected "a" \| "b", got /);
    }
  });

  test('an option is the value or undefined', () => {
    const type = option(f32Type);
    expect(type).toMatchObject({ kind: 'option', size: 8, alignment: 4, flat: ['i32', 'f32'] });
    expect(lift(type, [0, 3])).toBeUndefined();
    expect(lift(type, [1, 1.5])).toBe(1.5);
    expect(lower(type, undefined)).toEqual([0, 0]);
    expect(lower(type, 1.5)).toEqual([1, 1.5]);
    expect(store(option(u16Type), 5)).toEqual([1, 0, 5, 0]);
    expect(load(option(u16Type), [0, 0, 5, 0])).toBeUndefined();
    expect(() => lower(type, null)).toThrow('value: expected number, got null');
    expect(() => lower(option(stringType), 5)).toThrow('value: expected string, got number 5');
  });

  test('an option of an option says which is there', () => {
    const type = option(option(u8Type));
    const values = [{ tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 5 }];
    const cores = [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 5],
    ];
    values.forEach((value, i) => {
      expect(lower(type, value)).toEqual(cores[i]);
      expect(lift(type, cores[i]!)).toEqual(value);
      expect(load(type, store(type, value))).toEqual(value);
    });
    expect(lower(type, { tag: 'some' })).toEqual([1, 0, 0]);
    const three = option(option(option(u8Type)));
    const deepest = { tag: 'some', val: { tag: 'some', val: 5 } };
    expect(lift(three, lower(three, deepest))).toEqual(deepest);
    expect(lift(three, [1, 1, 0, 0])).toEqual({ tag: 'some', val: { tag: 'some', val: undefined } });
    expect(() => lower(type, undefined)).toThrow('value: expected object, got undefined');
    expect(() => lower(type, 5)).toThrow('value: expected object, got number 5');
    expect(() => lower(type, { tag: 'some', val: 'x' })).toThrow('value.val: expected u8');
  });

  test('a result is tagged, with a payload where it has one', () => {
    const type = result(u8Type, u32Type);
    expect(lift(type, [0, 42])).toEqual({ tag: 'ok', val: 42 });
    expect(lift(type, [1, 1000])).toEqual({ tag: 'err', val: 1000 });
    expect(lower(type, { tag: 'err', val: 1000 })).toEqual([1, 1000]);
    expect(() => lower(type, { tag: 'error' })).toThrow(
      'value.tag: expected "ok" | "err", got string "error"',
    );
    expect(() => lower(type, { tag: 'ok' })).toThrow('value.val: expected u8, got undefined');
    const bare = result(undefined, undefined);
    expect(bare).toMatchObject({ size: 1, flat: ['i32'] });
    expect(lift(bare, [1])).toEqual({ tag: 'err' });
    expect(lower(bare, { tag: 'ok' })).toEqual([0]);
    const half = result(undefined, stringType);
    const g = guest();
    expect(lift(half, lower(half, { tag: 'err', val: 'no' }, g), g)).toEqual({ tag: 'err', val: 'no' });
    expect(lift(half, [0, 0, 0], g)).toEqual({ tag: 'ok' });
  });

  test('an option of a list of options of results comes back', () => {
    const type = option(list(option(result(stringType, tuple([u8Type, option(u64Type)])))));
    const g = guest();
    const value = [
      undefined,
      { tag: 'ok', val: 'yes' },
      { tag: 'err', val: [1, undefined] },
      { tag: 'err', val: [2, 3n] },
    ];
    expect(lift(type, lower(type, value, g), g)).toEqual(value);
    expect(load(type, store(type, value, g), g)).toEqual(value);
  });
});
