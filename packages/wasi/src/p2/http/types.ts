/** `wasi:http/types`: everything that requests and responses are made of. */
import type { ErrorCode, Host } from '../../generated/imports/wasi/http/types.ts';
import { HttpError } from '../../host/http-errors.ts';
import type { Instance } from '../../host/instance.ts';
import type { IoError } from '../io/error.ts';
import { FutureTrailers, IncomingBody, OutgoingBody } from './bodies.ts';
import { Fields } from './fields.ts';
import {
  IncomingRequest,
  IncomingResponse,
  OutgoingRequest,
  OutgoingResponse,
  RequestOptions,
} from './messages.ts';
import { FutureIncomingResponse } from './outgoing-handler.ts';
import { ResponseOutparam } from './response-outparam.ts';

export function httpTypes(instance: Instance): Host {
  return {
    Fields,
    FutureIncomingResponse,
    FutureTrailers,
    IncomingBody,
    IncomingRequest,
    IncomingResponse,
    OutgoingBody,
    // The guest's constructors do not say whose guest it is.
    OutgoingRequest: class extends OutgoingRequest {
      constructor(headers: Fields) {
        super(instance, headers);
      }
    },
    OutgoingResponse: class extends OutgoingResponse {
      constructor(headers: Fields) {
        super(instance, headers);
      }
    },
    RequestOptions,
    ResponseOutparam,
    httpErrorCode,
  } as unknown as Host;
}

/** WIT: `http-error-code`. */
function httpErrorCode(error: IoError): ErrorCode | undefined {
  const { reason } = error as { readonly reason: unknown };
  return reason instanceof HttpError ? reason.errorCode : undefined;
}
