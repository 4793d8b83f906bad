/** Grants: what a list allows, what is denied and how that reads, and what is no grant at all. */
import { describe, expect, test } from '@jest/globals';
import { ComponentError } from '@wittle/runtime';
import { type Denial, createWasi } from '../index.ts';
import {
  errorOf,
  finish,
  Guest,
  ipv4,
  ipv6,
  laterErrorOf,
  loopback,
  ready,
  bytes,
  text,
} from '../../test/driver.ts';
import { Grants } from './grants.ts';

const connects = (grant: string, address: ReturnType<typeof ipv4>): boolean =>
  new Grants({ connect: [grant] }).allowsConnect(address);

test.each([
  ['127.0.0.1:8080', ipv4([127, 0, 0, 1], 8080), true],
  ['127.0.0.1:8080', ipv4([127, 0, 0, 1], 8081), false],
  ['127.0.0.1:8080', ipv4([127, 0, 0, 2], 8080), false],
  ['127.0.0.1', ipv4([127, 0, 0, 1], 1), true],
  ['10.0.0.0/8:*', ipv4([10, 255, 3, 4], 443), true],
  ['10.0.0.0/8:*', ipv4([11, 0, 0, 1], 443), false],
  ['192.168.4.0/22:80-90', ipv4([192, 168, 7, 255], 90), true],
  ['192.168.4.0/22:80-90', ipv4([192, 168, 8, 0], 90), false],
  ['0.0.0.0/0:1', ipv4([8, 8, 8, 8], 1), true],
  ['0.0.0.0/0:1', ipv6([0, 0, 0, 0, 0, 0, 0, 1], 1), false],
  ['[::1]:0-1024', ipv6([0, 0, 0, 0, 0, 0, 0, 1], 1024), true],
  ['[::1]:0-1024', ipv6([0, 0, 0, 0, 0, 0, 0, 1], 1025), false],
  ['[2001:db8::]/32:*', ipv6([0x2001, 0xdb8, 5, 0, 0, 0, 0, 1], 7), true],
  ['[2001:db8::/32]:*', ipv6([0x2001, 0xdb9, 5, 0, 0, 0, 0, 1], 7), false],
  ['*:443', ipv6([0x2001, 0, 0, 0, 0, 0, 0, 1], 443), true],
  ['*:443', ipv4([1, 2, 3, 4], 80), false],
] as const)('%s and %j: %s', (grant, address, allowed) => {
  expect(connects(grant, address)).toBe(allowed);
});

test.each([
  ['example.com', 'example.com', true],
  ['example.com', 'EXAMPLE.com.', true],
  ['example.com', 'www.example.com', false],
  ['*.example.com', 'a.b.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com', 'badexample.com', false],
  ['*', 'anything', true],
])('resolve %s and %s: %s', (grant, name, allowed) => {
  expect(new Grants({ resolve: [grant] }).allowsResolve(name)).toBe(allowed);
});

test.each([
  [{ connect: ['127.0.0.1:99999'] }, /network\.connect: `127\.0\.0\.1:99999` is not a grant: ports are/],
  [{ connect: ['127.0.0.1:9-1'] }, /ports are/],
  [{ connect: ['::1:80'] }, /IPv6 addresses stand in brackets/],
  [{ connect: ['10.0.0.0/33:*'] }, /prefix length is a number from 0 to 32/],
  [{ connect: ['300.1.1.1:80'] }, /`300\.1\.1\.1` is not an IP address/],
  [{ listen: ['example.com:80'] }, /listening is granted by address/],
  [{ resolve: ['http://x'] }, /a name is like/],
  [{ connect: 'everything' }, /network\.connect is 'all' or an array of strings/],
  [{ dial: ['*'] }, /network\.dial is not a list of grants/],
])('%j throws at createWasi', (network, message) => {
  expect(() => createWasi({ network: network as never })).toThrow(message);
});

