/** `wittle serve`: answers HTTP requests with a component that exports `wasi:http/incoming-handler`. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { httpServer, type HttpServerOptions } from '@wittle/wasi';
import { failure, reasonOf } from '../failure.ts';
import { grantOptions, grantsEpilogue, grantsOf, programLimitsOf, type GrantArgs } from '../grants.ts';
import type { Io } from '../io.ts';
import { text, type Command } from '../options.ts';
import { guestFailure, isStandard, loadProgram } from '../program.ts';
import { compilingFor, waitingOf, waitingOptions, type WaitingArgs } from '../waiting.ts';

interface ServeArgs extends GrantArgs, WaitingArgs {
  readonly component: string;
  readonly addr: string | undefined;
  readonly 'max-instance-reuse-count': string | undefined;
}

const handler = 'wasi:http/incoming-handler';

/** Ends with 0 when it is interrupted. */
export const serve: Command<ServeArgs> = {
  declare: (yargs) =>
    yargs
      .positional('component', {
        description: 'A component (.wasm) that exports wasi:http/incoming-handler@0.2',
        type: 'string',
        demandOption: true,
      })
      .options({
        addr: text('addr', 'Where to listen: `HOST:PORT`, or a port of the loopback interface', {
          default: '127.0.0.1:8080',
        }),
        'max-instance-reuse-count': text(
          'max-instance-reuse-count',
          'How many requests an instance answers, one after the other; what it leaves in its memory is there at the next',
          { default: '1' },
        ),
        ...waitingOptions('Seconds after which the guest of a request is ended; guests run in workers then'),
        ...grantOptions,
      })
      .example('$0 app.wasm --addr 127.0.0.1:3000', 'Serving on a port of one address')
      .example('$0 proxy.wasm --allow-net connect=example.com:443', 'A guest that makes requests itself')
      .epilogue(
        `Every request is answered by an instance of its own, unless --max-instance-reuse-count is above 1; one that fails, exits, or leaves its response unfinished is not used again, nor one that holds many handles when a request is over or has nothing to do for a second. A guest that fails, or gives no answer, is status 500 and a line of standard error; one whose time is up is status 504. Guests in workers run side by side, others in turns. SIGINT and SIGTERM end the server when the requests that it has are answered; given again, they end it at once.

${grantsEpilogue}`,
      ),
  run: async (args, io) => {
    const { host, port } = readAddress(args.addr ?? '127.0.0.1:8080');
    const grants = grantsOf(args, io);
    const waiting = waitingOf(args);
    const maxInstanceReuseCount = readCount(args['max-instance-reuse-count'] ?? '1');
    const component = await loadProgram(args.component, io, {
      ...compilingFor(waiting),
      limits: programLimitsOf(args),
    });
    if (component instanceof WebAssembly.Module) {
      throw failure(`${args.component} is a core module`, 'serve needs a component');
    }
    if (!component.exports.some(({ name }) => name.startsWith(`${handler}@0.2.`))) {
      throw failure(
        `${args.component} answers no requests: it does not export \`${handler}@0.2\``,
        'run it with `wittle run`, or make a component of the world `wasi:http/proxy`',
      );
    }
    const failureOf = (error: unknown): Error =>
      guestFailure(args.component, error, 'the host has WASI 0.2') as Error;
    const options: HttpServerOptions = {
      args: [basename(args.component)],
      ...grants,
      ...waiting,
      maxInstanceReuseCount,
      trapMissing: isStandard,
      onFailure: (error, request) => {
        io.stderr(`wittle: ${request.method} ${request.url}: ${failureOf(error).message}\n`);
      },
    };
    let server: Server;
    try {
      server = httpServer(component, options);
    } catch (error) {
      throw failureOf(error);
    }
    return listen(server, host, port, io, args.quiet ?? false);
  },
};

/** Listens until the process is interrupted. */
function listen(server: Server, host: string, port: number, io: Io, quiet: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      // From now on they end the process, as they do where nobody listens.
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      server.close(() => resolve(0));
      server.getConnections((_error, open) => {
        if (open > 0 && !quiet)
          io.stderr('waiting for requests to be answered; interrupt again to end at once\n');
      });
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    server.once('error', (error) => {
      reject(failure(`cannot listen on ${host}:${port}: ${reasonOf(error)}`));
    });
    server.listen(port, host, () => {
      const { address, port: bound } = server.address() as AddressInfo;
      const shown = address.includes(':') ? `[${address}]` : address;
      if (!quiet) io.stderr(`serving on http://${shown}:${bound}/\n`);
    });
  });
}

function readCount(given: string): number {
  const count = Number(given);
  if (/^\d+$/.test(given) && Number.isSafeInteger(count) && count >= 1) return count;
  throw failure(`--max-instance-reuse-count is a whole number greater than 0, not \`${given}\``);
}

function readAddress(given: string): { host: string; port: number } {
  const [, six, name, port] = /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/i.exec(given) ?? [];
  if (port === undefined || Number(port) > 0xffff) {
    throw failure(
      `--addr \`${given}\` is no address`,
      'write it as `127.0.0.1:8080`, `[::1]:8080` or `8080`',
    );
  }
  return { host: six ?? name ?? '127.0.0.1', port: Number(port) };
}
