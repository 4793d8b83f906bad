/** Guests that answer HTTP requests, behind Node's server: `wasi:http/incoming-handler`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from './generated/imports/wasi/http/types.ts';
import type { Instance } from './host/instance.ts';
import { checkOptions, type WasiOptions } from './options.ts';
import { IncomingRequest } from './p2/http/messages.ts';
import { ResponseOutparam } from './p2/http/response-outparam.ts';
import { createWasi, instanceOf, type WasiImports } from './wasi.ts';

/** What a guest exports as `wasi:http/incoming-handler`. */
export interface HttpHandler {
  handle(request: IncomingRequest, responseOut: ResponseOutparam): void | Promise<void>;
}

export interface HttpListenerOptions extends WasiOptions {
  /**
   * Told of each request that the guest did not answer with a response: what it threw, an Error with the error code
   * that it gave, or that it gave nothing. The client has got status 500.
   */
  readonly onFailure?: (error: unknown, request: IncomingMessage) => void;
}

/**
 * A listener for `http.createServer` and `https.createServer`. Every request gets a guest of its own: `instantiate` is
 * called with the imports of a new WASI instance, which ends when the guest has returned and the response has left.
 * Throws a TypeError for options that make no sense.
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
  checkOptions(options, ['onFailure']);
  const { onFailure, ...wasiOptions } = options;
  // What makes no sense is said now, not with each request.
  createWasi(wasiOptions).dispose();
  return (request, response) => {
    void answer(instantiate, wasiOptions, onFailure, request, response);
  };
}

async function answer(
  instantiate: (imports: WasiImports) => HttpHandler | Promise<HttpHandler>,
  options: WasiOptions,
  onFailure: HttpListenerOptions['onFailure'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const failed = (error: unknown): void => onFailure?.(error, request);
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  // A client that goes away is no failure of ours.
  response.on('error', () => {});
  try {
    using wasi = createWasi(options);
    const instance: Instance = instanceOf(wasi);
    const secure = 'encrypted' in request.socket;
    const incoming = new IncomingRequest(instance, request, { tag: secure ? 'HTTPS' : 'HTTP' });
    const out = new ResponseOutparam(response, (code: ErrorCode) =>
      failed(new Error(`the guest answered with the error ${code.tag}`)),
    );
    const handler = await instantiate(wasi.imports);
    await handler.handle(incoming, out);
    if (!out.used) {
      failed(new Error('the guest returned without an answer'));
      out[Symbol.dispose]();
    }
    out.endWithGuest();
    await closed;
  } catch (error) {
    failed(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500, ['Content-Length', '0']).end();
  }
}