describe('a guest without grants', () => {
  test('cannot create sockets', () => {
    const denied: Denial[] = [];
    using guest = new Guest({ network: {}, onDenied: (denial) => denied.push(denial) });
    expect(errorOf(() => guest.tcp())).toBe('access-denied');
    expect(errorOf(() => guest.udp())).toBe('access-denied');
    expect(denied.map(({ protocol }) => protocol)).toEqual(['tcp', 'udp']);
    expect(denied[0]!.message).toContain('--allow-net connect=*');
  });

  test('is denied what its grants do not name, and the message names the missing one', async () => {
    const denied: Denial[] = [];
    using guest = new Guest({
      network: { connect: ['127.0.0.1:1'] },
      onDenied: (denial) => denied.push(denial),
    });
    let error: unknown;
    try {
      guest.tcp().startConnect(guest.network, loopback('ipv4', 8080));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ComponentError);
    expect((error as ComponentError).payload).toBe('access-denied');
    const message =
      'network.connect does not allow 127.0.0.1:8080 (tcp); grant it with --allow-net connect=127.0.0.1:8080';
    expect((error as ComponentError).message).toContain(message);
    expect(denied).toEqual([{ list: 'connect', subject: '127.0.0.1:8080', protocol: 'tcp', message }]);
    const bound = await guest.bound();
    expect(errorOf(() => bound.startListen())).toBe('access-denied');
    expect(await laterErrorOf(() => guest.boundUdp(loopback('ipv4', 9999)))).toBe('access-denied');
  });

  test('with a grant to listen only may not bind elsewhere or connect', async () => {
    using guest = new Guest({ network: { listen: ['127.0.0.1:0'] } });
    const listener = await guest.listening();
    expect(errorOf(() => guest.tcp().startConnect(guest.network, listener.localAddress()))).toBe(
      'access-denied',
    );
    expect(errorOf(() => guest.tcp().startBind(guest.network, ipv4([0, 0, 0, 0], 0)))).toBe('access-denied');
  });
});

describe('UDP', () => {
  test('a server that may listen may answer whoever asked, and nobody else', async () => {
    using server = new Guest({ network: { listen: ['127.0.0.1:0'] } });
    using client = new Guest({ network: { connect: ['127.0.0.1'] } });
    const socket = await server.boundUdp();
    const asker = await client.boundUdp();
    const other = await client.boundUdp();
    const [input, output] = socket.stream(undefined);
    const [askerIn, askerOut] = asker.stream(undefined);
    output.checkSend();
    const answer = { data: bytes('answer'), remoteAddress: asker.localAddress() };
    expect(errorOf(() => output.send([answer]))).toBe('access-denied');
    askerOut.checkSend();
    askerOut.send([{ data: bytes('question'), remoteAddress: socket.localAddress() }]);
    await ready(() => input.subscribe());
    output.checkSend();
    expect(output.send([answer])).toBe(1n);
    await ready(() => askerIn.subscribe());
    expect(text(askerIn.receive(1n)[0]!.data)).toBe('answer');
    output.checkSend();
    expect(errorOf(() => output.send([{ ...answer, remoteAddress: other.localAddress() }]))).toBe(
      'access-denied',
    );
  });

  test('a client hears only whom it may talk to', async () => {
    using all = new Guest();
    const stranger = await all.boundUdp();
    const friend = await all.boundUdp();
    using client = new Guest({ network: { connect: [`127.0.0.1:${friend.localAddress().val.port}`] } });
    const socket = await client.boundUdp();
    const [input] = socket.stream(undefined);
    for (const [sender, data] of [
      [stranger, 'psst'],
      [friend, 'hello'],
    ] as const) {
      const [, output] = sender.stream(undefined);
      output.checkSend();
      output.send([{ data: bytes(data), remoteAddress: socket.localAddress() }]);
    }
    await ready(() => input.subscribe());
    expect(input.receive(10n).map(({ data }) => text(data))).toEqual(['hello']);
  });
});

test('a name in connect may be looked up, and then its addresses connected to', async () => {
  using all = new Guest();
  const listener = await all.listening();
  const { port } = listener.localAddress().val;
  using guest = new Guest({
    network: { connect: [`server.example:${port}`] },
    resolver: (_name, done) => setImmediate(() => done(null, [{ address: '127.0.0.1' }])),
  });
  const { resolveAddresses } = guest.wasi.imports['wasi:sockets/ip-name-lookup'];
  expect(errorOf(() => guest.tcp().startConnect(guest.network, loopback('ipv4', port)))).toBe(
    'access-denied',
  );
  const names = resolveAddresses(guest.network, 'server.example');
  await ready(() => names.subscribe());
  const client = guest.tcp();
  client.startConnect(guest.network, loopback('ipv4', port));
  expect(await finish(client, () => client.finishConnect())).toHaveLength(2);
  expect(errorOf(() => guest.tcp().startConnect(guest.network, loopback('ipv4', port + 1)))).toBe(
    'access-denied',
  );
  expect(errorOf(() => resolveAddresses(guest.network, 'other.example'))).toBe('access-denied');
});
