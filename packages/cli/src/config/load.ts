/** Finds a configuration and reads it. What is wrong with it is located: in JSON by line and column, else by property. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { hasErrors, type Diagnostic } from '@wittle/parser';
import { finding } from '../diagnose.ts';
import { reasonOf } from '../failure.ts';
import type { Config } from './config.ts';
import type { Path } from './json.ts';
import { loadModule } from './module.ts';
import { problemsBySchema } from './schema-problems.ts';
import { configSchema } from './schema.ts';

/** The names that are looked for, in a directory. */
export const configNames: readonly string[] = [
  'wittle.config.json',
  'wittle.config.ts',
  'wittle.config.mts',
  'wittle.config.js',
  'wittle.config.mjs',
];

/** Makes a finding about a part of a configuration. */
export type Locate = (path: Path, code: string, message: string, more?: LocateOptions) => Diagnostic;

/** More of a finding. */
export interface LocateOptions {
  readonly hint?: string | undefined;
  /** What to point at; the value when left out. */
  readonly part?: 'name' | 'value';
}

/** A configuration as it was read. */
export interface LoadedConfig {
  /** Not there when it is wrong; `diagnostics` say why then. */
  readonly config: Config | undefined;
  /** What its paths are relative to. */
  readonly directory: string;
  readonly locate: Locate;
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were read, absolute. */
  readonly files: readonly string[];
}

/** Where to look, and how. */
export interface LoadOptions {
  readonly cwd: string;
  /** The file; one of {@link configNames} in `cwd` when it is left out. Or the configuration itself. */
  readonly config?: string | Config | undefined;
  /** Modules may have been read before, and have changed. */
  readonly again?: boolean;
}

/** Reads a configuration and checks it against its schema. Never throws. */
export async function loadConfig({ cwd, config, again = false }: LoadOptions): Promise<LoadedConfig> {
  if (typeof config === 'object') return checkConfig(config, cwd, locateIn('configuration'), []);
  const path = config === undefined ? findConfig(cwd) : resolve(cwd, config);
  if (typeof path !== 'string')
    return { ...path, config: undefined, directory: cwd, locate: locateIn('configuration') };
  const shown = shownPath(cwd, path);
  const directory = dirname(path);
  const wrong = (problem: Diagnostic, files: readonly string[] = [path]): LoadedConfig => ({
    config: undefined,
    directory,
    locate: locateIn(shown),
    diagnostics: [problem],
    files,
  });
  if (!/\.(?:json|[cm]?[jt]s)$/.test(path)) {
    return wrong(
      finding(
        'invalid-config',
        `${shown} is neither JSON nor a module`,
        undefined,
        `it is called ${configNames.join(', ')}, or the like`,
      ),
    );
  }
  if (!existsSync(path)) {
    return wrong(
      finding('unreadable-file', `cannot read ${shown}: there is no such file`, undefined, undefined),
    );
  }
  if (!path.endsWith('.json')) {
    const loaded = await loadModule(path, again);
    if ('problem' in loaded) {
      const { problem, hint, files } = loaded;
      return wrong(finding('invalid-config', `cannot load ${shown}: ${problem}`, undefined, hint), files);
    }
    const { default: value } = loaded.exports;
    if (value === undefined) {
      const hint =
        "it looks like `import { defineConfig } from 'wittle'; export default defineConfig({ … });`";
      return wrong(
        finding('invalid-config', `${shown} has no default export`, undefined, hint),
        loaded.files,
      );
    }
    return checkConfig(value, directory, locateIn(shown), loaded.files);
  }
  return loadJson(path, shown, directory, wrong);
}

async function loadJson(
  path: string,
  shown: string,
  directory: string,
  wrong: (problem: Diagnostic) => LoadedConfig,
): Promise<LoadedConfig> {
  let text: string;
  try {
    const found = statSync(path);
    // A pipe or a device may have no end.
    if (!found.isFile() && !found.isDirectory()) {
      return wrong(
        finding('unreadable-file', `cannot read ${shown}: it is not a regular file`, undefined, undefined),
      );
    }
    if (found.size > maxSize) {
      return wrong(
        finding('invalid-config', `${shown} is larger than ${maxSize} bytes`, undefined, undefined),
      );
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return wrong(
      finding('unreadable-file', `cannot read ${shown}: ${reasonOf(error)}`, undefined, undefined),
    );
  }
  const { readJson } = await import('./json.ts');
  const document = readJson({ name: shown, text });
  if ('problem' in document) return wrong(document.problem);
  const locate: Locate = (place, code, message, { hint, part } = {}) =>
    finding(code, message, document.span(place, part), hint);
  return checkConfig(document.value, directory, locate, [path], document.diagnostics);
}

/** In bytes: far more than anybody writes. */
const maxSize = 1 << 20;

/** Checks a configuration against its schema; `directory` is what its paths are relative to. */
export async function checkConfig(
  value: unknown,
  directory: string,
  locate: Locate,
  files: readonly string[] = [],
  diagnostics: readonly Diagnostic[] = [],
): Promise<LoadedConfig> {
  const misfits = await problemsBySchema(schema, value);
  const problems = misfits.map(({ path, property, message, hint }) =>
    message.startsWith('unknown') && property !== undefined
      ? locate([...path, property], 'invalid-config', message, { hint, part: 'name' })
      : locate(path, 'invalid-config', message, { hint }),
  );
  const all = [...diagnostics, ...problems];
  return {
    config: hasErrors(all) ? undefined : (value as Config),
    directory,
    locate,
    diagnostics: all,
    files,
  };
}

const schema = configSchema();

// A module has no places that are known here, so its parts are named.
function locateIn(shown: string): Locate {
  return (path, code, message, { hint } = {}) => {
    const property = path.reduce<string>(
      (all, key) =>
        typeof key === 'number'
          ? `${all}[${key}]`
          : /^[\w$]+$/.test(key)
            ? `${all}.${key}`
            : `${all}[${JSON.stringify(key)}]`,
      '',
    );
    const where = property === '' ? '' : `${property.replace(/^\./, '')}: `;
    return finding(code, `${shown}: ${where}${message}`, undefined, hint);
  };
}

function findConfig(cwd: string): string | Pick<LoadedConfig, 'diagnostics' | 'files'> {
  const found = configNames.filter((name) => existsSync(join(cwd, name)));
  if (found.length === 1) return join(cwd, found[0]!);
  const files = configNames.map((name) => join(cwd, name));
  const problem =
    found.length === 0
      ? finding(
          'no-config',
          'there is no <wit> to generate from, and no wittle.config.json, .ts or .js here',
          undefined,
          'name a WIT and a directory: wittle generate wit -o src/bindings',
        )
      : finding(
          'ambiguous-config',
          `there is more than one configuration here: ${found.join(', ')}`,
          undefined,
          'choose one with --config',
        );
  return { diagnostics: [problem], files };
}

/** As people would name it there: relative, unless that is the longer way. With slashes on every system. */
export function shownPath(cwd: string, path: string): string {
  const there = relative(cwd, path) || '.';
  return (isAbsolute(there) || there.length > path.length ? path : there).replaceAll('\\', '/');
}
