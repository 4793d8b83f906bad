/** Glue for files that are imported, made once for all modules of it, and again when something has changed that it came from. */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { hasErrors, parse, type Diagnostic } from '@wittle/parser';
import { generateProject, type GeneratedProject } from 'wittle/node';
import { writeDeclarations } from './declaration-files.ts';
import { fileStamp } from './file-stamp.ts';
import { guestKind, type GuestKind } from './guests.ts';
import type { CheckedOptions, FileOptions } from './options.ts';
import type { Request } from './request.ts';

/** What was generated for a file and one of its worlds. */
export interface Glue {
  /** The file that it was asked for. */
  readonly path: string;
  readonly kind: 'wit' | GuestKind;
  /** JavaScript and declarations by their paths; none when there is an error among the diagnostics. */
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
  /** Files that it was made from, or that were looked for in vain. */
  readonly dependencies: readonly string[];
  /** Directories whose `.wit` files and folders are a part of it. */
  readonly directories: readonly string[];
}

/** The glue of one build. */
export class GlueStore {
  readonly options: CheckedOptions;
  /** What paths in the options are relative to. */
  root: string = process.cwd();
  readonly #entries = new Map<string, Entry>();

  constructor(options: CheckedOptions) {
    this.options = options;
  }

  /** `undefined` for a `.wasm` file that does not say its world. */
  async glueOf({ path, world }: Request): Promise<Glue | undefined> {
    const key = world === undefined ? path : `${path}\0${world}`;
    const known = this.#entries.get(key);
    const isGood =
      known?.isStale === false && (known.stamp === undefined || known.stamp === stampOf(known.glue));
    if (isGood) return known.made;
    const entry: Entry = {
      made: this.#make(path, world),
      glue: known?.glue,
      stamp: undefined,
      isStale: false,
    };
    this.#entries.set(key, entry);
    try {
      entry.glue = await entry.made;
      entry.stamp = stampOf(entry.glue);
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
    return entry.glue;
  }

  /** Whatever came from this file, or may come from it now, is made again. */
  changed(path: string): void {
    for (const entry of this.#entries.values()) {
      if (entry.glue === undefined || dependsOn(entry.glue, path)) entry.isStale = true;
    }
  }

  /** The imported files whose glue came from this file, or may come from it now. */
  affected(path: string): readonly string[] {
    const glue = [...this.#entries.values()].flatMap((entry) => entry.glue ?? []);
    return [...new Set(glue.filter((each) => dependsOn(each, path)).map((each) => each.path))];
  }

  async #make(path: string, world: string | undefined): Promise<Glue | undefined> {
    const isWit = path.endsWith('.wit');
    const kind = isWit ? 'wit' : guestKind(await readFile(path));
    if (kind === undefined) return undefined;
    const options = this.#optionsOf(path);
    const made = await generate(path, { ...options, ...(world !== undefined && { world }) }, this.root);
    const { outputs, dependencies } = made;
    const diagnostics = [...this.#misnamed(), ...made.diagnostics];
    const files = new Map(outputs.flatMap((each) => each.files.map((file) => [file.path, file.contents])));
    const glue: Glue = {
      path,
      kind,
      files,
      diagnostics,
      dependencies: [...new Set([path, ...dependencies.files])],
      directories: dependencies.directories,
    };
    // There is one file of declarations for all queries of a file: it is that of the imports without one.
    const { types } = this.options;
    const isOurs = world === undefined && !path.split(/[/\\]/).includes('node_modules');
    if (types === false || !isOurs || hasErrors(diagnostics)) return glue;
    return { ...glue, diagnostics: [...diagnostics, ...writeDeclarations(glue, types, this.root)] };
  }

  /** An option for a file that is not there would be one for nothing. */
  #misnamed(): readonly Diagnostic[] {
    return Object.keys(this.options.files)
      .filter((name) => statSync(resolve(this.root, name), { throwIfNoEntry: false })?.isFile() !== true)
      .map((name) => ({
        code: 'invalid-option',
        severity: 'error',
        message: `option \`files\` has \`${name}\`, but there is no such file in ${this.root}`,
        span: undefined,
        related: [],
        hint: 'paths are relative to that directory',
      }));
  }

  #optionsOf(path: string): FileOptions {
    const { files: byFile, types: _, ...all } = this.options;
    const found = Object.entries(byFile).find(([name]) => resolve(this.root, name) === resolve(path));
    const own = found?.[1] ?? {};
    return { ...all, ...own, options: { ...all.options, ...own.options } };
  }
}

interface Entry {
  readonly made: Promise<Glue | undefined>;
  /** What was made last. */
  glue: Glue | undefined;
  /** Of its dependencies; nothing while it is made. */
  stamp: string | undefined;
  isStale: boolean;
}

async function generate(
  path: string,
  { options, world, features, allFeatures }: FileOptions,
  root: string,
): Promise<GeneratedProject> {
  const directory = dirname(path);
  const isPackage = path.endsWith('.wit') && isPackageDirectory(directory);
  const chosen = world ?? (isPackage ? onlyWorld(await readFile(path, 'utf8')) : undefined);
  const input = {
    // Messages and headers show it: the same on every machine.
    wit: shown(isPackage ? directory : path, root),
    ...(chosen !== undefined && { world: chosen }),
    ...(features !== undefined && { features }),
    ...(allFeatures !== undefined && { allFeatures }),
  };
  const target = { target: 'host', options: { ...options, emit: 'js' } } as const;
  return generateProject({ ...input, ...target }, { cwd: root });
}

/** Where tools look for a package: its files together, and its dependencies beside them. */
function isPackageDirectory(directory: string): boolean {
  if (basename(directory) === 'wit') return true;
  return statSync(join(directory, 'deps'), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The world that a file of a package is about, if there is just one in it. */
function onlyWorld(text: string): string | undefined {
  const { ast } = parse({ name: '', text });
  const worlds = ast.items.filter((item) => item.kind === 'world');
  return worlds.length === 1 ? worlds[0]!.name.name : undefined;
}

function shown(path: string, root: string): string {
  const found = relative(root, path).replaceAll('\\', '/');
  return found === '' ? '.' : found;
}

function dependsOn({ dependencies, directories }: Glue, path: string): boolean {
  if (dependencies.includes(path) || directories.includes(path)) return true;
  // Folders of packages in `deps/` count, declarations that we write there do not.
  return directories.includes(dirname(path)) && ['', '.wit', '.wasm', '.wat'].includes(extname(path));
}

/** What tells one state of the dependencies from another. */
function stampOf(glue: Glue | undefined): string {
  if (glue === undefined) return '';
  return [...glue.dependencies, ...glue.directories]
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false, bigint: true });
      return found === undefined ? '' : fileStamp(found);
    })
    .join(' ');
}
