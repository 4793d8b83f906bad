/** Name lookup: what needs no resolver, and what a resolver's answers become. */
import { describe, expect, test } from '@jest/globals';
import type { Resolver } from '../../index.ts';
import { errorOf, Guest, ready } from '../../../test/driver.ts';
import type { IpAddress } from '../../generated/imports/wasi/sockets/network.ts';

const failing =
  (code: string): Resolver =>
  (_name, done) =>
    setImmediate(() => done(Object.assign(new Error(`getaddrinfo ${code}`), { code }), []));
const giving =
  (...addresses: string[]): Resolver =>
  (_name, done) =>
    setImmediate(() =>
      done(
        null,
        addresses.map((address) => ({ address })),
      ),
    );
const unexpected: Resolver = (name) => {
  throw new Error(`${name} was looked up`);
};

async function lookup(guest: Guest, name: string): Promise<IpAddress[]> {
  const stream = guest.wasi.imports['wasi:sockets/ip-name-lookup'].resolveAddresses(guest.network, name);
  await ready(() => stream.subscribe());
  const addresses: IpAddress[] = [];
  for (;;) {
    const address = stream.resolveNextAddress();
    if (address === undefined) return addresses;
    addresses.push(address);
  }
}

test.each([
  ['127.0.0.1', { tag: 'ipv4', val: [127, 0, 0, 1] }],
  ['127.1', { tag: 'ipv4', val: [127, 0, 0, 1] }],
  ['::1', { tag: 'ipv6', val: [0, 0, 0, 0, 0, 0, 0, 1] }],
  ['[::1]', { tag: 'ipv6', val: [0, 0, 0, 0, 0, 0, 0, 1] }],
  ['2001:DB8::a:0:1', { tag: 'ipv6', val: [0x2001, 0xdb8, 0, 0, 0, 10, 0, 1] }],
  ['::ffff:1.2.3.4', { tag: 'ipv4', val: [1, 2, 3, 4] }],
])('the literal %s resolves without DNS', async (name, address) => {
  using guest = new Guest({ resolver: unexpected });
  expect(await lookup(guest, name)).toEqual([address]);
});

test.each([
  '',
  ' ',
  'a.b<&>',
  '127.0.0.1:80',
  '[::]:80',
  'http://example.com',
  'a b',
  'x/y',
  'x@y',
  'a%41',
  '[127.0.0.1]',
  '[::1',
  '256.1.1.1',
  'a..b',
  '.',
  `${'a'.repeat(64)}.com`,
  `${'a.'.repeat(150)}com`,
  'a\u0000b',
  'fe80::1%lo',
])('%j is invalid-argument', (name) => {
  using guest = new Guest({ resolver: unexpected });
  const { resolveAddresses } = guest.wasi.imports['wasi:sockets/ip-name-lookup'];
  expect(errorOf(() => resolveAddresses(guest.network, name))).toBe('invalid-argument');
});

test('international names are accepted, and asked for in ASCII', async () => {
  const asked: string[] = [];
  using guest = new Guest({
    resolver: (name, done) => {
      asked.push(name);
      giving('192.0.2.1')(name, done);
    },
  });
  expect(await lookup(guest, 'München.example')).toHaveLength(1);
  expect(asked).toEqual(['xn--mnchen-3ya.example']);
});

test('results come as a stream with a pollable: would-block first, then one by one, then none', async () => {
  using guest = new Guest({ resolver: giving('192.0.2.1', '2001:db8::1', '::ffff:192.0.2.2') });
  const stream = guest.wasi.imports['wasi:sockets/ip-name-lookup'].resolveAddresses(
    guest.network,
    'example.com',
  );
  const pollable = stream.subscribe();
  expect(pollable.ready()).toBe(false);
  expect(errorOf(() => stream.resolveNextAddress())).toBe('would-block');
  await pollable.block();
  expect(stream.resolveNextAddress()).toEqual({ tag: 'ipv4', val: [192, 0, 2, 1] });
  expect(stream.resolveNextAddress()?.tag).toBe('ipv6');
  expect(stream.resolveNextAddress()).toEqual({ tag: 'ipv4', val: [192, 0, 2, 2] });
  expect(stream.resolveNextAddress()).toBeUndefined();
  expect(stream.resolveNextAddress()).toBeUndefined();
});

test.each([
  ['ENOTFOUND', 'name-unresolvable'],
  ['ENODATA', 'name-unresolvable'],
  ['EAI_AGAIN', 'temporary-resolver-failure'],
  ['EAI_FAIL', 'permanent-resolver-failure'],
  ['ESOMETHING', 'permanent-resolver-failure'],
])('a resolver that fails with %s is %s', async (code, expected) => {
  using guest = new Guest({ resolver: failing(code) });
  const stream = guest.wasi.imports['wasi:sockets/ip-name-lookup'].resolveAddresses(
    guest.network,
    'nowhere.invalid',
  );
  await ready(() => stream.subscribe());
  expect(errorOf(() => stream.resolveNextAddress())).toBe(expected);
});

test('a resolver that throws is permanent-resolver-failure, and of two answers the first counts', async () => {
  using guest = new Guest({
    limits: { lookups: 1 },
    resolver: (name, done) => {
      if (name === 'broken.example') throw new Error('broken');
      for (const address of ['192.0.2.1', '192.0.2.2']) done(null, [{ address }]);
    },
  });
  const { resolveAddresses } = guest.wasi.imports['wasi:sockets/ip-name-lookup'];
  for (let round = 0; round < 3; round++) {
    const broken = resolveAddresses(guest.network, 'broken.example');
    expect(errorOf(() => broken.resolveNextAddress())).toBe('permanent-resolver-failure');
    expect(await lookup(guest, 'twice.example')).toEqual([{ tag: 'ipv4', val: [192, 0, 2, 1] }]);
  }
});

test('localhost is found by the system', async () => {
  using guest = new Guest();
  const addresses = await lookup(guest, 'localhost');
  expect(addresses.length).toBeGreaterThan(0);
});

describe('without a grant', () => {
  test('a lookup is access-denied, and says which grant is missing', () => {
    const denied: string[] = [];
    using guest = new Guest({ network: {}, onDenied: ({ message }) => denied.push(message) });
    const { resolveAddresses } = guest.wasi.imports['wasi:sockets/ip-name-lookup'];
    expect(errorOf(() => resolveAddresses(guest.network, 'example.com'))).toBe('access-denied');
    expect(errorOf(() => resolveAddresses(guest.network, '127.0.0.1'))).toBe('access-denied');
    expect(denied[0]).toBe(
      'network.resolve does not allow example.com; grant it with --allow-net resolve=example.com',
    );
  });

  test('too many lookups at a time are temporary-resolver-failure', async () => {
    using guest = new Guest({ limits: { lookups: 1 }, resolver: giving('192.0.2.1') });
    const { resolveAddresses } = guest.wasi.imports['wasi:sockets/ip-name-lookup'];
    const stream = resolveAddresses(guest.network, 'a.example');
    expect(errorOf(() => resolveAddresses(guest.network, 'b.example'))).toBe('temporary-resolver-failure');
    await ready(() => stream.subscribe());
    resolveAddresses(guest.network, 'b.example');
    await new Promise((resolve) => setImmediate(resolve));
  });
});
