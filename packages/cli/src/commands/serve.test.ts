import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { binary, folder, repository, wittle } from '../../test/command-line.ts';
import { command } from '../../test/modules.ts';

const server = readFileSync(join(repository, 'packages/cli/test/components/server.wasm'));

/** The component with other versions of what it imports. */
const ofRelease = (from: string, to: string): Buffer =>
  Buffer.from(server.toString('latin1').replaceAll(from, to), 'latin1');

const cwd = folder({
  'server.wasm': server,
  'newer.wasm': ofRelease('wasi:io/error@0.2.12', 'wasi:io/error@0.2.99'),
  'next.wasm': ofRelease('wasi:http/types@0.2.12', 'wasi:http/types@0.3.12'),
  'guest.wasm': readFileSync(join(repository, 'packages/cli/test/http-guest/guest.wasm')),
  'shop.wasm': readFileSync(join(repository, 'packages/cli/test/components/shop.wasm')),
  'core.wasm': command([], []),
});

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly errors: () => string;
}

async function serving(program: string, ...options: readonly string[]): Promise<Served> {
  let errors = '';
  const child = spawn(process.execPath, [binary, 'serve', program, '--addr', '0', ...options], { cwd });
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  while (!errors.includes('\n')) await once(child.stderr, 'data');
  return { child, url: /http:\/\/127\.0\.0\.1:\d+\//.exec(errors)![0], errors: () => errors };
}

test('a component of another release of WASI 0.2 is served', async () => {
  const { child, url, errors } = await serving('newer.wasm');
  const response = await fetch(url);
  const text = await response.text();
  child.kill('SIGKILL');
  expect([response.status, text]).toEqual([200, 'path: /']);
  expect(errors()).toMatch(/^serving on \S+\n$/);
}, 30_000);

describe('limits', () => {
  test.each(['auto', 'worker'])(
    'are those of each guest, with --blocking %s',
    async (blocking) => {
      const { child, url, errors } = await serving(
        'server.wasm',
        ...['--blocking', blocking, '--limit', 'handles=3', '--limit', 'memory=128k'],
      );
      const few = await serving('server.wasm', '--blocking', blocking, '--limit', 'handles=2');
      const statuses: number[] = [];
      for (let i = 0; i < 3; i++)
        for (const each of [url, few.url]) statuses.push((await fetch(each)).status);
      child.kill('SIGKILL');
      few.child.kill('SIGKILL');
      expect(statuses).toEqual([200, 500, 200, 500, 200, 500]);
      expect(errors()).toMatch(/^serving on \S+\n$/);
      expect(few.errors()).toMatch(
        /^serving on \S+\n(wittle: GET \/: error: server\.wasm trapped: handle table is full: its limit is 2\n  hint: .*\n){3}$/,
      );
    },
    60_000,
  );

  test('of memory that a component is above from the start are said before it is served', async () => {
    expect(await wittle(cwd, 'serve', 'server.wasm', '--limit', 'memory=64k')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a memory starts with 131072 bytes, and --limit memory is 65536'),
    });
  });
});

describe('wittle serve', () => {
  let child: ChildProcess;
  let url = '';
  let errors: () => string;

  beforeAll(async () => {
    ({ child, url, errors } = await serving('server.wasm'));
  }, 30_000);
  afterAll(() => void child.kill('SIGKILL'));

  test('answers every request with an instance of its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_each, index) => {
        const response = await fetch(`${url}some/path?${index}`);
        return [response.status, await response.text()];
      }),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_each, index) => [200, `path: /some/path?${index}`]));
  }, 30_000);

  test('gives status 500 for a guest that traps, says so, and goes on', async () => {
    const response = await fetch(`${url}trap`);
    expect([response.status, await response.text()]).toEqual([500, '']);
    expect(errors()).toMatch(/^wittle: GET \/trap: .*server\.wasm trapped: unreachable$/m);
    expect(await (await fetch(url)).text()).toBe('path: /');
  }, 30_000);

  test('ends when it is interrupted', async () => {
    child.kill('SIGTERM');
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    // Windows has no signals to wait for.
    expect([code, signal]).toEqual(process.platform === 'win32' ? [null, 'SIGTERM'] : [0, null]);
  }, 30_000);
});

describe('wittle serve with a time limit', () => {
  test('answers for a guest that spins, and answers others meanwhile; what it has begun is ended when it is interrupted', async () => {
    const { child, url, errors } = await serving('guest.wasm', '--time-limit', '3');
    const spins = fetch(`${url}spin`);
    expect(await (await fetch(`${url}wait/1`)).text()).toBe('waited');
    expect((await spins).status).toBe(504);
    expect(errors()).toMatch(
      /^wittle: GET \/spin: .*guest\.wasm was ended: it ran for longer than 3 s, the --time-limit$/m,
    );
    const waits = http.get(`${url}wait/500`);
    waits.on('socket', (socket) =>
      socket.once('connect', () => setTimeout(() => child.kill('SIGTERM'), 100)),
    );
    const exited = once(child, 'exit');
    // Windows ends it at once.
    if (process.platform !== 'win32') {
      const [response] = (await once(waits, 'response')) as [http.IncomingMessage];
      expect(response.statusCode).toBe(200);
      response.resume();
      expect(await exited).toEqual([0, null]);
    }
    child.kill('SIGKILL');
  }, 60_000);
});

test('wittle serve --max-instance-reuse-count has an instance answer several requests', async () => {
  const { child, url } = await serving('guest.wasm', '--max-instance-reuse-count', '2');
  const counts: string[] = [];
  for (let round = 0; round < 3; round++) counts.push(await (await fetch(`${url}count`)).text());
  child.kill('SIGKILL');
  expect(counts).toEqual(['1', '2', '1']);
}, 30_000);

describe('wittle serve says what is wrong with', () => {
  test.each(['0', '1.5', 'many'])('a reuse count of %s', async (count) => {
    const { code, stderr } = await wittle(cwd, 'serve', 'server.wasm', '--max-instance-reuse-count', count);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        `--max-instance-reuse-count is a whole number greater than 0, not \`${count}\``,
      ),
    ]);
  });

  test.each([
    ['0', '--time-limit `0` is no number of seconds above 0'],
    ['x', '--time-limit `x` is no number of seconds above 0'],
  ])('a time limit of %s', async (limit, message) => {
    const { code, stderr } = await wittle(cwd, 'serve', 'server.wasm', '--time-limit', limit);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test.each([
    ['an address', ['server.wasm', '--addr', 'here'], '--addr `here` is no address'],
    ['a port', ['server.wasm', '--addr', '[::1]:70000'], '--addr `[::1]:70000` is no address'],
    ['a core module', ['core.wasm'], 'core.wasm is a core module'],
    ['a component that is no server', ['shop.wasm'], 'it does not export `wasi:http/incoming-handler@0.2`'],
    ['a component of another WASI', ['next.wasm'], 'no implementation of `wasi:http/types@0.3.12` was given'],
    ['a file that is not there', ['none.wasm'], 'cannot read none.wasm'],
    ['a grant', ['server.wasm', '--allow-net', 'connect=x y'], '`x y` is not a grant'],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await wittle(cwd, 'serve', ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test('an address that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await wittle(cwd, 'serve', 'server.wasm', '--addr', `127.0.0.1:${port}`);
    server.close();
    expect([code, stderr]).toEqual([1, expect.stringContaining(`cannot listen on 127.0.0.1:${port}`)]);
  });
});
