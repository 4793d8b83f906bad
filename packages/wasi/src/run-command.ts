/** Runs a core module as a command: WASI 0.2 for what it imports of it, Preview 1 through the adapter for the rest. */
import { createAdapter, type AdapterOptions } from '@wittle/adapter';
import { ComponentError, type InstantiateOptions, type ModuleSource } from '@wittle/runtime';
import { instantiate } from './generated/index.ts';
import type { WasiOptions } from './options.ts';
import { WasiExit } from './p2/cli/exit.ts';
import { createWasi } from './wasi.ts';

export interface RunOptions extends WasiOptions {
  /** How Preview 1 is served. */
  readonly adapter?: AdapterOptions;
  /** How a call that is not ready waits. Default: JSPI where there is any. */
  readonly blocking?: InstantiateOptions['blocking'];
}

/**
 * Runs a core module that exports `_start` or `wasi:cli/run@0.2.x#run`, to its end; gives its exit code. What it left
 * open is closed by then.
 *
 * Throws a `LinkError` for a module that needs more than this host has, a `Trap` or `WebAssembly.RuntimeError` when
 * the guest fails, a TypeError for options that make no sense.
 */
export async function runCommand(module: ModuleSource, options: RunOptions = {}): Promise<number> {
  const wasi = createWasi({ lendBytes: true, ...options });
  try {
    const { run } = await instantiate(module, wasi.imports, {
      adapter: createAdapter(wasi.imports, options.adapter),
      blocking: options.blocking ?? 'jspi',
    });
    await run.run();
    return 0;
  } catch (error) {
    if (error instanceof WasiExit) return error.code;
    if (error instanceof ComponentError) return 1;
    throw error;
  } finally {
    wasi.dispose();
  }
}
