/** Requests that a guest makes, and requests that it answers, over real connections on loopback. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { errorOf, Guest, readAll, ready, sleep, streamErrorOf, text, within } from '../../../test/driver.ts';
import {
  httpListener,
  WasiTrap,
  type HttpHandler,
  type HttpListenerOptions,
  type WasiOptions,
} from '../../index.ts';
import type { ErrorCode } from '../../generated/imports/wasi/http/types.ts';
import { IncomingBody, OutgoingBody, type FutureTrailers } from './bodies.ts';
import { fieldOverhead, Fields, maxFieldsSize } from './fields.ts';
import type { IncomingResponse, OutgoingRequest, OutgoingResponse, RequestOptions } from './messages.ts';
import type { FutureIncomingResponse } from './outgoing-handler.ts';
import { ResponseOutparam } from './response-outparam.ts';

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const allow: WasiOptions = { network: { connect: ['127.0.0.1', 'localhost'] } };

const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function serve(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  return listen(http.createServer(listener));
}

/** The classes of one guest, as their own types: constructors do not say whose guest it is. */
function typesOf(guest: Guest) {
  const types = guest.wasi.imports['wasi:http/types'];
  return {
    ...types,
    OutgoingRequest: types.OutgoingRequest as unknown as new (headers: Fields) => OutgoingRequest,
    OutgoingResponse: types.OutgoingResponse as unknown as new (headers: Fields) => OutgoingResponse,
    RequestOptions: types.RequestOptions as unknown as new () => RequestOptions,
  };
}

function requestTo(guest: Guest, port: number, path = '/', headers = new Fields()): OutgoingRequest {
  const { OutgoingRequest } = typesOf(guest);
  const request = new OutgoingRequest(headers);
  request.setScheme({ tag: 'HTTP' });
  request.setAuthority(`127.0.0.1:${port}`);
  request.setPathWithQuery(path);
  return request;
}

function send(guest: Guest, request: OutgoingRequest, options?: RequestOptions): FutureIncomingResponse {
  return guest.wasi.imports['wasi:http/outgoing-handler'].handle(
    request as never,
    options as never,
  ) as unknown as FutureIncomingResponse;
}

type Outcome = { tag: 'ok'; val: IncomingResponse } | { tag: 'err'; val: ErrorCode };

async function outcome(future: FutureIncomingResponse): Promise<Outcome> {
  await ready(() => future.subscribe());
  const arrived = future.get();
  if (arrived?.tag !== 'ok') throw new Error('the future has no answer');
  return arrived.val;
}

async function responseOf(future: FutureIncomingResponse): Promise<IncomingResponse> {
  const arrived = await outcome(future);
  if (arrived.tag === 'err') throw new Error(`failed: ${arrived.val.tag}`);
  return arrived.val;
}

async function failureOf(future: FutureIncomingResponse): Promise<ErrorCode> {
  const arrived = await outcome(future);
  if (arrived.tag === 'ok') throw new Error(`answered: ${arrived.val.status()}`);
  return arrived.val;
}

async function bodyOf(response: IncomingResponse): Promise<string> {
  const body = response.consume();
  const stream = body.stream();
  const all = await within(5000, 'body', readAll(stream));
  stream[Symbol.dispose]();
  IncomingBody.finish(body)[Symbol.dispose]();
  return text(all);
}

async function trailersOf(future: FutureTrailers): Promise<unknown> {
  await ready(() => future.subscribe());
  const arrived = future.get();
  if (arrived?.tag !== 'ok') throw new Error('the trailers have no answer');
  const { tag, val } = arrived.val;
  return tag === 'ok' ? val?.entries().map(([name, value]) => `${name}: ${text(value)}`) : val;
}

