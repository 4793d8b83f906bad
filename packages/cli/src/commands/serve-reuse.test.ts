/** Instances that answer several requests, one after the other; test/http-guest says what the guest does. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { compile, type Component } from '@wittle/component';
import { canSuspend } from '@wittle/runtime';
import { httpListener, httpServer, type HttpServerOptions } from '@wittle/wasi';

const guest: Component = await compile(
  readFileSync(new URL('../../test/http-guest/guest.wasm', import.meta.url)),
  { portable: true },
);

const servers: http.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Get = (path: string) => Promise<string>;

/** What a path is answered with: status and text. */
async function listening(server: http.Server): Promise<Get> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return async (path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return `${response.status} ${await response.text().catch(() => 'broken')}`;
  };
}

/**
 * The answers to requests, one after the other. A guest in a thread has answered a little before it has returned, and a
 * request that comes in between gets another instance: so this is tried again on another server unless the answers are
 * those that are expected when none does.
 */
async function answers(
  options: HttpServerOptions,
  paths: readonly string[],
  expected: readonly string[],
): Promise<readonly string[]> {
  let found: string[] = [];
  for (let attempt = 1; attempt <= 5 && found.join() !== expected.join(); attempt++) {
    const get = await serve(options);
    found = [];
    for (const path of paths) {
      found.push(await get(path));
      await new Promise((resolve) => setTimeout(resolve, attempt * 20));
    }
  }
  return found;
}

const serve = (options: HttpServerOptions): Promise<Get> => listening(httpServer(guest, options));

describe.each(canSuspend() ? (['jspi', 'worker'] as const) : (['worker'] as const))(
  'with %s, an instance',
  (blocking) => {
    test('answers one request', async () => {
      const get = await serve({ blocking });
      for (let round = 0; round < 3; round++) expect(await get('/count')).toBe('200 1');
    }, 60_000);

    test('answers as many as it may, and what it leaves in its memory is there at the next', async () => {
      const options = { blocking, maxInstanceReuseCount: 3 };
      const expected = ['200 1', '200 2', '200 3', '200 1', '200 2', '200 3', '200 1'];
      const paths = expected.map(() => '/count');
      expect(await answers(options, paths, expected)).toEqual(expected);
    }, 60_000);

    test('is not used more often than it may be, however close requests follow each other', async () => {
      const get = await serve({ blocking, maxInstanceReuseCount: 3 });
      const counts: number[] = [];
      for (let round = 0; round < 10; round++) {
        const some = await Promise.all([get('/count'), get('/count'), get('/count')]);
        counts.push(...some.map((answer) => Number(answer.slice(4))));
      }
      expect(Math.max(...counts)).toBeLessThanOrEqual(3);
      // As many of each as instances came so far.
      const times = (count: number): number => counts.filter((each) => each === count).length;
      expect(times(1)).toBeGreaterThanOrEqual(times(2));
      expect(times(2)).toBeGreaterThanOrEqual(times(3));
    }, 60_000);

    test.each([
      ['traps', '/trap', '500 '],
      ['gives no answer', '/silent', '500 '],
      ['exits', '/exit', '200 bye'],
      ['breaks its response off', '/late', '200 broken'],
      ['leaves many handles', '/leak/1200', '200 leaked'],
    ])(
      'that %s is not used again',
      async (_what, path, answer) => {
        const options = { blocking, maxInstanceReuseCount: 100 };
        const expected = ['200 1', '200 2', answer, '200 1'];
        expect(await answers(options, ['/count', '/count', path, '/count'], expected)).toEqual(expected);
      },
      60_000,
    );

    test('that leaves its response unfinished is not used again', async () => {
      const options = { blocking, maxInstanceReuseCount: 100 };
      const paths = ['/count', '/unfinished', '/count'];
      // What has been sent by then cannot be taken back.
      const either = ['200 broken', '500 '].map((answer) => ['200 1', answer, '200 1']);
      const found = await answers(options, paths, either[0]!);
      expect(either).toContainEqual(found[1] === '500 ' ? await answers(options, paths, either[1]!) : found);
    }, 60_000);

    test('that leaks is not used until a request fails for it', async () => {
      const get = await serve({ blocking, maxInstanceReuseCount: 100, limits: { handles: 20 } });
      const answers: string[] = [];
      for (let round = 0; round < 12; round++) answers.push(await get('/leak/4'));
      expect(new Set(answers)).toEqual(new Set(['200 leaked']));
    }, 60_000);

    test('answers one at a time', async () => {
      const get = await serve({ blocking, maxInstanceReuseCount: 1000 });
      const round = (): Promise<string[]> =>
        Promise.all(Array.from({ length: 12 }, (_each, index) => get(`/wait/${index % 5}`)));
      const answers = [...(await round()), ...(await round()), ...(await round())];
      expect(new Set(answers)).toEqual(new Set(['200 waited']));
    }, 60_000);

    test('that has nothing to do is gone after a while', async () => {
      const get = await serve({ blocking, maxInstanceReuseCount: 100 });
      expect(await get('/count')).toBe('200 1');
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(await get('/count')).toBe('200 1');
    }, 60_000);

    test('whose server is closed is gone', async () => {
      const server = httpServer(guest, { blocking, maxInstanceReuseCount: 100 });
      const get = await listening(server);
      expect(await get('/count')).toBe('200 1');
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      // In threads there is no more then.
      if (blocking === 'worker') return;
      expect(await (await listening(server))('/count')).toBe('200 1');
    }, 60_000);
  },
);

test('each request of an instance has the time limit to itself; out of time, it is not used again', async () => {
  const waits = Array.from({ length: 5 }, () => '/wait/1000');
  const expected = [...waits.map(() => '200 waited'), '200 6', '504 ', '200 1'];
  const options = { maxInstanceReuseCount: 100, timeLimit: 4000 };
  expect(await answers(options, [...waits, '/count', '/spin', '/count'], expected)).toEqual(expected);
}, 120_000);

test('a listener instantiates as rarely', async () => {
  let made = 0;
  const listener = httpListener(
    (imports) => {
      made++;
      const { Fields, OutgoingResponse, ResponseOutparam } = imports['wasi:http/types'];
      return {
        handle: (_request, out) =>
          ResponseOutparam.set(out, { tag: 'ok', val: new OutgoingResponse(new Fields()) }),
      };
    },
    { maxInstanceReuseCount: 3 },
  );
  const get = await listening(http.createServer(listener));
  for (let round = 0; round < 7; round++) expect(await get('/')).toBe('200 ');
  expect(made).toBe(3);
});

test.each([0, -1, 1.5, Infinity, '3'])('%j is no number of requests', (count) => {
  const options = { maxInstanceReuseCount: count as number };
  const message = `maxInstanceReuseCount is a whole number greater than 0, not ${count}`;
  expect(() => httpServer(guest, options)).toThrow(new TypeError(message));
  expect(() => httpListener(() => ({ handle: () => {} }), options)).toThrow(new TypeError(message));
});
