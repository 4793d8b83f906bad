/**
 * Finds what `<wit>` names on a command line: a file, a directory with its `deps/`, or a package shipped with wittle. A
 * file may be a component, a WIT package in binary form, or a core module with its world in it.
 */
import { closeSync, openSync, readFileSync, readSync, readdirSync, statSync, type Stats } from 'node:fs';
import { extname, isAbsolute, join } from 'node:path';
import type { WitDecoding } from '@wittle/component/wit';
import { packageId, type Diagnostic, type Model, type PackageName, type Source } from '@wittle/parser';
import { loadPackage, type LoadedPackage, type LoadOptions } from '@wittle/parser/node';
import { diagnosed, finding } from './diagnose.ts';
import { reasonOf } from './failure.ts';
import type { Io } from './io.ts';
import type { FeatureArgs } from './options.ts';
import { shippedPackages, shippedVersions } from './shipped-packages.ts';

/**
 * Loads `wit`. What is on disk wins over a shipped package of that name. Dependencies that are not in `deps/` are found
 * by name among the shipped packages. Never throws; whatever is wrong is a diagnostic.
 */
export async function loadWit(wit: string, features: FeatureArgs, io: Pick<Io, 'cwd'>): Promise<LoadedWit> {
  const located = locate(wit, io);
  if ('diagnostic' in located) {
    const diagnostics = [located.diagnostic];
    return { model: undefined, diagnostics, files: [inCwd(wit, io)], directories: [] };
  }
  let decode: ((bytes: Uint8Array) => WitDecoding) | undefined;
  let isNeeded = false;
  const options: LoadOptions = {
    features: features.features ?? [],
    allFeatures: features['all-features'] ?? false,
    packages: findShipped,
    decode: (bytes) => {
      isNeeded ||= decode === undefined;
      return decode?.(bytes) ?? { wit: undefined, problem: undefined };
    },
  };
  let loaded = loadPackage(located.path, options);
  if (isNeeded) {
    // Most WIT is text: what reads binaries is loaded when there are some.
    const { decodeWit, decodeWitPackage } = await import('@wittle/component/wit');
    // Of a directory only dependencies may be binary, and these are packages.
    decode = located.isDirectory ? decodeWitPackage : decodeWit;
    loaded = loadPackage(located.path, options);
  }
  const { path, isDirectory } = located;
  const files = loaded.files.length === 0 && !isDirectory ? [path] : loaded.files;
  const directories = isDirectory ? [path, ...dependencyFolders(join(path, 'deps'))] : [];
  return { ...loaded, diagnostics: loaded.diagnostics.map(withWayOut), files, directories };
}

/** {@link LoadedPackage}, with all that it depends on. */
export interface LoadedWit extends LoadedPackage {
  /** What was read, or what could not be found. */
  readonly files: readonly string[];
  /** Directories whose `.wit` files and folders are a part of it; `deps/` whether it is there or not. */
  readonly directories: readonly string[];
}

function dependencyFolders(deps: string): readonly string[] {
  try {
    const entries = readdirSync(deps, { withFileTypes: true });
    return [deps, ...entries.filter((each) => !each.isFile()).map(({ name }) => join(deps, name))];
  } catch {
    return [deps];
  }
}

/** {@link loadWit} for commands that need a model: throws a `Failure` when there is none, and prints warnings. */
export async function requireWit(wit: string, features: FeatureArgs, io: Io): Promise<Model> {
  const { model, diagnostics } = await loadWit(wit, features, io);
  if (model === undefined) throw diagnosed(diagnostics);
  if (diagnostics.length > 0) io.stderr(`${diagnosed(diagnostics).message}\n`);
  return model;
}

/** The bytes of `wit` when it is a file with WebAssembly. */
export function wasmAt(wit: string, io: Io): Uint8Array | undefined {
  const path = inCwd(wit, io);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return isFile && hasWasmMagic(path) ? readFileSync(path) : undefined;
}

type Located = { readonly path: string; readonly isDirectory: boolean } | { readonly diagnostic: Diagnostic };

