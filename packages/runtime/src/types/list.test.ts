import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { AT, lift, load, lower, store } from '../../test/across.ts';
import { guest, HEAP } from '../../test/guest.ts';
import { flagsOf, recordOf } from '../../test/types.ts';
import { MAX_BYTE_LENGTH } from '../instance.ts';
import {
  boolType,
  charType,
  f32Type,
  f64Type,
  fixedLengthList,
  list,
  map,
  s16Type,
  s32Type,
  s64Type,
  s8Type,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type ValueType,
} from './index.ts';

const text = (s: string): number[] => [...new TextEncoder().encode(s)];
const words = (...values: number[]): number[] => [...new Uint8Array(new Uint32Array(values).buffer)];

/** Lists of numbers: the kind of array, and some values of it. */
const numbers = [
  [u8Type, Uint8Array, [0, 1, 255]],
  [s8Type, Int8Array, [0, -1, 127, -128]],
  [u16Type, Uint16Array, [0, 1, 65535]],
  [s16Type, Int16Array, [0, -1, -32768]],
  [u32Type, Uint32Array, [0, 1, 2 ** 32 - 1]],
  [s32Type, Int32Array, [0, -1, -(2 ** 31)]],
  [u64Type, BigUint64Array, [0n, 1n, 2n ** 64n - 1n]],
  [s64Type, BigInt64Array, [0n, -1n, -(2n ** 63n)]],
  [f32Type, Float32Array, [0, -0, 1.5, Infinity, NaN]],
  [f64Type, Float64Array, [0, -0, 0.1, -Infinity, NaN]],
] as const satisfies readonly (readonly [ValueType, { from: unknown }, readonly unknown[]])[];
type Numbers = {
  BYTES_PER_ELEMENT: number;
  name: string;
  from: (values: Iterable<unknown>) => ArrayBufferView;
};

