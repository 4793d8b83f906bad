import { describe, expect, test } from '@jest/globals';
import { lowerBorrow, lowerOwn } from './abi/index.ts';
import { HandleTable, limitHandles, ResourceHandle } from './handle-table.ts';
import { ComponentInstance, enter, hostResource } from './instance.ts';
import { Trap } from './trap.ts';

const file = { name: 'demo:t/fs.file' };
const socket = { name: 'demo:t/net.socket' };
const handle = (rep: unknown, type = file): ResourceHandle => new ResourceHandle(type, rep, true);

describe('the handle table', () => {
  test('numbers from 1, and the number freed last is used next', () => {
    const table = new HandleTable();
    expect([1, 2, 3].map((rep) => table.add(handle(rep)))).toEqual([1, 2, 3]);
    table.remove(1, file);
    table.remove(3, file);
    expect(table.size).toBe(1);
    expect([table.add(handle(4)), table.add(handle(5)), table.add(handle(6))]).toEqual([3, 1, 4]);
    expect([1, 2, 3, 4].map((index) => table.get(index, file).rep)).toEqual([5, 2, 4, 6]);
  });

  test('knows no other numbers', () => {
    const table = new HandleTable();
    table.add(handle(1));
    table.remove(table.add(handle(2)), file);
    for (const index of [0, 2, 3, -1, 2 ** 31, 1.5, NaN]) {
      expect(() => table.get(index, file)).toThrow(Trap);
      expect(() => table.remove(index, file)).toThrow(/^unknown handle index \d+$/);
    }
  });

  test('keeps types apart by identity', () => {
    const table = new HandleTable();
    const index = table.add(handle(1));
    expect(() => table.get(index, socket)).toThrow(
      'handle index 1 used with the wrong type: expected demo:t/net.socket, found demo:t/fs.file',
    );
    expect(() => table.remove(index, { ...file })).toThrow(Trap);
    expect(table.get(index, file).rep).toBe(1);
  });

  test('holds many', () => {
    const table = new HandleTable();
    for (let i = 1; i <= 100_000; i++) expect(table.add(handle(i))).toBe(i);
    for (let i = 100_000; i > 0; i--) table.remove(i, file);
    expect([table.size, table.add(handle(0))]).toEqual([0, 1]);
  });

  test('is full when it has as many as it may, and not before', () => {
    const table = new HandleTable();
    limitHandles(table, 2);
    for (let i = 0; i < 10; i++) {
      const indices = [table.add(handle(1)), table.add(handle(2))];
      for (const index of indices) table.remove(index, file);
    }
    table.add(handle(1));
    table.add(handle(2));
    expect(() => table.add(handle(3))).toThrow(new Trap('handle table is full: its limit is 2'));
    expect([table.size, table.get(1, file).rep]).toEqual([2, expect.any(Number)]);
  });

  test('never has more than the specification allows', () => {
    const table = new HandleTable();
    expect(table.limit).toBe(2 ** 28 - 1);
    limitHandles(table, undefined);
    limitHandles(table, Number.MAX_SAFE_INTEGER);
    expect(table.limit).toBe(2 ** 28 - 1);
  });

  test.each([0, -1, 0.5, NaN, Infinity, '7', null])('takes no limit of %p', (limit) => {
    expect(() => limitHandles(new HandleTable(), limit as number)).toThrow(
      new TypeError(`limits.handles is a whole number greater than 0, not ${limit}`),
    );
  });
});

test.each([
  ['own', lowerOwn],
  ['borrowed', lowerBorrow],
])('an argument too many, %s, is the end of the instance, though it was not entered', (_, lower) => {
  class File {}
  const one = new ComponentInstance('one');
  const other = new ComponentInstance('other');
  for (const cx of [one, other]) {
    cx.resources.push(hostResource('file', File));
    limitHandles(cx.handles, 1);
    expect(lower(cx, new File(), 0, 'f → a')).toBe(1);
  }
  expect(() => lower(one, new File(), 0, 'f → a')).toThrow(Trap);
  expect(() => enter(one)).toThrow('cannot enter component instance one: ');
  enter(other);
});
