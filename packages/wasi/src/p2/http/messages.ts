/** `wasi:http/types`: requests and responses. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode, Method, Scheme } from '../../generated/imports/wasi/http/types.ts';
import type { Instance } from '../../host/instance.ts';
import { contentLength, failed, IncomingBody, OutgoingBody, type BodyOrigin } from './bodies.ts';
import { Fields, requireNoChildren, type ChildOwner } from './fields.ts';

const methods: ReadonlySet<string> = new Set([
  'get',
  'head',
  'post',
  'put',
  'delete',
  'connect',
  'options',
  'trace',
  'patch',
]);

/** A method as it is on the wire. */
export function methodText(method: Method): string {
  return method.tag === 'other' ? method.val : method.tag.toUpperCase();
}

function methodOf(text: string): Method {
  const tag = text.toLowerCase();
  // The names on the wire are in capitals, and matter.
  return methods.has(tag) && text === text.toUpperCase() ? ({ tag } as Method) : { tag: 'other', val: text };
}

/** A message that arrived; its body can be had once. */
abstract class Incoming implements ChildOwner {
  children = 0;
  readonly #instance: Instance;
  readonly #message: IncomingMessage;
  readonly #origin: BodyOrigin;
  readonly #wanted: () => void;
  readonly #headers: Fields;
  #consumed = false;

  /** `wanted` is called when the guest asks for the body. */
  constructor(
    instance: Instance,
    message: IncomingMessage,
    origin: BodyOrigin,
    wanted: () => void = () => {},
  ) {
    this.#instance = instance;
    this.#message = message;
    this.#origin = origin;
    this.#wanted = wanted;
    this.#headers = Fields.received(message.rawHeaders);
  }

  headers(): Fields {
    return this.#headers.shared(this);
  }

