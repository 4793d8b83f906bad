/** TCP sockets between two guests, or a guest and Node, on loopback. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WasiTrap } from '../../index.ts';
import {
  bytes,
  errorOf,
  expectNothingOpen,
  families,
  finish,
  Guest,
  ipv4,
  ipv6,
  laterErrorOf,
  loopback,
  nodeClient,
  nodeServer,
  type Pair,
  readAll,
  ready,
  sleep,
  streamErrorOf,
  text,
  within,
  writeAll,
} from '../../../test/driver.ts';
import type { TcpSocket } from './tcp.ts';
import type { IpSocketAddress } from '../../generated/imports/wasi/sockets/network.ts';

let guest: Guest;
beforeEach(() => {
  guest = new Guest();
});
afterEach(async () => {
  guest[Symbol.dispose]();
  await expectNothingOpen();
});

const second = 1_000_000_000n;
/** Node 24.19 and newer can set the interval and the count of keep-alive probes. */
const probes = net.Socket.prototype.setKeepAlive.length >= 4;
/** For what only Linux lets a program look at. */
const onLinux = process.platform === 'linux' ? test : test.skip;
const maxU64 = 0xffff_ffff_ffff_ffffn;
const v4 = (port: number): IpSocketAddress => loopback('ipv4', port);

async function refusedBind(address: IpSocketAddress, family: 'ipv4' | 'ipv6'): Promise<unknown> {
  const socket = guest.tcp(family);
  return await laterErrorOf(async () => {
    await guest.bind(socket, address);
  });
}

describe.each(families)('bind (%s)', (family) => {
  const any = loopback(family, 0);

  test('port 0 gives a real port and keeps the address', async () => {
    const { tag, val } = (await guest.bound(any)).localAddress();
    expect(tag).toBe(family);
    expect(val.port).toBeGreaterThan(0);
    expect(val.address).toEqual(any.val.address);
  });

  test('an explicit port is kept', async () => {
    const first = await guest.bound(any);
    const address = first.localAddress();
    first[Symbol.dispose]();
    expect((await guest.bound(address)).localAddress()).toEqual(address);
  });

  test('an address that is being listened on is address-in-use', async () => {
    const listener = await guest.listening(any);
    expect(await refusedBind(listener.localAddress(), family)).toBe('address-in-use');
  });

  test('a failed bind can be tried again', async () => {
    const listener = await guest.listening(any);
    const socket = guest.tcp(family);
    expect(await laterErrorOf(() => guest.bind(socket, listener.localAddress()))).toBe('address-in-use');
    await guest.bind(socket, any);
    expect(socket.localAddress().val.port).toBeGreaterThan(0);
  });

  test('rebinding right after close works', async () => {
    const pair = await guest.pair(family);
    const address = pair.listener.localAddress();
    // The side that closes first is the one that waits in TIME_WAIT.
    await settleClose(pair);
    const again = await guest.listening(address);
    expect(again.localAddress()).toEqual(address);
  });

  test('bound is not listening: a connection is refused', async () => {
    const socket = await guest.bound(any);
    const client = guest.tcp(family);
    expect(await laterErrorOf(() => guest.connect(client, socket.localAddress()))).toBe('connection-refused');
    expect(socket.isListening()).toBe(false);
  });

  test('connect after an explicit bind works and keeps the local address', async () => {
    const listener = await guest.listening(any);
    const client = await guest.bound(any);
    const local = client.localAddress();
    await guest.connect(client, listener.localAddress());
    expect(client.localAddress()).toEqual(local);
    const [server] = await guest.accept(listener);
    expect(server.remoteAddress()).toEqual(local);
    expect(client.remoteAddress()).toEqual(server.localAddress());
  });
});

async function settleClose({ listener, server, serverIn, serverOut }: Pair): Promise<void> {
  serverIn[Symbol.dispose]();
  serverOut[Symbol.dispose]();
  server[Symbol.dispose]();
  listener[Symbol.dispose]();
  await sleep(10);
}

test('bind to an address that is not local is address-not-bindable', async () => {
  expect(await refusedBind(ipv4([192, 0, 2, 77], 0), 'ipv4')).toBe('address-not-bindable');
});

test.each([
  ['the wrong family', 'ipv4', ipv6([0, 0, 0, 0, 0, 0, 0, 1], 0)],
  ['the wrong family', 'ipv6', ipv4([127, 0, 0, 1], 0)],
  ['multicast', 'ipv4', ipv4([224, 254, 0, 0], 0)],
  ['broadcast', 'ipv4', ipv4([255, 255, 255, 255], 0)],
  ['multicast', 'ipv6', ipv6([0xff00, 0, 0, 0, 0, 0, 0, 1], 0)],
  ['IPv4-mapped IPv6', 'ipv6', ipv6([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1], 0)],
] as const)('bind to %s on %s is invalid-argument', async (_what, family, address) => {
  expect(await refusedBind(address, family)).toBe('invalid-argument');
});

