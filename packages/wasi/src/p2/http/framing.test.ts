/** Where messages begin and end on a connection: what a guest announces, and what it does. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { errorOf, Guest, laterErrorOf, ready, within } from '../../../test/driver.ts';
import { httpListener, type HttpHandler } from '../../index.ts';
import type { ErrorCode, Method } from '../../generated/imports/wasi/http/types.ts';
import { OutgoingBody } from './bodies.ts';
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
});
