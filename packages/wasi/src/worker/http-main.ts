/** A thread in which guests answer HTTP requests, one after the other. */
import { componentLinkage } from '@wittle/runtime';
import type { HttpHandler } from '../http-guests.ts';
import { isComponent } from '../run-program.ts';
import { versionedImports } from '../versioned-imports.ts';
import type { WasiImports } from '../wasi.ts';
import { connectImports } from './connect-imports.ts';
import type { Connection } from './connection.ts';
import { failureOf, type GuestFailure } from './guest-failures.ts';
import { loaded } from './portable-program.ts';
import {
  handlerName,
  trapMissingName,
  type HttpRequest,
  type HttpThreadData,
  type HttpThreadMessage,
} from './thread-messages.ts';
import { hostThread } from './thread.ts';
import { ValueReader, type References } from './values.ts';
import { withOwnInterfaces } from './wasi-surface.ts';

interface Served extends WasiImports {
  readonly [trapMissingName]?: (name: string) => boolean;
}

const host = hostThread();
const { program, own, handles } = host.data as HttpThreadData;
const component = await loaded(program);
if (!isComponent(component)) throw new TypeError('requests are answered by a component');
const { instantiateSync } = component[componentLinkage];
let connected: Connected | undefined;
const post = (message: HttpThreadMessage): void => host.post(message);

/** What may answer another request. */
let kept: HttpHandler | undefined;

host.onMessage((message) => {
  const request = message as HttpRequest;
  if (request === 'drop') kept = undefined;
  else
    void handle(request).then((failure) => {
      post({ kind: 'ended', failure });
    });
});
post({ kind: 'ready' });

async function handle({
  connection,
  again,
  isLast,
  args,
}: HttpRequest & object): Promise<GuestFailure | undefined> {
  if (connection !== undefined) connected = connectTo(connection);
  const { settle, references } = connected!;
  try {
    const handler = again ? kept! : instantiate(connected!);
    kept = undefined;
    const reader = new ValueReader(args);
    const [request, out] = [reader.value(references), reader.value(references)];
    await handler.handle(request as never, out as never);
    settle();
    if (!isLast) kept = handler;
    return undefined;
  } catch (error) {
    return failureOf(error, references);
  }
}

function instantiate({ imports, trapMissing }: Connected): HttpHandler {
  const exports = instantiateSync(imports, {
    blocking: 'none',
    limits: { handles },
    ...(trapMissing && { trapMissing }),
  }) as Readonly<Record<string, HttpHandler>>;
  return exports[handlerName]!;
}

interface Connected {
  readonly imports: object;
  readonly trapMissing: ((name: string) => boolean) | undefined;
  readonly settle: () => void;
  readonly references: References;
}

function connectTo(connection: Connection): Connected {
  const { imports, settle, references } = connectImports<Served>(connection);
  return {
    imports: versionedImports(withOwnInterfaces(imports, own)),
    trapMissing: imports[trapMissingName],
    settle,
    references,
  };
}
