/** WIT text to generated code that runs, for tests. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolve, selectWorld, type World } from '@wittle/parser';
import type * as runtime from '../../runtime/src/index.ts';
import { generate, hostTarget, type HostOptions, type GeneratedFile } from '../src/index.ts';

/** What generated code says it comes from. */
export const GENERATOR = { name: 'wittle test', source: 'test.wit' };

/** The world of a WIT text, or the only one in it. */
export function worldOf(text: string, name?: string): World {
  const { model, diagnostics } = resolve({ sources: [{ name: 'test.wit', text }] }, { allFeatures: true });
  if (model === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  const selected = selectWorld(model, name);
  if (selected.world === undefined)
    throw new Error(selected.diagnostics.map((each) => each.message).join('\n'));
  return selected.world;
}

/** The files of a world that must have no problems. */
export function generated(world: World, options: Partial<HostOptions> = {}): readonly GeneratedFile[] {
  const importSuffix = options.emit === 'js' ? '.js' : '.ts';
  const { files, diagnostics } = generate(world, hostTarget, { importSuffix, ...options }, GENERATOR);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  return files;
}

/** One generated file by its path. */
export function fileOf(files: readonly GeneratedFile[], path: string): string {
  const found = files.find((each) => each.path === path);
  if (found === undefined) throw new Error(`no ${path} in ${files.map((each) => each.path).join(', ')}`);
  return found.contents;
}

/** Anything: tests look at values whose types only the generated code knows. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Any = any;

/** What something throws, which it has to. */
export function thrownBy(run: () => unknown): Any {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export interface Options {
  readonly adapter?: runtime.CoreAdapter;
  readonly blocking?: 'jspi' | 'none';
}

/** The generated `index.ts`, as far as every world has it. */
export interface Glue {
  readonly instantiate: (module: unknown, imports: object, options?: Options) => Promise<Any>;
  readonly instantiateSync: (module: unknown, imports: object, options?: Options) => Any;
}

export type Runtime = typeof runtime;

const RUNTIME = join(dirname(fileURLToPath(import.meta.url)), '../../runtime');

/** A directory for generated files in which `@wittle/runtime` is found. */
export class Workspace {
  readonly path: string = mkdtempSync(join(tmpdir(), 'wittle-codegen-'));
  #count = 0;

  constructor() {
    mkdirSync(join(this.path, 'node_modules/@wittle'), { recursive: true });
    symlinkSync(RUNTIME, join(this.path, 'node_modules/@wittle/runtime'));
    writeFileSync(join(this.path, 'package.json'), '{ "type": "module" }');
  }

  /** Writes files under a new directory; gives its path. */
  write(files: readonly GeneratedFile[]): string {
    const directory = join(this.path, `world-${++this.#count}`);
    for (const { path, contents } of files) {
      const target = join(directory, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, contents);
    }
    return directory;
  }

  /** Generates, writes and imports. */
  async load(world: World | string, options: Partial<HostOptions> = {}): Promise<Glue> {
    const files = generated(typeof world === 'string' ? worldOf(world) : world, options);
    const index = options.emit === 'js' ? 'index.js' : 'index.ts';
    return (await import(join(this.write(files), index))) as Glue;
  }

  /** The runtime that the glue in here uses: its classes of errors are those that the glue throws. */
  async runtime(): Promise<Runtime> {
    const file = join(this.path, 'runtime.ts');
    writeFileSync(file, "export * from '@wittle/runtime';");
    return (await import(file)) as Runtime;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
