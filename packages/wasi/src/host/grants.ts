/** What a guest may do on the network: nothing but what a grant names; and who is told of what was missing. */
import type { ErrorCode, IpAddress, IpSocketAddress } from '../generated/imports/wasi/sockets/network.ts';
import { addressBytes, addressOf, formatAddress, formatSocketAddress, parseAddress } from './addresses.ts';
import { networkError } from './error-codes.ts';
import type { ComponentError } from '@wittle/runtime';

/**
 * Allow-lists of the network; what is left out is denied.
 *
 * `connect` and `listen` list addresses with ports, for TCP and UDP alike: `127.0.0.1:8080`, `10.0.0.0/8:*`,
 * `[::1]:0-1024`, `*:443`. Without ports all ports are meant; port 0 is a port the system chooses. `connect` also
 * takes host names (`example.com:443`, `*.example.com:443`): the guest may then look the name up and connect to the
 * addresses it got.
 *
 * `resolve` lists names to look up: `example.com`, `*.example.com` (everything below it), `*`.
 */
export interface NetworkGrants {
  readonly connect?: readonly string[] | 'all';
  readonly listen?: readonly string[] | 'all';
  readonly resolve?: readonly string[] | 'all';
}

/** Something a guest wanted and was not allowed. */
export interface Denial {
  /** Which list of `network` misses it; `preopens` for a directory that is read-only. */
  readonly list: 'connect' | 'listen' | 'resolve' | 'preopens';
  /** What would have to be in the list: `127.0.0.1:8080`, `example.com`; the path by which the guest knows a directory. */
  readonly subject: string;
  /** `tcp` or `udp`; undefined for lookups and directories. */
  readonly protocol: 'tcp' | 'udp' | undefined;
  /** What happened and the grant that would allow it. */
  readonly message: string;
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

interface AddressGrant extends PortRange {
  /** Undefined: every address. */
  readonly network: { readonly bytes: readonly number[]; readonly bits: number } | undefined;
}

interface NameGrant extends PortRange {
  readonly pattern: string;
}

/** The most addresses remembered from lookups. */
const maxLearned = 4096;

/** The grants of one instance, checked and ready to ask. */
export class Grants {
  readonly #connect: readonly AddressGrant[];
  readonly #connectNames: readonly NameGrant[];
  readonly #listen: readonly AddressGrant[];
  readonly #resolve: readonly string[];
  readonly #onDenied: ((denial: Denial) => void) | undefined;
  readonly #learned: Map<string, PortRange[]> = new Map();

  /** Throws a TypeError that names a grant it cannot read. */
  constructor(network: 'all' | NetworkGrants | undefined, onDenied?: (denial: Denial) => void) {
    const grants =
      network === 'all' ? ({ connect: 'all', listen: 'all', resolve: 'all' } as const) : (network ?? {});
    for (const list of Object.keys(grants)) {
      if (list === 'connect' || list === 'listen' || list === 'resolve') continue;
      throw new TypeError(`network.${list} is not a list of grants; they are connect, listen and resolve`);
    }
    const connect = entriesOf(grants, 'connect').map((text) => parseGrant('connect', text));
    this.#connect = connect.filter((grant) => 'network' in grant);
    this.#connectNames = connect.filter((grant) => 'pattern' in grant);
    this.#listen = entriesOf(grants, 'listen').map((text) => {
      const grant = parseGrant('listen', text);
      if ('network' in grant) return grant;
      throw badGrant('listen', text, 'listening is granted by address, not by name');
    });
    this.#resolve = [
      ...entriesOf(grants, 'resolve').map(parseNamePattern),
      ...this.#connectNames.map(({ pattern }) => pattern),
    ];
    this.#onDenied = onDenied;
  }

  /** Whether anything at all is granted that a socket could use. */
  get sockets(): boolean {
    return this.connects || this.#listen.length > 0;
  }

  /** Whether connecting to anything is granted. */
  get connects(): boolean {
    return this.#connect.length > 0 || this.#connectNames.length > 0;
  }

  allowsConnect(remote: IpSocketAddress): boolean {
    const { port } = remote.val;
    if (allows(this.#connect, remote)) return true;
    const learned = this.#learned.get(formatAddress(addressOf(remote)));
    return learned !== undefined && learned.some((range) => contains(range, port));
  }

  allowsListen(local: IpSocketAddress): boolean {
    return allows(this.#listen, local);
  }

  allowsResolve(name: string): boolean {
    return this.#resolve.some((pattern) => matchesName(pattern, name));
  }

  /** What a lookup gave: its addresses may be connected to where a name in `connect` says so. */
  learn(name: string, addresses: readonly IpAddress[]): void {
    const ranges = this.#connectNames.filter(({ pattern }) => matchesName(pattern, name));
    if (ranges.length === 0) return;
    for (const address of addresses) {
      if (this.#learned.size >= maxLearned) this.#learned.delete(this.#learned.keys().next().value!);
      const key = formatAddress(address);
      const known = this.#learned.get(key) ?? [];
      const fresh = ranges.filter(
        ({ first, last }) => !known.some((r) => r.first === first && r.last === last),
      );
      this.#learned.set(key, [...known, ...fresh]);
    }
  }

  /** The error for an address that a list does not allow; tells the host. */
  deny(
    list: 'connect' | 'listen',
    address: IpSocketAddress,
    protocol: 'tcp' | 'udp',
  ): ComponentError<ErrorCode> {
    return this.#denied(list, formatSocketAddress(address), protocol);
  }

  /** The error for a name that may not be connected to; tells the host. */
  denyConnectTo(name: string, port: number): ComponentError<ErrorCode> {
    return this.#denied('connect', `${name}:${port}`, 'tcp');
  }

  /** The error for a name that may not be looked up; tells the host. */
  denyResolve(name: string): ComponentError<ErrorCode> {
    return this.#denied('resolve', name, undefined);
  }

  /** The error for a socket that nothing is granted for; tells the host. */
  denySocket(protocol: 'tcp' | 'udp'): ComponentError<ErrorCode> {
    return this.#denied(
      'connect',
      '*',
      protocol,
      `a ${protocol.toUpperCase()} socket is of no use without a grant`,
    );
  }

  /** The message for a change below a read-only directory, which the guest knows as `path`; tells the host. */
  denyChange(path: string): string {
    const message = `preopens['${path}'] is read-only; grant changes in it with --dir HOST::${path}`;
    this.#onDenied?.({ list: 'preopens', subject: path, protocol: undefined, message });
    return message;
  }

  #denied(
    list: Denial['list'],
    subject: string,
    protocol: Denial['protocol'],
    what?: string,
  ): ComponentError<ErrorCode> {
    const suffix = protocol === undefined ? '' : ` (${protocol})`;
    const message = `${what ?? `network.${list} does not allow ${subject}${suffix}`}; grant it with --allow-net ${list}=${subject}`;
    this.#onDenied?.({ list, subject, protocol, message });
    return networkError('access-denied', new Error(message));
  }
}

function entriesOf(grants: NetworkGrants, list: keyof NetworkGrants): readonly string[] {
  const entries = grants[list];
  if (entries === undefined) return [];
  if (entries === 'all') return ['*'];
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== 'string')) {
    throw new TypeError(`network.${list} is 'all' or an array of strings, not ${JSON.stringify(entries)}`);
  }
  return entries;
}

