/** Reads a package from disk and resolves it. WIT.md: "Filesystem structure". */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { packageId, type Model, type PackageName } from '../model/index.ts';
import { resolve, type ResolveOptions } from '../resolve/resolve.ts';
import type { Source } from '../source.ts';
import { parse } from '../syntax/parse.ts';

/** Where to look for packages that are in neither the file nor its `deps/`, and which features are active. */
export interface LoadOptions extends ResolveOptions {
  /**
   * A function that gives the files of a package, or folders to look in: each of them, and each folder in them, may
   * hold the `.wit` files of one package. Folders are read only when a package is missing.
   */
  readonly packages?: ((name: PackageName) => readonly Source[] | undefined) | readonly string[];
  /** Reads WIT packages in binary form: `decodeWitPackage` of `@wittle/component`. */
  readonly decode?: (bytes: Uint8Array) => BinaryDecoding;
}

/** A binary as WIT texts, or what is wrong with it. */
export interface BinaryDecoding {
  readonly wit:
    | {
        readonly package: { readonly text: string };
        /** Interfaces of other packages, as far as they are needed; used when there is nothing better. */
        readonly needs: readonly {
          readonly package: PackageName;
          readonly name: string;
          readonly text: string;
        }[];
      }
    | undefined;
  readonly problem: { readonly message: string; readonly offset: number } | undefined;
}

/** `files` are the paths that were read, in order: what a watcher watches. */
export interface LoadedPackage {
  readonly model: Model | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
}

/** At most this many files make up one package. */
const maxFiles = 10_000;

/**
 * Loads the package at `path`: a `.wit` file, or a directory whose `.wit` files are the package and whose `deps/`
 * holds dependencies, each a folder or a single file. Given `decode`, a file may also be a WIT package in binary form.
 * Never throws: what cannot be read is a diagnostic.
 *
 * ```ts
 * const { model, diagnostics } = loadPackage('wit', { features: ['new-api'], packages: ['library'] });
 * ```
 */
export function loadPackage(path: string, options: LoadOptions = {}): LoadedPackage {
  const { packages = [], decode } = options;
  const reader = newReader(decode);
  const { sources, dependencies } = readRoot(reader, path);
  const findGiven = typeof packages === 'function' ? packages : finderIn(reader, packages);
  const findPackage = (name: PackageName): readonly Source[] | undefined =>
    findGiven(name) ?? neededPackage(reader, name);
  const files = reader.files;
  if (hasErrors(reader.diagnostics)) return { model: undefined, diagnostics: reader.diagnostics, files };
  const { model, diagnostics } = resolve({ sources, dependencies, findPackage }, options);
  const all = [...reader.diagnostics, ...diagnostics];
  return { model: hasErrors(all) ? undefined : model, diagnostics: all, files };
}

interface Reader {
  readonly files: string[];
  readonly diagnostics: Diagnostic[];
  readonly decode: LoadOptions['decode'];
  /** Interfaces that binaries need, by the id of their package and their name. */
  readonly needs: Map<string, Map<string, Source>>;
}

interface Root {
  readonly sources: readonly Source[];
  readonly dependencies: readonly (readonly Source[])[];
}

function newReader(decode?: LoadOptions['decode']): Reader {
  return { files: [], diagnostics: [], decode, needs: new Map() };
}

function readRoot(reader: Reader, path: string): Root {
  const kind = kindOf(reader, path);
  if (kind === 'missing') return { sources: [], dependencies: [] };
  if (kind === 'file') return { sources: compact([readSource(reader, path)]), dependencies: [] };
  const sources = readDirectory(reader, path);
  if (sources.length === 0 && reader.diagnostics.length === 0) {
    reader.diagnostics.push(diagnostic('no-wit-files', { path }, undefined));
  }
  return { sources, dependencies: readDependencies(reader, join(path, 'deps')) };
}

// `deps` has no `deps` of its own, so links that lead back up end here.
function readDependencies(reader: Reader, deps: string): readonly (readonly Source[])[] {
  if (!isDirectory(deps)) return [];
  const groups: (readonly Source[])[] = [];
  for (const name of namesIn(reader, deps)) {
    const path = join(deps, name);
    const isBinary = /\.(?:wasm|wat)$/.test(name);
    if (isDirectory(path)) {
      const sources = readDirectory(reader, path);
      if (sources.length > 0) groups.push(sources);
      else reader.diagnostics.push(diagnostic('no-wit-files', { path }, undefined));
    } else if (name.endsWith('.wit') || isBinary) {
      groups.push(compact([readSource(reader, path)]));
    }
  }
  return groups.filter((group) => group.length > 0);
}

function readDirectory(reader: Reader, directory: string): readonly Source[] {
  const names = namesIn(reader, directory).filter((name) => name.endsWith('.wit'));
  const files = names.map((name) => join(directory, name)).filter((path) => !isDirectory(path));
  return compact(files.map((path) => readSource(reader, path)));
}

