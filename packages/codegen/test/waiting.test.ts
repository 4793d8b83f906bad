/** Host calls that may wait: with JavaScript Promise Integration, and without. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { echoGuest } from './echo.ts';
import { Workspace, worldOf, type Any, type Glue, type Options } from './generate.ts';

const workspace = new Workspace();
const { ComponentError, Trap, ValueError } = await workspace.runtime();
afterAll(() => workspace.remove());

const functions = `
  void: func();
  int: func(x: u32) -> u32;
  long: func(x: u64) -> u64;
  single: func(x: f32) -> f32;
  double: func(x: f64) -> f64;
  text: func(x: string) -> string;
  label: func(x: color) -> color;
  plain: func(x: u32) -> result;
  fails: func(x: u32) -> result<string, string>;
  code: func(x: u32) -> result<_, color>;
  sync: func(x: u32) -> u32;
  wide: func(${Array.from({ length: 17 }, (_, index) => `p${index}: u8`).join(', ')}) -> u32;`;
const world = worldOf(`package demo:waiting;
  interface types { enum color { red, green } }
  interface api { use types.{color}; ${functions} }
  world waiting { import api; export api; }`);

let glue: Glue;
let plainGlue: Glue;
const guest = echoGuest(world, { postReturns: true });
beforeAll(async () => {
  glue = await workspace.load(world, { mayBlock: ['*'], syncExports: ['demo:waiting/api#sync'] });
  plainGlue = await workspace.load(world);
});

type Host = Record<string, (...args: Any[]) => unknown>;

async function instance(host: Host, options: Options = {}): Promise<Any> {
  const complete = new Proxy(host, { get: (of, key) => of[String(key)] ?? ((x: unknown) => x) });
  return (await glue.instantiate(guest, { 'demo:waiting/api': complete }, options)).api;
}

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, 1, value));

describe('an import that gives a promise', () => {
  const values: readonly (readonly [string, unknown])[] = [
    ['int', 2 ** 32 - 1],
    ['long', 2n ** 64n - 1n],
    ['single', 0.5],
    ['double', -0],
    ['text', 'späterer Text'],
    ['label', 'green'],
  ];
  test.each(values)('suspends the export, which gives a promise of its %s', async (name, value) => {
    const api = await instance({ [name]: later });
    const promise = api[name](value);
    expect(promise).toBeInstanceOf(Promise);
    expect(await promise).toEqual(value);
    // Again, and ready this time.
    expect(await (await instance({}))[name](value)).toEqual(value);
  });

  test('may give nothing', async () => {
    let done = false;
    const api = await instance({
      void: async () => {
        await later(0);
        done = true;
        return undefined;
      },
    });
    await api.void();
    expect(done).toBe(true);
  });

  test('may have more parameters than fit', async () => {
    const api = await instance({
      wide: async (...args: number[]) => later(args.reduce((sum, each) => sum + each, 0)),
    });
    expect(await api.wide(...Array.from({ length: 17 }, () => 2))).toBe(34);
  });

  test('that fails gives its error value', async () => {
    const api = await instance({
      fails: async (x: number) => {
        await later(0);
        if (x > 0) throw new ComponentError('late');
        return 'fine';
      },
      code: async () => {
        throw 'green';
      },
      plain: async () => {
        throw undefined;
      },
    });
    expect(await api.fails(0)).toBe('fine');
    await expect(api.fails(1)).rejects.toMatchObject({ name: 'ComponentError', payload: 'late' });
    await expect(api.code(1)).rejects.toMatchObject({ payload: 'green' });
    await expect(api.plain(1)).rejects.toBeInstanceOf(ComponentError);
    expect(await api.fails(0)).toBe('fine');
  });

  test('that fails otherwise passes its error on and poisons the instance', async () => {
    const failure = new RangeError('gone');
    const api = await instance({
      int: async () => {
        await later(0);
        throw failure;
      },
    });
    await expect(api.int(1)).rejects.toBe(failure);
    await expect(api.int(1)).rejects.toThrow('cannot enter component instance');
  });

  test('of a value of the wrong shape says where', async () => {
    const api = await instance({ text: async () => later(5) });
    await expect(api.text('a')).rejects.toThrow(
      'demo:waiting/api.text → result: expected string, got number 5',
    );
  });
});

test('a ready import never suspends: a synchronous export may call it', async () => {
  const api = await instance({});
  expect(api.sync(5)).toBe(5);
});

test('a synchronous export that meets an import that is not ready says so', async () => {
  const api = await instance({ sync: later });
  expect(() => api.sync(5)).toThrow(
    /demo:waiting\/api.sync would have to wait, but the guest was entered by a call that cannot/,
  );
});

test('a call while another waits is refused and disturbs nothing', async () => {
  const api = await instance({ int: later });
  const first = api.int(1);
  await expect(api.int(2)).rejects.toBeInstanceOf(Trap);
  await expect(api.text('abc')).rejects.toThrow('a call is in progress');
  expect(() => api.sync(1)).toThrow(Trap);
  expect(await first).toBe(1);
  expect(await api.int(3)).toBe(3);
});

test('a wrong argument rejects, and nothing has happened', async () => {
  const api = await instance({});
  await expect(api.int('x')).rejects.toBeInstanceOf(ValueError);
  expect(await api.int(1)).toBe(1);
});

describe('without a way to suspend', () => {
  test('what is ready works, and what is not fails with a reason', async () => {
    const api = await instance({ text: later }, { blocking: 'none' });
    expect(await api.int(1)).toBe(1);
    await expect(api.text('a')).rejects.toThrow(
      /demo:waiting\/api.text would have to wait, and this engine or this instance has no way to/,
    );
  });
});

test('a world whose imports never wait has synchronous exports', async () => {
  const { api } = plainGlue.instantiateSync(guest, {
    'demo:waiting/api': new Proxy({}, { get: () => (x: unknown) => x }),
  });
  expect(api.int(1)).toBe(1);
});
