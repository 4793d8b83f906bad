/** Drives the implementations as a guest would: polls, finishes what it started, drops what it holds. */
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect } from '@jest/globals';
import { ComponentError } from '@wittle/runtime';
import { createWasi, type Wasi, type WasiOptions } from '../src/index.ts';
import type {
  IpAddressFamily,
  IpSocketAddress,
  Network,
} from '../src/generated/imports/wasi/sockets/network.ts';
import type { Pollable } from '../src/generated/imports/wasi/io/poll.ts';
import type * as streams from '../src/generated/imports/wasi/io/streams.ts';
import type { InputStream, OutputStream } from '../src/p2/io/streams.ts';
import type { TcpSocket } from '../src/p2/sockets/tcp.ts';
import type { UdpSocket } from '../src/p2/sockets/udp.ts';

/** What a suspended guest does with a promise. */
export async function settle<T>(value: T | Promise<T>): Promise<T> {
  return await value;
}

/** Rejects after a time, so that no test hangs. */
export async function within<T>(milliseconds: number, what: string, value: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The payload of the ComponentError that the function throws. */
export function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof ComponentError) return error.payload;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The `tag` of the stream error that the function throws. */
export function streamErrorOf(run: () => unknown): string {
  return (errorOf(run) as { tag: string }).tag;
}

/** The same for what may wait. */
export async function laterErrorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    if (error instanceof ComponentError) return error.payload;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Waits for a pollable of its own and drops it. */
export async function ready(subscribe: () => Pollable): Promise<void> {
  const pollable = subscribe();
  await within(5000, 'pollable', pollable.block());
  pollable[Symbol.dispose]?.();
}

/** Retries a `finish-*` or `accept` until it would no longer block. */
export async function finish<T>(socket: TcpSocket | UdpSocket, operation: () => T): Promise<T> {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (!(error instanceof ComponentError) || error.payload !== 'would-block') throw error;
    }
    await ready(() => socket.subscribe());
  }
}

/** A guest with its own WASI instance, everything of the network granted unless said otherwise. */
export class Guest {
  readonly wasi: Wasi;

  constructor(options: WasiOptions = {}) {
    this.wasi = createWasi({ stdout: 'ignore', stderr: 'ignore', network: 'all', ...options });
  }

  get network(): Network {
    return this.wasi.imports['wasi:sockets/instance-network'].instanceNetwork();
  }

  tcp(family: IpAddressFamily = 'ipv4'): TcpSocket {
    return this.wasi.imports['wasi:sockets/tcp-create-socket'].createTcpSocket(family) as TcpSocket;
  }

  udp(family: IpAddressFamily = 'ipv4'): UdpSocket {
    return this.wasi.imports['wasi:sockets/udp-create-socket'].createUdpSocket(family) as UdpSocket;
  }

  async bound(address: IpSocketAddress = loopback('ipv4', 0)): Promise<TcpSocket> {
    const socket = this.tcp(address.tag);
    await this.bind(socket, address);
    return socket;
  }

  async bind(socket: TcpSocket | UdpSocket, address: IpSocketAddress): Promise<void> {
    socket.startBind(this.network, address);
    await finish(socket, () => socket.finishBind());
  }

  async boundUdp(address: IpSocketAddress = loopback('ipv4', 0)): Promise<UdpSocket> {
    const socket = this.udp(address.tag);
    await this.bind(socket, address);
    return socket;
  }

  async listening(address: IpSocketAddress = loopback('ipv4', 0)): Promise<TcpSocket> {
    const socket = await this.bound(address);
    socket.startListen();
    await finish(socket, () => socket.finishListen());
    return socket;
  }

  async connect(socket: TcpSocket, remote: IpSocketAddress): Promise<[InputStream, OutputStream]> {
    socket.startConnect(this.network, remote);
    return await finish(socket, () => socket.finishConnect());
  }

  async accept(socket: TcpSocket): Promise<[TcpSocket, InputStream, OutputStream]> {
    return await finish(socket, () => socket.accept());
  }

