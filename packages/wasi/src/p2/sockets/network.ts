/** `wasi:sockets/network`: the capability to use the network, and the types all sockets share. */
import type { ErrorCode, Host } from '../../generated/imports/wasi/sockets/network.ts';
import { errorCodeOf } from '../../host/error-codes.ts';
import type { IoError } from '../io/error.ts';

/** WIT: `resource network`. What it allows is in the instance's grants. */
export class Network {
  [Symbol.dispose](): void {}
}

/** WIT: `network-error-code` (unstable). Undefined when the failure is not one of the network. */
export function networkErrorCode(error: IoError): ErrorCode | undefined {
  return errorCodeOf(error.reason);
}

export const network: Host = { Network, networkErrorCode };