  consume(): IncomingBody {
    if (this.#consumed) throw failed();
    this.#consumed = true;
    this.#wanted();
    return new IncomingBody(this.#instance, this.#message, this.#origin);
  }

  /** Dropped; whether nobody will read the body. */
  protected drop(what: string): boolean {
    requireNoChildren(this, what);
    return !this.#consumed;
  }
}

/** What a request is for. */
export interface RequestTarget {
  readonly scheme: Scheme;
  /** `undefined` where there is none, nor a connection to name. */
  readonly authority: string | undefined;
  readonly pathWithQuery: string | undefined;
}

/**
 * The target of a request that a server got; `undefined` if there is no making sense of it. It may be a path, `*`, a
 * whole URI, or for CONNECT an authority. RFC 9112, sections 3.2 and 3.3.
 */
export function requestTarget(message: IncomingMessage): RequestTarget | undefined {
  const { socket, rawHeaders, url = '', method } = message;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const { host = '' } = message.headers;
  if (hosts.length > 1 || (host !== '' && parseAuthority(host) === undefined)) return undefined;
  const connected: Scheme = { tag: 'encrypted' in socket ? 'HTTPS' : 'HTTP' };
  const [, scheme, named, path = ''] = /^(https?):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (scheme !== undefined && named !== undefined) {
    if (parseAuthority(named) === undefined) return undefined;
    const tag = scheme.toLowerCase() === 'https' ? 'HTTPS' : 'HTTP';
    const pathWithQuery = path === '' && method === 'OPTIONS' ? '*' : withSlash(path);
    return { scheme: { tag }, authority: named, pathWithQuery };
  }
  if (method === 'CONNECT' && !url.startsWith('/')) {
    return parseAuthority(url) && { scheme: connected, authority: url, pathWithQuery: undefined };
  }
  if (!/^(\/|\*$)/.test(url)) return undefined;
  return { scheme: connected, authority: host || ownAuthority(socket), pathWithQuery: url };
}

/** HTTP/1.0 need not say whom it means: it is this end of the connection. */
function ownAuthority({ localAddress, localPort }: Socket): string | undefined {
  if (localAddress === undefined || localPort === undefined) return undefined;
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** The path of a URI as it is sent: never empty. */
export function withSlash(path: string): string {
  return path === '' || path.startsWith('?') ? `/${path}` : path;
}

/** WIT: `resource incoming-request`. */
export class IncomingRequest extends Incoming {
  readonly #method: string;
  readonly #target: RequestTarget;

  /** `wanted` is called when the guest asks for the body. */
  constructor(instance: Instance, message: IncomingMessage, target: RequestTarget, wanted?: () => void) {
    // The response still has to go out on this connection. What is not read of the body is then read by Node.
    const abandon = (): void => {};
    super(instance, message, { failure: { tag: 'connection-terminated' }, abandon }, wanted);
    this.#method = message.method ?? 'GET';
    this.#target = target;
  }

  method(): Method {
    return methodOf(this.#method);
  }
  pathWithQuery(): string | undefined {
    return this.#target.pathWithQuery;
  }
  scheme(): Scheme {
    return this.#target.scheme;
  }
  authority(): string | undefined {
    return this.#target.authority;
  }

  [Symbol.dispose](): void {
    this.drop('incoming-request');
  }
}

/** WIT: `resource incoming-response`. */
export class IncomingResponse extends Incoming {
  readonly #message: IncomingMessage;
  readonly #status: number;

  constructor(instance: Instance, message: IncomingMessage) {
    super(instance, message, {
      failure: { tag: 'HTTP-response-incomplete' },
      abandon: () => message.destroy(),
    });
    this.#message = message;
    this.#status = message.statusCode ?? 0;
  }

  status(): number {
    return this.#status;
  }

  [Symbol.dispose](): void {
    if (!this.drop('incoming-response')) return;
    // The connection can go on without the body.
    this.#message.on('error', () => {});
    this.#message.resume();
  }
}

/** A message to be sent; its body can be had once. */
abstract class Outgoing implements ChildOwner {
  children = 0;
  readonly #instance: Instance;
  readonly #headers: Fields;
  readonly #wrongSize: (written: number) => ErrorCode;
  #body: OutgoingBody | undefined;

  constructor(instance: Instance, headers: Fields, wrongSize: (written: number) => ErrorCode) {
    this.#instance = instance;
    this.#headers = headers.seal();
    this.#wrongSize = wrongSize;
  }

  headers(): Fields {
    return this.#headers.shared(this);
  }

  body(): OutgoingBody {
    const length = contentLength(this.#headers);
    if (this.#body !== undefined || length === 'invalid') throw failed();
    this.#body = new OutgoingBody(this.#instance, length, this.#wrongSize);
    return this.#body;
  }

  /** For the host that sends it: its headers and its body, if it has one. */
  parts(): { readonly headers: Fields; readonly body: OutgoingBody | undefined } {
    return { headers: this.#headers, body: this.#body };
  }

  /** Why it cannot be sent without a body: its headers announce one. */
  missingBody(): ErrorCode | undefined {
    const length = contentLength(this.#headers);
    if (this.#body !== undefined || length === undefined || length === 0) return undefined;
    return length === 'invalid' ? { tag: 'HTTP-protocol-error' } : this.#wrongSize(0);
  }
}

/** WIT: `resource outgoing-request`. Setters throw a `ComponentError` without a payload. */
export class OutgoingRequest extends Outgoing {
  #method: Method = { tag: 'get' };
  #path: string | undefined;
  #scheme: Scheme | undefined;
  #authority: string | undefined;

  constructor(instance: Instance, headers: Fields) {
    super(instance, headers, (written) => ({ tag: 'HTTP-request-body-size', val: BigInt(written) }));
  }

  method(): Method {
    return this.#method;
  }
  setMethod(method: Method): void {
    if (method.tag === 'other' && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method.val)) throw failed();
    this.#method = method;
  }
  pathWithQuery(): string | undefined {
    return this.#path;
  }
  setPathWithQuery(path: string | undefined): void {
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    if (path !== undefined && (/[\0-\x20\x7f"<>#\\^`{}]/.test(path) || !/^([/?*]|$)/.test(path)))
      throw failed();
    this.#path = path;
  }
  scheme(): Scheme | undefined {
    return this.#scheme;
  }
  setScheme(scheme: Scheme | undefined): void {
    if (scheme?.tag === 'other' && !/^[a-z][a-z0-9+\-.]*$/i.test(scheme.val)) throw failed();
    this.#scheme = scheme;
  }
  authority(): string | undefined {
    return this.#authority;
  }
  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && parseAuthority(authority) === undefined) throw failed();
    this.#authority = authority;
  }

  [Symbol.dispose](): void {
    requireNoChildren(this, 'outgoing-request');
  }
}

/** WIT: `resource outgoing-response`. */
export class OutgoingResponse extends Outgoing {
  #status = 200;

  constructor(instance: Instance, headers: Fields) {
    super(instance, headers, (written) => ({ tag: 'HTTP-response-body-size', val: BigInt(written) }));
  }

  statusCode(): number {
    return this.#status;
  }
  setStatusCode(status: number): void {
    if (status < 100 || status > 999) throw failed();
    this.#status = status;
  }

  [Symbol.dispose](): void {
    requireNoChildren(this, 'outgoing-response');
  }
}

/** WIT: `resource request-options`: nanoseconds. */
export class RequestOptions {
  #connect: bigint | undefined;
  #firstByte: bigint | undefined;
  #betweenBytes: bigint | undefined;

  connectTimeout(): bigint | undefined {
    return this.#connect;
  }
  setConnectTimeout(duration: bigint | undefined): void {
    this.#connect = duration;
  }
  firstByteTimeout(): bigint | undefined {
    return this.#firstByte;
  }
  setFirstByteTimeout(duration: bigint | undefined): void {
    this.#firstByte = duration;
  }
  betweenBytesTimeout(): bigint | undefined {
    return this.#betweenBytes;
  }
  setBetweenBytesTimeout(duration: bigint | undefined): void {
    this.#betweenBytes = duration;
  }

  [Symbol.dispose](): void {}
}

/** Host and port of an authority; the port is `undefined` when it is not there. Not: `user@`. */
export function parseAuthority(text: string): { host: string; port: number | undefined } | undefined {
  const [, six, name, port] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9\-._~!$&'()*+,;=%]+))(?::(\d{0,5}))?$/i.exec(text) ?? [];
  const host = six ?? name;
  const number = port === undefined || port === '' ? undefined : Number(port);
  return host === undefined || (number !== undefined && number > 0xffff) ? undefined : { host, port: number };
}
