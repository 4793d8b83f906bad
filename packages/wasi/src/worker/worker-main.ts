/** The thread of a guest: instantiates it over the host's functions, and runs it. */
import { runProgram } from '../run-program.ts';
import type { WasiImports } from '../wasi.ts';
import { connectImports } from './connect-imports.ts';
import { offerExports, type CallRequest } from './exports.ts';
import { failureOf } from './guest-failures.ts';
import { loaded } from './portable-program.ts';
import { trapMissingName, type WorkerData, type WorkerMessage } from './thread-messages.ts';
import { hostThread } from './thread.ts';
import { withOwnInterfaces } from './wasi-surface.ts';

interface Served extends WasiImports {
  readonly [trapMissingName]?: (name: string) => boolean;
}

const host = hostThread();
const { program, connection, own, adapter, handles, offersExports } = host.data as WorkerData;
const { imports, settle, references } = connectImports<Served>(connection);
const post = (message: WorkerMessage): void => host.post(message);

try {
  await runProgram(await loaded(program), withOwnInterfaces(imports, own), {
    adapter,
    blocking: 'none',
    handles,
    trapMissing: imports[trapMissingName],
    call: offersExports ? offer : undefined,
  });
  settle();
  post({ kind: 'ended', failure: undefined });
} catch (error) {
  post({ kind: 'ended', failure: failureOf(error, references) });
}

/** Until the host ends this thread. */
function offer(exports: object): Promise<never> {
  const { surface, answer } = offerExports(exports, references);
  host.onMessage((request) => {
    void answer(request as CallRequest).then((reply) => post({ kind: 'reply', ...reply }));
  });
  post({ kind: 'exports', surface });
  return new Promise(() => {});
}