describe('fields', () => {
  test('keep order and case, and are found in any case', () => {
    const fields = Fields.fromList([
      ['Accept', bytes('a')],
      ['X-One', bytes('1')],
      ['accept', bytes('b')],
    ]);
    expect(fields.get('ACCEPT').map(text)).toEqual(['a', 'b']);
    expect([fields.has('x-one'), fields.has('x-two')]).toEqual([true, false]);
    fields.append('x-one', new Uint8Array(0));
    expect(fields.entries().map(([name]) => name)).toEqual(['Accept', 'X-One', 'accept', 'x-one']);
    fields.set('accept', [bytes('c')]);
    fields.delete('x-ONE');
    expect(fields.entries()).toEqual([['accept', bytes('c')]]);
    const copy = fields.clone();
    copy.append('a', bytes('b'));
    expect(fields.has('a')).toBe(false);
  });

  test("refuse what is malformed, what is the host's, and what is too much", () => {
    const fields = new Fields();
    for (const name of ['', 'a b', 'a:', 'ä', 'a\r']) {
      expect(errorOf(() => fields.append(name, bytes('x')))).toEqual({ tag: 'invalid-syntax' });
    }
    for (const value of ['a\r\nb: c', '\0', '\x7f', '\n']) {
      expect(errorOf(() => fields.set('a', [bytes(value)]))).toEqual({ tag: 'invalid-syntax' });
    }
    for (const name of ['Host', 'connection', 'Transfer-Encoding', 'upgrade']) {
      expect(errorOf(() => fields.append(name, bytes('x')))).toEqual({ tag: 'forbidden' });
      expect(errorOf(() => Fields.fromList([[name, bytes('x')]]))).toEqual({ tag: 'forbidden' });
    }
    expect(fields.entries()).toEqual([]);
    fields.set('a', [bytes('tab\tand ümlaut')]);
    expect(() => fields.append('b', new Uint8Array(maxFieldsSize).fill(0x61))).toThrow(WasiTrap);
  });

  test.each([
    ['of different names', (index: number) => [`a${index}`, 'a']],
    ['of different names without values', (index: number) => [`a${index}`, '']],
    ['of one name', () => ['a', 'b']],
    ['of one name without values', () => ['a', '']],
  ] as const)('%s come to an end', (_, entry) => {
    const fields = new Fields();
    let count = 0;
    expect(() => {
      for (; count <= maxFieldsSize; count++) fields.append(entry(count)[0]!, bytes(entry(count)[1]!));
    }).toThrow('the total size of the fields exceeds the limit');
    expect(count).toBeGreaterThan(1000);
    expect(count).toBeLessThan(maxFieldsSize / fieldOverhead);
  });

  test('that arrived count in their copies', () => {
    const half = 'x'.repeat(maxFieldsSize / 2);
    const copy = Fields.received(['a', half]).clone();
    copy.append('b', bytes('c'));
    expect(() => copy.append('d', bytes(half))).toThrow(WasiTrap);
    copy.delete('a');
    copy.append('d', bytes('e'));
  });

  test('of a request cannot be changed, and are dropped before it', () => {
    using guest = new Guest(allow);
    const request = requestTo(guest, 1, '/', Fields.fromList([['a', bytes('b')]]));
    const headers = request.headers();
    expect(errorOf(() => headers.append('c', bytes('d')))).toEqual({ tag: 'immutable' });
    expect(errorOf(() => headers.delete('a'))).toEqual({ tag: 'immutable' });
    headers.clone().delete('a');
    expect(() => request[Symbol.dispose]()).toThrow('while a child of it lives');
    headers[Symbol.dispose]();
    request[Symbol.dispose]();
  });
});