/** `<host>[:<ports>]`, the host being `*`, an address, a range, or a name. */
function parseGrant(list: 'connect' | 'listen', text: string): AddressGrant | NameGrant {
  const match = /^(?:\[(?<six>[^\]]*)\](?<sixBits>\/\d+)?|(?<host>[^:[\]]+))(?::(?<ports>[^:]*))?$/.exec(
    text,
  );
  const { six, sixBits = '', host = '', ports } = match?.groups ?? {};
  if (match === null) throw badGrant(list, text, 'IPv6 addresses stand in brackets: `[::1]:80`');
  const range = parsePorts(list, text, ports ?? '*');
  if (host === '*') return { ...range, network: undefined };
  const [name = '', bitsText, extra] = (six === undefined ? host : six + sixBits).split('/');
  const address = parseAddress(name);
  if (address !== undefined && (six === undefined) === (address.tag === 'ipv4')) {
    const bytes = addressBytes(address);
    const bits = bitsText === undefined ? bytes.length * 8 : Number(bitsText);
    if (!/^\d+$/.test(bitsText ?? '0') || bits > bytes.length * 8 || extra !== undefined) {
      throw badGrant(list, text, `the prefix length is a number from 0 to ${bytes.length * 8}`);
    }
    return { ...range, network: { bytes, bits } };
  }
  if (six !== undefined || bitsText !== undefined || /^[\d.]+$/.test(host)) {
    throw badGrant(list, text, `\`${six ?? name}\` is not an IP address`);
  }
  return { ...range, pattern: parseNamePattern(host) };
}

function parsePorts(list: 'connect' | 'listen', text: string, ports: string): PortRange {
  if (ports === '*') return { first: 0, last: 0xffff };
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (first === undefined || range.last > 0xffff || range.first > range.last) {
    throw badGrant(list, text, 'ports are `*`, a number up to 65535, or two of them as in `1-1024`');
  }
  return range;
}

function parseNamePattern(text: string): string {
  const name = text.toLowerCase();
  if (name === '*' || /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/.test(name)) return name.replace(/\.$/, '');
  throw badGrant('resolve', text, 'a name is like `example.com` or `*.example.com`, in ASCII (IDNA) form');
}

function badGrant(list: string, text: string, reason: string): TypeError {
  return new TypeError(`network.${list}: \`${text}\` is not a grant: ${reason}`);
}

function allows(grants: readonly AddressGrant[], address: IpSocketAddress): boolean {
  if (grants.length === 0) return false;
  const { port } = address.val;
  const bytes = addressBytes(addressOf(address));
  return grants.some((grant) => contains(grant, port) && inNetwork(grant.network, bytes));
}

function contains(range: PortRange, port: number): boolean {
  return range.first <= port && port <= range.last;
}

function inNetwork(network: AddressGrant['network'], bytes: readonly number[]): boolean {
  if (network === undefined) return true;
  if (network.bytes.length !== bytes.length) return false;
  for (let index = 0, bits = network.bits; bits > 0; index++, bits -= 8) {
    const mask = bits >= 8 ? 0xff : 0xff & (0xff << (8 - bits));
    if (((network.bytes[index]! ^ bytes[index]!) & mask) !== 0) return false;
  }
  return true;
}

function matchesName(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  const plain = name.toLowerCase().replace(/\.$/, '');
  return pattern.startsWith('*.') ? plain.endsWith(pattern.slice(1)) : plain === pattern;
}
