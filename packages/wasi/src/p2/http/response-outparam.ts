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
  readonly #onFailure: (what: string) => void;
  #used = false;
  #answered = false;
  #body: OutgoingBody | undefined;
  /** A response that the client has not been told of. */
  #pending: OutgoingResponse | undefined;

  /** `onFailure` is told why what a guest answers with is no response. */
  constructor(response: ServerResponse, onFailure: (what: string) => void) {
    this.#response = response;
    this.#onFailure = onFailure;
  }

  /** Whether the guest has answered, or has given up doing so. */
  get used(): boolean {
    return this.#used;
  }

  /** Whether the guest has answered with a response, and done all that there is to do for it. */
  get complete(): boolean {
    if (!this.#answered) return false;
    const ended = this.#body === undefined ? undefined : this.#body.ended;
    return this.#body === undefined || (ended !== undefined && ended !== 'aborted');
  }

  /** The guest has ended, whatever it left undone. */
  endWithGuest(): void {
    this.#body?.endWithGuest();
  }

  /**
   * The guest has failed. A response that is complete goes out all the same; otherwise the client gets `status`, or a
   * broken response if it has got a part of it.
   */
  fail(status: number): void {
    const ended = this.#body?.ended;
    if (ended !== undefined && ended !== 'aborted') return;
    this.#used = true;
    this.#pending = undefined;
    this.#body?.content.destroy();
    const response = this.#response;
    if (response.headersSent) response.destroy();
    else response.writeHead(status, ['Content-Length', '0']).end();
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
      param.#onFailure(`the guest answered with the error ${failure!.tag}`);
      param.fail(500);
      return;
    }
    param.#answered = true;
    param.#body = answer.val.parts().body;
    param.#pending = answer.val;
    // What the guest does at once is sent at once: head and body together, and of known length if that is all.
    if (param.#body === undefined) param.#send();
    else setImmediate(() => param.#send());
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
    if (!this.#used) this.fail(500);
  }

  #send(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    const { headers, body } = pending.parts();
    const response = this.#response;
    const ended = body?.ended;
    if (response.destroyed) return void body?.content.destroy();
    if (ended === 'aborted') {
      this.#onFailure('the guest gave the body of its response up');
      return this.fail(500);
    }
    const status = pending.statusCode();
    const raw = headers.raw();
    if (!headers.has('content-length') && !this.#isBodiless(status)) {
      if (body === undefined) raw.push('Content-Length', '0');
      else if (ended?.trailers === false) raw.push('Content-Length', String(ended.length));
    }
    // Of the other responses that never have a body, Node knows it.
    const isTunnel = response.req.method === 'CONNECT' && this.#isBodiless(status);
    if (isTunnel) response.removeHeader('transfer-encoding');
    response.writeHead(status, raw);
    if (body === undefined || isTunnel) response.end();
    if (isTunnel) body?.content.destroy();
    else if (body !== undefined) {
      // Headers need not wait for the first bytes.
      if (ended === undefined) response.flushHeaders();
      sendBody(response, body);
    }
  }

  /** Whether what answers this request with that status never has a body: its headers say what one would be like. */
  #isBodiless(status: number): boolean {
    const { method } = this.#response.req;
    return status === 204 || status === 304 || method === 'HEAD' || (method === 'CONNECT' && status < 300);
  }

  /** Why a response cannot be the answer: the client would wait for what never comes. */
  #failureOf(response: OutgoingResponse): ErrorCode | undefined {
    const status = response.statusCode();
    if (status < 200) return { tag: 'HTTP-protocol-error' };
    const missing = response.missingBody();
    return missing?.tag === 'HTTP-response-body-size' && this.#isBodiless(status) ? undefined : missing;
  }
}