describe.each(
  numbers.map(([element, array, values]) => ({
    kind: element.kind,
    element,
    array: array as unknown as Numbers,
    values,
  })),
)('list<$kind>', ({ element, array, values }) => {
  const type = list(element);
  const typed = array.from(values);

  test('is a typed array, and its bytes are those of the memory', () => {
    const g = guest();
    const [p, n] = lower(type, typed, g);
    expect([p, n]).toEqual([HEAP, values.length]);
    expect(g.bytes(HEAP, typed.byteLength)).toEqual([
      ...new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength),
    ]);
    const lifted = lift(type, [HEAP, values.length], g) as ArrayBufferView;
    expect(lifted).toEqual(typed);
    expect(lifted.buffer).not.toBe(g.memory.buffer);
    expect(load(type, store(type, typed, g), g)).toEqual(typed);
  });

  test('is taken from any array or iterable of its values', () => {
    for (const given of [values, new Map((values as readonly unknown[]).entries()).values()] as unknown[]) {
      const g = guest();
      expect(lift(type, lower(type, given, g), g)).toEqual(typed);
    }
  });

  test('is taken from the typed array of another realm, and from a view of part of a buffer', () => {
    const g = guest();
    const foreign = runInNewContext(`${array.name}.from(values)`, { values }) as unknown;
    expect(lift(type, lower(type, foreign, g), g)).toEqual(typed);
    const middle = array.from([values[0], ...values, values[0]]) as unknown as Uint8Array;
    expect(lift(type, lower(type, middle.subarray(1, -1), g), g)).toEqual(typed);
  });

  test('of no elements asks for no bytes and has an aligned pointer', () => {
    const g = guest();
    for (const given of [[], array.from([]), new Set()]) {
      const [p, n] = lower(type, given, g);
      expect(n).toBe(0);
      expect(Number(p) % element.alignment).toBe(0);
      expect(lift(type, [p!, n!], g)).toEqual(array.from([]));
    }
    expect(g.allocations).toEqual(Array.from({ length: 3 }, () => [0, 0, element.alignment, 0]));
    expect(lift(type, [65536, 0], g)).toEqual(array.from([]));
  });

  test('outside the memory, unaligned or too long traps', () => {
    const { size } = element;
    const g = guest();
    expect(() => lift(type, [65536 - size, 2], g)).toThrow(/out of bounds/);
    expect(() => lift(type, [-size, 1], g)).toThrow(/out of bounds/);
    expect(() => lift(type, [0, Math.ceil((MAX_BYTE_LENGTH + 1) / size)], g)).toThrow(/list byte length/);
    expect(() => lift(type, [0, -1], g)).toThrow(/list byte length/);
    if (size > 1) {
      expect(() => lift(type, [size / 2, 1], g)).toThrow(/unaligned pointer/);
      expect(() => load(type, words(1, 0), g)).toThrow(/unaligned pointer/);
    }
    expect(lift(type, [65536 - size, 1], g)).toHaveLength(1);
  });

  test('names the element that does not fit', () => {
    const wrong = [...values.slice(0, 2), 'x'];
    expect(() => lower(type, wrong)).toThrow(/^value\[2\]: expected .*, got string "x"$/);
    expect(() => store(type, wrong.values())).toThrow(/^value\[2\]: expected /);
    expect(() => lower(type, Array.from({ length: 1 }))).toThrow(/^value\[0\]: expected .*, got undefined$/);
  });

  test('is no array of another kind, no buffer, no string and no single value', () => {
    const other = array.name === 'Uint8Array' ? new Int8Array(1) : new Uint8Array(1);
    for (const given of [
      other,
      new DataView(new ArrayBuffer(8)),
      new ArrayBuffer(8),
      'abc',
      1,
      null,
      undefined,
      { length: 0 },
    ]) {
      expect(() => lower(type, given)).toThrow(`value: expected ${array.name} or array, got `);
    }
  });

  test('is not fooled by a name that an array gives itself', () => {
    const other = new DataView(new ArrayBuffer(8));
    Object.defineProperty(other, Symbol.toStringTag, { value: array.name });
    expect(() => lower(type, other)).toThrow(`value: expected ${array.name} or array, got `);
  });

  test('that views the guest’s own memory must outlive the allocation', () => {
    const g = guest();
    const own = Reflect.construct(array as unknown as typeof Uint8Array, [
      g.memory.buffer,
      0,
      8,
    ]) as Uint8Array;
    expect(lower(type, own, g)).toEqual([HEAP, 8]);
    const again = Reflect.construct(array as unknown as typeof Uint8Array, [
      g.memory.buffer,
      0,
      8,
    ]) as Uint8Array;
    g.realloc = () => {
      g.memory.grow(1);
      return HEAP;
    };
    expect(() => lower(type, again, g)).toThrow('value: expected a list that is not a view of this memory');
  });
});

