/** A component that answers requests, over real connections on loopback; test/http-guest says what it does. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from '@jest/globals';
import { compile, type Component } from '@wittle/component';
import { canSuspend, LinkError } from '@wittle/runtime';
import { httpServer, TimeLimitError, type HttpServerOptions } from '@wittle/wasi';

const guest: Component = await load('http-guest/guest.wasm');

async function load(name: string): Promise<Component> {
  return compile(readFileSync(new URL(`../../test/${name}`, import.meta.url)), { portable: true });
}

const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(
    servers.splice(0).map((server) => server.listening && new Promise((resolve) => server.close(resolve))),
  );
});

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server over the guest, and what it was told of. */
async function serve(options: HttpServerOptions = {}) {
  const failures: unknown[] = [];
  const server = httpServer(guest, { onFailure: (error) => failures.push(error), ...options });
  const port = await listen(server);
  return { server, port, url: `http://127.0.0.1:${port}`, failures };
}

/** All that comes back for what is sent, until the server closes: without chunks, `\r` and headers that say nothing. */
async function talk(port: number, sent: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(sent);
  return received(socket);
}

async function received(socket: net.Socket): Promise<string> {
  let rest = '';
  for await (const chunk of socket) rest += String(chunk);
  const messages: string[] = [];
  const take = (length: number): string => {
    const taken = rest.slice(0, length);
    rest = rest.slice(length);
    return taken;
  };
  for (;;) {
    if (rest === '') break;
    const head = take(rest.indexOf('\r\n\r\n') + 4);
    let body = '';
    if (/^transfer-encoding: chunked/im.test(head)) {
      for (let size = 1; size > 0;) {
        const [line, digits] = /^([0-9a-f]+)\r\n/.exec(rest) ?? [rest, '0'];
        take(line.length);
        size = parseInt(digits!, 16);
        body += take(size + 2).slice(0, size);
      }
    } else body = take(Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0));
    messages.push(head + body);
  }
  return messages
    .join('')
    .replaceAll('\r', '')
    .replaceAll(/^(Date|Keep-Alive|Transfer-Encoding|Content-Length): .*\n/gm, '');
}

const closing = 'Connection: close\r\n\r\n';
/** A body that fits into no buffer. */
const large = new Uint8Array(3_000_000).map((_byte, index) => (index * 31) & 0xff);

