/** A local TCP address that is taken, but neither listens nor connects yet. */
import net from 'node:net';
import type { IpSocketAddress } from '../generated/imports/wasi/sockets/network.ts';
import { formatSocketAddress, hostOf, parseSocketAddress } from './addresses.ts';

/** One of `listen`, `connect` and `Symbol.dispose` ends its use. */
export interface BoundPort {
  readonly address: IpSocketAddress;
  listen(server: net.Server, backlog: number): void;
  /** A connection under way from this address. */
  connect(remote: { readonly host: string; readonly port: number }): net.Socket;
  [Symbol.dispose](): void;
}

/** Called once, with the port or with why there is none. */
export type OnBound = (bound: BoundPort | NodeJS.ErrnoException) => void;

/** Takes a local address. With Node 24.19 or newer it is really bound; older ones cannot, see `reservePort`. */
export const bindPort: (address: IpSocketAddress, onBound: OnBound) => void =
  'BoundSocket' in net ? bindSocket : reservePort;

function bindSocket(address: IpSocketAddress, onBound: OnBound): void {
  let bound: net.BoundSocket;
  try {
    bound = new net.BoundSocket({
      host: hostOf(address),
      port: address.val.port,
      ipv6Only: address.tag === 'ipv6',
    });
  } catch (error) {
    onBound(error as NodeJS.ErrnoException);
    return;
  }
  const { address: host, port } = bound.address();
  onBound({
    address: parseSocketAddress(host, port),
    listen: (server, backlog) => {
      server.listen(bound, backlog);
    },
    connect: (remote) => new net.Socket({ handle: bound, allowHalfOpen: true }).connect(remote),
    [Symbol.dispose]: () => bound[Symbol.dispose](),
  });
}

/** The addresses that `reservePort` gave out in this process, by port. */
const reserved = new Map<number, Set<string>>();

/**
 * Finds out that an address can be bound by listening on it for a moment, and keeps others in this process from
 * taking it; other processes could. Node binds such an address again when it listens or connects.
 */
export function reservePort(address: IpSocketAddress, onBound: OnBound, attempts: number = 16): void {
  const host = hostOf(address);
  const { port } = address.val;
  if (isReserved(host, port)) {
    onBound(
      Object.assign(new Error(`bind EADDRINUSE ${formatSocketAddress(address)}`), { code: 'EADDRINUSE' }),
    );
    return;
  }
  const probe = net.createServer();
  const ipv6Only = address.tag === 'ipv6';
  probe.once('error', onBound);
  probe.listen({ host, port, exclusive: true, ipv6Only }, () => {
    const found = probe.address() as net.AddressInfo;
    // Connections that came in this moment are reset, not served.
    probe.close();
    if (isReserved(host, found.port) && attempts > 0) reservePort(address, onBound, attempts - 1);
    else onBound(reservation(parseSocketAddress(found.address, found.port), host));
  });
}

function reservation(address: IpSocketAddress, host: string): BoundPort {
  const { port } = address.val;
  const hosts = reserved.get(port) ?? new Set();
  reserved.set(port, hosts.add(host));
  const release = (): void => {
    if (hosts.delete(host) && hosts.size === 0) reserved.delete(port);
  };
  return {
    address,
    listen: (server, backlog) => {
      release();
      server.listen({ host, port, backlog, exclusive: true, ipv6Only: address.tag === 'ipv6' });
    },
    connect: (remote) => {
      release();
      return net.connect({ ...remote, localAddress: host, localPort: port, allowHalfOpen: true });
    },
    [Symbol.dispose]: release,
  };
}

function isReserved(host: string, port: number): boolean {
  const hosts = reserved.get(port);
  return (
    hosts !== undefined && (hosts.has(host) || hosts.has('0.0.0.0') || hosts.has('::') || isWildcard(host))
  );
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
