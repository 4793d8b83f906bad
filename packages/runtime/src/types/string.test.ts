import { describe, expect, test } from '@jest/globals';
import { bits, lift, load, lower, store } from '../../test/across.ts';
import { guest, HEAP, type Guest } from '../../test/guest.ts';
import { MAX_BYTE_LENGTH } from '../instance.ts';
import { stringType, type StringEncoding } from './index.ts';

const TAG = 2 ** 31;
const encodings: readonly StringEncoding[] = ['utf8', 'utf16', 'latin1+utf16'];

/** Short and long enough for every path of the encoder and decoder, with the first wide character early and late. */
const strings = [
  '',
  'a',
  'hi',
  '\0',
  'a\0b',
  '\x7f',
  '\x80',
  '\xff',
  'ab\xefc',
  'ǿy',
  'xyǿ',
  'a\ud7ffb',
  '\uf123',
  'a˿Ͽӿbc',
  '\ufeff',
  '\ufeffmarked',
  '\uffff',
  '\u{1f600}',
  'a\u{10ffff}b\u{10000}',
  'eleven byte',
  'twelve bytes',
  'twelve byt\xe9',
  'x'.repeat(24),
  'x'.repeat(25),
  `${'x'.repeat(23)}é`,
  `${'x'.repeat(24)}é`,
  `é${'x'.repeat(40)}`,
  'é'.repeat(255),
  'x'.repeat(256),
  'x'.repeat(257),
  `${'x'.repeat(300)}\u{1f600}`,
  '\u{1f600}'.repeat(3000),
  'long'.repeat(5000),
];

function encoded(s: string, encoding: StringEncoding): { bytes: number[]; length: number } {
  if (encoding === 'utf8') {
    const bytes = [...new TextEncoder().encode(s)];
    return { bytes, length: bytes.length };
  }
  const units = Array.from({ length: s.length }, (_, i) => s.charCodeAt(i));
  if (encoding === 'latin1+utf16' && units.every((unit) => unit < 256)) {
    return { bytes: units, length: units.length };
  }
  return {
    bytes: units.flatMap((unit) => [unit & 255, unit >> 8]),
    length: encoding === 'utf16' ? units.length : units.length + TAG,
  };
}

function lowered(s: string, g: Guest): { p: number; length: number } {
  const [p = 0, length = 0] = bits(lower(stringType, s, g), stringType.flat).map(Number);
  return { p, length };
}

describe.each(encodings)('strings in %s', (encoding) => {
  test.each(strings)('%j is lowered to its bytes and lifted from them', (s) => {
    const g = guest(encoding);
    const { bytes, length } = encoded(s, encoding);
    const given = lowered(s, g);
    expect(given.length).toBe(length);
    expect(g.bytes(given.p, bytes.length)).toEqual(bytes);
    expect(lift(stringType, [given.p, given.length], g)).toBe(s);
    g.write(HEAP, bytes);
    expect(lift(stringType, [HEAP, length | 0], g)).toBe(s);
  });

  test.each(encodings)('a string from %s comes out the same', (other) => {
    for (const s of strings) {
      const from = guest(other);
      const to = guest(encoding);
      const read = lift(stringType, lower(stringType, s, from), from);
      expect(lift(stringType, lower(stringType, read, to), to)).toBe(s);
    }
  });

  test('in memory it is a pointer and a length', () => {
    const g = guest(encoding);
    const memory = store(stringType, 'hié', g);
    expect(load(stringType, memory, g)).toBe('hié');
    expect(memory.slice(4)).toEqual(encoding === 'utf8' ? [4, 0, 0, 0] : [3, 0, 0, 0]);
  });

  test('lone surrogates become the replacement character', () => {
    for (const s of ['\ud800', 'a\udc00b', '\udc00\ud800', `${'x'.repeat(30)}\ud800`]) {
      const g = guest(encoding);
      const { p, length } = lowered(s, g);
      expect(lift(stringType, [p, length], g)).toBe(s.toWellFormed());
    }
  });

  test('a range outside the memory traps', () => {
    const g = guest(encoding);
    for (const [p, n] of [
      [65536, 1],
      [65530, 7],
      [-2, 1],
      [-2, 10],
      [0, 65537],
      [65538, 0],
    ] as const) {
      expect(() => lift(stringType, [p, n], g)).toThrow(/out of bounds/);
    }
    expect(lift(stringType, [65536, 0], g)).toBe('');
  });

  test('more bytes than a string may have trap before the memory is looked at', () => {
    const g = guest(encoding);
    expect(() => lift(stringType, [0, MAX_BYTE_LENGTH + 1], g)).toThrow(
      /string byte length \d+ is greater than/,
    );
    expect(() => lift(stringType, [0, -1], g)).toThrow(/string byte length \d+ is greater than/);
  });

  test('the empty string asks for no bytes', () => {
    const g = guest(encoding);
    expect(lowered('', g).length).toBe(0);
    expect(g.allocations).toEqual([[0, 0, encoding === 'utf8' ? 1 : 2, 0]]);
  });

  test('a string that is too long is refused before anything is allocated', () => {
    const g = guest(encoding);
    expect(() => lower(stringType, 'x'.repeat(2 ** 28), g)).toThrow(RangeError);
    expect(g.allocations).toEqual([]);
  });

  test('what is not a string is refused', () => {
    for (const value of [undefined, null, 1, ['a'], new String('a')]) {
      expect(() => lower(stringType, value, guest(encoding))).toThrow(/^value: expected string, got /);
    }
  });

  test('the memory may move and grow while a string is lowered', () => {
    const g = guest(encoding);
    const s = `${'é'.repeat(40000)}${'\u{1f600}'.repeat(20000)}`;
    const { p, length } = lowered(s, g);
    expect(g.memory.buffer.byteLength).toBeGreaterThan(65536);
    expect(lift(stringType, [p, length], g)).toBe(s);
  });
});