test.each([
  ['an unspecified address', 'ipv4', ipv4([0, 0, 0, 0], 80)],
  ['an unspecified address', 'ipv6', ipv6([0, 0, 0, 0, 0, 0, 0, 0], 80)],
  ['port 0', 'ipv4', ipv4([127, 0, 0, 1], 0)],
  ['port 0', 'ipv6', ipv6([0, 0, 0, 0, 0, 0, 0, 1], 0)],
  ['multicast', 'ipv4', ipv4([224, 254, 0, 0], 80)],
  ['broadcast', 'ipv4', ipv4([255, 255, 255, 255], 80)],
  ['multicast', 'ipv6', ipv6([0xff00, 0, 0, 0, 0, 0, 0, 1], 80)],
  ['IPv4', 'ipv6', ipv4([127, 0, 0, 1], 80)],
  ['IPv6', 'ipv4', ipv6([0, 0, 0, 0, 0, 0, 0, 1], 80)],
  ['IPv4-mapped IPv6', 'ipv6', ipv6([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1], 80)],
  ['IPv4-compatible IPv6', 'ipv6', ipv6([0, 0, 0, 0, 0, 0, 0x7f00, 1], 80)],
] as const)('connect to %s on an %s socket is invalid-argument', (_what, family, address) => {
  const socket = guest.tcp(family);
  expect(errorOf(() => socket.startConnect(guest.network, address))).toBe('invalid-argument');
});

describe('connect', () => {
  test('a refused connection is connection-refused, and the socket is closed then', async () => {
    const socket = await guest.bound();
    const client = guest.tcp();
    expect(await laterErrorOf(() => guest.connect(client, socket.localAddress()))).toBe('connection-refused');
    expect(errorOf(() => client.startConnect(guest.network, v4(80)))).toBe('invalid-state');
    expect(errorOf(() => client.finishConnect())).toBe('not-in-progress');
    expect(errorOf(() => client.localAddress())).toBe('invalid-state');
  });

  test('in progress it is would-block until the pollable is ready', async () => {
    const listener = await guest.listening();
    const client = guest.tcp();
    const pollable = client.subscribe();
    expect(pollable.ready()).toBe(true);
    client.startConnect(guest.network, listener.localAddress());
    expect(pollable.ready()).toBe(false);
    expect(errorOf(() => client.finishConnect())).toBe('would-block');
    expect(errorOf(() => client.startConnect(guest.network, listener.localAddress()))).toBe(
      'concurrency-conflict',
    );
    await within(5000, 'connect', pollable.block());
    expect(pollable.ready()).toBe(true);
    expect(client.finishConnect()).toHaveLength(2);
    expect(errorOf(() => client.finishConnect())).toBe('not-in-progress');
  });

  test('finish-* without start-* is not-in-progress', () => {
    const socket = guest.tcp();
    expect(errorOf(() => socket.finishBind())).toBe('not-in-progress');
    expect(errorOf(() => socket.finishConnect())).toBe('not-in-progress');
    expect(errorOf(() => socket.finishListen())).toBe('not-in-progress');
  });

  test('a socket dropped while it connects leaves nothing behind', async () => {
    const listener = await guest.listening();
    const client = guest.tcp();
    const pollable = client.subscribe();
    client.startConnect(guest.network, listener.localAddress());
    client[Symbol.dispose]();
    expect(pollable.ready()).toBe(true);
    pollable[Symbol.dispose]();
  });
});

describe('listen', () => {
  test('without bind is invalid-state', () => {
    expect(errorOf(() => guest.tcp().startListen())).toBe('invalid-state');
  });

  test('a second listener on the port of the first is address-in-use', async () => {
    const first = await guest.bound();
    const second = guest.tcp();
    const failure = await laterErrorOf(async () => {
      await guest.bind(second, first.localAddress());
      for (const socket of [first, second]) {
        socket.startListen();
        await finish(socket, () => socket.finishListen());
      }
    });
    expect(failure).toBe('address-in-use');
  });

  test('the smallest backlog serves clients that come one after another before any accept', async () => {
    const listener = await guest.bound();
    listener.setListenBacklogSize(1n);
    listener.startListen();
    await finish(listener, () => listener.finishListen());
    const clients: net.Socket[] = [];
    for (let count = 0; count < 8; count++) {
      clients.push(await nodeClient(listener.localAddress()));
      await sleep(1);
    }
    for (let count = 0; count < clients.length; count++) await guest.accept(listener);
    for (const client of clients) client.destroy();
  });

  onLinux.each([
    [1n, false],
    [100n, true],
  ])(
    'a backlog of %s is applied: while the host is busy, all of 8 clients connect: %s',
    async (size, all) => {
      const listener = await guest.bound();
      listener.setListenBacklogSize(size);
      listener.startListen();
      await finish(listener, () => listener.finishListen());
      const { port } = listener.localAddress().val;
      const clients = `
      let connected = 0;
      for (let count = 0; count < 8; count++) {
        require('net').connect(${port}, '127.0.0.1', () => ++connected === 8 && end()).on('error', () => {});
      }
      const end = () => (console.log(connected), process.exit());
      setTimeout(end, 500);`;
      // This process is stopped meanwhile, so that nobody takes connections but the system.
      const { stdout } = spawnSync(process.execPath, ['-e', clients], { encoding: 'utf8' });
      expect(Number(stdout)).toBeGreaterThan(0);
      expect(Number(stdout) === 8).toBe(all);
    },
  );

  test('connections beyond the pending limit are reset', async () => {
    using small = new Guest({ limits: { pendingConnections: 2 } });
    const listener = await small.bound();
    listener.setListenBacklogSize(1n);
    listener.startListen();
    await finish(listener, () => listener.finishListen());
    const clients = await Promise.all(Array.from({ length: 4 }, () => nodeClient(listener.localAddress())));
    const resets = clients.map((client) => new Promise((resolve) => client.once('error', resolve)));
    const [first] = await within(5000, 'reset', Promise.all(resets.slice(2)));
    expect(first).toHaveProperty('code', 'ECONNRESET');
    for (const client of clients) client.destroy();
  });

  test('a client that connects, sends and closes before accept is still accepted and its bytes read', async () => {
    const listener = await guest.listening();
    const client = await nodeClient(listener.localAddress());
    client.end('early');
    await sleep(30);
    const [, input] = await guest.accept(listener);
    expect(text(await readAll(input))).toBe('early');
    client.destroy();
  });

  test('accept is would-block while nobody connects', async () => {
    const listener = await guest.listening();
    const pollable = listener.subscribe();
    expect(pollable.ready()).toBe(false);
    expect(errorOf(() => listener.accept())).toBe('would-block');
    const client = await nodeClient(listener.localAddress());
    await within(5000, 'accept', pollable.block());
    expect(listener.accept()).toHaveLength(3);
    client.destroy();
  });
});

