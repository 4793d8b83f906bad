/** WIT text to a guest in process that runs, for tests. */
import { join } from 'node:path';
import type { World } from '@wittle/parser';
import { hostTarget, type GeneratedFile } from '../src/index.ts';
import { witSources } from '../src/emit/sources.ts';
import { inProcessFiles, type InProcessOptions } from '../src/targets/guest/in-process.ts';
import { waitingOptions } from '../src/world/blocking.ts';
import { planWorld } from '../src/world/plan.ts';
import { GENERATOR, worldOf, type Any, type Glue, type Workspace } from './generate.ts';

/** The generated `instantiate.ts`. */
export interface InProcess {
  readonly instantiateGuest: (guest: unknown, imports: object, options?: object) => Any;
  readonly guestModule: (guest: unknown, limits?: object) => Any;
}

/** With the glue beside it, and where both are. */
export interface Loaded extends InProcess {
  readonly instantiate: Glue['instantiate'];
  readonly instantiateSync: Glue['instantiateSync'];
  readonly directory: string;
}

/** The files for a world that must have no problems. */
export function inProcess(world: World, options: Partial<InProcessOptions> = {}): readonly GeneratedFile[] {
  const all = { ...hostTarget.defaults, importSuffix: '.ts', glue: '', ...options } as const;
  const { files, diagnostics } = inProcessFiles(world, all, GENERATOR, {
    ...all,
    header: '// In process.\n',
    references: ['lib="esnext.disposable" preserve="true"'],
    sources: witSources(planWorld(world, waitingOptions(all)), GENERATOR),
  });
  if (diagnostics.length > 0) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  return files;
}

/** Generates, writes and imports. */
export async function loadInProcess(
  workspace: Workspace,
  world: World | string,
  options: Partial<InProcessOptions> = {},
): Promise<Loaded> {
  const directory = workspace.write(inProcess(typeof world === 'string' ? worldOf(world) : world, options));
  const made = (await import(join(directory, 'instantiate.ts'))) as InProcess;
  const { instantiate, instantiateSync } = (await import(
    join(directory, 'in-process/host/index.ts')
  )) as Glue;
  return { ...made, instantiate, instantiateSync, directory };
}

/** What the instances of a guest hold, as they are made. */
export interface Watched {
  readonly module: object;
  /** Of the instance that was made last. */
  readonly usage: () => { readonly blocks: number; readonly objects: number };
  readonly memory: () => WebAssembly.Memory;
}

const coreModule = Symbol.for('wittle.core-module');
const guestUsage = Symbol.for('wittle.guest-usage');

/** The same guest, whose instances can be looked into. */
export function watched(module: Any): Watched {
  let exports: Any;
  const core = module[coreModule];
  const instantiate = (imports: unknown): unknown => (exports = core.instantiate(imports));
  return {
    module: { [coreModule]: { ...core, instantiate } },
    usage: () => exports[guestUsage](),
    memory: () => exports.memory,
  };
}
