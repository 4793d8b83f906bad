/** Loads a module that is part of a build: a configuration in TypeScript or JavaScript, or a target from elsewhere. */
import { statSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { reasonOf } from '../failure.ts';

/** What a module exports, and the files that it was loaded from, itself among them, as far as they are no packages. */
export interface LoadedModule {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
}

/** Why a module cannot be had, and the files whose change may mend it. */
export interface ModuleProblem {
  readonly problem: string;
  readonly hint: string | undefined;
  readonly files: readonly string[];
}

/**
 * Imports the module at `path`. With `again`, it and the ES modules that it imports by their paths are read anew, which
 * takes Node 22.15 for those that it imports. TypeScript is Node's own business.
 */
export async function loadModule(path: string, again = false): Promise<LoadedModule | ModuleProblem> {
  const absence = absenceOf(path);
  if (absence !== undefined) return { problem: absence, hint: undefined, files: [path] };
  const url = pathToFileURL(path);
  if (again) url.searchParams.set('wittle', String(++loads));
  const files = new Set([path]);
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      const isOurs =
        /^(?:\.{0,2}\/|file:)/.test(specifier) &&
        context.parentURL?.startsWith('file:') === true &&
        files.has(fileURLToPath(context.parentURL)) &&
        found.url.startsWith('file:');
      if (!isOurs) return found;
      const imported = new URL(found.url);
      files.add(fileURLToPath(imported));
      if (again && !found.format?.startsWith('commonjs')) imported.search = url.search;
      return { ...found, url: imported.href };
    },
  });
  try {
    return { exports: (await import(url.href)) as LoadedModule['exports'], files: [...files] };
  } catch (error) {
    return { ...problemOf(path, error, [...files]), files: [...files] };
  } finally {
    hooks?.deregister();
  }
}

let loads = 0;

/**
 * Imports what a path (beginning with `./` or `../`, or absolute) or the name of a package means in a directory.
 */
export async function loadFrom(
  directory: string,
  specifier: string,
  again: boolean,
): Promise<LoadedModule | ModuleProblem> {
  if (/^\.{1,2}\//.test(specifier) || isAbsolute(specifier)) {
    return loadModule(resolve(directory, specifier), again);
  }
  const base = join(directory, 'wittle.config.js');
  let hooks: { deregister(): void } | undefined;
  try {
    const path = createRequire(base).resolve(specifier);
    return { exports: (await import(pathToFileURL(path).href)) as LoadedModule['exports'], files: [] };
  } catch (error) {
    if (codeOf(error) !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      return { ...problemOf(specifier, error, []), files: [] };
    }
  }
  try {
    // A package that is for `import` alone: only a hook can say where it is imported from.
    hooks = registerHooks({
      resolve: (wanted, context, next) =>
        next(wanted, wanted === specifier ? { ...context, parentURL: pathToFileURL(base).href } : context),
    });
    return { exports: (await import(specifier)) as LoadedModule['exports'], files: [] };
  } catch (error) {
    return { ...problemOf(specifier, error, []), files: [] };
  } finally {
    hooks?.deregister();
  }
}

// Node's own words name the module that asked, which is this one.
function absenceOf(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? undefined : 'it is not a regular file';
  } catch (error) {
    return reasonOf(error);
  }
}

// Not in every Node that is supported, nor where something else loads modules, as in test runners.
function registerHooks(
  hooks: Parameters<typeof module.registerHooks>[0],
): ReturnType<typeof module.registerHooks> | undefined {
  const { registerHooks: register } = module as Partial<Pick<typeof module, 'registerHooks'>>;
  try {
    return register?.(hooks);
  } catch {
    return undefined;
  }
}

// Anything may be thrown, `null` as well.
function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function problemOf(
  path: string,
  error: unknown,
  files: readonly string[],
): { readonly problem: string; readonly hint: string | undefined } {
  if (codeOf(error) === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(path)) {
    return {
      problem: `Node ${process.versions.node} does not read TypeScript`,
      hint: 'use Node 22.18 or newer, or JavaScript (.mjs) or JSON',
    };
  }
  const thrown = error instanceof Error ? error.message : String(error);
  if (/^(?:Cannot use import statement outside a module|Unexpected token 'export')/.test(thrown)) {
    const hint = 'set "type": "module" in package.json, or let its name end in .mts or .mjs';
    return { problem: `${placeIn(error, files)}it is an ES module, but is read as CommonJS`, hint };
  }
  const place = placeIn(error, files);
  return { problem: `${place}${thrown.split('\n')[0]}`, hint: undefined };
}

// Where in its files an error came from: the first line of the stack that names one, or the place of a syntax error.
function placeIn(error: unknown, files: readonly string[]): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    const [, url, position] =
      /(file:[^\s()]+?|\/[^\s()]+?)(?:\?wittle=\d+)?(:\d+(?::\d+)?)\)?$/.exec(line) ?? [];
    if (url === undefined || position === undefined) continue;
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (files.includes(file)) return `${relative(process.cwd(), file)}${position}: `;
  }
  return '';
}
