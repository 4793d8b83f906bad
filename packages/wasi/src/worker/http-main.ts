/** A thread in which guests answer HTTP requests: a new instance for each, one after the other. */
import { componentLinkage } from '@wittle/runtime';
import type { HttpHandler } from '../http-listener.ts';
import { isComponent } from '../run-program.ts';
import { versionedImports } from '../versioned-imports.ts';
import type { WasiImports } from '../wasi.ts';
import { connectImports } from './connect-imports.ts';
import { failureOf, type GuestFailure } from './guest-failures.ts';
import { loaded } from './portable-program.ts';
import {
  handlerName,
  trapMissingName,
  type HttpTask,
  type HttpThreadData,
  type WorkerMessage,
} from './thread-messages.ts';
import { hostThread } from './thread.ts';
import { ValueReader } from './values.ts';
import { withOwnInterfaces } from './wasi-surface.ts';

interface Served extends WasiImports {
  readonly [trapMissingName]?: (name: string) => boolean;
}

const host = hostThread();
const { program, own, handles } = host.data as HttpThreadData;
const component = await loaded(program);
if (!isComponent(component)) throw new TypeError('requests are answered by a component');
const { instantiateSync } = component[componentLinkage];

host.onMessage((task) => {
  void handle(task as HttpTask).then((failure) => {
    host.post({ kind: 'ended', failure } satisfies WorkerMessage);
  });
});

async function handle({ connection, args }: HttpTask): Promise<GuestFailure | undefined> {
  const { imports, settle, references } = connectImports<Served>(connection);
  try {
    const trapMissing = imports[trapMissingName];
    const exports = instantiateSync(versionedImports(withOwnInterfaces(imports, own)), {
      blocking: 'none',
      limits: { handles },
      ...(trapMissing && { trapMissing }),
    }) as Readonly<Record<string, HttpHandler>>;
    const reader = new ValueReader(args);
    const [request, out] = [reader.value(references), reader.value(references)];
    await exports[handlerName]!.handle(request as never, out as never);
    settle();
    return undefined;
  } catch (error) {
    return failureOf(error, references);
  } finally {
    connection.port.close();
  }
}
