/** IP addresses as WASI has them, as text, and what kind of address they are. */
import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type {
  IpAddress,
  IpSocketAddress,
  Ipv4Address,
  Ipv6Address,
} from '../generated/imports/wasi/sockets/network.ts';

/** Reads an IPv4 or IPv6 address without brackets or zone; undefined when the text is none. */
export function parseAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return { tag: 'ipv4', val: text.split('.').map(Number) as Ipv4Address };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  return { tag: 'ipv6', val: parseGroups(text) };
}

/** The address as text, IPv6 in the short form of RFC 5952. */
export function formatAddress(address: IpAddress): string {
  return address.tag === 'ipv4' ? address.val.join('.') : formatGroups(address.val);
}

/** Reads what Node gives as `address`, `family` and `port`. */
export function parseSocketAddress(text: string, port: number): IpSocketAddress {
  if (!text.includes(':'))
    return { tag: 'ipv4', val: { port, address: text.split('.').map(Number) as Ipv4Address } };
  const [address = '', zone] = text.split('%');
  return {
    tag: 'ipv6',
    val: {
      port,
      flowInfo: 0,
      address: parseGroups(address),
      scopeId: zone === undefined ? 0 : scopeOf(zone),
    },
  };
}

/** The host part as Node takes it, with the zone of a scoped address. */
export function hostOf({ tag, val }: IpSocketAddress): string {
  if (tag === 'ipv4') return val.address.join('.');
  const host = formatGroups(val.address);
  return val.scopeId === 0 ? host : `${host}%${zoneOf(val.scopeId)}`;
}

/** `127.0.0.1:80` or `[::1]:80`. */
export function formatSocketAddress(address: IpSocketAddress): string {
  const host = hostOf(address);
  return address.tag === 'ipv4' ? `${host}:${address.val.port}` : `[${host}]:${address.val.port}`;
}

/** The address without its port. */
export function addressOf({ tag, val }: IpSocketAddress): IpAddress {
  return tag === 'ipv4' ? { tag, val: val.address } : { tag, val: val.address };
}

/** One of its own, for keeping: whoever gave the address may change it. */
export function copyOf({ tag, val }: IpSocketAddress): IpSocketAddress {
  if (tag === 'ipv4') return { tag, val: { ...val, address: [...val.address] } };
  return { tag, val: { ...val, address: [...val.address] } };
}

/** Whether they are the same, but for IPv6's flow labels. */
export function equalSocketAddresses(a: IpSocketAddress, b: IpSocketAddress): boolean {
  if (a.tag !== b.tag || a.val.port !== b.val.port) return false;
  if (a.tag === 'ipv6' && b.tag === 'ipv6' && a.val.scopeId !== b.val.scopeId) return false;
  const other = b.val.address;
  return a.val.address.every((part, index) => part === other[index]);
}

/** `0.0.0.0` or `::`. */
export function isUnspecified({ val }: IpAddress): boolean {
  return val.every((part) => part === 0);
}

/** Multicast, or IPv4's limited broadcast. */
export function isMulticastOrBroadcast({ tag, val }: IpAddress): boolean {
  if (tag === 'ipv6') return val[0] >> 8 === 0xff;
  return val[0] >> 4 === 0xe || val.every((part) => part === 255);
}

/** `::ffff:a.b.c.d`, or the deprecated `::a.b.c.d`: an IPv4 address in the clothes of IPv6. */
export function isIpv4InIpv6({ tag, val }: IpAddress): boolean {
  if (tag === 'ipv4' || val.slice(0, 5).some((part) => part !== 0)) return false;
  return val[5] === 0xffff || (val[5] === 0 && (val[6] !== 0 || val[7] > 1));
}

/** An IPv4-mapped IPv6 address as the IPv4 address it is; every other one as it is. */
export function unmapped(address: IpAddress): IpAddress {
  if (address.tag === 'ipv4' || address.val[5] !== 0xffff || !isIpv4InIpv6(address)) return address;
  const [high, low] = [address.val[6], address.val[7]];
  return { tag: 'ipv4', val: [high >> 8, high & 255, low >> 8, low & 255] };
}

/** The loopback-independent bytes of an address: 4 or 16. */
export function addressBytes({ tag, val }: IpAddress): readonly number[] {
  return tag === 'ipv4' ? val : val.flatMap((group) => [group >> 8, group & 255]);
}

function parseGroups(text: string): Ipv6Address {
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  const zeroes = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return [...front, ...zeroes, ...back] as Ipv6Address;
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function formatGroups(groups: Ipv6Address): string {
  const { start, length } = longestZeroes(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroes(groups: Ipv6Address): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** Windows has numbers for zones, others have names of interfaces. */
function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone);
  for (const address of networkInterfaces()[zone] ?? []) {
    if (address.family === 'IPv6' && address.scopeid !== 0) return address.scopeid;
  }
  return 0;
}

function zoneOf(scopeId: number): string {
  if (process.platform === 'win32') return String(scopeId);
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    if (addresses.some((address) => address.family === 'IPv6' && address.scopeid === scopeId)) return name;
  }
  return String(scopeId);
}
