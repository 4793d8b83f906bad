/** Runs a component or core module as a command, with WASI 0.2; a core module also with Preview 1 by the adapter. */
import type { AdapterOptions } from '@wittle/adapter';
import { canSuspend, ComponentError, type ModuleSource } from '@wittle/runtime';
import { checkOptions, type WasiOptions } from './options.ts';
import { WasiExit } from './p2/cli/exit.ts';
import { runProgram } from './run-program.ts';
import { createWasi } from './wasi.ts';

export interface RunOptions extends WasiOptions {
  /** How Preview 1 is served. */
  readonly adapter?: AdapterOptions;
  /**
   * How a call that is not ready waits. `jspi` suspends the guest's stack, which takes an engine that can (Node 24 or
   * newer); `worker` runs the guest in a thread of its own, which stops meanwhile; with `none` the call fails. Default:
   * JSPI where there is any and no `timeLimit`, else a worker.
   */
  readonly blocking?: 'jspi' | 'worker' | 'none';
  /**
   * Milliseconds that the guest may run, its start included; then it is ended, whatever it does, and a
   * `TimeLimitError` is thrown. Only in a worker. Default: no limit.
   */
  readonly timeLimit?: number;
  /**
   * For components: asked about each interface that is imported and not there (`wasi:http/types@0.2.3`). Where it says
   * true, the component runs all the same, and calling a function of that interface is a trap. Default: none.
   */
  readonly trapMissing?: (name: string) => boolean;
  /**
   * For components: what to do with the exports, whatever they are; the number that it gives is the exit code, 0 if it
   * gives none. Its parameter may have any type. In a worker all functions give promises, and there are no resources
   * of the guest. Default: call `run` of `wasi:cli/run`.
   */
  call?(exports: object): PromiseLike<number | void> | number | void;
}

/**
 * Runs a component that exports `wasi:cli/run@0.2.x`, or a core module that exports `_start` or that interface's `run`,
 * to its end; gives its exit code. What it left open is closed by then.
 *
 * A component is what `compile` of `@wittle/component` gives: `await runCommand(compile(bytes))`. Any function of it
 * can be called: `await runCommand(component, { call: ({ add }: Exports) => console.log(add(1, 2)) })`.
 *
 * Throws a `LinkError` for a program that needs more than this host has, a `Trap` or `WebAssembly.RuntimeError` when
 * the guest fails, a `TimeLimitError` when its time was up, a TypeError for options that make no sense.
 */
export async function runCommand(program: ModuleSource, options: RunOptions = {}): Promise<number> {
  checkOptions(options, ownOptions);
  const { adapter, blocking: wish, timeLimit, trapMissing, call, ...wasiOptions } = options;
  const blocking = wish ?? (timeLimit === undefined && canSuspend() ? 'jspi' : 'worker');
  if (blocking !== 'jspi' && blocking !== 'worker' && blocking !== 'none')
    throw new TypeError(`the option blocking is 'jspi', 'worker' or 'none', not ${JSON.stringify(blocking)}`);
  checkTimeLimit(timeLimit, blocking);
  const wasi = createWasi({ lendBytes: true, ...wasiOptions });
  try {
    const given = await program;
    if (blocking !== 'worker')
      return await runProgram(given, wasi.imports, { adapter, blocking, trapMissing, call });
    const { runInWorker } = await import('./worker/run-in-worker.ts');
    return await runInWorker(given, wasi, wasiOptions, { adapter, trapMissing, call, timeLimit });
  } catch (error) {
    if (error instanceof WasiExit) return error.code;
    if (error instanceof ComponentError) return 1;
    throw error;
  } finally {
    wasi.dispose();
  }
}

/** The options that are not those of `createWasi`. */
const ownOptions: readonly Exclude<keyof RunOptions, keyof WasiOptions>[] = [
  'adapter',
  'blocking',
  'timeLimit',
  'trapMissing',
  'call',
];

function checkTimeLimit(limit: number | undefined, blocking: string): void {
  if (limit === undefined) return;
  if (!(limit > 0))
    throw new TypeError(`timeLimit is a number of milliseconds above 0, not ${String(limit)}`);
  if (blocking !== 'worker')
    throw new TypeError(`timeLimit needs a guest in a worker, and blocking is '${blocking}'`);
}
