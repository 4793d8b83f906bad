/** Guests that answer HTTP requests, behind Node's server: `wasi:http/incoming-handler`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  LocalGuests,
  reuseCountOf,
  type Guest,
  type Guests,
  type HttpHandler,
  type ReuseOptions,
} from './http-guests.ts';
import { checkOptions, type WasiOptions } from './options.ts';
import { WasiExit } from './p2/cli/exit.ts';
import { IncomingRequest, requestTarget } from './p2/http/messages.ts';
import { ResponseOutparam } from './p2/http/response-outparam.ts';
import { createWasi, instanceOf, type WasiImports } from './wasi.ts';
import { TimeLimitError } from './worker/time-limit-error.ts';

export interface HttpListenerOptions extends WasiOptions, ReuseOptions {
  /**
   * Told of each request that the guest did not answer with a response: what it threw, an Error with the error code
   * that it gave, or that it gave nothing. The client has got status 500; 504 when the guest's time was up.
   */
  readonly onFailure?: (error: unknown, request: IncomingMessage) => void;
}

/**
 * A listener for `http.createServer` and `https.createServer`. Every request gets a guest of its own, unless
 * `maxInstanceReuseCount` says otherwise: `instantiate` is called with the imports of a new WASI instance, which ends
 * when the guest has returned and the response has left. Throws a TypeError for options that make no sense. For a component, `httpServer` does more.
 *
 * ```ts
 * const component = await compile(bytes);
 * http.createServer(httpListener(async (imports) => {
 *   const exports = await instantiate(component, versionedImports(imports));
 *   return exports['wasi:http/incoming-handler'];
 * })).listen(8080);
 * ```
 */
export function httpListener(
  instantiate: (imports: WasiImports) => HttpHandler | Promise<HttpHandler>,
  options: HttpListenerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const count = reuseCountOf(options);
  const { exchange } = exchangeOf(
    options,
    ['onFailure', 'maxInstanceReuseCount'],
    (wasiOptions) =>
      new LocalGuests(wasiOptions, count, async ({ imports }) => ({ handler: await instantiate(imports) })),
  );
  return (request, response) => void exchange(request, response);
}

/** Answers a request; settled when guest and response are over. `wanted` is called when the body is first asked for. */
export type Exchange = (
  request: IncomingMessage,
  response: ServerResponse,
  wanted?: () => void,
) => Promise<void>;

/**
 * How requests are answered by guests, which `guestsOf` gives for the options of their WASI instances. `others` are options
 * that belong to whoever calls. Throws a TypeError for options that make no sense.
 */
export function exchangeOf<G extends Guests>(
  options: HttpListenerOptions,
  others: readonly string[],
  guestsOf: (options: WasiOptions) => G,
): { readonly exchange: Exchange; readonly guests: G } {
  checkOptions(options, others);
  const { onFailure } = options;
  const wasiOptions: WasiOptions = Object.fromEntries(
    Object.entries(options).filter(([name]) => !others.includes(name)),
  );
  // What makes no sense is said now, not with each request.
  createWasi(wasiOptions).dispose();
  const guests = guestsOf(wasiOptions);
  const exchange: Exchange = async (request, response, wanted) => {
    const failed = (error: unknown): void => onFailure?.(error, request);
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    // A client that goes away is no failure of ours.
    response.on('error', () => {});
    const target = requestTarget(request);
    if (target === undefined) {
      response.writeHead(400, ['Connection', 'close', 'Content-Length', '0']).end();
      return;
    }
    const out = new ResponseOutparam(response, (what) => failed(new Error(what)));
    let guest: Guest | undefined;
    try {
      guest = await guests.take(closed);
      if (guest === undefined) out.fail(503);
      else {
        const incoming = new IncomingRequest(instanceOf(guest.wasi), request, target, wanted);
        if (await guest.answer(incoming, out)) guest = undefined;
        if (!out.used) {
          failed(new Error('the guest returned without an answer'));
          out.fail(500);
        }
        out.endWithGuest();
      }
      await closed;
    } catch (error) {
      // A guest that has answered and then exits has returned.
      if (out.used && error instanceof WasiExit && error.code === 0) return out.endWithGuest();
      failed(error);
      out.fail(error instanceof TimeLimitError ? 504 : 500);
    } finally {
      guest?.[Symbol.dispose]();
    }
  };
  return { exchange, guests };
}
