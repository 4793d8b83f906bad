/** `wasi:http/outgoing-handler`: requests through Node's `http` and `https`. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { ComponentError } from '@wittle/runtime';
import type { Host } from '../../generated/imports/wasi/http/outgoing-handler.ts';
import type { ErrorCode } from '../../generated/imports/wasi/http/types.ts';
import { parseAddress, parseSocketAddress, unmapped } from '../../host/addresses.ts';
import { HttpError, httpErrorOf } from '../../host/http-errors.ts';
import type { Instance, Open } from '../../host/instance.ts';
import type { Resolver } from '../sockets/ip-name-lookup.ts';
import type { OutgoingBody } from './bodies.ts';
import { Future } from './future.ts';
import {
  IncomingResponse,
  methodText,
  parseAuthority,
  withSlash,
  type OutgoingRequest,
  type RequestOptions,
} from './messages.ts';

/** What applies where the guest sets no timeout: nanoseconds. */
const defaultTimeout = 600_000_000_000n;

/** WIT: `resource future-incoming-response`. */
export class FutureIncomingResponse extends Future<IncomingResponse> {
  readonly #cancel: () => void;

  /** `cancel`: nobody waits for the response any more. */
  constructor(instance: Instance, cancel: () => void) {
    super(instance);
    this.#cancel = cancel;
  }

  [Symbol.dispose](): void {
    if (this.close()) this.#cancel();
  }
}

export function outgoingHandler(instance: Instance, resolver: Resolver): Host {
  // Connections are kept for further requests of the same guest, never for another's.
  const agents: { http?: http.Agent; https?: https.Agent } = {};
  const agentFor = (secure: boolean): http.Agent =>
    secure
      ? (agents.https ??= new https.Agent({ keepAlive: true }))
      : (agents.http ??= new http.Agent({ keepAlive: true }));
  instance.atEnd.push(() => {
    agents.http?.destroy();
    agents.https?.destroy();
  });
  return {
    handle: (given, options) => {
      const request = given as OutgoingRequest;
      const { secure, host, port, authority, path } = targetOf(instance, request);
      const missing = request.missingBody();
      if (missing !== undefined) throw rejected(missing, 'Content-Length, but no body of that length');
      const { sockets } = instance.limits;
      if (instance.sockets >= sockets) {
        throw rejected(
          { tag: 'connection-limit-reached' },
          `the guest has ${sockets} sockets, which is limits.sockets`,
        );
      }
      const { headers, body } = request.parts();
      const raw = ['Host', authority, ...headers.raw()];
      if (body === undefined) {
        if (!headers.has('content-length') && bodiesAreUsual(request)) raw.push('Content-Length', '0');
      } else if (!headers.has('content-length')) raw.push('Transfer-Encoding', 'chunked');
      const outgoing = (secure ? https : http).request({
        agent: agentFor(secure),
        host,
        port,
        method: methodText(request.method()),
        path,
        headers: raw,
        lookup: grantedLookup(instance, resolver, port),
        maxHeaderSize: 0x1_0000,
      });
      const future = new FutureIncomingResponse(instance, () => outgoing.destroy());
      const open: Open = {
        closeNow: () => {
          instance.open.delete(open);
          outgoing.destroy();
        },
      };
      instance.open.add(open);
      instance.sockets++;
      outgoing.once('close', () => {
        instance.open.delete(open);
        instance.sockets--;
      });
      outgoing.on('error', (error) => future.settle({ tag: 'err', val: httpErrorOf(error).errorCode }));
      limitTime(outgoing, options as RequestOptions | undefined);
      outgoing.once('response', (message) => {
        if (!future.settle({ tag: 'ok', val: new IncomingResponse(instance, message) })) message.destroy();
      });
      // Answers after which the connection is no longer one of HTTP: CONNECT's, and 101. There is no way to go on.
      const changed = (_message: IncomingMessage, socket: Socket): void => {
        future.settle({ tag: 'err', val: { tag: 'HTTP-protocol-error' } });
        socket.destroy();
      };
      outgoing.once('connect', changed);
      outgoing.once('upgrade', changed);
      if (body === undefined) outgoing.end();
      else if (headers.get('expect').some(isContinue)) {
        sendBody(outgoing, body, (begin) => onceWanted(outgoing, begin));
      } else sendBody(outgoing, body);
      return future;
    },
  };
}

/** Sends a body through a request or response of Node; `when` is told to call what begins. */
export function sendBody(
  message: http.OutgoingMessage,
  body: OutgoingBody,
  when: (begin: () => void) => void = (begin) => begin(),
): void {
  body.content.on('error', () => {});
  message.once('close', () => body.content.destroy());
  when(() => body.content.pipe(message, { end: false }));
  body.send({
    end: (trailers) => {
      body.content.once('end', () => {
        if (trailers !== undefined && trailers.length > 0) message.addTrailers(pairs(trailers));
        message.end();
      });
      body.content.end();
    },
    abort: () => {
      body.content.unpipe(message);
      message.destroy(new HttpError({ tag: 'connection-terminated' }));
    },
  });
}

/** Servers that do not know of `Expect` say nothing: the body is sent after this many milliseconds all the same. */
const continueTimeout = 1000;

