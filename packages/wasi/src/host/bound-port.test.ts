/** Ports held without the help of newer Nodes. */
import net from 'node:net';
import { expect, test } from '@jest/globals';
import { families, loopback, sleep } from '../../test/driver.ts';
import type { IpSocketAddress } from '../generated/imports/wasi/sockets/network.ts';
import { bindPort, type BoundPort, type OnBound, reservePort } from './bound-port.ts';

async function bind(
  how: (address: IpSocketAddress, onBound: OnBound) => void,
  address: IpSocketAddress,
): Promise<BoundPort> {
  const result = await new Promise<BoundPort | NodeJS.ErrnoException>((resolve) => how(address, resolve));
  if ('listen' in result) return result;
  throw result;
}

const ways = [
  ['bindPort', bindPort],
  ['reservePort', reservePort],
] as const;

test.each(ways.flatMap(([name, how]) => families.map((family) => [name, family, how] as const)))(
  '%s (%s): listens and connects on the port it gave, and frees it',
  async (_name, family, how) => {
    const bound = await bind(how, loopback(family, 0));
    const { port } = bound.address.val;
    const server = net.createServer((socket) => socket.end());
    bound.listen(server, 5);
    await new Promise((resolve) => server.once('listening', resolve));
    expect((server.address() as net.AddressInfo).port).toBe(port);
    await expect(bind(how, bound.address)).rejects.toHaveProperty('code', 'EADDRINUSE');
    const from = await bind(how, loopback(family, 0));
    const client = from.connect({ host: family === 'ipv4' ? '127.0.0.1' : '::1', port });
    await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
    expect(client.localPort).toBe(from.address.val.port);
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
    (await bind(how, bound.address))[Symbol.dispose]();
  },
);

test('reservePort: two in this process do not get the same port', async () => {
  const first = await bind(reservePort, loopback('ipv4', 0));
  await expect(bind(reservePort, first.address)).rejects.toHaveProperty('code', 'EADDRINUSE');
  const wildcard: IpSocketAddress = {
    tag: 'ipv4',
    val: { port: first.address.val.port, address: [0, 0, 0, 0] },
  };
  await expect(bind(reservePort, wildcard)).rejects.toHaveProperty('code', 'EADDRINUSE');
  first[Symbol.dispose]();
  (await bind(reservePort, wildcard))[Symbol.dispose]();
  await sleep(5);
});