/** Until it says true; it is asked often, and not for ever. */
async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1000; round++) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never: ${what}`);
}

describe.each(canSuspend() ? (['jspi', 'worker'] as const) : (['worker'] as const))(
  'with %s, a guest',
  (blocking) => {
    test('sees the target of a request, however it is written', async () => {
      const { port } = await serve({ blocking });
      const answer = async (request: string): Promise<string> =>
        (await talk(port, `${request}\r\n${closing}`)).replace(/^.* (\d+) [^]*\n\n/, '$1 ');
      expect(await answer('GET /a?b=c HTTP/1.1\r\nHost: example.com')).toBe('200 example.com /a?b=c');
      expect(await answer('GET http://example.com:81/a HTTP/1.1\r\nHost: other')).toBe(
        '200 example.com:81 /a',
      );
      expect(await answer('GET http://example.com HTTP/1.1\r\nHost: other')).toBe('200 example.com /');
      expect(await answer('OPTIONS * HTTP/1.1\r\nHost: [::1]:80')).toBe('200 [::1]:80 *');
      expect(await answer('GET / HTTP/1.0')).toBe(`200 127.0.0.1:${port} /`);
      expect(await answer('GET / HTTP/1.1\r\nHost:')).toBe(`200 127.0.0.1:${port} /`);
      for (const host of [
        'Host: a b',
        'Host: a/b',
        'Host: a@b',
        'Host: a:99999',
        'Host: a\r\nHost: b',
        'X: y',
      ])
        expect([host, await answer(`GET / HTTP/1.1\r\n${host}`)]).toEqual([
          host,
          expect.stringMatching(/400 $/),
        ]);
      expect(await answer('GET http://user@host/ HTTP/1.1\r\nHost: host')).toMatch(/400 $/);
    });

    test('answers CONNECT as it does other requests, and a tunnel that is opened has no body and ends', async () => {
      const { port, failures } = await serve({ blocking });
      const connect = (target: string): string =>
        `CONNECT ${target} HTTP/1.1\r\nHost: example.com:443\r\n\r\n`;
      expect(await talk(port, connect('http://example.com/refuse'))).toBe(
        'HTTP/1.1 413 Payload Too Large\nConnection: close\n\ntoo much',
      );
      for (const target of ['example.com:443', 'http://example.com/flood']) {
        const socket = net.connect(port, '127.0.0.1');
        let all = '';
        socket.on('data', (chunk) => (all += String(chunk)));
        socket.write(connect(target));
        await once(socket, 'end');
        expect(all).toMatch(/^HTTP\/1\.1 200 OK\r\n(Date: .*\r\n)?Connection: close\r\n\r\n$/);
      }
      await until('the guest that floods has failed', () => failures.length > 0);
    });

    test('answers in HTTP whoever asks for another protocol', async () => {
      const { port } = await serve({ blocking });
      const asked = 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n';
      expect(await talk(port, asked)).toBe('HTTP/1.1 200 OK\nConnection: close\n\na /ws');
    });

    test('gets requests of one connection in order, also when they come at once', async () => {
      const { port } = await serve({ blocking });
      const requests = ['/wait/60', '/wait/1', '/trap', '/one'].map(
        (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`,
      );
      const all = await talk(port, `${requests.join('')}GET /last HTTP/1.1\r\nHost: a\r\n${closing}`);
      expect(all.match(/ \d{3} |waited|a \/[a-z]+/g)).toEqual([
        ...[' 200 ', 'waited', ' 200 ', 'waited', ' 500 ', ' 200 ', 'a /one', ' 200 ', 'a /last'],
      ]);
    });

    test('sends back a body while it arrives', async () => {
      const { url } = await serve({ blocking });
      const response = await fetch(`${url}/echo`, { method: 'POST', body: large });
      expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), large)).toBe(0);
    });

    test('that asks for a body has its client told to go on, and only then', async () => {
      const { port } = await serve({ blocking });
      const headers = 'HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue';
      const socket = net.connect(port, '127.0.0.1');
      socket.write(`POST /echo ${headers}\r\n${closing}`);
      let all = '';
      socket.on('data', (chunk) => (all += String(chunk)));
      await until('an answer', () => all !== '');
      socket.write('body');
      await once(socket, 'end');
      expect(all).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*body/);
      // A connection on which a body may or may not follow is of no more use.
      expect(await talk(port, `POST /refuse ${headers}\r\n\r\n`)).toBe(
        'HTTP/1.1 413 Payload Too Large\nConnection: close\n\ntoo much',
      );
      expect(
        await talk(port, 'POST /echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n'),
      ).toMatch(/^HTTP\/1\.1 417 /);
    });

    test('may leave a body where it is, or after a part of it', async () => {
      const { url } = await serve({ blocking });
      for (const [path, status, text] of [
        ['/refuse', 413, 'too much'],
        ['/peek', 200, 'seen'],
      ] as const) {
        const response = await fetch(url + path, { method: 'POST', body: large });
        expect([response.status, await response.text()]).toEqual([status, text]);
      }
    });

    test('that fails is status 500, or a broken response if it has begun one', async () => {
      const { url, failures } = await serve({ blocking });
      const get = async (path: string): Promise<unknown> => {
        const response = await fetch(url + path);
        return [response.status, await response.text().catch(() => 'broken')];
      };
      expect(await get('/trap')).toEqual([500, '']);
      expect(await get('/silent')).toEqual([500, '']);
      expect(await get('/late')).toEqual([200, 'broken']);
      expect(await get('/exit')).toEqual([200, 'bye']);
      expect(await get('/')).toEqual([200, `${url.slice(7)} /`]);
      expect(failures.map(String)).toEqual([
        'RuntimeError: unreachable',
        'Error: the guest returned without an answer',
        'RuntimeError: unreachable',
      ]);
    });

    test('is held back by a client that does not read, and ends when it is gone', async () => {
      const { server, url, failures } = await serve({ blocking });
      const connected = once(server, 'connection') as Promise<[net.Socket]>;
      const request = http.get(`${url}/flood`);
      request.on('error', () => {});
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      response.on('error', () => {});
      const [socket] = await connected;
      let before = -1;
      let same = 0;
      await until('the guest is held back', () => {
        same = socket.bytesWritten === before ? same + 1 : 0;
        before = socket.bytesWritten;
        return same === 10;
      });
      // Others are answered meanwhile.
      expect(await (await fetch(`${url}/other`)).text()).toContain('/other');
      request.destroy();
      await until('the guest has failed', () => failures.length === 1);
      expect(String(failures[0])).toBe('RuntimeError: unreachable');
    });

    test('hears of a client that goes away in the middle of a request', async () => {
      const { port, failures } = await serve({ blocking });
      const socket = net.connect(port, '127.0.0.1');
      socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
      await once(socket, 'data');
      socket.destroy();
      await until('the guest has failed', () => failures.length === 1);
    });

    test('is one of many at a time', async () => {
      const { url } = await serve({ blocking });
      const all = await Promise.all(
        Array.from({ length: 200 }, async (_each, index) => (await fetch(`${url}/wait/${index % 7}`)).text()),
      );
      expect(new Set(all)).toEqual(new Set(['waited']));
    }, 60_000);

    test('makes requests of its own where it may', async () => {
      const port = await listen(http.createServer((_request, response) => response.end('from afar')));
      const allowed = await serve({ blocking, network: { connect: [`127.0.0.1:${port}`] } });
      expect(await (await fetch(`${allowed.url}/forward/127.0.0.1:${port}`)).text()).toBe('from afar');
      const denied = await serve({ blocking });
      expect((await fetch(`${denied.url}/forward/127.0.0.1:${port}`)).status).toBe(500);
    });

    test('prints beside others without a word from Node', async () => {
      const stdout = new PassThrough();
      const warnings: unknown[] = [];
      const warned = (warning: Error): void => void warnings.push(warning);
      process.on('warning', warned);
      const { url } = await serve({ blocking, stdout });
      await Promise.all(Array.from({ length: 40 }, async () => (await fetch(`${url}/print`)).text()));
      process.off('warning', warned);
      expect(String(stdout.read())).toBe('printed\n'.repeat(40));
      expect(warnings).toEqual([]);
    });

    test('ends what it has begun when the server is closed', async () => {
      const { server, port } = await serve({ blocking });
      const idle = net.connect(port, '127.0.0.1');
      idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(idle, 'data');
      const waits = net.connect(port, '127.0.0.1');
      const asked = once(server, 'request');
      waits.write('GET /wait/200 HTTP/1.1\r\nHost: a\r\n\r\n');
      await asked;
      const closed = once(server, 'close');
      server.close();
      expect(await received(waits)).toMatch(/waited$/);
      await received(idle);
      await closed;
      await expect(once(net.connect(port, '127.0.0.1'), 'connect')).rejects.toThrow();
    });
  },
);