/** Calls `begin` when the server wants the body, or has answered. RFC 9110, section 10.1.1. */
function onceWanted(request: http.ClientRequest, begin: () => void): void {
  let begun = false;
  const once = (): void => {
    clearTimeout(timer);
    if (!begun) begin();
    begun = true;
  };
  const timer = setTimeout(once, continueTimeout);
  request.flushHeaders();
  request.once('continue', once);
  request.once('response', once);
  request.once('close', () => clearTimeout(timer));
}

/** Where a request goes. Throws `ComponentError<ErrorCode>` for one that the host does not send. */
function targetOf(
  instance: Instance,
  request: OutgoingRequest,
): { secure: boolean; host: string; port: number; authority: string; path: string } {
  const scheme = request.scheme() ?? { tag: 'HTTPS' };
  if (scheme.tag === 'other') throw rejected({ tag: 'HTTP-protocol-error' }, `the scheme ${scheme.val}`);
  const authority = request.authority();
  const parsed = authority === undefined ? undefined : parseAuthority(authority);
  if (authority === undefined || parsed === undefined) {
    throw rejected({ tag: 'HTTP-request-URI-invalid' }, 'a request without an authority');
  }
  const path = request.pathWithQuery();
  if (path === undefined) throw rejected({ tag: 'HTTP-request-URI-invalid' }, 'a request without a path');
  const secure = scheme.tag === 'HTTPS';
  const { host, port = secure ? 443 : 80 } = parsed;
  const { grants } = instance;
  if (isIP(host) !== 0) {
    const address = parseSocketAddress(host, port);
    if (!grants.allowsConnect(address)) {
      throw rejected({ tag: 'HTTP-request-denied' }, grants.deny('connect', address, 'tcp').message);
    }
  } else if (!grants.allowsResolve(host)) {
    throw rejected({ tag: 'HTTP-request-denied' }, grants.denyConnectTo(host, port).message);
  }
  return { secure, host, port, authority, path: withSlash(path) };
}

/** Looks names up, and gives only those addresses that may be connected to. */
function grantedLookup(instance: Instance, resolver: Resolver, port: number): LookupFunction {
  const { grants } = instance;
  return (name, options, done) => {
    resolver(name, (error, found) => {
      if (error !== null) return done(error, '');
      const addresses = found
        .flatMap(({ address }) => parseAddress(address.split('%')[0]!) ?? [])
        .map(unmapped);
      grants.learn(name, addresses);
      const allowed = found.filter(({ address }) => {
        const parsed = parseAddress(address.split('%')[0]!);
        return parsed !== undefined && grants.allowsConnect(parseSocketAddress(address, port));
      });
      const [first] = allowed;
      if (first === undefined) {
        const denied: NodeJS.ErrnoException = new Error(grants.denyConnectTo(name, port).message);
        denied.code = found.length === 0 ? 'ENODATA' : 'EACCES';
        return done(denied, '');
      }
      const family = (address: string): number => isIP(address.split('%')[0]!);
      if (options.all)
        done(
          null,
          allowed.map(({ address }) => ({ address, family: family(address) })),
        );
      else done(null, first.address, family(first.address));
    });
  };
}

/** Ends a request that takes too long to connect, to answer or to go on. */
function limitTime(request: http.ClientRequest, options: RequestOptions | undefined): void {
  const fail = (tag: 'connection-timeout' | 'connection-read-timeout') => () =>
    request.destroy(new HttpError({ tag }));
  const connect = after(options?.connectTimeout(), fail('connection-timeout'));
  let firstByte: (() => void) | undefined;
  const connected = (): void => {
    connect();
    firstByte ??= after(options?.firstByteTimeout(), fail('connection-read-timeout'));
  };
  request.once('socket', (socket: Socket) => {
    if (!socket.connecting) connected();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected);
  });
  request.once('response', (message: IncomingMessage) => {
    firstByte?.();
    const late = milliseconds(options?.betweenBytesTimeout() ?? defaultTimeout);
    // A guest that does not read holds the body back: that is not the peer's fault.
    message.setTimeout(late, () => {
      if (!message.isPaused()) message.destroy(new HttpError({ tag: 'connection-read-timeout' }));
    });
  });
  request.once('close', () => {
    connect();
    firstByte?.();
  });
}

function after(duration: bigint | undefined, call: () => void): () => void {
  const timer = setTimeout(call, milliseconds(duration ?? defaultTimeout));
  return () => clearTimeout(timer);
}

function milliseconds(duration: bigint): number {
  const rounded = (duration + 999_999n) / 1_000_000n;
  return rounded > 0x7fff_ffffn ? 0x7fff_ffff : Number(rounded) || 1;
}

function isContinue(value: Uint8Array): boolean {
  return Buffer.from(value).toString('latin1').trim().toLowerCase() === '100-continue';
}

/** Methods for which a server wants to know that there is no body. */
function bodiesAreUsual(request: OutgoingRequest): boolean {
  const { tag } = request.method();
  return tag === 'post' || tag === 'put' || tag === 'patch';
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_pair, index) => [raw[index * 2]!, raw[index * 2 + 1]!]);
}

function rejected(code: ErrorCode, what: string): ComponentError<ErrorCode> {
  return new ComponentError(code, `${code.tag}: ${what}`);
}