describe('states', () => {
  type State = 'unbound' | 'bound' | 'listening' | 'connected';
  const make: Record<State, () => Promise<TcpSocket>> = {
    unbound: async () => guest.tcp(),
    bound: () => guest.bound(),
    listening: () => guest.listening(),
    connected: async () => (await guest.pair()).client,
  };
  const invalid: Record<State, string[]> = {
    unbound: ['startListen', 'accept', 'shutdown', 'localAddress', 'remoteAddress'],
    bound: ['startBind', 'accept', 'shutdown', 'remoteAddress'],
    listening: ['startBind', 'startConnect', 'startListen', 'shutdown', 'remoteAddress'],
    connected: ['startBind', 'startConnect', 'startListen', 'accept', 'setListenBacklogSize'],
  };
  const call: Record<string, (socket: TcpSocket) => unknown> = {
    startBind: (socket) => socket.startBind(guest.network, v4(0)),
    startConnect: (socket) => socket.startConnect(guest.network, v4(1)),
    startListen: (socket) => socket.startListen(),
    accept: (socket) => socket.accept(),
    shutdown: (socket) => socket.shutdown('both'),
    localAddress: (socket) => socket.localAddress(),
    remoteAddress: (socket) => socket.remoteAddress(),
    setListenBacklogSize: (socket) => socket.setListenBacklogSize(5n),
  };

  test.each(Object.keys(make) as State[])('%s: what the WIT forbids is invalid-state', async (state) => {
    const socket = await make[state]();
    for (const name of invalid[state])
      expect([name, errorOf(() => call[name]!(socket))]).toEqual([name, 'invalid-state']);
    for (const name of ['finishBind', 'finishConnect', 'finishListen'] as const) {
      expect([name, errorOf(() => socket[name]())]).toEqual([name, 'not-in-progress']);
    }
  });

  test.each(Object.keys(make) as State[])('%s: options can be read and set', async (state) => {
    const socket = await make[state]();
    socket.setKeepAliveEnabled(true);
    socket.setKeepAliveIdleTime(42n * second);
    socket.setReceiveBufferSize(65_536n);
    socket.setSendBufferSize(65_536n);
    socket.setHopLimit(64);
    if (probes) {
      socket.setKeepAliveInterval(7n * second);
      socket.setKeepAliveCount(5);
      expect(socket.keepAliveInterval()).toBe(7n * second);
      expect(socket.keepAliveCount()).toBe(5);
    }
    if (state === 'unbound' || state === 'bound') socket.setListenBacklogSize(5n);
    expect(socket.hopLimit()).toBe(64);
    expect(socket.keepAliveEnabled()).toBe(true);
    expect(socket.keepAliveIdleTime()).toBe(42n * second);
    expect(socket.receiveBufferSize()).toBe(65_536n);
    expect(socket.sendBufferSize()).toBe(65_536n);
    expect(socket.addressFamily()).toBe('ipv4');
  });

  test('is-listening, local-address and remote-address tell the truth', async () => {
    const { listener, client, server } = await guest.pair();
    expect([listener.isListening(), client.isListening(), server.isListening()]).toEqual([
      true,
      false,
      false,
    ]);
    expect(client.remoteAddress()).toEqual(listener.localAddress());
    expect(server.localAddress()).toEqual(listener.localAddress());
    expect(server.remoteAddress()).toEqual(client.localAddress());
  });

  test.each(['0.0.0.0', '127.0.0.1'])(
    'the local address of a connection accepted at %s is the one its peer connected to',
    async (host) => {
      const listener = await guest.listening(
        ipv4(host.split('.').map(Number) as [number, number, number, number], 0),
      );
      const address = loopback('ipv4', listener.localAddress().val.port);
      const client = guest.tcp();
      await guest.connect(client, address);
      const [server] = await guest.accept(listener);
      expect(server.localAddress()).toEqual(address);
      expect(server.remoteAddress()).toEqual(client.localAddress());
      expect(client.remoteAddress()).toEqual(address);
    },
  );

  test('addresses outlive the connection', async () => {
    const { client, clientIn, clientOut, server } = await guest.pair();
    const addresses = [client.localAddress(), client.remoteAddress()];
    server.shutdown('both');
    client.shutdown('send');
    await readAll(clientIn);
    await sleep(20);
    expect([client.localAddress(), client.remoteAddress()]).toEqual(addresses);
    expect(streamErrorOf(() => clientOut.checkWrite())).toBe('closed');
  });
});

