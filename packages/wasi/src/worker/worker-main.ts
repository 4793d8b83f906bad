/** The thread of a guest: instantiates it over the host's functions, and runs it. */
import type { ComponentSource, ModuleSource } from '@wittle/runtime';
import { runProgram } from '../run-program.ts';
import type { WasiImports } from '../wasi.ts';
import { connectImports } from './connect-imports.ts';
import { offerExports, type CallRequest } from './exports.ts';
import { failureOf } from './guest-failures.ts';
import {
  trapMissingName,
  type PortableProgram,
  type WorkerData,
  type WorkerMessage,
} from './thread-messages.ts';
import { hostThread } from './thread.ts';
import { withOwnInterfaces } from './wasi-surface.ts';

interface Served extends WasiImports {
  readonly [trapMissingName]?: (name: string) => boolean;
}

const host = hostThread();
const { program, connection, own, adapter, offersExports } = host.data as WorkerData;
const { imports, settle, references } = connectImports<Served>(connection);
const post = (message: WorkerMessage): void => host.post(message);

try {
  await runProgram(await loaded(program), withOwnInterfaces(imports, own), {
    adapter,
    blocking: 'none',
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

async function loaded(given: PortableProgram): Promise<Awaited<ModuleSource>> {
  if (given instanceof WebAssembly.Module) return given;
  if (ArrayBuffer.isView(given)) return given as Uint8Array<ArrayBuffer>;
  if ('url' in given) return new URL(given.url);
  const { compile } = (await import(given.compiler)) as {
    compile: (
      bytes: Uint8Array,
      options: { readonly modules: readonly WebAssembly.Module[]; readonly portable: boolean },
    ) => Promise<ComponentSource>;
  };
  return compile(given.bytes, { modules: given.modules, portable: false });
}
