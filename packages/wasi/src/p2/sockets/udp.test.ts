/** UDP sockets between guests on loopback. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WasiTrap } from '../../index.ts';
import {
  bytes,
  errorOf,
  expectNothingOpen,
  families,
  Guest,
  ipv4,
  ipv6,
  laterErrorOf,
  loopback,
  ready,
  sleep,
  text,
  within,
} from '../../../test/driver.ts';
import type { IncomingDatagram } from '../../generated/imports/wasi/sockets/udp.ts';
import type { IncomingDatagramStream, OutgoingDatagramStream, UdpSocket } from './udp.ts';

let guest: Guest;
beforeEach(() => {
  guest = new Guest();
});
afterEach(async () => {
  guest[Symbol.dispose]();
  await expectNothingOpen();
});

const maxU64 = 0xffff_ffff_ffff_ffffn;
const v4 = (port: number) => loopback('ipv4', port);

async function receive(stream: IncomingDatagramStream, count: number): Promise<IncomingDatagram[]> {
  const all: IncomingDatagram[] = [];
  while (all.length < count) {
    await ready(() => stream.subscribe());
    all.push(...stream.receive(BigInt(count - all.length)));
  }
  return all;
}

function send(stream: OutgoingDatagramStream, to: UdpSocket | undefined, ...data: string[]): bigint {
  expect(stream.checkSend()).toBeGreaterThanOrEqual(BigInt(data.length));
  return stream.send(data.map((item) => ({ data: bytes(item), remoteAddress: to?.localAddress() })));
}

const texts = (datagrams: IncomingDatagram[]): string[] => datagrams.map(({ data }) => text(data));

describe.each(families)('bind (%s)', (family) => {
  const any = loopback(family, 0);

  test('port 0 gives a real port and keeps the address; an explicit port is kept', async () => {
    const first = await guest.boundUdp(any);
    const address = first.localAddress();
    expect(address.val.port).toBeGreaterThan(0);
    expect(address.val.address).toEqual(any.val.address);
    first[Symbol.dispose]();
    expect((await guest.boundUdp(address)).localAddress()).toEqual(address);
  });

  test('an address in use is address-in-use, without anybody listening', async () => {
    const first = await guest.boundUdp(any);
    expect(await laterErrorOf(() => guest.boundUdp(first.localAddress()))).toBe('address-in-use');
  });

  test('datagrams go both ways and tell their senders', async () => {
    const [a, b] = [await guest.boundUdp(any), await guest.boundUdp(any)];
    const [aIn, aOut] = a.stream(undefined);
    const [bIn, bOut] = b.stream(undefined);
    send(aOut, b, 'ping');
    const [ping] = await receive(bIn, 1);
    expect(ping).toEqual({ data: bytes('ping'), remoteAddress: a.localAddress() });
    bOut.checkSend();
    bOut.send([{ data: bytes('pong'), remoteAddress: ping!.remoteAddress }]);
    expect(texts(await receive(aIn, 1))).toEqual(['pong']);
  });
});

test('an address that the caller changes after a send is asked for anew', async () => {
  const [a, b, c] = [await guest.boundUdp(), await guest.boundUdp(), await guest.boundUdp()];
  const [, out] = a.stream(undefined);
  const [[bIn], [cIn]] = [b.stream(undefined), c.stream(undefined)];
  const to = { ...b.localAddress() };
  const { port } = c.localAddress().val;
  out.checkSend();
  out.send([{ data: bytes('to b'), remoteAddress: to }]);
  to.val = { ...to.val, port } as typeof to.val;
  out.checkSend();
  out.send([{ data: bytes('to c'), remoteAddress: to }]);
  expect(texts(await receive(bIn, 1))).toEqual(['to b']);
  expect(texts(await receive(cIn, 1))).toEqual(['to c']);
});

test('bind to an address that is not local is address-not-bindable', async () => {
  expect(await laterErrorOf(() => guest.boundUdp(ipv4([192, 0, 2, 77], 0)))).toBe('address-not-bindable');
});

test.each([
  ['the wrong family', 'ipv4', ipv6([0, 0, 0, 0, 0, 0, 0, 1], 0)],
  ['the wrong family', 'ipv6', ipv4([127, 0, 0, 1], 0)],
  ['multicast', 'ipv4', ipv4([224, 254, 0, 0], 0)],
  ['broadcast', 'ipv4', ipv4([255, 255, 255, 255], 0)],
  ['IPv4-mapped IPv6', 'ipv6', ipv6([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1], 0)],
] as const)('bind to %s on %s is invalid-argument', (_what, family, address) => {
  const socket = guest.udp(family);
  expect(errorOf(() => socket.startBind(guest.network, address))).toBe('invalid-argument');
});

test('what the WIT forbids in a state is invalid-state or not-in-progress', async () => {
  const socket = guest.udp();
  expect(errorOf(() => socket.finishBind())).toBe('not-in-progress');
  for (const call of [
    () => socket.stream(undefined),
    () => socket.localAddress(),
    () => socket.remoteAddress(),
  ]) {
    expect(errorOf(call)).toBe('invalid-state');
  }
  socket.startBind(guest.network, v4(0));
  expect(errorOf(() => socket.startBind(guest.network, v4(0)))).toBe('concurrency-conflict');
  await ready(() => socket.subscribe());
  socket.finishBind();
  expect(errorOf(() => socket.startBind(guest.network, v4(0)))).toBe('invalid-state');
  expect(errorOf(() => socket.remoteAddress())).toBe('invalid-state');
});

describe('stream', () => {
  test.each([
    ['an unspecified address', ipv4([0, 0, 0, 0], 80)],
    ['port 0', v4(0)],
    ['the wrong family', loopback('ipv6', 80)],
  ])('%s as remote is invalid-argument, for stream and for send', async (_what, remote) => {
    const socket = await guest.boundUdp();
    expect(errorOf(() => socket.stream(remote))).toBe('invalid-argument');
    const [, output] = socket.stream(undefined);
    output.checkSend();
    expect(errorOf(() => output.send([{ data: bytes('x'), remoteAddress: remote }]))).toBe(
      'invalid-argument',
    );
  });

  (families.includes('ipv6') ? test : test.skip)(
    'an IPv4 address in IPv6 form as remote is invalid-argument',
    async () => {
      const socket = await guest.boundUdp(loopback('ipv6', 0));
      const mapped = ipv6([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1], 80);
      expect(errorOf(() => socket.stream(mapped))).toBe('invalid-argument');
      const [, output] = socket.stream(undefined);
      output.checkSend();
      expect(errorOf(() => output.send([{ data: bytes('x'), remoteAddress: mapped }]))).toBe(
        'invalid-argument',
      );
    },
  );

  test("connected: only that peer's datagrams are delivered, even if others arrived before", async () => {
    const [socket, peer, other] = [await guest.boundUdp(), await guest.boundUdp(), await guest.boundUdp()];
    const [, peerOut] = peer.stream(undefined);
    const [, otherOut] = other.stream(undefined);
    send(otherOut, socket, 'before');
    send(peerOut, socket, 'wanted before');
    await sleep(30);
    const [input, output] = socket.stream(peer.localAddress());
    send(otherOut, socket, 'after');
    send(peerOut, socket, 'wanted after');
    await sleep(30);
    const got = await receive(input, 2);
    expect(texts(got)).toEqual(['wanted before', 'wanted after']);
    expect(got[0]!.remoteAddress).toEqual(peer.localAddress());
    expect(input.receive(10n)).toEqual([]);
    expect(socket.remoteAddress()).toEqual(peer.localAddress());
    output.checkSend();
    expect(output.send([{ data: bytes('a'), remoteAddress: peer.localAddress() }])).toBe(1n);
    output.checkSend();
    expect(errorOf(() => output.send([{ data: bytes('b'), remoteAddress: other.localAddress() }]))).toBe(
      'invalid-argument',
    );
  });

  test('again replaces the streams: connected, not, connected to another; it stays bound all the time', async () => {
    const [socket, first, second] = [await guest.boundUdp(), await guest.boundUdp(), await guest.boundUdp()];
    const local = socket.localAddress();
    const [oldIn, oldOut] = socket.stream(first.localAddress());
    expect(socket.remoteAddress()).toEqual(first.localAddress());
    const [input] = socket.stream(undefined);
    expect(errorOf(() => socket.remoteAddress())).toBe('invalid-state');
    expect(socket.localAddress()).toEqual(local);
    expect(errorOf(() => oldIn.receive(1n))).toBe('invalid-state');
    expect(errorOf(() => oldOut.checkSend())).toBe('invalid-state');
    const [, secondOut] = second.stream(undefined);
    send(secondOut, socket, 'hello');
    expect(texts(await receive(input, 1))).toEqual(['hello']);
    socket.stream(second.localAddress());
    expect(socket.remoteAddress()).toEqual(second.localAddress());
    expect(socket.localAddress()).toEqual(local);
  });

  test('an unconnected stream needs an address for every datagram', async () => {
    const [, output] = (await guest.boundUdp()).stream(undefined);
    output.checkSend();
    expect(errorOf(() => output.send([{ data: bytes('x') }]))).toBe('invalid-argument');
  });
});

describe('datagrams', () => {
  test('those that arrive between bind and stream are kept, in order, with their senders', async () => {
    const [a, b, socket] = [await guest.boundUdp(), await guest.boundUdp(), await guest.boundUdp()];
    send(a.stream(undefined)[1], socket, '1', '2');
    await sleep(20);
    send(b.stream(undefined)[1], socket, '3');
    await sleep(20);
    const got = await receive(socket.stream(undefined)[0], 3);
    expect(texts(got)).toEqual(['1', '2', '3']);
    expect(got.map(({ remoteAddress }) => remoteAddress)).toEqual([
      a.localAddress(),
      a.localAddress(),
      b.localAddress(),
    ]);
  });

  test('those kept are bounded', async () => {
    using small = new Guest({ limits: { pendingDatagrams: 3 } });
    const [a, socket] = [await guest.boundUdp(), await small.boundUdp()];
    send(a.stream(undefined)[1], socket, '1', '2', '3', '4', '5');
    await sleep(30);
    const [input] = socket.stream(undefined);
    expect(texts(input.receive(100n))).toEqual(['1', '2', '3']);
  });

  test('of length zero are delivered', async () => {
    const [a, socket] = [await guest.boundUdp(), await guest.boundUdp()];
    send(a.stream(undefined)[1], socket, '');
    const [empty] = await receive(socket.stream(undefined)[0], 1);
    expect(empty).toEqual({ data: new Uint8Array(0), remoteAddress: a.localAddress() });
  });

  test('two can be sent and received in one call', async () => {
    const [a, socket] = [await guest.boundUdp(), await guest.boundUdp()];
    const [input] = socket.stream(undefined);
    expect(send(a.stream(undefined)[1], socket, 'one', 'two')).toBe(2n);
    await sleep(30);
    expect(texts(input.receive(2n))).toEqual(['one', 'two']);
    expect(input.receive(0n)).toEqual([]);
  });

  test('larger than allowed are datagram-too-large; what went before is counted', async () => {
    const [a, socket] = [await guest.boundUdp(), await guest.boundUdp()];
    const [, output] = a.stream(undefined);
    const [input] = socket.stream(undefined);
    const remoteAddress = socket.localAddress();
    const large = { data: new Uint8Array(65_508), remoteAddress };
    output.checkSend();
    expect(errorOf(() => output.send([large]))).toBe('datagram-too-large');
    output.checkSend();
    expect(output.send([{ data: bytes('small'), remoteAddress }, large])).toBe(1n);
    output.checkSend();
    expect(output.send([{ data: new Uint8Array(65_507), remoteAddress }])).toBe(1n);
    expect((await receive(input, 2)).map(({ data }) => data.length)).toEqual([5, 65_507]);
  });

  test('sending more than check-send permitted traps, also without check-send and a second time', async () => {
    const socket = await guest.boundUdp();
    const [, output] = socket.stream(undefined);
    const datagram = { data: bytes('x'), remoteAddress: socket.localAddress() };
    expect(() => output.send([datagram])).toThrow(WasiTrap);
    const permits = Number(output.checkSend());
    expect(permits).toBeGreaterThan(0);
    expect(() => output.send(Array.from({ length: permits + 1 }, () => datagram))).toThrow(WasiTrap);
    expect(output.send([])).toBe(0n);
    output.checkSend();
    output.send([datagram]);
    expect(() => output.send([datagram])).toThrow(WasiTrap);
  });

  test('a ready output stream permits at least one', async () => {
    const socket = await guest.boundUdp();
    const [, output] = socket.stream(undefined);
    const pollable = output.subscribe();
    const datagram = { data: new Uint8Array(1000), remoteAddress: socket.localAddress() };
    for (let round = 0; round < 200; round++) {
      await within(5000, 'writable', pollable.block());
      const permits = Number(output.checkSend());
      expect(permits).toBeGreaterThan(0);
      output.send(Array.from({ length: permits }, () => datagram));
    }
    pollable[Symbol.dispose]();
  });

  test('a closed receiver is connection-refused from receive, and the socket goes on', async () => {
    const [socket, peer] = [await guest.boundUdp(), await guest.boundUdp()];
    const address = peer.localAddress();
    const [input, output] = socket.stream(address);
    peer[Symbol.dispose]();
    await sleep(10);
    output.checkSend();
    output.send([{ data: bytes('anybody?') }]);
    await ready(() => input.subscribe());
    expect(errorOf(() => input.receive(1n))).toMatch(/^connection-re(fused|set)$/);
    expect(input.receive(1n)).toEqual([]);
    const again = await guest.boundUdp(address);
    output.checkSend();
    output.send([{ data: bytes('now') }]);
    expect(texts(await receive(again.stream(undefined)[0], 1))).toEqual(['now']);
  });
});

test('hop limit and buffer sizes read back, before and after bind; 0 is invalid-argument, the maximum is clamped', async () => {
  const socket = guest.udp();
  expect(socket.unicastHopLimit()).toBeGreaterThan(0);
  expect(socket.receiveBufferSize()).toBeGreaterThan(0n);
  expect(socket.sendBufferSize()).toBeGreaterThan(0n);
  const check = (): void => {
    expect(errorOf(() => socket.setUnicastHopLimit(0))).toBe('invalid-argument');
    expect(errorOf(() => socket.setReceiveBufferSize(0n))).toBe('invalid-argument');
    expect(errorOf(() => socket.setSendBufferSize(0n))).toBe('invalid-argument');
    for (const value of [1, 255, 42]) {
      socket.setUnicastHopLimit(value);
      expect(socket.unicastHopLimit()).toBe(value);
    }
    for (const value of [1n, maxU64]) {
      socket.setReceiveBufferSize(value);
      socket.setSendBufferSize(value);
      expect(socket.receiveBufferSize()).toBeGreaterThan(0n);
    }
    socket.setReceiveBufferSize(65_536n);
    socket.setSendBufferSize(65_536n);
    expect([socket.receiveBufferSize(), socket.sendBufferSize()]).toEqual([65_536n, 65_536n]);
  };
  check();
  await guest.bind(socket, v4(0));
  check();
  expect(socket.addressFamily()).toBe('ipv4');
});

test('the socket and its streams can be dropped in any order', async () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
  ]) {
    const socket = await guest.boundUdp();
    const address = socket.localAddress();
    const parts = [socket, ...socket.stream(undefined)];
    const pollables = parts.map((part) => part.subscribe());
    for (const index of order) parts[index]![Symbol.dispose]();
    expect(pollables.every((pollable) => pollable.ready())).toBe(true);
    for (const pollable of pollables) pollable[Symbol.dispose]();
    (await guest.boundUdp(address))[Symbol.dispose]();
  }
});

test('streams outlive their socket, and end with the instance', async () => {
  const [socket, peer] = [await guest.boundUdp(), await guest.boundUdp()];
  const address = socket.localAddress();
  const [input] = socket.stream(undefined);
  socket[Symbol.dispose]();
  const [, output] = peer.stream(undefined);
  output.checkSend();
  output.send([{ data: bytes('still there'), remoteAddress: address }]);
  expect(texts(await receive(input, 1))).toEqual(['still there']);
  guest[Symbol.dispose]();
  using next = new Guest();
  expect((await next.boundUdp(address)).localAddress()).toEqual(address);
});
