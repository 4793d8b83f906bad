import { describe, expect, test } from '@jest/globals';
import { lift, load, lower, store } from '../../test/across.ts';
import {
  boolType,
  charType,
  f32Type,
  f64Type,
  s16Type,
  s32Type,
  s64Type,
  s8Type,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type CoreValue,
  type ValueType,
} from './index.ts';

const MAX32 = 2 ** 32 - 1;
const MAX64 = 2n ** 64n - 1n;

/** What a core value means, for the types that do not use all of its bits. WebAssembly gives integers signed. */
const lifted: readonly [ValueType, readonly (readonly [CoreValue, unknown])[]][] = [
  [
    boolType,
    [
      [0, false],
      [1, true],
      [2, true],
      [-1, true],
      [256, true],
    ],
  ],
  [
    u8Type,
    [
      [0, 0],
      [127, 127],
      [128, 128],
      [255, 255],
      [256, 0],
      [-1, 255],
      [-128, 128],
      [-129, 127],
    ],
  ],
  [
    s8Type,
    [
      [127, 127],
      [128, -128],
      [255, -1],
      [256, 0],
      [-1, -1],
      [-128, -128],
      [-129, 127],
    ],
  ],
  [
    u16Type,
    [
      [32767, 32767],
      [32768, 32768],
      [65535, 65535],
      [65536, 0],
      [-1, 65535],
      [-32768, 32768],
    ],
  ],
  [
    s16Type,
    [
      [32767, 32767],
      [32768, -32768],
      [65535, -1],
      [65536, 0],
      [-1, -1],
      [-32769, 32767],
    ],
  ],
  [
    u32Type,
    [
      [0, 0],
      [2 ** 31 - 1, 2 ** 31 - 1],
      [-(2 ** 31), 2 ** 31],
      [-1, MAX32],
    ],
  ],
  [
    s32Type,
    [
      [0, 0],
      [2 ** 31 - 1, 2 ** 31 - 1],
      [-(2 ** 31), -(2 ** 31)],
      [-1, -1],
    ],
  ],
  [
    u64Type,
    [
      [0n, 0n],
      [2n ** 63n - 1n, 2n ** 63n - 1n],
      [-(2n ** 63n), 2n ** 63n],
      [-1n, MAX64],
    ],
  ],
  [
    s64Type,
    [
      [0n, 0n],
      [2n ** 63n - 1n, 2n ** 63n - 1n],
      [-(2n ** 63n), -(2n ** 63n)],
      [-1n, -1n],
    ],
  ],
  [
    f32Type,
    [
      [0, 0],
      [-0, -0],
      [1.5, 1.5],
      [Infinity, Infinity],
      [NaN, NaN],
    ],
  ],
  [
    f64Type,
    [
      [0, 0],
      [-0, -0],
      [0.1, 0.1],
      [-Infinity, -Infinity],
      [NaN, NaN],
    ],
  ],
  [
    charType,
    [
      [0, '\0'],
      [65, 'A'],
      [0xd7ff, '\ud7ff'],
      [0xe000, '\ue000'],
      [0xfeff, '\ufeff'],
      [0x10ffff, '\u{10ffff}'],
    ],
  ],
];

/** Values and their bytes in memory, both ways. */
const bytes: readonly [ValueType, readonly (readonly [unknown, readonly number[]])[]][] = [
  [
    boolType,
    [
      [false, [0]],
      [true, [1]],
    ],
  ],
  [
    u8Type,
    [
      [0, [0]],
      [255, [255]],
    ],
  ],
  [
    s8Type,
    [
      [-1, [255]],
      [-128, [128]],
      [127, [127]],
    ],
  ],
  [
    u16Type,
    [
      [0x1234, [0x34, 0x12]],
      [65535, [255, 255]],
    ],
  ],
  [
    s16Type,
    [
      [-2, [254, 255]],
      [-32768, [0, 128]],
    ],
  ],
  [
    u32Type,
    [
      [0x12345678, [0x78, 0x56, 0x34, 0x12]],
      [MAX32, [255, 255, 255, 255]],
    ],
  ],
  [
    s32Type,
    [
      [-2, [254, 255, 255, 255]],
      [-(2 ** 31), [0, 0, 0, 128]],
    ],
  ],
  [
    u64Type,
    [
      [1n << 40n, [0, 0, 0, 0, 0, 1, 0, 0]],
      [MAX64, [255, 255, 255, 255, 255, 255, 255, 255]],
    ],
  ],
  [
    s64Type,
    [
      [-2n, [254, 255, 255, 255, 255, 255, 255, 255]],
      [-(2n ** 63n), [0, 0, 0, 0, 0, 0, 0, 128]],
    ],
  ],
  [
    f32Type,
    [
      [1.5, [0, 0, 0xc0, 0x3f]],
      [-0, [0, 0, 0, 0x80]],
      [-Infinity, [0, 0, 0x80, 0xff]],
    ],
  ],
  [
    f64Type,
    [
      [1.5, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]],
      [-0, [0, 0, 0, 0, 0, 0, 0, 0x80]],
    ],
  ],
  [
    charType,
    [
      ['A', [65, 0, 0, 0]],
      ['\u{1f600}', [0, 0xf6, 1, 0]],
      ['\ufeff', [0xff, 0xfe, 0, 0]],
    ],
  ],
];

