import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { bad, ComponentError, payloadOf, ValueError, within } from './errors.ts';

describe('a ValueError', () => {
  test.each([
    [5, 'number 5'],
    [5n, 'bigint 5'],
    [true, 'boolean true'],
    ['a"b', 'string "a\\"b"'],
    ['x'.repeat(100), `string "${'x'.repeat(40)}…"`],
    [undefined, 'undefined'],
    [null, 'null'],
    [[1, 2], 'array of 2'],
    [new Date(0), 'Date'],
    [{}, 'Object'],
    [Object.create(null), 'object'],
    [{ constructor: 5 }, 'object'],
    [() => 0, 'function'],
    [Symbol('s'), 'symbol'],
    [runInNewContext('[1]'), 'array of 1'],
  ])('says that it got %p', (value, got) => {
    expect(() => bad(value, 'u8', 'f → a')).toThrow(`f → a: expected u8, got ${got}`);
  });

  test('says so of objects that do not want to be looked at', () => {
    const shy = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    expect(() => bad(shy, 'u8', 'a')).toThrow('a: expected u8, got object');
  });

  test('is completed on the way out', () => {
    const error = new ValueError('.b', 'expected u8, got null');
    expect(within(error, 'f → a[3]', {})).toMatchObject({
      path: 'f → a[3].b',
      message: 'f → a[3].b: expected u8, got null',
    });
    expect(within(error, '', {})).toBe(error);
    expect(within(new TypeError('of nothing'), 'f → a', null)).toMatchObject({
      message: 'f → a: expected object, got null',
    });
    const other = new Error('other');
    expect(within(other, 'f → a', {})).toBe(other);
    expect(error).toBeInstanceOf(TypeError);
  });
});

describe('error values', () => {
  test('are payloads, whoever carries them', () => {
    expect(payloadOf(new ComponentError('no'))).toBe('no');
    expect(payloadOf(new ComponentError(undefined))).toBeUndefined();
    expect(payloadOf('no')).toBe('no');
    expect(payloadOf(null)).toBeNull();
    expect(payloadOf({ tag: 'no' })).toEqual({ tag: 'no' });
    expect(payloadOf(Object.assign(new Error('other'), { payload: 5 }))).toBe(5);
    const failure = new Error('of the host');
    expect(() => payloadOf(failure)).toThrow(failure);
  });

  test('have a message that says something', () => {
    expect(new ComponentError('not found').message).toBe('not found');
    expect(new ComponentError({ tag: 'denied' }).message).toBe('denied');
    expect(new ComponentError(5).message).toBe('number 5');
    expect(new ComponentError(undefined).message).toBe('error');
    expect(String(new ComponentError('no'))).toBe('ComponentError: no');
  });
});
