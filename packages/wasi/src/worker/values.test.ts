import { describe, expect, test } from '@jest/globals';
import { ValueReader, ValueWriter, type References } from './values.ts';

const none: References = {
  typeOf: () => -1,
  give: () => 0,
  take: () => {
    throw new TypeError('no resource');
  },
};

function written(value: unknown, references: References = none): Uint8Array {
  const writer = new ValueWriter(new Uint8Array(16));
  writer.value(value, references);
  return writer.bytes.slice(0, writer.length);
}

describe('values as bytes', () => {
  test('lists may be anything that can be iterated', () => {
    expect(new ValueReader(written(new Set([1, 2]))).value(none)).toEqual([1, 2]);
  });

  test('fields may be inherited, and may have any name', () => {
    const value = Object.create({ inherited: 1 }) as Record<string, unknown>;
    Object.defineProperty(value, '__proto__', { value: 2, enumerable: true });
    const read = new ValueReader(written(value)).value(none) as object;
    expect(Object.entries(read).sort()).toEqual([
      ['__proto__', 2],
      ['inherited', 1],
    ]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  test('a part of a buffer is that part, and what is read has a buffer of its own', () => {
    const part = new Uint16Array([1, 2, 3, 4]).subarray(1, 3);
    const bytes = written([part]);
    const [read] = new ValueReader(bytes).value(none) as [Uint16Array];
    expect(read).toEqual(new Uint16Array([2, 3]));
    expect(read.buffer.byteLength).toBe(4);
  });

  test('a DataView is none', () => {
    expect(() => written(new DataView(new ArrayBuffer(1)))).toThrow(TypeError);
  });
});

describe('bytes that are no value', () => {
  test.each([
    ['nothing', []],
    ['a tag that is none', [99]],
    ['a number that is cut off', [4, 1, 2]],
    ['a string longer than the rest', [8, 255, 255, 255, 255, 65]],
    ['a list longer than the rest', [9, 255, 255, 255, 127, 0]],
    ['a typed array of no type', [12, 77, 0, 0, 0, 0]],
    ['half an element', [12, 4, 2, 0, 0, 0, 0, 0, 1, 2]],
  ])('%s', (_, bytes) => {
    expect(() => new ValueReader(Uint8Array.from(bytes)).value(none)).toThrow(
      new TypeError('a message between threads is malformed'),
    );
  });

  test('nested without end', () => {
    const bytes = Uint8Array.from(Array.from({ length: 5000 }, () => [9, 1, 0, 0, 0]).flat());
    expect(() => new ValueReader(bytes).value(none)).toThrow(TypeError);
  });

  test('any other bytes give a value or a TypeError', () => {
    let seed = 1;
    const next = (): number => (seed = (seed * 48271) % 0x7fff_ffff);
    let values = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: next() % 40 }, () =>
        next() % 3 === 0 ? next() % 256 : next() % 14,
      );
      try {
        new ValueReader(bytes).value(none);
        values++;
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }
    expect(values).toBeGreaterThan(1000);
  });
});
