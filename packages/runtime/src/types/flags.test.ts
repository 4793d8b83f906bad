import { describe, expect, test } from '@jest/globals';
import { bits, lift, load, lower, store } from '../../test/across.ts';
import { flagsOf, labels } from '../../test/types.ts';
import { flags } from './index.ts';

describe('flags', () => {
  test.each([
    [1, 1, 1],
    [8, 1, 1],
    [9, 2, 2],
    [16, 2, 2],
    [17, 4, 4],
    [32, 4, 4],
  ])('%i of them take %i bytes aligned to %i, each a bit of its own', (count, size, alignment) => {
    const type = flagsOf(...labels(count));
    expect(type).toMatchObject({ size, alignment, flat: ['i32'] });
    for (let bit = 0; bit < count; bit++) {
      const value = Object.fromEntries(labels(count).map((label, i) => [label, i === bit]));
      const memory = Array.from({ length: size }, (_, i) => (i === bit >> 3 ? 1 << (bit & 7) : 0));
      const core = [(1 << bit) >>> 0];
      expect(store(type, value)).toEqual(memory);
      expect(load(type, memory)).toEqual(value);
      expect(bits(lower(type, value), type.flat)).toEqual(core);
      expect(lift(type, core)).toEqual(value);
    }
    const all = Object.fromEntries(labels(count).map((label) => [label, true]));
    expect(
      load(
        type,
        Array.from({ length: size }, () => 255),
      ),
    ).toEqual(all);
    expect(lift(type, [-1])).toEqual(all);
    expect(load(type, store(type, all))).toEqual(all);
  });

  const type = flags(['read', 'dryRun']);

  test('that are absent or undefined are off', () => {
    expect(lower(type, {})).toEqual([0]);
    expect(lower(type, { dryRun: true })).toEqual([2]);
    expect(lower(type, { read: undefined, dryRun: false })).toEqual([0]);
    expect(lift(type, [2])).toEqual({ read: false, dryRun: true });
  });

  test('bits that are not named mean nothing', () => {
    expect(lift(type, [4])).toEqual({ read: false, dryRun: false });
    expect(load(type, [255])).toEqual({ read: true, dryRun: true });
  });

  test('are booleans, known by name', () => {
    expect(() => lower(type, { read: 1 })).toThrow('value.read: expected boolean or undefined, got number 1');
    expect(() => store(type, { dryRun: 'no' })).toThrow('value.dryRun: expected boolean or undefined');
    expect(() => lower(type, { reed: true })).toThrow(
      'value: expected one of read, dryRun, got string "reed"',
    );
    expect(() => lower(type, { 'dry-run': true })).toThrow(
      'value: expected one of read, dryRun, got string "dry-run"',
    );
    for (const wrong of [undefined, null, 3, 'read', true]) {
      expect(() => lower(type, wrong)).toThrow(/^value: expected object, got /);
    }
    expect(() => lower(type, ['read'])).toThrow('value: expected one of read, dryRun, got string "0"');
  });

  test('may be called what JavaScript has other plans for', () => {
    const odd = flagsOf('__proto__', 'constructor', 'toString');
    const value = lift(odd, [5]) as object;
    expect(Object.entries(value)).toEqual([
      ['__proto__', true],
      ['constructor', false],
      ['toString', true],
    ]);
    expect(lower(odd, value)).toEqual([5]);
  });
});
