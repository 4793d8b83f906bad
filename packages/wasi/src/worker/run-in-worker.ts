/** Runs a program in a thread of its own, which stops while the host works, or while it waits, for the guest. */
import type { ModuleSource } from '@wittle/runtime';
import { limitsOf, type WasiOptions } from '../options.ts';
import { isComponent, type ProgramOptions } from '../run-program.ts';
import type { Wasi } from '../wasi.ts';
import { exportsOver, type RemoteExports } from './exports.ts';
import { errorOf, type GuestFailure } from './guest-failures.ts';
import { portable } from './portable-program.ts';
import { serve } from './serve-imports.ts';
import type { Surface } from './shapes.ts';
import { startThread, type Thread } from './thread.ts';
import { TimeLimitError } from './time-limit-error.ts';
import { trapMissingName, type WorkerData, type WorkerMessage } from './thread-messages.ts';
import { ownInterfaces, wasiServeOptions } from './wasi-surface.ts';

/** How a program is run in a worker. */
export interface WorkerRunOptions extends Pick<ProgramOptions, 'adapter' | 'trapMissing' | 'call'> {
  /** Milliseconds until the guest is ended. */
  readonly timeLimit: number | undefined;
}

/** Gives the exit code; throws what the guest throws. The thread is over when the promise is settled. */
export async function runInWorker(
  program: Awaited<ModuleSource>,
  wasi: Wasi,
  wasiOptions: WasiOptions,
  { adapter, trapMissing, call, timeLimit }: WorkerRunOptions,
): Promise<number> {
  const imports = { ...wasi.imports, ...(trapMissing && { [trapMissingName]: trapMissing }) };
  using served = serve(imports, wasiServeOptions);
  const { connection, references, errorBehind } = served;
  const toError = (failure: GuestFailure): unknown => errorOf(failure, references, errorBehind);
  const { randomBytes, handles } = limitsOf(wasiOptions.limits);
  const data: WorkerData = {
    program: await portable(program),
    connection,
    own: ownInterfaces(wasiOptions, randomBytes),
    adapter,
    handles,
    offersExports: call !== undefined && isComponent(program),
  };
  let thread: Thread | undefined;
  let remote: RemoteExports | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      const start = async (surface: Surface): Promise<number> => {
        remote = exportsOver(surface, references, toError, (request) => thread!.post(request));
        return (await call!(remote.exports)) ?? 0;
      };
      const receive = (message: WorkerMessage): void => {
        if (message.kind === 'reply') remote?.reply(message);
        else if (message.kind === 'exports') start(message.surface).then(resolve, reject);
        else if (message.failure === undefined) resolve(0);
        else reject(toError(message.failure) as Error);
      };
      thread = startThread(data, [connection.port], {
        onMessage: (message) => {
          try {
            receive(message as WorkerMessage);
          } catch (error) {
            reject(error as Error);
          }
        },
        onEnd: reject,
      });
      if (timeLimit !== undefined)
        timer = setTimeout(() => reject(new TimeLimitError(timeLimit)), Math.min(timeLimit, 0x7fff_ffff));
    });
  } finally {
    clearTimeout(timer);
    remote?.end();
    await thread?.end();
  }
}