describe('a guest whose time is up', () => {
  test('is status 504, and others go on', async () => {
    const { url, failures } = await serve({ timeLimit: 4000 });
    const spinning = ['/spin', '/spin', '/wait/60000'].map((path) => fetch(`${url}${path}`));
    const answered = await Promise.all(
      Array.from({ length: 10 }, async () => (await fetch(`${url}/wait/1`)).status),
    );
    expect(new Set(answered)).toEqual(new Set([200]));
    expect((await Promise.all(spinning)).map(({ status }) => status)).toEqual([504, 504, 504]);
    expect(failures.every((error) => error instanceof TimeLimitError)).toBe(true);
    expect(await (await fetch(`${url}/after`)).text()).toContain('/after');
  }, 60_000);

  test('breaks off a response that has begun', async () => {
    const { url } = await serve({ timeLimit: 1500 });
    const response = await fetch(`${url}/flood`);
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
  }, 60_000);
});

describe('there is no server', () => {
  test('over a component that answers no requests, or needs what is not there', async () => {
    const words = await load('components/hello.wasm');
    expect(() => httpServer(words)).toThrow(LinkError);
    expect(() => httpServer(words)).toThrow('it does not export `wasi:http/incoming-handler@0.2`');
  });

  test('with options that make no sense', () => {
    expect(() => httpServer(guest, { timeLimit: 0 })).toThrow(TypeError);
    expect(() => httpServer(guest, { timeLimit: 5, blocking: 'none' })).toThrow(TypeError);
    expect(() => httpServer(guest, { adress: 'x' } as HttpServerOptions)).toThrow(
      'the option adress does not exist',
    );
  });
});
