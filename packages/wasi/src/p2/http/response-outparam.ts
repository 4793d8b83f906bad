/** `wasi:http/types`: the right to answer one request. */
import type { ServerResponse } from 'node:http';
import { ComponentError } from '@wittle/runtime';
import type { ErrorCode } from '../../generated/imports/wasi/http/types.ts';
import type { OutgoingBody } from './bodies.ts';
import type { Fields } from './fields.ts';
import type { OutgoingResponse } from './messages.ts';
import { sendBody } from './outgoing-handler.ts';

type Answer = { tag: 'ok'; val: OutgoingResponse } | { tag: 'err'; val: ErrorCode };

/** WIT: `resource response-outparam`. */
export class ResponseOutparam {
  readonly #response: ServerResponse;
  readonly #onFailure: (code: ErrorCode) => void;
  #used = false;
  #body: OutgoingBody | undefined;

  /** `onFailure` is told of the error that a guest answers with. */
  constructor(response: ServerResponse, onFailure: (code: ErrorCode) => void) {
    this.#response = response;
    this.#onFailure = onFailure;
  }

  /** Whether the guest has answered, or has given up doing so. */
  get used(): boolean {
    return this.#used;
  }

  /** The guest has ended, whatever it left undone. */
  endWithGuest(): void {
    this.#body?.endWithGuest();
  }

  static set(param: ResponseOutparam, answer: Answer): void {
    param.#used = true;
    const response = param.#response;
    if (response.destroyed || response.headersSent) {
      // Nobody will read it.
      if (answer.tag === 'ok') answer.val.parts().body?.content.destroy();
      return;
    }
    const failure = answer.tag === 'err' ? answer.val : param.#failureOf(answer.val);
    if (failure !== undefined || answer.tag === 'err') {
      if (answer.tag === 'ok') answer.val.parts().body?.content.destroy();
      param.#onFailure(failure!);
      param.#fail();
      return;
    }
    const { headers, body } = answer.val.parts();
    const status = answer.val.statusCode();
    const raw = headers.raw();
    if (body === undefined && !headers.has('content-length') && !param.#isBodiless(status))
      raw.push('Content-Length', '0');
    response.writeHead(status, raw);
    param.#body = body;
    if (body === undefined) response.end();
    else {
      // Headers need not wait for the first bytes.
      response.flushHeaders();
      sendBody(response, body);
    }
  }

  /** Throws `ComponentError<ErrorCode>`: Node sends only the statuses that it knows of. */
  sendInformational(status: number, headers: Fields): void {
    if (status < 100 || status > 199) {
      throw new ComponentError<ErrorCode>({ tag: 'HTTP-protocol-error' }, `${status} is not informational`);
    }
    const links = headers.get('link').map((value) => Buffer.from(value).toString('latin1'));
    if (status === 100) this.#response.writeContinue();
    else if (status === 102) this.#response.writeProcessing();
    else if (status === 103 && links.length > 0) this.#response.writeEarlyHints({ link: links });
    else {
      throw new ComponentError<ErrorCode>({
        tag: 'internal-error',
        val: 'this host sends 100, 102 and, with `link`, 103 only',
      });
    }
  }

  /** Dropped without an answer: that is one too. */
  [Symbol.dispose](): void {
    if (this.#used) return;
    this.#used = true;
    this.#fail();
  }

  /** Whether what answers this request with that status never has a body: its headers say what one would be like. */
  #isBodiless(status: number): boolean {
    return status === 204 || status === 304 || this.#response.req.method === 'HEAD';
  }

  /** Why a response cannot be the answer: the client would wait for what never comes. */
  #failureOf(response: OutgoingResponse): ErrorCode | undefined {
    const status = response.statusCode();
    if (status < 200) return { tag: 'HTTP-protocol-error' };
    const missing = response.missingBody();
    return missing?.tag === 'HTTP-response-body-size' && this.#isBodiless(status) ? undefined : missing;
  }

  #fail(): void {
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(500, ['Content-Length', '0']).end();
  }
}