describe('options', () => {
  test('defaults are greater than 0', () => {
    const socket = guest.tcp();
    expect(socket.keepAliveEnabled()).toBe(false);
    expect(socket.keepAliveIdleTime()).toBeGreaterThan(0n);
    expect(socket.keepAliveInterval()).toBeGreaterThan(0n);
    expect(socket.keepAliveCount()).toBeGreaterThan(0);
    expect(socket.hopLimit()).toBeGreaterThan(0);
    expect(socket.receiveBufferSize()).toBeGreaterThan(0n);
    expect(socket.sendBufferSize()).toBeGreaterThan(0n);
  });

  test('0 is invalid-argument', () => {
    const socket = guest.tcp();
    expect(errorOf(() => socket.setListenBacklogSize(0n))).toBe('invalid-argument');
    expect(errorOf(() => socket.setKeepAliveIdleTime(0n))).toBe('invalid-argument');
    expect(errorOf(() => socket.setKeepAliveInterval(0n))).toBe('invalid-argument');
    expect(errorOf(() => socket.setKeepAliveCount(0))).toBe('invalid-argument');
    expect(errorOf(() => socket.setHopLimit(0))).toBe('invalid-argument');
    expect(errorOf(() => socket.setReceiveBufferSize(0n))).toBe('invalid-argument');
    expect(errorOf(() => socket.setSendBufferSize(0n))).toBe('invalid-argument');
  });

  test('1 and the maximum are accepted, clamped', () => {
    const socket = guest.tcp();
    for (const value of [1n, maxU64]) {
      socket.setListenBacklogSize(value);
      socket.setKeepAliveIdleTime(value);
      socket.setReceiveBufferSize(value);
      socket.setSendBufferSize(value);
      expect(socket.keepAliveIdleTime()).toBeGreaterThan(0n);
      expect(socket.receiveBufferSize()).toBeGreaterThan(0n);
      expect(socket.sendBufferSize()).toBeGreaterThan(0n);
    }
    socket.setKeepAliveIdleTime(1n);
    expect(socket.keepAliveIdleTime()).toBe(second);
  });

  (probes ? test : test.skip)(
    'keep-alive interval and count read back, with a Node that can set them',
    () => {
      const socket = guest.tcp();
      for (const value of [1n, maxU64]) socket.setKeepAliveInterval(value);
      for (const value of [1, 0xffff_ffff]) socket.setKeepAliveCount(value);
      socket.setKeepAliveInterval(42n * second);
      socket.setKeepAliveCount(42);
      expect(socket.keepAliveInterval()).toBe(42n * second);
      expect(socket.keepAliveCount()).toBe(42);
    },
  );

  test('the hop limit is not-supported, but for the one that is in effect', () => {
    const socket = guest.tcp();
    socket.setHopLimit(socket.hopLimit());
    expect(errorOf(() => socket.setHopLimit(42))).toBe('not-supported');
    expect(socket.hopLimit()).toBe(64);
  });

  test('the backlog of a listening socket is not-supported', async () => {
    const listener = await guest.listening();
    expect(errorOf(() => listener.setListenBacklogSize(5n))).toBe('not-supported');
  });

  test('an accepted socket inherits from its listener, set before or after listen, and is independent', async () => {
    const listener = await guest.bound();
    listener.setKeepAliveEnabled(true);
    listener.setKeepAliveIdleTime(42n * second);
    listener.startListen();
    await finish(listener, () => listener.finishListen());
    listener.setReceiveBufferSize(12_345n);
    listener.setSendBufferSize(23_456n);
    if (probes) {
      listener.setKeepAliveInterval(7n * second);
      listener.setKeepAliveCount(5);
    }
    await guest.connect(guest.tcp(), listener.localAddress());
    const [server] = await guest.accept(listener);
    const read = (socket: TcpSocket): unknown[] => [
      socket.addressFamily(),
      socket.keepAliveEnabled(),
      socket.keepAliveIdleTime(),
      socket.keepAliveInterval(),
      socket.keepAliveCount(),
      socket.hopLimit(),
      socket.receiveBufferSize(),
      socket.sendBufferSize(),
    ];
    const inherited = read(server);
    expect(inherited).toEqual(read(listener));
    listener.setKeepAliveEnabled(false);
    listener.setReceiveBufferSize(1n);
    expect(read(server)).toEqual(inherited);
  });
});

