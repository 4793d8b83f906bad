/** Runs a component or core module as a command, with WASI 0.2; a core module also with Preview 1 by the adapter. */
import { createAdapter, type AdapterOptions } from '@wittle/adapter';
import {
  ComponentError,
  componentLinkage,
  LinkError,
  type ComponentSource,
  type InstantiateOptions,
  type ModuleSource,
} from '@wittle/runtime';
import { instantiate, type Exports } from './generated/index.ts';
import type { WasiOptions } from './options.ts';
import { WasiExit } from './p2/cli/exit.ts';
import { createWasi, type Wasi, type WasiImports } from './wasi.ts';

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
  /**
   * For components: what to do with the exports, whatever they are; the number that it gives is the exit code, 0 if it
   * gives none. Its parameter may have any type. Default: call `run` of `wasi:cli/run`.
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
 * the guest fails, a TypeError for options that make no sense.
 */
export async function runCommand(program: ModuleSource, options: RunOptions = {}): Promise<number> {
  const wasi = createWasi({ lendBytes: true, ...options });
  try {
    const given = await program;
    if (isComponent(given)) return await runComponent(given, wasi, options);
    const { run } = await instantiate(given, wasi.imports, {
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

async function runComponent(component: ComponentSource, wasi: Wasi, options: RunOptions): Promise<number> {
  const { blocking = 'jspi', trapMissing, call } = options;
  const linkage = component[componentLinkage];
  const instantiateAny = (): Promise<object> =>
    linkage.instantiate(versioned(wasi.imports), { blocking, ...(trapMissing && { trapMissing }) });
  if (call !== undefined) return (await call(await instantiateAny())) ?? 0;
  const path = [...linkage.exports.keys()].find((each) => /^wasi:cli\/run@0\.2\..*#run$/.test(each));
  if (path === undefined)
    throw new LinkError('command', ['the component does not export `wasi:cli/run@0.2`']);
  let run: Exports['run'];
  try {
    // The generated glue is faster; it takes what imports nothing that it does not know.
    ({ run } = await instantiate(component, wasi.imports, { blocking }));
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    run = ((await instantiateAny()) as Readonly<Record<string, Exports['run']>>)[path.replace(/#run$/, '')]!;
  }
  await run.run();
  return 0;
}

/** With the version behind the names, only releases find the implementations that are compatible with it. */
function versioned(imports: WasiImports): object {
  return Object.fromEntries(Object.entries(imports).map(([name, host]) => [`${name}@0.2.12`, host]));
}

function isComponent(program: Awaited<ModuleSource>): program is ComponentSource {
  return typeof program === 'object' && componentLinkage in program;
}
