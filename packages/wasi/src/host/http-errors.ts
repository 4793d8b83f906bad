/** What can go wrong between Node's HTTP and a guest's. */
import type { ErrorCode } from '../generated/imports/wasi/http/types.ts';

/** An error with its WASI meaning: ends body streams, fails futures. */
export class HttpError extends Error {
  readonly errorCode: ErrorCode;

  constructor(errorCode: ErrorCode, cause?: unknown) {
    super(cause instanceof Error ? `${errorCode.tag}: ${cause.message}` : errorCode.tag, { cause });
    this.errorCode = errorCode;
  }
}

const byCode: Readonly<Record<string, ErrorCode>> = {
  EACCES: { tag: 'HTTP-request-denied' },
  EPERM: { tag: 'HTTP-request-denied' },
  // Whether nobody answered or somebody said to try again, the resolver does not tell.
  EAI_AGAIN: { tag: 'DNS-error', val: { rcode: undefined, infoCode: undefined } },
  ETIMEOUT: { tag: 'DNS-timeout' },
  ENOTFOUND: { tag: 'DNS-error', val: { rcode: 'NXDOMAIN', infoCode: undefined } },
  ENODATA: { tag: 'DNS-error', val: { rcode: undefined, infoCode: undefined } },
  ECONNREFUSED: { tag: 'connection-refused' },
  ECONNRESET: { tag: 'connection-terminated' },
  ECONNABORTED: { tag: 'connection-terminated' },
  EPIPE: { tag: 'connection-terminated' },
  ETIMEDOUT: { tag: 'connection-timeout' },
  EHOSTUNREACH: { tag: 'destination-unavailable' },
  EHOSTDOWN: { tag: 'destination-unavailable' },
  ENETUNREACH: { tag: 'destination-IP-unroutable' },
  EADDRNOTAVAIL: { tag: 'destination-IP-unroutable' },
  EMFILE: { tag: 'connection-limit-reached' },
  ENFILE: { tag: 'connection-limit-reached' },
  EPROTO: { tag: 'TLS-protocol-error' },
  HPE_HEADER_OVERFLOW: { tag: 'HTTP-response-header-section-size', val: undefined },
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: { tag: 'HTTP-request-body-size', val: undefined },
};

/** TLS has an error code for each thing that can be wrong with a certificate. */
const certificates = /CERT|SELF_SIGNED|UNABLE_TO_|_CRL|CHAIN|INVALID_CA|HOSTNAME_MISMATCH/;

/** The error of a request on its way out. */
export function httpErrorOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (Object.hasOwn(byCode, code)) return new HttpError(byCode[code]!, error);
  if (certificates.test(code)) return new HttpError({ tag: 'TLS-certificate-error' }, error);
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return new HttpError({ tag: 'TLS-protocol-error' }, error);
  }
  if (code.startsWith('HPE_')) return new HttpError({ tag: 'HTTP-protocol-error' }, error);
  return new HttpError(
    { tag: 'internal-error', val: error instanceof Error ? error.message : String(error) },
    error,
  );
}