onLinux('keep-alive is in effect on connections, connected and accepted, and can be ended', async () => {
  const listener = await guest.listening();
  listener.setKeepAliveEnabled(true);
  listener.setKeepAliveIdleTime(1000n * second);
  const client = guest.tcp();
  await guest.connect(client, listener.localAddress());
  const [server] = await guest.accept(listener);
  client.setKeepAliveEnabled(true);
  client.setKeepAliveIdleTime(2000n * second);
  const left = (): (number | undefined)[] =>
    [server, client].map((socket) => {
      const seconds = keepAliveTimerOf(socket);
      return seconds === undefined ? undefined : Math.round(seconds / 100) * 100;
    });
  expect(left()).toEqual([1000, 2000]);
  server.setKeepAliveEnabled(false);
  expect(left()).toEqual([undefined, 2000]);
});

/** Seconds until the system's next keep-alive probe; undefined when there will be none. */
function keepAliveTimerOf(socket: TcpSocket): number | undefined {
  const port = (address: IpSocketAddress): string =>
    address.val.port.toString(16).toUpperCase().padStart(4, '0');
  const ends = `:${port(socket.localAddress())} 0100007F:${port(socket.remoteAddress())} `;
  const line = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .find((each) => each.includes(ends))!;
  const [, kind, ticks] = / (\d\d):([0-9A-F]{8}) /.exec(line)!;
  // The kind of timer, and hundredths of a second.
  return kind === '02' ? Number.parseInt(ticks!, 16) / 100 : undefined;
}

describe('streams', () => {
  test('bytes arrive in both directions, in order', async () => {
    const { clientIn, clientOut, serverIn, serverOut } = await guest.pair();
    await within(5000, 'write', clientOut.blockingWriteAndFlush(bytes('ping')));
    expect(text(await within(5000, 'read', serverIn.blockingRead(100n)))).toBe('ping');
    await within(5000, 'write', serverOut.blockingWriteAndFlush(bytes('pong')));
    expect(text(await within(5000, 'read', clientIn.blockingRead(2n)))).toBe('po');
    expect(text(await within(5000, 'read', clientIn.blockingRead(100n)))).toBe('ng');
  });

  test("a peer's orderly close: pending data first, then closed, also for read(0)", async () => {
    const { clientIn, server, serverOut } = await guest.pair();
    serverOut.checkWrite();
    serverOut.write(bytes('last'));
    server.shutdown('send');
    await ready(() => clientIn.subscribe());
    await sleep(20);
    expect(text(clientIn.read(2n))).toBe('la');
    expect(clientIn.read(0n)).toHaveLength(0);
    expect(text(clientIn.read(100n))).toBe('st');
    for (let round = 0; round < 3; round++) {
      expect(streamErrorOf(() => clientIn.read(0n))).toBe('closed');
      expect(streamErrorOf(() => clientIn.read(10n))).toBe('closed');
    }
    await ready(() => clientIn.subscribe());
  });

  test('local shutdown(receive) is closed even with data pending', async () => {
    const { client, clientIn, serverOut } = await guest.pair();
    await within(5000, 'write', serverOut.blockingWriteAndFlush(bytes('unread')));
    await ready(() => clientIn.subscribe());
    client.shutdown('receive');
    expect(streamErrorOf(() => clientIn.read(10n))).toBe('closed');
    expect(streamErrorOf(() => clientIn.read(0n))).toBe('closed');
    await ready(() => clientIn.subscribe());
    client.shutdown('receive');
    // The other direction is not affected.
    await within(5000, 'write', serverOut.blockingWriteAndFlush(bytes('more')));
  });

  test('shutdown(send) closes the output, bytes already accepted still arrive, and the reply can be read', async () => {
    const { client, clientIn, clientOut, serverIn, serverOut } = await guest.pair();
    clientOut.checkWrite();
    clientOut.write(bytes('request'));
    client.shutdown('send');
    client.shutdown('send');
    expect(streamErrorOf(() => clientOut.checkWrite())).toBe('closed');
    expect(streamErrorOf(() => clientOut.write(bytes('x')))).toBe('closed');
    expect(streamErrorOf(() => clientOut.flush())).toBe('closed');
    await ready(() => clientOut.subscribe());
    expect(text(await readAll(serverIn))).toBe('request');
    await within(5000, 'write', serverOut.blockingWriteAndFlush(bytes('reply')));
    serverOut[Symbol.dispose]();
    expect(text(await readAll(clientIn))).toBe('reply');
  });

  test('shutdown(both) closes both', async () => {
    const { client, clientIn, clientOut, serverIn } = await guest.pair();
    client.shutdown('both');
    expect(streamErrorOf(() => clientIn.read(1n))).toBe('closed');
    expect(streamErrorOf(() => clientOut.checkWrite())).toBe('closed');
    expect(await readAll(serverIn)).toHaveLength(0);
  });

  test('read(0) on an open stream is empty, and so is a read of nothing', async () => {
    const { clientIn } = await guest.pair();
    expect(clientIn.read(0n)).toHaveLength(0);
    expect(clientIn.read(10n)).toHaveLength(0);
    expect(await within(1000, 'read', clientIn.blockingRead(0n))).toHaveLength(0);
  });

  test('an empty write succeeds, with and without check-write', async () => {
    const { clientOut } = await guest.pair();
    clientOut.write(new Uint8Array(0));
    clientOut.checkWrite();
    clientOut.write(new Uint8Array(0));
    await within(1000, 'write', clientOut.blockingWriteAndFlush(new Uint8Array(0)));
  });

  test('write beyond check-write traps', async () => {
    const { clientOut } = await guest.pair();
    expect(() => clientOut.write(new Uint8Array(1))).toThrow(WasiTrap);
    const permit = Number(clientOut.checkWrite());
    expect(permit).toBeGreaterThan(0);
    expect(() => clientOut.write(new Uint8Array(permit + 1))).toThrow(WasiTrap);
    expect(() => clientOut.writeZeroes(BigInt(permit + 1))).toThrow(WasiTrap);
    expect(() => clientOut.blockingWriteAndFlush(new Uint8Array(4097))).toThrow(WasiTrap);
    clientOut.write(new Uint8Array(permit));
  });

  test('a write to a peer that is gone is closed', async () => {
    const { listener, client, clientIn, clientOut, server, serverIn, serverOut } = await guest.pair();
    client[Symbol.dispose]();
    clientIn[Symbol.dispose]();
    clientOut[Symbol.dispose]();
    let failure = '';
    for (let round = 0; round < 200 && failure === ''; round++) {
      try {
        serverOut.checkWrite();
        serverOut.write(bytes('x'));
        await sleep(5);
      } catch (error) {
        failure = (error as { payload: { tag: string } }).payload.tag;
      }
    }
    expect(failure).toBe('closed');
    expect(streamErrorOf(() => serverOut.checkWrite())).toBe('closed');
    expect(streamErrorOf(() => serverIn.read(1n))).toBe('closed');
    expect([server.isListening(), listener.isListening()]).toEqual([false, true]);
  });

  test('a reset is not an orderly close: last-operation-failed once, with an error that says which', async () => {
    const listener = await guest.listening();
    const client = await nodeClient(listener.localAddress());
    const [, input, output] = await guest.accept(listener);
    await sleep(10);
    client.resetAndDestroy();
    await ready(() => input.subscribe());
    const failure = errorOf(() => input.read(1n)) as { tag: string; val: { toDebugString(): string } };
    expect(failure.tag).toBe('last-operation-failed');
    expect(failure.val.toDebugString()).toContain('ECONNRESET');
    const { networkErrorCode } = guest.wasi.imports['wasi:sockets/network'];
    expect(networkErrorCode(failure.val as never)).toBe('connection-reset');
    expect(streamErrorOf(() => input.read(1n))).toBe('closed');
    expect(streamErrorOf(() => output.checkWrite())).toBe('last-operation-failed');
    expect(streamErrorOf(() => output.checkWrite())).toBe('closed');
  });

  test('splice moves bytes from one connection to another', async () => {
    const a = await guest.pair();
    const b = await guest.pair();
    await within(5000, 'write', a.clientOut.blockingWriteAndFlush(bytes('through')));
    expect(await within(5000, 'splice', b.serverOut.blockingSplice(a.serverIn, 100n))).toBe(7n);
    expect(b.serverOut.splice(a.serverIn, 100n)).toBe(0n);
    expect(text(await within(5000, 'read', b.clientIn.blockingRead(100n)))).toBe('through');
  });

  test('skip and zeroes', async () => {
    const { clientOut, serverIn } = await guest.pair();
    await within(5000, 'write', clientOut.blockingWriteZeroesAndFlush(10n));
    expect(await within(5000, 'skip', serverIn.blockingSkip(4n))).toBe(4n);
    expect(serverIn.skip(2n)).toBe(2n);
    expect([...serverIn.read(100n)]).toEqual([0, 0, 0, 0]);
  });

  test('a million bytes go through in both directions at once', async () => {
    const { clientIn, clientOut, serverIn, serverOut, client, server } = await guest.pair();
    const data = Uint8Array.from({ length: 1_000_000 }, (_value, index) => index * 7);
    const both = await Promise.all([
      readAll(serverIn),
      readAll(clientIn),
      writeAll(clientOut, data).then(() => client.shutdown('send')),
      writeAll(serverOut, data).then(() => server.shutdown('send')),
    ]);
    expect(Buffer.compare(both[0], data)).toBe(0);
    expect(Buffer.compare(both[1], data)).toBe(0);
  });
});

