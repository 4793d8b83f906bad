/** Which addresses the WIT lets a socket use; all others are `invalid-argument`. */
import type { ComponentError } from '@wittle/runtime';
import type {
  ErrorCode,
  IpAddressFamily,
  IpSocketAddress,
} from '../../generated/imports/wasi/sockets/network.ts';
import {
  addressOf,
  formatSocketAddress,
  isIpv4InIpv6,
  isMulticastOrBroadcast,
  isUnspecified,
} from '../../host/addresses.ts';
import { networkError } from '../../host/error-codes.ts';

/** An address to bind to. */
export function requireLocal(address: IpSocketAddress, family: IpAddressFamily): void {
  requireFamily(address, family);
  if (isMulticastOrBroadcast(addressOf(address))) throw invalid(address, 'is not a unicast address');
}

/** An address to connect to: TCP has no multicast, UDP does. */
export function requireRemote(
  address: IpSocketAddress,
  family: IpAddressFamily,
  protocol: 'tcp' | 'udp',
): void {
  requireFamily(address, family);
  const ip = addressOf(address);
  if (isUnspecified(ip)) throw invalid(address, 'is unspecified');
  if (address.val.port === 0) throw invalid(address, 'has port 0');
  if (protocol === 'tcp' && isMulticastOrBroadcast(ip)) throw invalid(address, 'is not a unicast address');
}

function requireFamily(address: IpSocketAddress, family: IpAddressFamily): void {
  if (address.tag !== family) throw invalid(address, `is not for an ${family} socket`);
  if (isIpv4InIpv6(addressOf(address))) throw invalid(address, 'is an IPv4 address in IPv6 form');
}

function invalid(address: IpSocketAddress, why: string): ComponentError<ErrorCode> {
  return networkError('invalid-argument', new Error(`${formatSocketAddress(address)} ${why}`));
}
