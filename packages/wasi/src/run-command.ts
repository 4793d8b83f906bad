/** Runs a component or core module as a command, with WASI 0.2; a core module also with Preview 1 by the adapter. */
import type { AdapterOptions } from '@wittle/adapter';
import { ComponentError, type ModuleSource } from '@wittle/runtime';
import { checkOptions, type WasiOptions } from './options.ts';
import { WasiExit } from './p2/cli/exit.ts';
import { runProgram } from './run-program.ts';
import { blockingOf, type WaitingOptions } from './waiting.ts';
import { createWasi, instanceOf } from './wasi.ts';

export interface RunOptions extends WasiOptions, WaitingOptions {
  /** How Preview 1 is served. */
  readonly adapter?: AdapterOptions;
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
  const { adapter, blocking: _wish, timeLimit, trapMissing, call, ...wasiOptions } = options;
  const blocking = blockingOf(options);
  const wasi = createWasi({ lendBytes: true, ...wasiOptions });
  try {
    const given = await program;
    const { handles } = instanceOf(wasi).limits;
    if (blocking !== 'worker')
      return await runProgram(given, wasi.imports, { adapter, blocking, handles, trapMissing, call });
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