describe('back-pressure', () => {
  test('a guest that does not read stops the peer', async () => {
    using small = new Guest({ limits: { bufferSize: 65_536 } });
    const listener = await small.listening();
    const client = await nodeClient(listener.localAddress());
    client.on('error', () => {});
    const [server, input] = await small.accept(listener);
    server.setReceiveBufferSize(65_536n);
    const chunk = Buffer.alloc(65_536);
    let sent = 0;
    // Until the peer stays blocked; kernels buffer some megabytes.
    for (let idle = 0; idle < 30;) {
      if (client.writableLength === 0) {
        client.write(chunk);
        sent += chunk.length;
        idle = 0;
      } else {
        idle++;
        await sleep(10);
      }
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    }
    expect(client.writableLength).toBeGreaterThan(0);
    let received = 0;
    client.end();
    while (received < sent) received += (await within(5000, 'read', input.blockingRead(1_000_000n))).length;
    expect(received).toBe(sent);
    client.destroy();
  });

  test('a peer that does not read makes check-write 0 and the pollable not ready', async () => {
    const { client, clientOut, serverIn } = await guest.pair();
    client.setSendBufferSize(65_536n);
    // The peer reads ahead up to its buffer and no further.
    const pollable = clientOut.subscribe();
    let sent = 0;
    for (let idle = 0; idle < 30;) {
      const permit = Number(clientOut.checkWrite());
      if (permit > 0) {
        clientOut.write(new Uint8Array(permit));
        sent += permit;
        idle = 0;
      } else {
        idle++;
        await sleep(10);
      }
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    }
    expect(clientOut.checkWrite()).toBe(0n);
    expect(pollable.ready()).toBe(false);
    let received = 0;
    while (received < sent)
      received += (await within(5000, 'read', serverIn.blockingRead(1_000_000n))).length;
    await within(5000, 'writable', pollable.block());
    expect(clientOut.checkWrite()).toBeGreaterThan(0n);
    pollable[Symbol.dispose]();
  });

  test('flush permits nothing until all bytes have left', async () => {
    const { clientOut, serverIn } = await guest.pair();
    for (;;) {
      const permit = Number(clientOut.checkWrite());
      if (permit === 0) break;
      clientOut.write(new Uint8Array(permit));
      clientOut.flush();
      if (clientOut.checkWrite() === 0n) break;
      await sleep(0);
    }
    const flushed = clientOut.blockingFlush();
    expect(flushed).toBeInstanceOf(Promise);
    expect(clientOut.checkWrite()).toBe(0n);
    const reader = (async () => {
      for (;;) await serverIn.blockingRead(1_000_000n);
    })().catch(() => {});
    await within(5000, 'flush', flushed as Promise<void>);
    expect(clientOut.checkWrite()).toBeGreaterThan(0n);
    guest[Symbol.dispose]();
    await reader;
  });
});

