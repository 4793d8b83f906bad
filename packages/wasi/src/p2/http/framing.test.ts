/** Where messages begin and end on a connection: what a guest announces, and what it does. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { errorOf, Guest, laterErrorOf, readAll, ready, within } from '../../../test/driver.ts';
import { httpListener, type HttpHandler } from '../../index.ts';
import type { ErrorCode, Method } from '../../generated/imports/wasi/http/types.ts';
import { IncomingBody, OutgoingBody } from './bodies.ts';
import { Fields } from './fields.ts';
import type { OutgoingRequest, OutgoingResponse } from './messages.ts';
import type { FutureIncomingResponse } from './outgoing-handler.ts';
import { ResponseOutparam } from './response-outparam.ts';

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const headers = (...entries: (readonly [string, string])[]): Fields =>
  Fields.fromList(entries.map(([name, value]) => [name, bytes(value)]));

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: http.RequestListener): Promise<number> {
  const server = http.createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a response', () => {
  const failures: string[] = [];

  /** What arrives on a connection that sends these requests, the last one to be closed after. */
  async function talk(
    answer: (path: string, make: (fields?: Fields) => OutgoingResponse) => OutgoingResponse,
    requests: readonly string[],
  ): Promise<string> {
    failures.length = 0;
    const port = await serve(
      httpListener(
        (imports): HttpHandler => {
          const Response = imports['wasi:http/types'].OutgoingResponse as unknown as new (
            fields: Fields,
          ) => OutgoingResponse;
          return {
            handle: (request, out) => {
              const response = answer(
                request.pathWithQuery()!,
                (fields = new Fields()) => new Response(fields),
              );
              ResponseOutparam.set(out, { tag: 'ok', val: response });
            },
          };
        },
        { onFailure: (error) => failures.push((error as Error).message) },
      ),
    );
    const socket = net.connect(port, '127.0.0.1');
    socket.write(requests.map((line) => `${line} HTTP/1.1\r\nHost: here\r\n\r\n`).join(''));
    socket.write('GET /last HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
    let all = '';
    for await (const chunk of socket) all += String(chunk);
    return all.replaceAll(/(Date|Connection|Keep-Alive): .*\r\n/g, '').replaceAll('\r', '');
  }

  const last = 'HTTP/1.1 200 OK\nContent-Length: 0\n\n';

  test.each([
    [204, 'GET', 'HTTP/1.1 204 No Content\n\n'],
    [304, 'GET', 'HTTP/1.1 304 Not Modified\n\n'],
    [200, 'GET', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    [200, 'HEAD', 'HTTP/1.1 200 OK\n\n'],
    [999, 'GET', 'HTTP/1.1 999 unknown\nContent-Length: 0\n\n'],
  ])('%d to %s without a body', async (status, method, expected) => {
    const all = await talk(
      (path, make) => {
        const response = make();
        if (path === '/') response.setStatusCode(status);
        return response;
      },
      [`${method} /`],
    );
    expect(all).toBe(expected + last);
  });

  test.each([
    [304, 'GET', 'HTTP/1.1 304 Not Modified\nContent-Length: 5\n\n'],
    [200, 'HEAD', 'HTTP/1.1 200 OK\nContent-Length: 5\n\n'],
  ])('%d to %s tells the length that a body would have', async (status, method, expected) => {
    const all = await talk(
      (path, make) => {
        const response = make(path === '/' ? headers(['Content-Length', '5']) : undefined);
        response.setStatusCode(path === '/' ? status : 200);
        return response;
      },
      [`${method} /`],
    );
    expect(all).toBe(expected + last);
  });

  test.each([
    [204, 'GET'],
    [304, 'GET'],
    [200, 'HEAD'],
  ])('%d to %s drops the body that a guest writes', async (status, method) => {
    const all = await talk(
      (path, make) => {
        const response = make();
        if (path !== '/') return response;
        response.setStatusCode(status);
        const body = response.body();
        const stream = body.write();
        stream.checkWrite();
        stream.write(bytes('body'));
        stream[Symbol.dispose]();
        OutgoingBody.finish(body, undefined);
        return response;
      },
      [`${method} /`],
    );
    expect(all.endsWith(last)).toBe(true);
    expect(all).not.toContain('body');
  });

  test.each([
    ['a length and no body', headers(['Content-Length', '5']), 200, 'HTTP-response-body-size'],
    ['no length', headers(['Content-Length', 'five']), 200, 'HTTP-protocol-error'],
    ['two lengths', headers(['Content-Length', '0'], ['content-length', '5']), 200, 'HTTP-protocol-error'],
    ['a status that is no end', new Fields(), 101, 'HTTP-protocol-error'],
  ])('with %s is status 500, and the connection goes on', async (_, fields, status, failure) => {
    const all = await talk(
      (path, make) => {
        const response = make(path === '/' ? fields : undefined);
        if (path === '/') response.setStatusCode(status);
        return response;
      },
      ['GET /'],
    );
    expect(all).toBe(`HTTP/1.1 500 Internal Server Error\nContent-Length: 0\n\n${last}`);
    expect(failures).toEqual([`the guest answered with the error ${failure}`]);
  });
});