describe('lists of anything else', () => {
  const bytes = list(u8Type);
  test.each<[string, ValueType, number, number[], unknown]>([
    ['list<bool>', list(boolType), 3, [1, 0, 2], [true, false, true]],
    ['list<char>', list(charType), 2, words(65, 0x1f600), ['A', '\u{1f600}']],
    [
      'list<string>',
      list(stringType),
      2,
      [...words(AT + 16, 2, AT + 21, 3), ...text('hi'), 15, 15, 15, ...text('wat')],
      ['hi', 'wat'],
    ],
    [
      'list<list<u8>>',
      list(bytes),
      3,
      [...words(AT + 24, 3, 0, 0, AT + 27, 2), 3, 4, 5, 6, 7],
      [new Uint8Array([3, 4, 5]), new Uint8Array(0), new Uint8Array([6, 7])],
    ],
    ['list<list<u16>>', list(list(u16Type)), 1, [...words(AT + 8, 2), 5, 0, 6, 0], [new Uint16Array([5, 6])]],
    [
      'list<list<u8, 2>>',
      list(fixedLengthList(u8Type, 2)),
      2,
      [1, 2, 3, 4],
      [new Uint8Array([1, 2]), new Uint8Array([3, 4])],
    ],
    [
      'list<list<u32, 2>>',
      list(fixedLengthList(u32Type, 2)),
      2,
      words(1, 2, 3, 4),
      [new Uint32Array([1, 2]), new Uint32Array([3, 4])],
    ],
    [
      'list<tuple<u8, u16, u8, u32>>',
      list(tuple([u8Type, u16Type, u8Type, u32Type])),
      2,
      [6, 0, 7, 0, 8, 0, 0, 0, 9, 0, 0, 0, 4, 0, 5, 0, 6, 0, 0, 0, 7, 0, 0, 0],
      [
        [6, 7, 8, 9],
        [4, 5, 6, 7],
      ],
    ],
    [
      'list<tuple<tuple<u16, u8>, u8>>',
      list(tuple([tuple([u16Type, u8Type]), u8Type])),
      2,
      [4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, 0],
      [
        [[4, 5], 6],
        [[7, 8], 9],
      ],
    ],
    [
      'list of flags',
      list(flagsOf('a', 'b')),
      3,
      [0, 2, 7],
      [
        { a: false, b: false },
        { a: false, b: true },
        { a: true, b: true },
      ],
    ],
    [
      'list of records',
      list(recordOf({ id: u8Type, name: stringType })),
      1,
      [7, 0, 0, 0, ...words(AT + 12, 2), ...text('hi')],
      [{ id: 7, name: 'hi' }],
    ],
  ])('%s is lifted from memory, and comes back when lowered', (_, type, n, memory, value) => {
    const g = guest();
    g.write(AT, memory);
    expect(lift(type, [AT, n], g)).toEqual(value);
    expect(lift(type, lower(type, value, g), g)).toEqual(value);
    expect(load(type, store(type, value, g), g)).toEqual(value);
  });

  test('an inner pointer is checked as an outer one', () => {
    const g = guest();
    g.write(AT, words(AT + 9, 2));
    expect(() => lift(list(list(u16Type)), [AT, 1], g)).toThrow(/unaligned pointer/);
    expect(() => lift(list(fixedLengthList(u32Type, 2)), [AT + 1, 2], g)).toThrow(/unaligned pointer/);
    g.write(AT, words(65535, 2));
    expect(() => lift(list(bytes), [AT, 1], g)).toThrow(/out of bounds/);
  });

  test('the limit is on bytes, not on elements', () => {
    const big = list(fixedLengthList(u64Type, 2 ** 20));
    expect(() => lift(big, [0, 32])).toThrow(/list byte length/);
    expect(() => lift(big, [0, 31])).toThrow(/out of bounds/);
    const endless = list(
      Array.from({ length: 40 }).reduce<ValueType>((each) => fixedLengthList(each, 2 ** 31), u64Type),
    );
    expect(() => lift(endless, [0, 1])).toThrow(/list byte length/);
    expect(lift(endless, [0, 0])).toEqual([]);
  });

  test('a list that is too long is refused before anything is allocated', () => {
    const g = guest();
    const long = new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 28 : undefined) });
    expect(() => lower(list(boolType), long, g)).toThrow(RangeError);
    for (const length of [-1, 1.5, NaN, '2', 2 ** 33]) {
      const odd = new Proxy([], { get: (_, key) => (key === 'length' ? length : undefined) });
      expect(() => lower(list(stringType), odd, g)).toThrow(RangeError);
    }
    expect(g.allocations).toEqual([]);
  });

  test('what is no array, the elements that do not fit and what getters throw are told apart', () => {
    const type = list(recordOf({ a: u8Type, b: list(stringType) }));
    expect(() => lower(type, 'abc')).toThrow('value: expected array, got string "abc"');
    expect(() => lower(type, { length: 1 })).toThrow('value: expected array, got Object');
    expect(() => lower(type, [{ a: 1, b: [] }, undefined])).toThrow(
      'value[1]: expected object, got undefined',
    );
    expect(() => lower(type, [{ a: 1, b: ['', 5] }])).toThrow('value[0].b[1]: expected string, got number 5');
    const failure = new Error('of the getter');
    const value = [
      {
        a: 1,
        get b(): string[] {
          throw failure;
        },
      },
    ];
    expect(() => lower(type, value)).toThrow(failure);
  });

  test('an array that shrinks while it is read is not read beyond its end', () => {
    const shrinking: unknown[] = [
      {
        get a(): number {
          shrinking.length = 1;
          return 1;
        },
      },
      { a: 2 },
    ];
    expect(() => lower(list(recordOf({ a: u8Type })), shrinking)).toThrow(
      'value[1]: expected object, got undefined',
    );
  });

  test('arrays of another realm are arrays', () => {
    const g = guest();
    const foreign = runInNewContext('["a", "b"]') as unknown;
    expect(lift(list(stringType), lower(list(stringType), foreign, g), g)).toEqual(['a', 'b']);
  });

  test('the memory may grow between elements', () => {
    const g = guest();
    const value = Array.from({ length: 50 }, (_, i) => String(i).repeat(4000));
    expect(lift(list(stringType), lower(list(stringType), value, g), g)).toEqual(value);
    expect(g.memory.buffer.byteLength).toBeGreaterThan(65536);
  });
});

