import { describe, expect, test } from '@jest/globals';
import { Trap } from '@wittle/runtime';
import { componentLinkage } from '@wittle/runtime/types';
import { load } from '../../test/load.ts';
import { instantiate, instantiateSync, type AnyExports } from '../instantiate.ts';

describe('storage that belongs to a call', () => {
  test('is empty when a function begins, and kept for its post-return', () => {
    const exports = instantiateSync(load('tasks'));
    expect(exports['add']!(3)).toBe(3);
    expect(exports['kept']!()).toBe(8);
    expect(exports['add']!(4)).toBe(4);
    expect(exports['kept']!()).toBe(9);
  });

  test('is another one for the allocator and for destructors', () => {
    const exports = instantiateSync(load('tasks'));
    expect(exports['length']!('four')).toBe(4);
    expect(exports['allocating']!()).toBe(0);
    expect(exports['length']!('again')).toBe(5);
    expect(exports['allocating']!()).toBe(0);
    const thing = new exports['Thing']!();
    thing[Symbol.dispose]();
    expect(exports['destructing']!()).toBe(0);
    new exports['Thing']!()[Symbol.dispose]();
    expect(exports['destructing']!()).toBe(0);
  });

  test('is of each instance', () => {
    const all = [1, 2, 3].map(() => instantiateSync(load('tasks')));
    expect(all.map((each, i) => each['add']!(i))).toEqual([0, 1, 2]);
    expect(all.map((each) => each['kept']!())).toEqual([5, 6, 7]);
  });

  test('has 64 bits where the component says so', () => {
    const exports = instantiateSync(load('async-exports'));
    expect(exports['storage']!()).toBe(1);
    expect(exports['storage']!()).toBe(1);
  });
});

test.each(['tasks', 'async-exports', 'async-imports'])('generated code runs %s by its types', (name) => {
  expect(load(name)[componentLinkage].core).toBeUndefined();
});

describe('an async function that does not wait', () => {
  const made = (): Promise<AnyExports> => instantiate(load('async-exports'));

  test('gives a promise of what it returned', async () => {
    const exports = await made();
    const given = exports['double']!(21);
    expect(given).toBeInstanceOf(Promise);
    expect(await given).toBe(42);
    expect(await exports['nothing']!()).toBeUndefined();
  });

  test('leaves the instance before its promise is settled', async () => {
    const exports = await made();
    expect(await Promise.all([1, 2, 3].map((n) => exports['double']!(n)))).toEqual([2, 4, 6]);
  });

  test('has returned when it calls `task.return`, and goes on then', async () => {
    const exports = await made();
    for (const text of ['as it was', 'hé']) expect(await exports['echo']!(text)).toBe(text);
    expect(await exports['after']!()).toBe(2);
  });

  test('returns values that are flat for `task.return`, and not for what returns them', async () => {
    const exports = await made();
    expect(await exports['getShape']!(0)).toEqual({ tag: 'dot' });
    expect(await exports['getShape']!(1)).toEqual({ tag: 'circle', val: 1.5 });
    expect(await exports['getShape']!(2)).toEqual({ tag: 'named', val: 'a name' });
  });

  test('rejects with an error value', async () => {
    const exports = await made();
    expect(await exports['try']!(5)).toBe(5);
    await expect(exports['try']!(0)).rejects.toMatchObject({ payload: 'a name' });
  });

  test('rejects an argument of the wrong shape, and nothing has happened then', async () => {
    const exports = await made();
    await expect(exports['double']!('two')).rejects.toThrow('double → n: expected u32, got string "two"');
    expect(await exports['double']!(2)).toBe(4);
  });

  test.each([
    ['never', 'never ended without having called `task.return`'],
    ['twice', '`task.return` or `task.cancel` called more than once'],
    ['wrongType', 'invalid `task.return` signature'],
    ['cancel', 'task which has not been cancelled'],
    ['yield', '`thread.yield` was called, which cannot be run: component model async cannot wait yet'],
  ])('traps when it breaks the rules, or those of what there is: %s', async (name, message) => {
    const exports = await made();
    const given = exports[name]!();
    await expect(given).rejects.toBeInstanceOf(Trap);
    await expect(given).rejects.toThrow(message);
    await expect(exports['nothing']!()).rejects.toThrow('cannot enter component instance');
  });

  test.each([
    [1, 'code waits, and component model async cannot wait yet'],
    [0x12, 'code waits, and component model async cannot wait yet'],
    [3, 'unsupported callback code: 3'],
    [0, 'ended without having called `task.return`'],
  ])('traps when it does not exit: %i', async (code, message) => {
    await expect((await made())['code']!(code)).rejects.toThrow(message);
  });

  test('is not what a function without `async` is', async () => {
    const exports = await made();
    expect(() => exports['notAsync']!()).toThrow('called by a task that is not lifted with `async`');
  });

  test('would have to wait while the component holds calls back', async () => {
    const exports = await made();
    exports['hold']!();
    exports['hold']!();
    exports['release']!();
    exports['release']!();
    expect(await exports['double']!(1)).toBe(2);
    exports['hold']!();
    expect(exports['storage']!()).toBe(1);
    await expect(exports['double']!(1)).rejects.toThrow('the call of double waits');
    expect(() => instantiateSync(load('async-exports'))['release']!()).toThrow(
      'backpressure counter out of range',
    );
  });
});

describe('async functions of the host', () => {
  const imports = {
    mix: (...args: unknown[]) => {
      expect(args).toEqual([0xfe, -3n, 0.5, 0.25, true]);
      return [-4, 10n];
    },
    half: (n: number): number | Promise<number> => n / 2,
    hello: (to: string) => `hello, ${to}`,
  };

  test('return at once to a component that could go on', async () => {
    const exports = instantiateSync(load('async-imports'), imports);
    expect(await exports['runMix']!()).toBe(6n);
    expect(exports['runHalf']!(5)).toBe(2.5);
    expect(await exports['runHello']!('you')).toBe('hello, you');
    expect(await exports['runHalfSync']!(3)).toBe(1.5);
  });

  test('are waited for by a component that asks for that', async () => {
    const half = (n: number): Promise<number> => Promise.resolve(n / 2);
    const exports = instantiateSync(load('async-imports'), { ...imports, half });
    expect(await exports['runHalfSync']!(3)).toBe(1.5);
    expect(await exports['runHalfSync']!(5)).toBe(2.5);
    const none = instantiateSync(load('async-imports'), { ...imports, half }, { blocking: 'none' });
    await expect(none['runHalfSync']!(3)).rejects.toThrow('half would have to wait');
  });

  test('that give a promise make a component that could go on trap', () => {
    const half = (n: number): Promise<number> => Promise.resolve(n / 2);
    for (const blocking of ['jspi', 'none'] as const) {
      const exports = instantiateSync(load('async-imports'), { ...imports, half }, { blocking });
      expect(() => exports['runHalf']!(5)).toThrow(
        new Trap('half waits, and component model async cannot wait yet'),
      );
    }
  });

  test('give promises when they are exported as they are', async () => {
    const exports = instantiateSync(load('async-imports'), imports);
    const given = exports['pass']!(8);
    expect(given).toBeInstanceOf(Promise);
    expect(await given).toBe(4);
  });

  test('do not make functions that are not async give promises', () => {
    const exports = instantiateSync(load('async-imports'), imports);
    expect(exports['runHalf']!(1)).toBe(0.5);
  });
});