test('an answer to a client that has gone before is written to nobody, and does not wait', async () => {
  let told: unknown;
  const over = new Promise<void>((resolve) => {
    void serve(
      httpListener((imports): HttpHandler => {
        const { OutgoingResponse: Response } = imports['wasi:http/types'];
        return {
          handle: async (_request, out) => {
            await new Promise((gone) => servers[0]!.once('gone', gone));
            const response = new (Response as unknown as new (fields: Fields) => OutgoingResponse)(
              new Fields(),
            );
            const body = response.body();
            const stream = body.write();
            ResponseOutparam.set(out, { tag: 'ok', val: response });
            told = await laterErrorOf(async () => {
              for (;;) await stream.blockingWriteAndFlush(new Uint8Array(4096));
            });
            resolve();
          },
        };
      }),
    ).then((port) => {
      servers[0]!.on('connection', (socket) => socket.once('close', () => servers[0]!.emit('gone')));
      const socket = net.connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n', () => setTimeout(() => socket.destroy(), 30));
    });
  });
  await within(5000, 'the guest', over);
  expect(told).toEqual({ tag: 'closed' });
});

describe('a request', () => {
  function requestTo(guest: Guest, port: number, method: Method, fields = new Fields()): OutgoingRequest {
    const { OutgoingRequest } = guest.wasi.imports['wasi:http/types'];
    const request = new (OutgoingRequest as unknown as new (fields: Fields) => OutgoingRequest)(fields);
    request.setScheme({ tag: 'HTTP' });
    request.setAuthority(`127.0.0.1:${port}`);
    request.setPathWithQuery('/');
    request.setMethod(method);
    return request;
  }
  const send = (guest: Guest, request: OutgoingRequest): FutureIncomingResponse =>
    guest.wasi.imports['wasi:http/outgoing-handler'].handle(
      request as never,
      undefined,
    ) as unknown as FutureIncomingResponse;

  async function outcome(future: FutureIncomingResponse): Promise<number | string> {
    await ready(() => future.subscribe());
    const arrived = future.get();
    if (arrived?.tag !== 'ok') throw new Error('no answer');
    if (arrived.val.tag === 'err') return arrived.val.val.tag;
    using response = arrived.val.val;
    return response.status();
  }

  test('without the body that it announces is not sent', async () => {
    let arrived = 0;
    const port = await serve((_request, response) => {
      arrived++;
      response.end();
    });
    using guest = new Guest();
    const refused = (...entries: (readonly [string, string])[]): unknown =>
      errorOf(() => send(guest, requestTo(guest, port, { tag: 'post' }, headers(...entries))));
    expect(refused(['Content-Length', '5'])).toEqual({ tag: 'HTTP-request-body-size', val: 0n });
    expect(refused(['Content-Length', '-5'])).toEqual({ tag: 'HTTP-protocol-error' });
    expect(refused(['Content-Length', '0'], ['Content-Length', '0'])).toEqual({ tag: 'HTTP-protocol-error' });
    expect(arrived).toBe(0);
    const request = requestTo(guest, port, { tag: 'post' }, headers(['Content-Length', '0']));
    expect(await outcome(send(guest, request))).toBe(200);
    const bad = requestTo(guest, port, { tag: 'post' }, headers(['Content-Length', '1, 1']));
    expect(errorOf(() => bad.body())).toBeUndefined();
  });

  test('whose body is longer than announced fails with the very write', async () => {
    using guest = new Guest();
    const body = requestTo(guest, 1, { tag: 'post' }, headers(['Content-Length', '11'])).body();
    const stream = body.write();
    const error = (await laterErrorOf(() => stream.blockingWriteAndFlush(bytes('more than 11 bytes')))) as {
      tag: string;
      val: never;
    };
    const size: ErrorCode = { tag: 'HTTP-request-body-size', val: 18n };
    expect(error.tag).toBe('last-operation-failed');
    expect(guest.wasi.imports['wasi:http/types'].httpErrorCode(error.val)).toEqual(size);
    stream[Symbol.dispose]();
    expect(errorOf(() => OutgoingBody.finish(body, undefined))).toEqual(size);
  });

  test('that would turn the connection into something else fails', async () => {
    const port = await serve((_request, response) => void response.end());
    servers[0]!.on('connect', (_request, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    using guest = new Guest();
    expect(await outcome(send(guest, requestTo(guest, port, { tag: 'connect' })))).toBe(
      'HTTP-protocol-error',
    );
    const switching = await serve(() => {});
    servers[1]!.on('connection', (socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      ),
    );
    expect(await outcome(send(guest, requestTo(guest, switching, { tag: 'get' })))).toBe(
      'HTTP-protocol-error',
    );
  });

  test('uses a connection again, and is not told of informational responses', async () => {
    const connections = new Set<unknown>();
    const port = await serve((request, response) => {
      connections.add(request.socket);
      response.writeContinue();
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(204).end();
    });
    using guest = new Guest();
    for (let round = 0; round < 3; round++) {
      const future = send(guest, requestTo(guest, port, { tag: 'head' }));
      expect(await outcome(future)).toBe(204);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(connections.size).toBe(1);
  });

  test('without a path, an authority or a scheme of HTTP is not sent', () => {
    using guest = new Guest({ network: 'all' });
    const refused = (change: (request: OutgoingRequest) => void): unknown => {
      const request = requestTo(guest, 1, { tag: 'get' });
      change(request);
      return errorOf(() => send(guest, request));
    };
    expect(refused((request) => request.setPathWithQuery(undefined))).toEqual({
      tag: 'HTTP-request-URI-invalid',
    });
    expect(refused((request) => request.setAuthority(undefined))).toEqual({
      tag: 'HTTP-request-URI-invalid',
    });
    expect(refused((request) => request.setScheme({ tag: 'other', val: 'WS' }))).toEqual({
      tag: 'HTTP-protocol-error',
    });
  });

  test('to a server that speaks HTTP/2 only fails', async () => {
    // An empty SETTINGS frame, and GOAWAY for what is no preface.
    const greeting = Buffer.from('0000000400000000000000080700000000000000000000000001', 'hex');
    const port = await serve(() => {});
    servers[0]!.removeAllListeners('connection');
    servers[0]!.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.write(greeting);
    });
    using guest = new Guest();
    for (const method of ['get', 'connect'] as const)
      expect(await outcome(send(guest, requestTo(guest, port, { tag: method })))).toBe('HTTP-protocol-error');
  });

  test('that expects to be told to go on keeps its body until then', async () => {
    const seen: string[] = [];
    const port = await serve(() => {});
    servers[0]!.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
      request.on('data', (chunk) => seen.push(String(chunk)));
      request.on('end', () => response.end());
      // What was on its way would be here by now.
      setTimeout(() => {
        seen.push('continue');
        response.writeContinue();
      }, 50);
    });
    using guest = new Guest();
    const request = requestTo(guest, port, { tag: 'post' }, headers(['Expect', '100-continue']));
    const body = request.body();
    const future = send(guest, request);
    const stream = body.write();
    await stream.blockingWriteAndFlush(bytes('body'));
    stream[Symbol.dispose]();
    OutgoingBody.finish(body, undefined);
    expect(await outcome(future)).toBe(200);
    expect(seen).toEqual(['continue', 'body']);
  });

  test('whose body the server answers without an end is not held for ever', async () => {
    const port = await serve((_request, response) => void response.writeHead(413).end());
    using guest = new Guest();
    const request = requestTo(guest, port, { tag: 'post' }, headers(['Expect', '100-continue']));
    const body = request.body();
    const future = send(guest, request);
    OutgoingBody.finish(body, undefined);
    expect(await outcome(future)).toBe(413);
  });

  test('of a megabyte comes back from a server that echoes, and is read only then', async () => {
    const port = await serve((request, response) => void request.pipe(response));
    using guest = new Guest();
    const request = requestTo(guest, port, { tag: 'post' });
    const body = request.body();
    const future = send(guest, request);
    const stream = body.write();
    const total = 1024 * 1025;
    for (let sent = 0; sent < total; sent += 4100) {
      const part = new Uint8Array(4100).fill(1);
      await within(5000, 'room', stream.blockingWriteAndFlush(part.subarray(0, 4096)));
      await within(5000, 'room', stream.blockingWriteAndFlush(part.subarray(4096)));
    }
    stream[Symbol.dispose]();
    OutgoingBody.finish(body, undefined);
    await ready(() => future.subscribe());
    const arrived = future.get();
    if (arrived?.tag !== 'ok' || arrived.val.tag !== 'ok') throw new Error('no answer');
    const incoming = arrived.val.val.consume();
    const reading = incoming.stream();
    expect((await within(5000, 'body', readAll(reading))).length).toBe(Math.ceil(total / 4100) * 4100);
    reading[Symbol.dispose]();
    incoming[Symbol.dispose]();
  });
});