describe('lifetimes', () => {
  test('dropping a stream before its pollable traps', async () => {
    const { clientIn, clientOut } = await guest.pair();
    const input = clientIn.subscribe();
    const output = clientOut.subscribe();
    expect(() => clientIn[Symbol.dispose]()).toThrow(WasiTrap);
    expect(() => clientOut[Symbol.dispose]()).toThrow(WasiTrap);
    input[Symbol.dispose]();
    output[Symbol.dispose]();
    clientIn[Symbol.dispose]();
    clientOut[Symbol.dispose]();
  });

  const orders = permutations(['socket', 'input', 'output', 'pollable'] as const);
  test.each(orders.map((order) => [order.join(', '), order] as const))(
    'an accepted socket, its streams and its pollable can be dropped as %s while others live',
    async (_title, order) => {
      const { listener, clientIn, clientOut, server, serverIn, serverOut } = await guest.pair();
      const pollable = server.subscribe();
      await within(5000, 'write', serverOut.blockingWriteAndFlush(bytes('bye')));
      const parts = { socket: server, input: serverIn, output: serverOut, pollable };
      for (const name of order) parts[name][Symbol.dispose]();
      expect(text(await readAll(clientIn))).toBe('bye');
      expect(listener.isListening()).toBe(true);
      clientOut[Symbol.dispose]();
    },
  );

  test('bytes written before everything is dropped still arrive', async () => {
    const listener = await guest.listening();
    const client = await nodeClient(listener.localAddress());
    const [server, input, output] = await guest.accept(listener);
    const size = Number(output.checkWrite());
    output.write(new Uint8Array(size));
    for (const part of [server, input, output]) part[Symbol.dispose]();
    let received = 0;
    for await (const chunk of client) received += (chunk as Buffer).length;
    expect(received).toBe(size);
    client.destroy();
  });

  test.each(['small', 'large', 'none'])(
    'dropped after the end of its peer, in any order, a connection ends in order and loses nothing (%s)',
    async (size) => {
      const sent = { small: 1, large: 200_000, none: 0 }[size]!;
      const orders = [
        ['input', 'output', 'socket'],
        ['output', 'input', 'socket'],
        ['socket', 'output', 'input'],
        // Time passes in between: the output says its end itself.
        ['output', 'turn', 'input', 'turn', 'socket'],
        ['socket', 'turn', 'input', 'turn', 'output'],
      ];
      const listener = await guest.listening();
      for (const order of orders) {
        const peer = await nodeClient(listener.localAddress(), { allowHalfOpen: true });
        peer.end();
        const [socket, input, output] = await guest.accept(listener);
        await readAll(input);
        if (sent > 0) {
          output.checkWrite();
          output.write(new Uint8Array(sent));
        }
        const parts: Record<string, Disposable> = { input, output, socket };
        for (const part of order) {
          if (part === 'turn') await sleep(1);
          else parts[part]![Symbol.dispose]();
        }
        let received = 0;
        for await (const chunk of peer) received += (chunk as Buffer).length;
        expect([order, received, peer.errored]).toEqual([order, sent, null]);
      }
    },
  );

  test('a guest that ends closes everything: listeners, connections, bound and connecting sockets', async () => {
    await guest.pair();
    await guest.bound();
    await guest.listening();
    const { server, address } = await nodeServer((socket) => socket.on('error', () => {}));
    guest.tcp().startConnect(guest.network, address);
    guest[Symbol.dispose]();
    server.close();
    await expectNothingOpen();
  });

  test('a wait is over with a trap when the instance is disposed', async () => {
    const listener = await guest.listening();
    const blocked = Promise.resolve(listener.subscribe().block());
    guest[Symbol.dispose]();
    // The listener's end comes first: a dropped socket is ready.
    await expect(Promise.race([blocked, sleep(1000)])).rejects.toThrow(WasiTrap);
  });

  test('bytes that cannot leave do not hold an ended guest for longer than it may linger', async () => {
    using small = new Guest({ limits: { linger: 50 } });
    const listener = await small.listening();
    const client = await nodeClient(listener.localAddress());
    client.pause();
    const [, , output] = await small.accept(listener);
    for (let permit = output.checkWrite(); permit > 0n; permit = output.checkWrite())
      output.writeZeroes(permit);
    small[Symbol.dispose]();
    const start = performance.now();
    client.resume();
    client.pause();
    await sleep(200);
    client.on('error', () => {});
    client.destroy();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('a peer that never reads does not keep a socket that the guest has dropped for ever', async () => {
    const timeouts = jest.spyOn(net.Socket.prototype, 'setTimeout');
    const listener = await guest.listening();
    const client = await nodeClient(listener.localAddress());
    client.pause();
    client.on('error', () => {});
    const [server, input, output] = await guest.accept(listener);
    for (let permit = output.checkWrite(); permit > 0n; permit = output.checkWrite()) {
      output.writeZeroes(permit);
      await sleep(1);
    }
    for (const part of [server, input, output]) part[Symbol.dispose]();
    const [dropped] = timeouts.mock.contexts as net.Socket[];
    const set = timeouts.mock.calls.map(([milliseconds]) => milliseconds);
    timeouts.mockRestore();
    await sleep(20);
    expect([set, dropped?.destroyed]).toEqual([[120_000], false]);
    const closed = new Promise((resolve) => dropped!.once('close', resolve));
    // As if that time had passed without a byte leaving.
    dropped!.emit('timeout');
    await within(5000, 'close', closed);
    client.destroy();
  });

  test('more sockets than the limit are new-socket-limit, and room comes back', async () => {
    using small = new Guest({ limits: { sockets: 2 } });
    const first = small.tcp();
    small.tcp();
    expect(errorOf(() => small.tcp())).toBe('new-socket-limit');
    first[Symbol.dispose]();
    small.tcp();
  });

  test('10,000 sequential connections leave nothing behind', async () => {
    const listener = await guest.listening();
    const address = listener.localAddress();
    const open = process.getActiveResourcesInfo().length;
    for (let count = 0; count < 10_000; count++) {
      const client = guest.tcp();
      const [input, output] = await guest.connect(client, address);
      const [server, serverIn, serverOut] = await guest.accept(listener);
      for (const part of [input, output, client, serverIn, serverOut, server]) part[Symbol.dispose]();
    }
    await sleep(50);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(open + 2);
  }, 60_000);

  test('200 concurrent connections are served', async () => {
    const listener = await guest.listening();
    const address = listener.localAddress();
    const clients = await Promise.all(
      Array.from({ length: 200 }, async (_value, index) => {
        const client = guest.tcp();
        const streams = await guest.connect(client, address);
        await writeAll(streams[1], bytes(`hello ${index}`));
        client.shutdown('send');
        return streams;
      }),
    );
    for (let count = 0; count < 200; count++) {
      const [server, input, output] = await guest.accept(listener);
      await writeAll(output, await readAll(input));
      for (const part of [server, input, output]) part[Symbol.dispose]();
    }
    const replies = await Promise.all(clients.map(async ([input]) => text(await readAll(input))));
    expect(replies).toEqual(Array.from({ length: 200 }, (_value, index) => `hello ${index}`));
  });
});

describe('fairness', () => {
  test('polling with an always-ready pollable does not starve socket readiness', async () => {
    const { clientOut, serverIn } = await guest.pair();
    const { poll } = guest.wasi.imports['wasi:io/poll'];
    const always = clientOut.subscribe();
    const readable = serverIn.subscribe();
    clientOut.checkWrite();
    clientOut.write(bytes('x'));
    let found = false;
    for (let round = 0; round < 10_000 && !found; round++) {
      const result = poll([always, readable]);
      found = [...(result instanceof Promise ? await within(5000, 'poll', result) : result)].includes(1);
    }
    expect(found).toBe(true);
    always[Symbol.dispose]();
    readable[Symbol.dispose]();
  });

  test('timers fire while sockets are busy', async () => {
    const { clientOut, serverIn } = await guest.pair();
    const { poll } = guest.wasi.imports['wasi:io/poll'];
    const timer = guest.wasi.imports['wasi:clocks/monotonic-clock'].subscribeDuration(20_000_000n);
    const readable = serverIn.subscribe();
    let fired = false;
    const end = performance.now() + 5000;
    const host: number[] = [];
    setTimeout(() => host.push(1), 5);
    // Once the guest's timer has fired no poll has to wait any more: the host's must fire all the same.
    while (!(fired && host.length > 0) && performance.now() < end) {
      if (clientOut.checkWrite() > 0n) clientOut.write(bytes('x'));
      serverIn.read(100n);
      const result = poll([readable, timer]);
      fired = [...(result instanceof Promise ? await result : result)].includes(1);
    }
    expect([fired, host]).toEqual([true, [1]]);
    readable[Symbol.dispose]();
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
