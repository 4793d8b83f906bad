/** `wasi:sockets/network`: the capability to use the network, and the types all sockets share. */
import { errorCodeOf, type ErrorCode } from '../../host/error-codes.ts';
import type { IoError } from '../io/error.ts';

export type {
  IpAddress,
  IpAddressFamily,
  IpSocketAddress,
  Ipv4Address,
  Ipv4SocketAddress,
  Ipv6Address,
  Ipv6SocketAddress,
} from '../../host/addresses.ts';
export type { ErrorCode } from '../../host/error-codes.ts';

/** WIT: `resource network`. What it allows is in the instance's grants. */
export class Network {
  [Symbol.dispose](): void {}
}

/** WIT: `network-error-code` (unstable). Undefined when the failure is not one of the network. */
export function networkErrorCode(error: IoError): ErrorCode | undefined {
  return errorCodeOf(error.reason);
}

/** WIT: `interface network`. */
export interface NetworkInterface {
  readonly Network: typeof Network;
  readonly networkErrorCode: typeof networkErrorCode;
}

export const network: NetworkInterface = { Network, networkErrorCode };
