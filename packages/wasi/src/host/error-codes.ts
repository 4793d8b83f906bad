/** Node's error codes in terms of `wasi:sockets`. */
import { ComponentError } from '@wittle/runtime';
import { answer } from './answer.ts';
import type { ErrorCode } from '../generated/imports/wasi/sockets/network.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  EAFNOSUPPORT: 'not-supported',
  EOPNOTSUPP: 'not-supported',
  ENOTSUP: 'not-supported',
  EPROTONOSUPPORT: 'not-supported',
  EINVAL: 'invalid-argument',
  ENOMEM: 'out-of-memory',
  ENOBUFS: 'out-of-memory',
  ETIMEDOUT: 'timeout',
  EMFILE: 'new-socket-limit',
  ENFILE: 'new-socket-limit',
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'address-not-bindable',
  EHOSTUNREACH: 'remote-unreachable',
  EHOSTDOWN: 'remote-unreachable',
  ENETUNREACH: 'remote-unreachable',
  ENETDOWN: 'remote-unreachable',
  ENONET: 'remote-unreachable',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-reset',
  ECONNABORTED: 'connection-aborted',
  EMSGSIZE: 'datagram-too-large',
  ENOTFOUND: 'name-unresolvable',
  ENODATA: 'name-unresolvable',
  EAI_NONAME: 'name-unresolvable',
  EAI_NODATA: 'name-unresolvable',
  EAI_ADDRFAMILY: 'name-unresolvable',
  EAI_AGAIN: 'temporary-resolver-failure',
  EAI_MEMORY: 'out-of-memory',
  EAI_FAIL: 'permanent-resolver-failure',
};

/** The code for a Node error; undefined when the error is not one of the network. */
export function errorCodeOf(error: NodeJS.ErrnoException): ErrorCode | undefined {
  return error.code === undefined || !Object.hasOwn(codes, error.code) ? undefined : codes[error.code];
}

/** The error a socket function throws, with what the host met as its cause. */
export function networkError(code: ErrorCode, cause?: Error): ComponentError<ErrorCode> {
  if (cause === undefined) return answer(code);
  return new ComponentError(code, `${code}: ${cause.message}`, { cause });
}

/** The same, with the code that belongs to a Node error. */
export function networkErrorOf(error: NodeJS.ErrnoException): ComponentError<ErrorCode> {
  return networkError(errorCodeOf(error) ?? 'unknown', error);
}