describe('a request', () => {
  test('has parts that are checked when they are set', () => {
    using guest = new Guest();
    const request = requestTo(guest, 80);
    expect(request.method()).toEqual({ tag: 'get' });
    const bad: (() => void)[] = [
      () => request.setMethod({ tag: 'other', val: 'A B' }),
      () => request.setMethod({ tag: 'other', val: '' }),
      () => request.setPathWithQuery('/a b'),
      () => request.setPathWithQuery('/a\r\nX: y'),
      () => request.setPathWithQuery('a'),
      () => request.setScheme({ tag: 'other', val: 'a b' }),
      () => request.setAuthority('a b'),
      () => request.setAuthority('a:99999'),
      () => request.setAuthority('user@host'),
      () => request.setAuthority(''),
    ];
    for (const each of bad) expect([String(each), errorOf(each)]).toEqual([String(each), undefined]);
    request.setMethod({ tag: 'other', val: 'PURGE' });
    request.setAuthority('[::1]:8080');
    expect([request.method(), request.authority()]).toEqual([{ tag: 'other', val: 'PURGE' }, '[::1]:8080']);
    request.body();
    expect(errorOf(() => request.body())).toBeUndefined();
  });

  test('is answered: status, headers, body and trailers', async () => {
    const port = await serve((request, response) => {
      expect([request.method, request.url, request.headers['x-a'], request.headers.host]).toEqual([
        'GET',
        '/path?q=1',
        'b',
        `127.0.0.1:${port}`,
      ]);
      response.writeHead(201, ['X-B', 'c', 'x-b', 'd', 'Trailer', 'X-T']);
      response.write('Hello, ');
      setTimeout(() => {
        response.addTrailers({ 'X-T': 'end' });
        response.end('World!');
      }, 10);
    });
    using guest = new Guest(allow);
    const future = send(guest, requestTo(guest, port, '/path?q=1', Fields.fromList([['X-A', bytes('b')]])));
    const response = await responseOf(future);
    expect(future.get()).toEqual({ tag: 'err' });
    expect(response.status()).toBe(201);
    using headers = response.headers();
    expect(headers.get('x-b').map(text)).toEqual(['c', 'd']);
    expect(headers.has('connection')).toBe(false);
    const body = response.consume();
    expect(errorOf(() => response.consume())).toBeUndefined();
    const stream = body.stream();
    expect(errorOf(() => body.stream())).toBeUndefined();
    expect(() => IncomingBody.finish(body)).toThrow(WasiTrap);
    expect(text(await within(5000, 'body', readAll(stream)))).toBe('Hello, World!');
    stream[Symbol.dispose]();
    expect(await trailersOf(IncomingBody.finish(body))).toEqual(['X-T: end']);
  });

  test.each([
    ['of announced length', true],
    ['in pieces', false],
  ])('has a body %s, and is held back by a server that does not read', async (_, announced) => {
    const total = 3_000_000;
    let go = (): void => {};
    const waiting = new Promise<void>((resolve) => (go = resolve));
    const port = await serve((request, response) => {
      void waiting.then(async () => {
        let length = 0;
        for await (const chunk of request) length += (chunk as Buffer).length;
        response.end(
          `${length} ${request.headers['content-length'] ?? request.headers['transfer-encoding']}`,
        );
      });
    });
    using guest = new Guest(allow);
    const headers = Fields.fromList(announced ? [['Content-Length', bytes(String(total))]] : []);
    const request = requestTo(guest, port, '/', headers);
    request.setMethod({ tag: 'post' });
    const body = request.body();
    const stream = body.write();
    const future = send(guest, request);
    let sent = 0;
    let waits = 0;
    while (sent < total) {
      const permit = Math.min(Number(stream.checkWrite()), total - sent, 65_536);
      if (permit > 0) {
        stream.write(new Uint8Array(permit));
        sent += permit;
        continue;
      }
      if (++waits === 3) go();
      const pollable = stream.subscribe();
      if (waits > 3) await within(5000, 'permit', pollable.block());
      else await sleep(10);
      pollable[Symbol.dispose]();
    }
    go();
    expect(waits).toBeGreaterThanOrEqual(3);
    stream[Symbol.dispose]();
    OutgoingBody.finish(body, undefined);
    const response = await responseOf(future);
    expect(await bodyOf(response)).toBe(`${total} ${announced ? total : 'chunked'}`);
  });

  test('has trailers', async () => {
    const port = await serve((request, response) => {
      request.resume();
      request.on('end', () => response.end(JSON.stringify(request.trailers)));
    });
    using guest = new Guest(allow);
    const request = requestTo(guest, port, '/', Fields.fromList([['Trailer', bytes('X-T')]]));
    request.setMethod({ tag: 'put' });
    const body = request.body();
    OutgoingBody.finish(body, Fields.fromList([['X-T', bytes('end')]]));
    const response = await responseOf(send(guest, request));
    expect(await bodyOf(response)).toBe('{"x-t":"end"}');
  });

  test('fails when its body is not as long as announced', async () => {
    const seen: string[] = [];
    const port = await serve((request) => {
      request.resume();
      request.on('error', (error) => seen.push(error.message));
    });
    using guest = new Guest(allow);
    const make = () => {
      const request = requestTo(guest, port, '/', Fields.fromList([['Content-Length', bytes('5')]]));
      const body = request.body();
      const stream = body.write();
      return { future: send(guest, request), body, stream };
    };
    const short = make();
    await short.stream.blockingWriteAndFlush(bytes('abc'));
    short.stream[Symbol.dispose]();
    expect(errorOf(() => OutgoingBody.finish(short.body, undefined))).toEqual({
      tag: 'HTTP-request-body-size',
      val: 3n,
    });
    expect((await failureOf(short.future)).tag).toBe('connection-terminated');
    const long = make();
    long.stream.checkWrite();
    long.stream.write(bytes('abcdef'));
    const error = errorOf(() => long.stream.checkWrite()) as { tag: string; val: never };
    expect(error.tag).toBe('last-operation-failed');
    expect(guest.wasi.imports['wasi:http/types'].httpErrorCode(error.val)).toEqual({
      tag: 'HTTP-request-body-size',
      val: 6n,
    });
    long.stream[Symbol.dispose]();
    long.body[Symbol.dispose]();
    expect((await failureOf(long.future)).tag).toBe('connection-terminated');
  });

  test('fails as the network does', async () => {
    const refused = await listen(net.createServer());
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const garbage = await listen(net.createServer((socket) => socket.end('nonsense\r\n\r\n')));
    const silent = await listen(net.createServer((socket) => void socket.on('error', () => {})));
    const gone = await listen(net.createServer((socket) => socket.destroy()));
    using guest = new Guest(allow);
    const at = (port: number) => failureOf(send(guest, requestTo(guest, port)));
    expect((await at(refused)).tag).toBe('connection-refused');
    expect((await at(garbage)).tag).toBe('HTTP-protocol-error');
    expect((await at(gone)).tag).toBe('connection-terminated');
    const options = new (typesOf(guest).RequestOptions)();
    options.setFirstByteTimeout(20_000_000n);
    expect((await failureOf(send(guest, requestTo(guest, silent), options))).tag).toBe(
      'connection-read-timeout',
    );
    const tls = requestTo(guest, garbage);
    tls.setScheme(undefined);
    expect((await failureOf(send(guest, tls))).tag).toBe('TLS-protocol-error');
    const name = requestTo(guest, 80);
    name.setAuthority('localhost:1');
    expect((await failureOf(send(guest, name))).tag).toBe('connection-refused');
  });

  test.each([
    ['ENOTFOUND', { tag: 'DNS-error', val: { rcode: 'NXDOMAIN', infoCode: undefined } }],
    ['EAI_AGAIN', { tag: 'DNS-error', val: { rcode: undefined, infoCode: undefined } }],
  ])('to a name that is looked up with %s is a DNS-error', async (code, expected) => {
    const failure = Object.assign(new Error(code), { code });
    using guest = new Guest({ network: 'all', resolver: (_name, done) => done(failure, []) });
    const request = requestTo(guest, 80);
    request.setAuthority('some.invalid.dnsname:3000');
    expect(await failureOf(send(guest, request))).toEqual(expected);
  });

  test('that does not get through in its time is a connection-timeout', async () => {
    using guest = new Guest({ network: 'all', resolver: () => {} });
    const request = requestTo(guest, 80);
    request.setAuthority('nobody.example.com');
    const options = new (typesOf(guest).RequestOptions)();
    options.setConnectTimeout(20_000_000n);
    expect((await failureOf(send(guest, request, options))).tag).toBe('connection-timeout');
  });

  test('fails in the middle of a body that breaks off or stalls', async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      if (request.url === '/break') setTimeout(() => response.destroy(), 20);
    });
    using guest = new Guest(allow);
    const tagOf = async (path: string, options?: RequestOptions) => {
      const response = await responseOf(send(guest, requestTo(guest, port, path), options));
      const body = response.consume();
      const stream = body.stream();
      expect(text((await stream.blockingRead(10n)) as Uint8Array)).toBe('half');
      let error: { tag: string; val: never } | undefined;
      try {
        await within(5000, 'end', stream.blockingRead(10n));
      } catch (thrown) {
        error = (thrown as { payload: typeof error }).payload;
      }
      stream[Symbol.dispose]();
      const trailers = await trailersOf(IncomingBody.finish(body));
      return [error?.tag, guest.wasi.imports['wasi:http/types'].httpErrorCode(error!.val)?.tag, trailers];
    };
    expect(await tagOf('/break')).toEqual([
      'last-operation-failed',
      'HTTP-response-incomplete',
      { tag: 'HTTP-response-incomplete' },
    ]);
    const options = new (typesOf(guest).RequestOptions)();
    options.setBetweenBytesTimeout(30_000_000n);
    expect(await tagOf('/stall', options)).toEqual([
      'last-operation-failed',
      'connection-read-timeout',
      { tag: 'connection-read-timeout' },
    ]);
  });

  test('goes nowhere without a grant, and the host is told which', async () => {
    const port = await serve((_request, response) => response.end('secret'));
    const denied: string[] = [];
    using guest = new Guest({
      network: { connect: ['127.0.0.1:1', '*.example.com:443'] },
      onDenied: ({ message }) => denied.push(message),
    });
    const at = (authority: string) => {
      const request = requestTo(guest, 80);
      request.setAuthority(authority);
      return (errorOf(() => send(guest, request)) as ErrorCode).tag;
    };
    expect(at(`127.0.0.1:${port}`)).toBe('HTTP-request-denied');
    expect(at(`localhost:${port}`)).toBe('HTTP-request-denied');
    expect(denied[0]).toContain(`grant it with --allow-net connect=127.0.0.1:${port}`);
    expect(denied[1]).toContain(`grant it with --allow-net connect=localhost:${port}`);
    const bad = requestTo(guest, 80);
    bad.setScheme({ tag: 'other', val: 'gopher' });
    expect((errorOf(() => send(guest, bad)) as ErrorCode).tag).toBe('HTTP-protocol-error');
    const none = requestTo(guest, 80);
    none.setAuthority(undefined);
    expect((errorOf(() => send(guest, none)) as ErrorCode).tag).toBe('HTTP-request-URI-invalid');
  });

  test('to a name goes only to addresses that a grant covers', async () => {
    const port = await serve((_request, response) => response.end('here'));
    const denied: string[] = [];
    const options = (connect: string[]): WasiOptions => ({
      network: { connect, resolve: ['*'] },
      resolver: (_name, done) => done(null, [{ address: '127.0.0.1' }]),
      onDenied: ({ message }) => denied.push(message),
    });
    const get = async (connect: string[]) => {
      using guest = new Guest(options(connect));
      const request = requestTo(guest, port);
      request.setAuthority(`service.example.com:${port}`);
      const arrived = await outcome(send(guest, request));
      return arrived.tag === 'ok' ? await bodyOf(arrived.val) : arrived.val.tag;
    };
    expect(await get([`service.example.com:${port}`])).toBe('here');
    expect(await get(['127.0.0.1'])).toBe('here');
    expect(await get(['service.example.com:1'])).toBe('HTTP-request-denied');
    expect(denied).toHaveLength(1);
  });

  test('beyond limits.sockets is connection-limit-reached, until another is over', async () => {
    const port = await serve((request, response) => void (request.url === '/' && response.end()));
    using guest = new Guest({ ...allow, limits: { sockets: 2 } });
    const [one, other] = [
      send(guest, requestTo(guest, port, '/waits')),
      send(guest, requestTo(guest, port, '/waits')),
    ];
    expect(errorOf(() => send(guest, requestTo(guest, port)))).toEqual({ tag: 'connection-limit-reached' });
    one[Symbol.dispose]();
    await sleep(20);
    expect((await responseOf(send(guest, requestTo(guest, port)))).status()).toBe(200);
    other[Symbol.dispose]();
  });

  test('that nobody waits for is given up, and nothing stays open', async () => {
    const closed: Promise<void>[] = [];
    const port = await serve((request) => {
      closed.push(new Promise((resolve) => request.once('close', resolve)));
    });
    const guest = new Guest(allow);
    const future = send(guest, requestTo(guest, port));
    await sleep(30);
    future[Symbol.dispose]();
    send(guest, requestTo(guest, port));
    await sleep(30);
    guest[Symbol.dispose]();
    expect(closed).toHaveLength(2);
    await within(5000, 'close', Promise.all(closed));
  });
});