test('a body that breaks off before it is read has broken off', async () => {
  const told: unknown[] = [];
  const over = new Promise<void>((resolve) => {
    void serve(
      httpListener((): HttpHandler => ({
        handle: async (request) => {
          const before = request.consume();
          await new Promise((gone) => servers[0]!.once('gone', gone));
          const stream = before.stream();
          for (let round = 0; round < 2; round++) {
            told.push(
              await laterErrorOf(async () => {
                for (;;) await within(5000, 'an end', stream.blockingRead(10n));
              }),
            );
          }
          stream[Symbol.dispose]();
          const trailers = IncomingBody.finish(before);
          await ready(() => trailers.subscribe());
          told.push(trailers.get());
          resolve();
        },
      })),
    ).then((port) => {
      servers[0]!.on('connection', (socket) =>
        socket.once('close', () => setTimeout(() => servers[0]!.emit('gone'), 20)),
      );
      const socket = net.connect(port, '127.0.0.1');
      const request = 'POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf';
      socket.write(request, () => setTimeout(() => socket.destroy(), 30));
    });
  });
  await within(5000, 'the guest', over);
  expect(told).toEqual([
    { tag: 'last-operation-failed', val: expect.anything() },
    { tag: 'closed' },
    { tag: 'ok', val: { tag: 'err', val: { tag: 'connection-terminated' } } },
  ]);
});
