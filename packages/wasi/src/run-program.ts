/** Runs a component or core module to its end, in whichever thread this is. */
import { createAdapter, type AdapterOptions } from '@wittle/adapter';
import { componentLinkage, LinkError, type ComponentSource, type ModuleSource } from '@wittle/runtime';
import { instantiate, type Exports } from './generated/index.ts';
import { versionedImports } from './versioned-imports.ts';
import type { WasiImports } from './wasi.ts';

export interface ProgramOptions {
  readonly adapter: AdapterOptions | undefined;
  readonly blocking: 'jspi' | 'none';
  /** Of each instance of a component. */
  readonly handles: number;
  readonly trapMissing: ((name: string) => boolean) | undefined;
  /** For components: called with the exports, instead of calling `run`; gives the exit code. */
  readonly call: ((exports: object) => PromiseLike<number | void> | number | void) | undefined;
}

/** Gives the exit code. Throws what the guest throws, `WasiExit` and the error value of its `run` included. */
export async function runProgram(
  program: Awaited<ModuleSource>,
  imports: WasiImports,
  options: ProgramOptions,
): Promise<number> {
  if (isComponent(program)) return runComponent(program, imports, options);
  const { run } = await instantiate(program, imports, {
    adapter: createAdapter(imports, options.adapter),
    blocking: options.blocking,
    limits: { handles: options.handles },
  });
  await run.run();
  return 0;
}

async function runComponent(
  component: ComponentSource,
  imports: WasiImports,
  { blocking, handles, trapMissing, call }: ProgramOptions,
): Promise<number> {
  const linkage = component[componentLinkage];
  const limits = { handles };
  const instantiateAny = (): Promise<object> =>
    linkage.instantiate(versionedImports(imports), { blocking, limits, ...(trapMissing && { trapMissing }) });
  if (call !== undefined) return (await call(await instantiateAny())) ?? 0;
  const path = [...linkage.exports.keys()].find((each) => /^wasi:cli\/run@0\.2\..*#run$/.test(each));
  if (path === undefined)
    throw new LinkError('command', ['the component does not export `wasi:cli/run@0.2`']);
  let run: Exports['run'];
  try {
    // The generated glue is faster; it takes what imports nothing that it does not know.
    ({ run } = await instantiate(component, imports, { blocking, limits }));
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    run = ((await instantiateAny()) as Readonly<Record<string, Exports['run']>>)[path.replace(/#run$/, '')]!;
  }
  await run.run();
  return 0;
}

export function isComponent(program: Awaited<ModuleSource>): program is ComponentSource {
  return typeof program === 'object' && componentLinkage in program;
}
