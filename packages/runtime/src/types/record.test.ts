import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { lift, load, lower, store } from '../../test/across.ts';
import { guest } from '../../test/guest.ts';
import { recordOf } from '../../test/types.ts';
import { f64Type, option, record, stringType, tuple, u16Type, u32Type, u64Type, u8Type } from './index.ts';

describe('records', () => {
  const type = recordOf({ x: u8Type, y: u16Type, z: u32Type });

  test('are their fields in a row', () => {
    expect(type).toMatchObject({ kind: 'record', size: 8, alignment: 4, flat: ['i32', 'i32', 'i32'] });
    expect(lower(type, { x: 1, y: 2, z: 3 })).toEqual([1, 2, 3]);
    expect(lift(type, [1, 2, 3])).toEqual({ x: 1, y: 2, z: 3 });
    expect(store(type, { x: 1, y: 2, z: 3 })).toEqual([1, 0, 2, 0, 3, 0, 0, 0]);
    expect(load(type, [1, 255, 2, 0, 3, 0, 0, 0])).toEqual({ x: 1, y: 2, z: 3 });
  });

  test('are spoken of by the properties that they are in JavaScript', () => {
    const named = record([{ property: 'unitPrice', type: u64Type }]);
    expect(lower(named, { unitPrice: 5n })).toEqual([5n]);
    expect(lift(named, [5n])).toEqual({ unitPrice: 5n });
    expect(() => lower(named, { 'unit-price': 5n })).toThrow('value.unitPrice: expected u64, got undefined');
  });

  test('name the field that does not fit, however deep', () => {
    const deep = recordOf({ item: recordOf({ amount: option(recordOf({ cents: u64Type })) }) });
    const wrong = { item: { amount: { cents: 5 } } };
    expect(() => lower(deep, wrong)).toThrow('value.item.amount.cents: expected u64, got number 5');
    expect(() => store(deep, wrong)).toThrow('value.item.amount.cents: expected u64, got number 5');
    expect(() => lower(deep, { item: null })).toThrow('value.item: expected object, got null');
  });

  test('are objects', () => {
    for (const wrong of [undefined, null, 1, 'abc', () => 0, Symbol('s')]) {
      expect(() => lower(type, wrong)).toThrow(/^value: expected object, got /);
      expect(() => store(recordOf({ a: option(u8Type) }), wrong)).toThrow(/^value: expected object, got /);
    }
  });

  test('may be class instances, proxies, objects without a prototype or of another realm', () => {
    class Point {
      get x(): number {
        return 1;
      }
      y = 2;
      z = 3;
    }
    const plain = { x: 1, y: 2, z: 3 };
    for (const value of [
      new Point(),
      new Proxy(plain, {}),
      Object.assign(Object.create(null) as object, plain),
      Object.create(plain) as object,
      runInNewContext('({ x: 1, y: 2, z: 3, more: 4 })') as object,
    ]) {
      expect(lower(type, value)).toEqual([1, 2, 3]);
    }
  });

  test('are read once per field, in order', () => {
    const read: unknown[] = [];
    const value = new Proxy({ x: 1, y: 2, z: 3 } as Record<string | symbol, unknown>, {
      get: (target, key) => {
        read.push(key);
        return target[key];
      },
    });
    lower(type, value);
    store(type, value);
    expect(read).toEqual(['x', 'y', 'z', 'x', 'y', 'z']);
  });

  test('let through what a getter throws', () => {
    const failure = new RangeError('of the getter');
    const value = {
      x: 1,
      get y(): number {
        throw failure;
      },
    };
    expect(() => lower(type, value)).toThrow(failure);
    expect(() => store(type, value)).toThrow(failure);
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(() => lower(type, revoked.proxy)).toThrow(TypeError);
  });

  test('may have fields that JavaScript has other plans for', () => {
    const names = ['__proto__', 'constructor', 'toString', 'then', 'delete', 'default', 'length'];
    const odd = record(names.map((name) => ({ property: name, type: u8Type })));
    const value = lift(odd, [1, 2, 3, 4, 5, 6, 7]) as object;
    expect(Object.entries(value)).toEqual(names.map((name, i) => [name, i + 1]));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(lower(odd, value)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('keep their strings apart when the memory grows between them', () => {
    const g = guest();
    const two = recordOf({ a: stringType, b: stringType, n: f64Type });
    const value = { a: 'a'.repeat(70000), b: 'b'.repeat(70000), n: 0.5 };
    expect(load(two, store(two, value, g), g)).toEqual(value);
  });
});

describe('tuples', () => {
  const type = tuple([tuple([u8Type, u8Type]), u8Type]);

  test('are records without names', () => {
    expect(lift(type, [1, 2, 3])).toEqual([[1, 2], 3]);
    expect(lower(type, [[1, 2], 3])).toEqual([1, 2, 3]);
    expect(store(tuple([u16Type, u8Type]), [6, 7])).toEqual([6, 0, 7, 0]);
    expect(load(tuple([u16Type, u8Type]), [6, 0, 7, 255])).toEqual([6, 7]);
  });

  test('are arrays of that length', () => {
    for (const wrong of [
      [[1, 2]],
      [[1, 2], 3, 4],
      { 0: [1, 2], 1: 3, length: 2 },
      undefined,
      'ab',
      new Uint8Array(2),
    ]) {
      expect(() => lower(type, wrong)).toThrow(/^value: expected array of 2, got /);
    }
    expect(() => lower(type, [[1], 3])).toThrow('value[0]: expected array of 2, got array of 1');
    expect(() => store(type, [[1, 300], 3])).toThrow('value[0][1]: expected u8, got number 300');
    expect(lower(type, runInNewContext('[[1, 2], 3]'))).toEqual([1, 2, 3]);
  });
});