function locate(wit: string, io: Pick<Io, 'cwd'>): Located {
  const path = inCwd(wit, io);
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const message = `cannot read ${wit}: ${reasonOf(error)}`;
    return { diagnostic: finding('unreadable-file', message, undefined, undefined) };
  }
  if (found?.isDirectory()) return { path, isDirectory: true };
  if (found !== undefined) return notWit(wit, path, found.isFile()) ?? { path, isDirectory: false };
  const name = /^([\w-]+:[\w-]+)(?:\/([\w-]+))?(?:@(.+))?$/.exec(wit);
  if (name === null) {
    const hint = `give a .wit file, a directory of .wit files, or a package that comes with wittle: ${shippedList()}`;
    return {
      diagnostic: finding(
        'unreadable-file',
        `cannot read ${wit}: there is no such file or directory`,
        undefined,
        hint,
      ),
    };
  }
  return locateShipped(wit, name[1]!, name[2], name[3]);
}

// Kept as it was given where possible: it is what messages show.
function inCwd(wit: string, io: Pick<Io, 'cwd'>): string {
  return isAbsolute(wit) || io.cwd === process.cwd() ? wit : join(io.cwd, wit);
}

function locateShipped(
  wit: string,
  name: string,
  world: string | undefined,
  version: string | undefined,
): Located {
  const versions = shippedVersions(name);
  const id = version === undefined ? versions.at(-1) : versions.find((each) => each === `${name}@${version}`);
  if (id !== undefined && world === undefined) {
    return { path: shippedPackages().get(id)!, isDirectory: true };
  }
  const missing = `package \`${wit}\` is neither on disk nor among those that come with wittle`;
  if (id !== undefined) {
    return {
      diagnostic: finding(
        'unknown-package',
        missing,
        undefined,
        `name the package alone, and the world beside it: ${id} --world ${world}`,
      ),
    };
  }
  const hint =
    versions.length > 0
      ? `there is ${versions.map((each) => `\`${each}\``).join(', ')}`
      : `there is ${shippedList()}`;
  return { diagnostic: finding('unknown-package', missing, undefined, hint) };
}

// A wrong file would give a page of syntax errors that help nobody.
function notWit(wit: string, path: string, isRegular: boolean): Located | undefined {
  const hint =
    'give a .wit file, a directory of .wit files with its deps/, or the name of a package: wasi:cli';
  const extension = extname(path);
  // The decoder says what is wrong with WebAssembly.
  if (isRegular && hasWasmMagic(path)) return undefined;
  if (extension === '.wasm' || extension === '.wat') {
    const message = `${wit} is neither a component nor a WIT package in binary form: they begin with \\0asm`;
    return { diagnostic: finding('binary-package', message, undefined, hint) };
  }
  if (extension === '' || extension === '.wit') return undefined;
  return { diagnostic: finding('not-wit', `${wit} is not a .wit file`, undefined, hint) };
}

/** Whether a file begins as WebAssembly does; one that cannot be read does not. */
export function hasWasmMagic(path: string): boolean {
  const head = Buffer.alloc(4);
  try {
    const file = openSync(path, 'r');
    readSync(file, head, 0, 4, 0);
    closeSync(file);
  } catch {
    return false;
  }
  return head.toString('latin1') === '\0asm';
}

function findShipped(name: PackageName): readonly Source[] | undefined {
  const directory = shippedPackages().get(packageId(name));
  if (directory === undefined) return undefined;
  const files = readdirSync(directory).filter((file) => file.endsWith('.wit'));
  return files.map((file) => {
    const path = join(directory, file);
    return { name: path, text: readFileSync(path, 'utf8') };
  });
}

// The parser knows only the packages that it was given.
function withWayOut(found: Diagnostic): Diagnostic {
  const [, id] = /^package `([^`]+)` not found$/.exec(found.message) ?? [];
  if (found.code !== 'unknown-package' || id === undefined) return found;
  const versions = shippedVersions(id).map((each) => `\`${each}\``);
  if (versions.every((version) => found.hint?.includes(version))) return found;
  const more = found.hint === undefined ? '' : `; ${found.hint}`;
  const hint = `wittle comes with ${versions.join(', ')}${more}`;
  return { ...found, hint };
}

function shippedList(): string {
  return [...shippedPackages().keys()].map((id) => `\`${id}\``).join(', ');
}
