/** Runs a component or core module as a command, with WASI 0.2; a core module also with Preview 1 by the adapter. */
import { createAdapter, type AdapterOptions } from '@wittle/adapter';
import { ComponentError, LinkError, type InstantiateOptions, type ModuleSource } from '@wittle/runtime';
import { componentLinkage, type ComponentSource } from '@wittle/runtime/types';
import { instantiate } from './generated/index.ts';
import type { WasiOptions } from './options.ts';
import { WasiExit } from './p2/cli/exit.ts';
import { createWasi, type Wasi } from './wasi.ts';

export interface RunOptions extends WasiOptions {
  /** How Preview 1 is served. */
  readonly adapter?: AdapterOptions;
  /** How a call that is not ready waits. Default: JSPI where there is any. */
  readonly blocking?: InstantiateOptions['blocking'];
  /**
   * For components: asked about each interface that is imported and not there (`wasi:http/types@0.2.3`). Where it says
   * true, the component runs all the same, and calling a function of that interface is a trap. Default: none.
   */
  readonly trapMissing?: (name: string) => boolean;
}

/**
 * Runs a component that exports `wasi:cli/run@0.2.x`, or a core module that exports `_start` or that interface's `run`,
 * to its end; gives its exit code. What it left open is closed by then.
 *
 * A component is what `compile` of `@wittle/component` gives: `await runCommand(await compile(bytes))`.
 *
 * Throws a `LinkError` for a program that needs more than this host has, a `Trap` or `WebAssembly.RuntimeError` when
 * the guest fails, a TypeError for options that make no sense.
 */
export async function runCommand(
  program: ModuleSource | ComponentSource,
  options: RunOptions = {},
): Promise<number> {
  const wasi = createWasi({ lendBytes: true, ...options });
  try {
    const { run } = isComponent(program)
      ? await instantiateComponent(program, wasi, options)
      : await instantiateModule(program, wasi, options);
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

/** What is needed of a program's exports. */
interface Runnable {
  readonly run: { readonly run: () => unknown };
}

function instantiateModule(module: ModuleSource, wasi: Wasi, options: RunOptions): Promise<Runnable> {
  return instantiate(module, wasi.imports, {
    adapter: createAdapter(wasi.imports, options.adapter),
    blocking: options.blocking ?? 'jspi',
  });
}

async function instantiateComponent(
  component: ComponentSource,
  wasi: Wasi,
  { blocking = 'jspi', trapMissing }: RunOptions,
): Promise<Runnable> {
  const linkage = component[componentLinkage];
  const path = [...linkage.exports.keys()].find((each) => /^wasi:cli\/run@0\.2\..*#run$/.test(each));
  if (path === undefined)
    throw new LinkError('command', ['the component does not export `wasi:cli/run@0.2`']);
  const exports = await linkage.instantiate(wasi.imports, { blocking, ...(trapMissing && { trapMissing }) });
  return { run: (exports as Readonly<Record<string, Runnable['run']>>)[path.replace(/#run$/, '')]! };
}

function isComponent(program: ModuleSource | ComponentSource): program is ComponentSource {
  return typeof program === 'object' && componentLinkage in program;
}
