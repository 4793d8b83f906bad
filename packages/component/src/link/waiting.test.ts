import { describe, expect, test } from '@jest/globals';
import { load } from '../../test/load.ts';
import { instantiate, instantiateSync, type AnyExports } from '../instantiate.ts';
import type { InstantiateOptions } from './instance.ts';

/** Odd numbers of ticks have to be waited for. */
class Pollable {
  readonly ticks: number;
  constructor(ticks: number) {
    this.ticks = ticks;
  }
  block(): Promise<void> | undefined {
    return this.ticks % 2 === 1 ? new Promise((resolve) => setTimeout(resolve, 1)) : undefined;
  }
}

const imports = { 'wasi:io/poll': { Pollable }, timers: { start: (ticks: number) => new Pollable(ticks) } };

function waiting(options?: InstantiateOptions): AnyExports {
  return instantiateSync(load('waiting'), imports, options);
}

describe('a component that can wait', () => {
  test('gives promises, and is suspended through components inside it', async () => {
    const exports = waiting();
    const result = exports['waitTwice']!(3);
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe(5);
    expect(await exports['waitTwice']!(4)).toBe(6);
    expect(await exports['seven']!()).toBe(7);
    expect(await exports['still']!['eight']!()).toBe(8);
  });

  test('cannot be entered while it waits, and goes on then', async () => {
    const exports = waiting();
    const first = exports['waitTwice']!(1);
    await expect(exports['seven']!()).rejects.toThrow('cannot enter component instance');
    expect(await first).toBe(3);
    expect(await exports['seven']!()).toBe(7);
  });

  test('waits in several instances at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 5 }, () => instantiate<AnyExports>(load('waiting'), imports)),
    );
    expect(await Promise.all(all.map((each, n) => each['waitTwice']!(n)))).toEqual([2, 3, 4, 5, 6]);
  });

  test('fails where it would have to wait and may not', async () => {
    const never = waiting({ blocking: 'none' });
    await expect(never['waitTwice']!(1)).rejects.toThrow('wasi:io/poll.pollable.block would have to wait');
    expect(await waiting({ blocking: 'none' })['seven']!()).toBe(7);
  });

  test('has synchronous exports where it is told so', () => {
    const exports = waiting({ syncExports: ['seven', 'demo:wait/still#eight'] });
    expect(exports['seven']!()).toBe(7);
    expect(exports['still']!['eight']!()).toBe(8);
    expect(exports['waitTwice']!(2)).toBeInstanceOf(Promise);
    const all = waiting({ syncExports: ['*'] });
    expect(() => all['waitTwice']!(1)).toThrow(
      'would have to wait, but the guest was entered by a call that cannot',
    );
  });

  test('is not suspended where everything is ready', () => {
    class Ready extends Pollable {
      override block(): undefined {
        return undefined;
      }
    }
    const timers = { start: (ticks: number) => new Ready(ticks) };
    const exports = instantiateSync(
      load('waiting'),
      { 'wasi:io/poll': { Pollable: Ready }, timers },
      { syncExports: ['wait-twice'] },
    );
    // A suspended call could not come back at once.
    expect(exports['waitTwice']!(1)).toBe(3);
  });

  test('waits for functions that are named', async () => {
    const slow = { clock: () => Promise.resolve(9n), 'demo:host/log': { write: () => {} } };
    for (const mayBlock of [['clock'], ['*']]) {
      const exports = instantiateSync(load('greeter'), slow, { mayBlock });
      expect(await exports['then_']!()).toBe(9n);
      expect(await exports['sayAgain']!('hi')).toBe('hi');
    }
    expect(() => instantiateSync(load('greeter'), slow)['then_']!()).toThrow('clock would have to wait');
  });

  test('does not wait for functions that are not named, although it could', async () => {
    const timers = { start: async (ticks: number) => new Pollable(ticks) };
    const exports = instantiateSync(load('waiting'), { ...imports, timers });
    await expect(exports['waitTwice']!(1)).rejects.toThrow(
      'timers.start would have to wait, and is not named in options.mayBlock',
    );
    const named = instantiateSync(load('waiting'), { ...imports, timers }, { mayBlock: ['timers#start'] });
    expect(await named['waitTwice']!(1)).toBe(3);
  });

  test('waits for the promise of an error', async () => {
    const write = async (): Promise<void> => {
      throw 'later';
    };
    const exports = instantiateSync(
      load('greeter'),
      { clock: () => 0n, 'demo:host/log': { write } },
      { mayBlock: ['demo:host/log#write'] },
    );
    await expect(exports['api']!['passOn']!({ logLevel: 1, text: '' })).rejects.toMatchObject({
      payload: 'later',
    });
  });
});

test('a function of the host that a component exports as it is gives a promise, too', async () => {
  const names = ['toString', 'constructor', 'then_'];
  const given = names.map((name, i): [string, () => unknown] => [
    name,
    () => (i === 2 ? Promise.resolve(3) : i + 1),
  ]);
  const exports = instantiateSync(load('odd-names'), Object.fromEntries(given), { mayBlock: ['then'] });
  const all = names.map((key) => exports[key]!());
  expect(await Promise.all(all)).toEqual([1, 2, 3]);
});