function readSource(reader: Reader, path: string): Source | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    reader.diagnostics.push(diagnostic('unreadable-file', { path, why: reasonOf(error) }, undefined));
    return undefined;
  }
  reader.files.push(path);
  if (isBinary(bytes) || /\.(?:wasm|wat)$/.test(path)) return decodeSource(reader, path, bytes);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { name: path, text };
  } catch {
    reader.diagnostics.push(diagnostic('invalid-utf8', { path }, undefined));
    return undefined;
  }
}

function isBinary(bytes: Uint8Array): boolean {
  return [0x00, 0x61, 0x73, 0x6d].every((byte, index) => bytes[index] === byte);
}

function decodeSource(reader: Reader, path: string, bytes: Uint8Array): Source | undefined {
  if (reader.decode === undefined || path.endsWith('.wat')) {
    const hint = 'put the text of the package there, as `.wit` files';
    reader.diagnostics.push(diagnostic('binary-package', { path }, undefined, { hint }));
    return undefined;
  }
  const { wit, problem } = reader.decode(bytes);
  if (wit === undefined) {
    const { message: why = '', offset = 0 } = problem ?? {};
    reader.diagnostics.push(diagnostic('invalid-binary', { path, offset, why }, undefined));
    return undefined;
  }
  for (const { package: of, name, text } of wit.needs) {
    const id = packageId(of);
    const interfaces = reader.needs.get(id) ?? new Map<string, Source>();
    reader.needs.set(id, interfaces);
    // Binaries that need more of an interface show more of it.
    const isMore = text.length > (interfaces.get(name)?.text.length ?? -1);
    if (isMore) interfaces.set(name, { name: `${path} (${id}/${name})`, text });
  }
  return { name: path, text: wit.package.text };
}

function neededPackage({ needs }: Reader, name: PackageName): readonly Source[] | undefined {
  const interfaces = needs.get(packageId(name));
  return interfaces && [...interfaces.values()];
}

// The folders are indexed when the first package is missing, by the names that their files declare.
function finderIn(
  reader: Reader,
  folders: readonly string[],
): (name: PackageName) => readonly Source[] | undefined {
  let index: Map<string, string> | undefined;
  return (name) => {
    index ??= indexFolders(reader, folders);
    const directory = index.get(packageId(name));
    return directory === undefined ? undefined : readDirectory(reader, directory);
  };
}

function indexFolders(reader: Reader, folders: readonly string[]): Map<string, string> {
  const index = new Map<string, string>();
  for (const folder of folders) {
    if (kindOf(reader, folder) !== 'directory') continue;
    const below = namesIn(reader, folder).map((name) => join(folder, name));
    const directories = below.filter(isDirectory);
    for (const directory of [folder, ...directories]) {
      const name = declaredName(directory);
      if (name !== undefined && !index.has(name)) index.set(name, directory);
    }
  }
  return index;
}

// Only the head of a file is looked at: most files of a package do not say its name.
function declaredName(directory: string): string | undefined {
  for (const name of namesIn(newReader(), directory)) {
    if (!name.endsWith('.wit')) continue;
    const source = readSource(newReader(), join(directory, name));
    const end = source && /^[^;{/]*\bpackage\s[^;{/]*;/m.exec(source.text);
    const head = end && source.text.slice(0, end.index + end[0].length);
    const declaration = head && parse({ name, text: head }).ast.package;
    if (!declaration) continue;
    const { namespace, name: of, version } = declaration.name;
    return packageId({ namespace: namespace.name, name: of.name, version: version?.version });
  }
  return undefined;
}

function namesIn(reader: Reader, directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).sort();
    if (names.length <= maxFiles) return names;
    const args = { path: directory, limit: maxFiles };
    reader.diagnostics.push(diagnostic('too-many-files', args, undefined));
  } catch (error) {
    const args = { path: directory, why: reasonOf(error) };
    reader.diagnostics.push(diagnostic('unreadable-file', args, undefined));
  }
  return [];
}

function kindOf(reader: Reader, path: string): 'file' | 'directory' | 'missing' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    reader.diagnostics.push(diagnostic('unreadable-file', { path, why: reasonOf(error) }, undefined));
    return 'missing';
  }
}

// What cannot be looked at is no directory; reading it as a file then says why.
function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or directory',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a directory',
    ENOTDIR: 'a part of the path is not a directory',
    ELOOP: 'its links lead in circles',
  };
  if (typeof code === 'string' && reasons[code] !== undefined) return reasons[code];
  return error instanceof Error ? error.message : String(error);
}

function compact<Item>(items: readonly (Item | undefined)[]): readonly Item[] {
  return items.filter((item) => item !== undefined);
}