describe('malformed strings', () => {
  test.each([
    ['a continuation without a start', [0x80]],
    ['a start without a continuation', [0xc3]],
    ['an overlong form', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a value beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a byte that is never used', [0xff]],
  ])('%s in UTF-8 traps, alone and in a long string', (_, bytes) => {
    const g = guest('utf8');
    for (const around of [0, 8, 100, 400]) {
      const all = [...Array.from({ length: around }, () => 0x61), ...bytes];
      g.write(HEAP, all);
      expect(() => lift(stringType, [HEAP, all.length], g)).toThrow(/^invalid utf-8/);
    }
  });

  test.each([[[0, 0xd8]], [[0, 0xdc]], [[0, 0xd8, 0x61, 0]], [[0x61, 0, 0, 0xdc]]])(
    'the UTF-16 bytes %p have a lone surrogate and trap',
    (bytes) => {
      for (const encoding of ['utf16', 'latin1+utf16'] as const) {
        const g = guest(encoding);
        g.write(HEAP, bytes);
        const units = bytes.length / 2;
        const length = encoding === 'utf16' ? units : (units + TAG) | 0;
        expect(() => lift(stringType, [HEAP, length], g)).toThrow(/^invalid utf-16/);
      }
    },
  );

  test('an odd pointer traps where units are of two bytes, also for Latin-1 beside UTF-16', () => {
    for (const encoding of ['utf16', 'latin1+utf16'] as const) {
      expect(() => lift(stringType, [HEAP + 1, 1], guest(encoding))).toThrow(/unaligned pointer/);
    }
    expect(lift(stringType, [HEAP + 1, 1], guest('utf8'))).toBe('\0');
  });

  test('every byte is a Latin-1 character', () => {
    const g = guest('latin1+utf16');
    g.write(
      HEAP,
      Array.from({ length: 256 }, (_, i) => i),
    );
    expect(lift(stringType, [HEAP, 256], g)).toBe(
      String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)),
    );
  });
});

describe('the allocator, asked for strings', () => {
  test('ASCII takes one allocation of its length', () => {
    const g = guest('utf8');
    lower(stringType, 'x'.repeat(100), g);
    expect(g.allocations).toEqual([[0, 0, 1, 100]]);
  });

  test('other text grows to the worst case and shrinks to what it took', () => {
    const g = guest('utf8');
    lower(stringType, 'xé!', g);
    expect(g.allocations).toEqual([
      [0, 0, 1, 3],
      [HEAP, 3, 1, 9],
      [HEAP + 3, 9, 1, 4],
    ]);
  });

  test('text that takes the worst case is not shrunk', () => {
    const g = guest('utf8');
    lower(stringType, '€', g);
    expect(g.allocations).toEqual([
      [0, 0, 1, 1],
      [HEAP, 1, 1, 3],
    ]);
  });

  test.each([
    ['utf8', 65536],
    ['utf16', 65535],
    ['utf16', HEAP + 1],
    ['latin1+utf16', HEAP + 1],
    ['utf8', 2 ** 32 - 1],
  ] as const)(
    'in %s, an allocator that answers %p traps, and the instance cannot be entered',
    (encoding, p) => {
      const g = guest(encoding);
      g.realloc = () => p;
      expect(() => lower(stringType, 'ab', g)).toThrow(/(unaligned )?pointer from realloc/);
      expect(g.cx.state).not.toBe(0);
    },
  );
});
