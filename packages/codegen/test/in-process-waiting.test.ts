/** Guests in TypeScript that wait, and calls that cannot. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Workspace, type Any } from './generate.ts';
import { loadInProcess, type Loaded } from './in-process.ts';

const workspace = new Workspace();
const { ComponentError } = await workspace.runtime();
afterAll(() => workspace.remove());

const wit = `package demo:wait;
  interface clock { sleep: func(ms: u32) -> result<string, u32>; now: func() -> u32; tick: func(); }
  interface api { run: func(ms: u32) -> result<string, u32>; both: func(); quick: func() -> u32; }
  world w { import clock; export api; }`;
let glue: Loaded;
beforeAll(async () => {
  glue = await loadInProcess(workspace, wit, {
    mayBlock: ['demo:wait/clock#sleep', 'demo:wait/clock#tick'],
    syncExports: ['demo:wait/api#quick'],
  });
});

const clock = {
  sleep: async (ms: number) => {
    await Promise.resolve();
    if (ms === 0) throw new ComponentError(404);
    return 'z'.repeat(ms);
  },
  now: () => 1,
  tick: (): void | Promise<void> => {},
};
const start = (own: (imported: Any) => object, host: object = {}, options: object = {}): Any =>
  glue.instantiateGuest(
    ({ 'demo:wait/clock': imported }: Any) => ({
      api: { run: () => '', both: () => {}, quick: () => 7, ...own(imported) },
    }),
    { 'demo:wait/clock': { ...clock, ...host } },
    options,
  ).api;

test('is a promise inside and outside, without a stack to suspend', async () => {
  const api = start((imported) => ({ run: async (ms: number) => `${await imported.sleep(ms)}!` }));
  expect(await api.run(3)).toBe('zzz!');
  expect((await Promise.allSettled([api.run(0)]))[0]).toMatchObject({ reason: { payload: 404 } });
  expect(await api.run(100_000)).toBe(`${'z'.repeat(100_000)}!`);
  expect(api.quick()).toBe(7);
});

test('takes nothing of the engine', async () => {
  const names = ['Suspending', 'promising'] as const;
  const engine = WebAssembly as unknown as Record<string, unknown>;
  const had = names.map((name) => engine[name]);
  for (const name of names) delete engine[name];
  try {
    const api = start((imported) => ({ run: async (ms: number) => imported.sleep(ms) }));
    expect(await api.run(2)).toBe('zz');
  } finally {
    names.forEach((name, i) => had[i] !== undefined && Object.assign(engine, { [name]: had[i] }));
  }
});

test('does not happen where the host was ready', async () => {
  const seen: unknown[] = [];
  const api = start((imported) => ({ both: () => void seen.push(imported.tick()) }));
  await api.both();
  expect(seen).toEqual([undefined]);
});

test('keeps everybody out: the program and the guest’s own calls', async () => {
  const api = start((imported) => ({
    async run(ms: number) {
      const waiting = imported.sleep(ms);
      expect(() => imported.now()).toThrow(
        'demo:wait/clock.now was called while the guest demo:wait/w waits for demo:wait/clock.sleep',
      );
      return waiting;
    },
  }));
  const running = api.run(2);
  await expect(api.both()).rejects.toThrow(/cannot enter component instance/);
  expect(await running).toBe('zz');
  await api.both();
});

test('a guest may wait for something of its own, too', async () => {
  const api = start((imported) => ({
    async run() {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return String(imported.now());
    },
  }));
  expect(await api.run(0)).toBe('1');
});

test('a guest that returns without having waited is a trap', async () => {
  const api = start((imported) => ({ both: () => void imported.sleep(1) }));
  await expect(api.both()).rejects.toThrow(
    'it returned while demo:wait/clock.sleep, which it called, had not',
  );
});

test('a failed wait is thrown in the guest, and is the end of it', async () => {
  const failure = new Error('no clock');
  const api = start((imported) => ({ run: async () => imported.tick() }), {
    tick: () => Promise.reject(failure),
  });
  await expect(api.run(1)).rejects.toBe(failure);
  await expect(api.both()).rejects.toThrow(/cannot enter component instance/);
});

test('a call that cannot wait says so', async () => {
  const sync = start((imported) => ({ quick: () => imported.tick() ?? 1 }), { tick: async () => {} });
  expect(() => sync.quick()).toThrow(
    /demo:wait\/clock\.tick would have to wait, but the guest was entered by a call that cannot/,
  );
  const none = start((imported) => ({ run: () => imported.sleep(1) }), {}, { blocking: 'none' });
  await expect(none.run(1)).rejects.toThrow(/would have to wait/);
  const promised = start(() => ({ both: async () => {} }), {}, { blocking: 'none' });
  await expect(promised.both()).rejects.toThrow(
    'it returned a promise, and was called so that it cannot wait',
  );
});