describe('a guest that answers', () => {
  async function answering(
    handle: (guest: Guest, ...args: Parameters<HttpHandler['handle']>) => void | Promise<void>,
    options: HttpListenerOptions = {},
  ): Promise<number> {
    return serve(
      httpListener((imports) => {
        const guest = { wasi: { imports } } as unknown as Guest;
        return { handle: (request, out) => handle(guest, request, out) };
      }, options),
    );
  }

  test('sees the request and sends a response with a body as it writes it', async () => {
    const port = await answering(async (guest, request, out) => {
      const { OutgoingResponse } = typesOf(guest);
      const seen = [
        request.method(),
        request.pathWithQuery(),
        request.scheme(),
        request.authority(),
        request.headers().get('x-a').map(text),
      ];
      const incoming = request.consume();
      const input = incoming.stream();
      const body = text(await readAll(input));
      input[Symbol.dispose]();
      IncomingBody.finish(incoming);
      const response = new OutgoingResponse(Fields.fromList([['X-Seen', bytes(JSON.stringify(seen))]]));
      response.setStatusCode(202);
      const outgoing = response.body();
      ResponseOutparam.set(out, { tag: 'ok', val: response });
      const stream = outgoing.write();
      await stream.blockingWriteAndFlush(bytes(`you said ${body}`));
      await sleep(10);
      await stream.blockingWriteAndFlush(bytes('!'));
      stream[Symbol.dispose]();
      OutgoingBody.finish(outgoing, undefined);
    });
    const response = await fetch(`http://127.0.0.1:${port}/a?b`, {
      method: 'POST',
      headers: { 'x-a': 'b' },
      body: 'hello',
    });
    expect(response.status).toBe(202);
    expect(JSON.parse(response.headers.get('x-seen')!)).toEqual([
      { tag: 'post' },
      '/a?b',
      { tag: 'HTTP' },
      `127.0.0.1:${port}`,
      ['b'],
    ]);
    expect(await response.text()).toBe('you said hello!');
  });

  test('without a body, with an error, without an answer or with a trap gives what a client understands', async () => {
    const failures: string[] = [];
    const port = await answering(
      (guest, request, out) => {
        const { OutgoingResponse } = typesOf(guest);
        switch (request.pathWithQuery()) {
          case '/empty': {
            const response = new OutgoingResponse(new Fields());
            expect(errorOf(() => response.setStatusCode(99))).toBeUndefined();
            response.setStatusCode(404);
            return ResponseOutparam.set(out, { tag: 'ok', val: response });
          }
          case '/error':
            return ResponseOutparam.set(out, { tag: 'err', val: { tag: 'loop-detected' } });
          case '/trap':
            throw new Error('unreachable');
          default:
            return undefined;
        }
      },
      { onFailure: (error) => failures.push((error as Error).message) },
    );
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect([
      await status('/empty'),
      await status('/error'),
      await status('/trap'),
      await status('/none'),
    ]).toEqual([404, 500, 500, 500]);
    expect(failures).toEqual([
      'the guest answered with the error loop-detected',
      'unreachable',
      'the guest returned without an answer',
    ]);
  });

  test('and gives a body up breaks the response off', async () => {
    const port = await answering(async (guest, _request, out) => {
      const response = new (typesOf(guest).OutgoingResponse)(new Fields());
      const body = response.body();
      ResponseOutparam.set(out, { tag: 'ok', val: response });
      const stream = body.write();
      await stream.blockingWriteAndFlush(bytes('half'));
      await sleep(20);
      stream[Symbol.dispose]();
      body[Symbol.dispose]();
    });
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test('and returns without completing a body has ended it: empty, broken off, or no response at all', async () => {
    const port = await answering(async (guest, request, out) => {
      const response = new (typesOf(guest).OutgoingResponse)(new Fields());
      response.setStatusCode(503);
      const body = response.body();
      ResponseOutparam.set(out, { tag: 'ok', val: response });
      const stream = body.write();
      if (request.pathWithQuery() === '/empty') return;
      await stream.blockingWriteAndFlush(bytes('half'));
      // The client has heard of it.
      if (request.pathWithQuery() === '/begun') await sleep(20);
    });
    const empty = await fetch(`http://127.0.0.1:${port}/empty`);
    expect([empty.status, await empty.text()]).toEqual([503, '']);
    const early = await fetch(`http://127.0.0.1:${port}/early`);
    expect([early.status, await early.text()]).toEqual([500, '']);
    const begun = await fetch(`http://127.0.0.1:${port}/begun`)
      .then((response) => response.text())
      .catch(String);
    expect(begun).toMatch(/TypeError/);
  });

  test('is told that a client has gone away', async () => {
    let told = '';
    let done = (): void => {};
    const ended = new Promise<void>((resolve) => (done = resolve));
    const port = await answering(async (guest, _request, out) => {
      const response = new (typesOf(guest).OutgoingResponse)(new Fields());
      const body = response.body();
      ResponseOutparam.set(out, { tag: 'ok', val: response });
      const stream = body.write();
      for (let round = 0; round < 500 && told === ''; round++) {
        try {
          await stream.blockingWriteAndFlush(new Uint8Array(4096));
          await sleep(1);
        } catch {
          told = streamErrorOf(() => stream.checkWrite());
        }
      }
      stream[Symbol.dispose]();
      body[Symbol.dispose]();
      done();
    });
    const socket = net.connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.once('data', () => socket.destroy());
    await within(5000, 'end of the handler', ended);
    expect(told).toBe('closed');
  });

  test('answers many requests at once', async () => {
    const port = await answering(async (guest, request, out) => {
      const response = new (typesOf(guest).OutgoingResponse)(new Fields());
      const body = response.body();
      ResponseOutparam.set(out, { tag: 'ok', val: response });
      const stream = body.write();
      await sleep(5);
      await stream.blockingWriteAndFlush(bytes(request.pathWithQuery() ?? ''));
      stream[Symbol.dispose]();
      OutgoingBody.finish(body, undefined);
    });
    const all = await Promise.all(
      Array.from({ length: 100 }, async (_each, index) => {
        const response = await fetch(`http://127.0.0.1:${port}/${index}`);
        return response.text();
      }),
    );
    expect(all).toEqual(Array.from({ length: 100 }, (_each, index) => `/${index}`));
  });
});