describe('core values of primitive types', () => {
  test.each(lifted.map(([type, cases]) => ({ kind: type.kind, type, cases })))(
    'core values lift to the $kind that their low bits mean',
    ({ type, cases }) => {
      expect(cases.map(([core]) => lift(type, [core]))).toEqual(cases.map(([, value]) => value));
    },
  );

  test.each(bytes.map(([type, cases]) => ({ kind: type.kind, type, cases })))(
    'a $kind comes back from its core value',
    ({ type, cases }) => {
      for (const [value] of cases) {
        const core = lower(type, value);
        expect(core).toHaveLength(type.flat.length);
        expect(lift(type, core)).toBe(value);
      }
    },
  );

  test.each([0xd800, 0xdbff, 0xdc00, 0xdfff, 0x110000, -1, -(2 ** 31)])(
    'the core value %p is no char and traps',
    (core) => {
      expect(() => lift(charType, [core])).toThrow(/not a Unicode scalar value/);
    },
  );
});

describe('bytes of primitive types', () => {
  test.each(bytes.map(([type, cases]) => ({ kind: type.kind, type, cases })))(
    'a $kind is little-endian in memory, both ways',
    ({ type, cases }) => {
      for (const [value, memory] of cases) {
        expect([type.size, type.alignment]).toEqual([memory.length, memory.length]);
        expect(store(type, value)).toEqual(memory);
        expect(load(type, memory)).toBe(value);
      }
    },
  );

  test('any byte but 0 is true', () => {
    expect(load(boolType, [2])).toBe(true);
    expect(load(boolType, [255])).toBe(true);
  });

  test.each([[[0, 0xd8, 0, 0]], [[0xff, 0xdf, 0, 0]], [[0, 0, 0x11, 0]], [[255, 255, 255, 255]]])(
    'the bytes %p are no char and trap',
    (memory) => {
      expect(() => load(charType, memory)).toThrow('not a Unicode scalar value');
    },
  );

  test.each([0x7fc00000, 0x7fc00001, 0x7fe00000, 0x7fffffff, 0xffffffff, 0x7f800001])(
    'the bits %p are a NaN of 32 bits, and stay one',
    (pattern) => {
      const memory = [...new Uint8Array(new Uint32Array([pattern]).buffer)];
      expect(load(f32Type, memory)).toBeNaN();
      const [a = 0, b = 0, c = 0, d = 0] = store(f32Type, load(f32Type, memory));
      expect(((d & 0x7f) << 1) | (c >> 7)).toBe(255);
      expect((c & 0x7f) | b | a).not.toBe(0);
    },
  );

  test('infinities are not NaNs', () => {
    expect(load(f32Type, [0, 0, 0x80, 0x7f])).toBe(Infinity);
    expect(load(f64Type, [0, 0, 0, 0, 0, 0, 0xf0, 0x7f])).toBe(Infinity);
    expect(load(f64Type, [1, 0, 0, 0, 0, 0, 0xf0, 0x7f])).toBeNaN();
  });

  test('an f32 is rounded on the way in', () => {
    expect(lower(f32Type, 0.1)).toEqual([Math.fround(0.1)]);
    expect(load(f32Type, store(f32Type, 0.1))).toBe(Math.fround(0.1));
    expect(lower(f32Type, 1e300)).toEqual([Infinity]);
  });
});

describe('values of the wrong shape', () => {
  const never = [undefined, null, '', 'x', {}, [], () => 0, Symbol('s'), new Date(0), Object(1)];
  const wrong: readonly [ValueType, string, readonly unknown[]][] = [
    [boolType, 'boolean', [...never, 0, 1, 'true', 1n]],
    [u8Type, 'u8', [...never, -1, 256, 1.5, NaN, Infinity, true, 1n, '1']],
    [s8Type, 's8', [...never, -129, 128, 0.5, NaN, -Infinity, false, 1n]],
    [u16Type, 'u16', [...never, -1, 65536, 1.5, NaN, 1n]],
    [s16Type, 's16', [...never, -32769, 32768, 1.5, NaN, 1n]],
    [u32Type, 'u32', [...never, -1, 2 ** 32, 1.5, NaN, 1n]],
    [s32Type, 's32', [...never, -(2 ** 31) - 1, 2 ** 31, 1.5, NaN, 1n]],
    [u64Type, 'u64', [...never, 0, 1, -1n, 2n ** 64n, NaN]],
    [s64Type, 's64', [...never, 0, 1, -(2n ** 63n) - 1n, 2n ** 63n]],
    [f32Type, 'number', [...never, 1n, true]],
    [f64Type, 'number', [...never, 1n, true]],
    [
      charType,
      'char (a string of one Unicode scalar value)',
      [
        ...never.filter((value) => value !== 'x'),
        'ab',
        '\ud800',
        '\udc00',
        '\udc00\ud800',
        'e\u0301',
        '\u{1f600}x',
        65,
      ],
    ],
  ];

  test.each(wrong.map(([type, expected, values]) => ({ kind: type.kind, type, expected, values })))(
    'what is no $kind is refused, with where it was and what was expected',
    ({ type, expected, values }) => {
      for (const value of values) {
        const error = expect.objectContaining({
          name: 'ValueError',
          path: 'value',
          message: expect.stringContaining(`value: expected ${expected}, got `) as unknown,
        }) as unknown as Error;
        expect(() => lower(type, value)).toThrow(error);
        expect(() => store(type, value)).toThrow(error);
      }
    },
  );

  test('-0 is an integer like any other', () => {
    expect(lower(u8Type, -0)).toEqual([0]);
    expect(lower(s32Type, -0)).toEqual([0]);
    expect(lower(u32Type, -0)).toEqual([0]);
  });
});
