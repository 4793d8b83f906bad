/** Node's HTTP server over a component: `wasi:http/incoming-handler`. */
import http, { type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { componentLinkage, LinkError, type ComponentSource } from '@wittle/runtime';
import { LocalGuests, reuseCountOf, type HttpHandler, type Instantiated } from './http-guests.ts';
import { exchangeOf, type HttpListenerOptions } from './http-listener.ts';
import { versionedImports } from './versioned-imports.ts';
import { blockingOf, type WaitingOptions } from './waiting.ts';
import { createWasi, instanceOf, type Wasi } from './wasi.ts';
import { HttpThreads } from './worker/http-threads.ts';
import { handlerName } from './worker/thread-messages.ts';

/** How a component answers requests. */
export interface HttpServerOptions extends HttpListenerOptions, WaitingOptions {
  /** As of `runCommand`. */
  readonly trapMissing?: (name: string) => boolean;
}

/**
 * An HTTP server whose requests are answered by a component that exports `wasi:http/incoming-handler@0.2.x`, each by an
 * instance of its own unless `maxInstanceReuseCount` says otherwise; `listen` and `close` are to be called as with any. In a worker there are a number of threads for
 * that, which end when the server is closed; a guest whose `timeLimit` is over is status 504. Requests with `Expect:
 * 100-continue` are told to go on when their guest asks for the body. A CONNECT is a request like the others; what asks
 * for another protocol is answered in this one.
 *
 * Throws a LinkError for a component that does not export it, a TypeError for options that make no sense.
 *
 * ```ts
 * const component = await compile(bytes);
 * httpServer(component, { network: { connect: ['example.com:443'] } }).listen(8080, '127.0.0.1');
 * ```
 */
export function httpServer(component: ComponentSource, options: HttpServerOptions = {}): http.Server {
  const blocking = blockingOf(options);
  const { trapMissing, timeLimit } = options;
  const linkage = component[componentLinkage];
  if (![...linkage.exports.keys()].some((path) => path.startsWith(`${handlerName}@0.2.`)))
    throw new LinkError('proxy', [`it does not export \`${handlerName}@0.2\``]);
  const count = reuseCountOf(options);
  const instantiate = (wasi: Wasi): Instantiated => {
    const tables: { readonly size: number }[] = [];
    const exports = linkage.instantiateSync(versionedImports(wasi.imports), {
      blocking: blocking === 'jspi' ? 'jspi' : 'none',
      limits: { handles: instanceOf(wasi).limits.handles },
      ...(trapMissing && { trapMissing }),
      ...(count > 1 && { onHandles: (table) => tables.push(table) }),
    }) as Readonly<Record<string, HttpHandler>>;
    return {
      handler: exports[handlerName]!,
      handles: () => tables.reduce((sum, { size }) => sum + size, 0),
    };
  };
  const { exchange, guests } = exchangeOf(options, ownOptions, (wasiOptions) =>
    blocking === 'worker'
      ? new HttpThreads(component, { wasi: wasiOptions, count, trapMissing, timeLimit })
      : new LocalGuests(wasiOptions, count, instantiate),
  );
  using wasi = createWasi();
  linkage.check(versionedImports(wasi.imports), trapMissing === undefined ? {} : { trapMissing });
  const server = http.createServer();
  let running = 0;
  const over = (): void => {
    running--;
    if (server.listening) return;
    // Connections that were busy when the server was closed are no longer.
    server.closeIdleConnections();
    if (running === 0) guests.end();
  };
  const answer: typeof exchange = (request, response, wanted) => {
    running++;
    response.once('close', () => setImmediate(() => server.listening || server.closeIdleConnections()));
    return exchange(request, response, wanted).finally(over);
  };
  server.on('request', (request, response) => void answer(request, response));
  server.on('checkContinue', (request, response) => {
    // Without the word to go on, the client may send the body all the same, or another request: nobody could tell.
    const { shouldKeepAlive } = response;
    response.shouldKeepAlive = false;
    void answer(request, response, () => {
      if (response.headersSent) return;
      response.shouldKeepAlive = shouldKeepAlive;
      response.writeContinue();
    });
  });
  server.on('connect', (request, socket) => {
    const response = responseOn(socket, request);
    void answer(request, response);
  });
  server.once('close', () => {
    if (running === 0) guests.end();
  });
  return server;
}

const ownOptions: readonly string[] = [
  'onFailure',
  'maxInstanceReuseCount',
  'blocking',
  'timeLimit',
  'trapMissing',
];

/** Node leaves the connection of a CONNECT to its user. It serves for this one response. */
function responseOn(socket: Duplex, request: IncomingMessage): http.ServerResponse {
  const response = new http.ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as never);
  socket.on('error', () => {});
  // As Node does after the last response of a connection; that the response is closed is then said of the socket.
  response.once('finish', () => (socket as Socket).destroySoon());
  return response;
}