  /** A listener, a client connected to it, and the accepted end. */
  async pair(family: IpAddressFamily = 'ipv4'): Promise<Pair> {
    const listener = await this.listening(loopback(family, 0));
    const client = this.tcp(family);
    const [clientIn, clientOut] = await this.connect(client, listener.localAddress());
    const [server, serverIn, serverOut] = await this.accept(listener);
    return { listener, client, clientIn, clientOut, server, serverIn, serverOut };
  }

  [Symbol.dispose](): void {
    this.wasi.dispose();
  }
}

export interface Pair {
  listener: TcpSocket;
  client: TcpSocket;
  clientIn: InputStream;
  clientOut: OutputStream;
  server: TcpSocket;
  serverIn: InputStream;
  serverOut: OutputStream;
}

export function loopback(family: IpAddressFamily, port: number): IpSocketAddress {
  return family === 'ipv4'
    ? { tag: 'ipv4', val: { port, address: [127, 0, 0, 1] } }
    : { tag: 'ipv6', val: { port, flowInfo: 0, address: [0, 0, 0, 0, 0, 0, 0, 1], scopeId: 0 } };
}

/** An IPv4 address with a port. */
export function ipv4(address: [number, number, number, number], port: number): IpSocketAddress {
  return { tag: 'ipv4', val: { port, address } };
}

/** An IPv6 address with a port. */
export function ipv6(
  address: [number, number, number, number, number, number, number, number],
  port: number,
): IpSocketAddress {
  return { tag: 'ipv6', val: { port, flowInfo: 0, address, scopeId: 0 } };
}

/** The families that this machine has; says so when IPv6 is not among them. */
export const families: IpAddressFamily[] = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)
  ? ['ipv4', 'ipv6']
  : (console.log('IPv6 tests are skipped: this machine has no ::1'), ['ipv4']);

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const text = (data: Uint8Array): string => Buffer.from(data).toString();

/** Reads until the stream is closed. */
export async function readAll(stream: streams.InputStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    try {
      chunks.push(await within(5000, 'read', stream.blockingRead(65_536n)));
    } catch (error) {
      if (error instanceof ComponentError && (error.payload as { tag: string }).tag === 'closed') break;
      throw error;
    }
  }
  return Buffer.concat(chunks);
}

/** Writes everything, as far as the stream permits at a time. */
export async function writeAll(stream: streams.OutputStream, data: Uint8Array): Promise<void> {
  for (let offset = 0; offset < data.length;) {
    const permit = Number(stream.checkWrite());
    if (permit === 0) await ready(() => stream.subscribe());
    else stream.write(data.slice(offset, (offset += Math.min(permit, data.length - offset))));
  }
  await within(5000, 'flush', stream.blockingFlush());
}

/** A Node socket connected to an address. */
export async function nodeClient(
  address: IpSocketAddress,
  options: Partial<net.TcpSocketConnectOpts & net.SocketConstructorOpts> = {},
): Promise<net.Socket> {
  const host = address.tag === 'ipv4' ? '127.0.0.1' : '::1';
  const socket = net.connect({ host, port: address.val.port, allowHalfOpen: true, ...options });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** A Node server on loopback. */
export async function nodeServer(
  onConnection: (socket: net.Socket) => void,
): Promise<{ server: net.Server; address: IpSocketAddress }> {
  const server = net.createServer({ allowHalfOpen: true }, onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: loopback('ipv4', (server.address() as net.AddressInfo).port) };
}

/** Sockets, servers and timers of this process. */
export function openResources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|UDP|Timeout|Immediate|GetAddrInfo/.test(name));
}

/** What was open when this file of tests began: an earlier one of the same process may still have connections to close. */
const openBefore = openResources();

/** Waits until nothing is open any more that was not before, and fails when something stays. */
export async function expectNothingOpen(): Promise<void> {
  for (let round = 0; round < 50 && openHere().length > 0; round++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sleep(20);
  expect(openHere().filter((name) => name !== 'Timeout')).toEqual([]);
}

function openHere(): string[] {
  const before = [...openBefore];
  return openResources().filter((name) => {
    const at = before.indexOf(name);
    if (at !== -1) before.splice(at, 1);
    return at === -1;
  });
}