describe('lists of a fixed length', () => {
  const type = fixedLengthList(u16Type, 3);
  test('lie where they are, flat or in memory', () => {
    expect(type).toMatchObject({ size: 6, alignment: 2, flat: ['i32', 'i32', 'i32'] });
    expect(lower(type, [1, 2, 3])).toEqual([1, 2, 3]);
    expect(lift(type, [1, 65538, 3])).toEqual(new Uint16Array([1, 2, 3]));
    expect(store(type, new Uint16Array([1, 2, 3]))).toEqual([1, 0, 2, 0, 3, 0]);
    expect(load(type, [1, 0, 2, 0, 3, 0])).toEqual(new Uint16Array([1, 2, 3]));
    expect(lift(fixedLengthList(fixedLengthList(u8Type, 2), 2), [1, 2, 3, 4])).toEqual([
      new Uint8Array([1, 2]),
      new Uint8Array([3, 4]),
    ]);
    expect(lift(fixedLengthList(boolType, 2), [0, 1])).toEqual([false, true]);
    expect(load(fixedLengthList(boolType, 2), [0, 1])).toEqual([false, true]);
  });

  test('have that many elements', () => {
    for (const wrong of [[1, 2], [1, 2, 3, 4], undefined, null, 'abc', {}]) {
      expect(() => lower(type, wrong)).toThrow(/^value: expected array of 3, got /);
      expect(() => store(type, wrong)).toThrow(/^value: expected array of 3, got /);
    }
    expect(() => lower(type, [1, 2, -3])).toThrow('value[2]: expected u16, got number -3');
    expect(() => store(type, [1, 2, -3])).toThrow('value[2]: expected u16, got number -3');
  });

  test('of any length have few core values to speak of, since what is longer passes through memory', () => {
    expect(fixedLengthList(u8Type, 2 ** 32 - 1).flat).toHaveLength(17);
  });
});

describe('maps', () => {
  const type = map(u8Type, u16Type);
  test('are lists of pairs', () => {
    const g = guest();
    g.write(AT, [42, 255, 83, 0, 43, 255, 84, 0]);
    const value = new Map([
      [42, 83],
      [43, 84],
    ]);
    expect(lift(type, [AT, 2], g)).toEqual(value);
    expect(load(type, words(AT, 0), g)).toEqual(new Map());
    expect(lift(type, lower(type, value, g), g)).toEqual(value);
    expect(lift(type, lower(type, [...value], g), g)).toEqual(value);
    expect(load(type, store(type, value, g), g)).toEqual(value);
    expect(type).toMatchObject({ kind: 'map', size: 8, alignment: 4, flat: ['i32', 'i32'] });
  });

  test('keep the last of two entries with the same key', () => {
    const g = guest();
    g.write(AT, [1, 0, 5, 0, 1, 0, 6, 0]);
    expect(lift(type, [AT, 2], g)).toEqual(new Map([[1, 6]]));
  });

  test('name the entry that does not fit', () => {
    const named = map(stringType, u8Type);
    expect(() => lower(named, new Map([['a', 256]]))).toThrow('value[0].value: expected u8, got number 256');
    expect(() => store(named, new Map([[1, 2]]))).toThrow('value[0].key: expected string, got number 1');
    expect(() => lower(named, { a: 1 })).toThrow('value: expected Map, got Object');
    expect(() => lower(named, undefined)).toThrow('value: expected Map, got undefined');
    expect(() => lower(named, ['ab'])).toThrow('value[0]: expected array of 2, got string "ab"');
  });

  test('of another realm are maps', () => {
    const g = guest();
    const foreign = runInNewContext('new Map([[1, 2]])') as unknown;
    expect(lift(type, lower(type, foreign, g), g)).toEqual(new Map([[1, 2]]));
  });
});
