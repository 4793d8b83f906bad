/** From a configuration to what is to be done: targets loaded, options checked, paths resolved. */
import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { targets, type Target } from '@wittle/codegen/run';
import { closest, hasErrors, suggestion, type Diagnostic } from '@wittle/parser';
import type { Config, OutputConfig, ProjectConfig, TargetConfig, WitInput } from './config.ts';
import type { Path } from './json.ts';
import { shownPath, type LoadedConfig, type Locate } from './load.ts';
import { loadFrom } from './module.ts';
import { problemsBySchema } from './schema-problems.ts';

/** A world, and what is generated for it. */
export interface Project {
  /** Empty when it has none. */
  readonly name: string;
  /** As it is passed on, relative to the working directory where it is a path. */
  readonly wit: string;
  /** As the user named it: for the header of files, so the same wherever the command is run. */
  readonly source: string;
  readonly world: string | undefined;
  readonly features: readonly string[];
  readonly allFeatures: boolean;
  readonly outputs: readonly ProjectOutput[];
  /** Says something of a part of the project, where it stands in the configuration. */
  readonly locate: Locate | undefined;
}

/** A target, its options, and where its files go. */
export interface ProjectOutput {
  readonly target: Target<object>;
  readonly options: object;
  /** It is not wittle's own. */
  readonly isForeign: boolean;
  /** Absolute; `undefined` in memory. */
  readonly out: string | undefined;
  /** `out` in messages, with a slash at its end. */
  readonly shown: string;
  /** Says something of a part of the output, where it stands in the configuration. */
  readonly locate: Locate | undefined;
}

/** Projects, or what is wrong with their configuration. */
export interface LoadedProjects {
  readonly projects: readonly Project[];
  readonly diagnostics: readonly Diagnostic[];
  /** Modules of targets, absolute. */
  readonly files: readonly string[];
}

/** The projects of a configuration; only some of them when `names` are given. Never throws. */
export async function projectsOf(
  { config, directory, locate, diagnostics }: LoadedConfig,
  cwd: string,
  names: readonly string[] = [],
  again = false,
): Promise<LoadedProjects> {
  if (config === undefined) return { projects: [], diagnostics, files: [] };
  const wrong = [...diagnostics, ...unknownProjects(config, names, locate)];
  const files: string[] = [];
  const projects: Project[] = [];
  const taken = new Map<string, string>();
  for (const [name, project] of Object.entries(config.projects)) {
    const path = ['projects', name];
    const places = outputsIn(project, path, locate);
    wrong.push(...places.diagnostics);
    const outputs: ProjectOutput[] = [];
    for (const { output, at } of places.outputs) {
      const out = resolve(directory, output.out);
      const place = placeOf(out);
      if (taken.has(place)) {
        const message = `project \`${taken.get(place)}\` writes into ${output.out} as well`;
        wrong.push(
          locate([...at, 'out'], 'invalid-config', message, {
            hint: 'each output has a directory of its own',
          }),
        );
      }
      taken.set(place, name);
      const located: Locate = (part, ...more) => locate([...at, ...part], ...more);
      const found = await targetOf(output, directory, located, again);
      files.push(...found.files);
      wrong.push(...found.diagnostics);
      if (found.target !== undefined) {
        const shown = `${shownPath(cwd, out).replace(/\/$/, '')}/`;
        outputs.push({ ...found, target: found.target, out, shown, locate: located });
      }
    }
    if (names.length > 0 && !names.includes(name)) continue;
    const located: Locate = (part, ...more) => locate([...path, ...part], ...more);
    projects.push({ ...inputOf(project, directory, cwd), name, outputs, locate: located });
  }
  return { projects: hasErrors(wrong) ? [] : projects, diagnostics: wrong, files };
}

// Two names may lead to one directory: by a link, or where case does not matter.
function placeOf(out: string): string {
  try {
    return realpathSync.native(out);
  } catch {
    return out;
  }
}

/** Where a project's world is; `directory` is what its paths are relative to. */
export function inputOf(
  { wit, world, features = [], allFeatures = false }: WitInput,
  directory: string,
  cwd: string,
): Pick<Project, 'wit' | 'source' | 'world' | 'features' | 'allFeatures'> {
  // The name of a shipped package is no path, but a file may be called like it.
  const path = isAbsolute(wit) || directory === cwd ? wit : relative(cwd, join(directory, wit)) || '.';
  const isName = /^[\w-]+:[\w-]+/.test(wit) && !isAbsolute(wit);
  return { wit: isName ? wit : path, source: wit, world, features, allFeatures };
}

/** A target with its options, or what is wrong with them. */
export interface FoundTarget {
  readonly target: Target<object> | undefined;
  readonly options: object;
  readonly isForeign: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
}

/** Finds a target and checks its options against its schema. Never throws. */
export async function targetOf(
  { target: given = 'host', options = {} }: TargetConfig,
  directory: string,
  locate: Locate,
  again: boolean,
): Promise<FoundTarget> {
  const found = await findTarget(given, directory, locate, again);
  if (found.target === undefined) return { ...found, options };
  const { name, optionsSchema } = found.target;
  const misfits = await problemsBySchema(optionsSchema, options);
  const problems = misfits.map(({ path, property, message, hint }) => {
    const isUnknown = property !== undefined && message.startsWith('unknown');
    const place: Path = ['options', ...path, ...(isUnknown ? [property] : [])];
    const text = isUnknown ? `unknown option \`${property}\` of target ${name}` : message;
    return locate(place, 'invalid-option', text, { hint, part: isUnknown ? 'name' : 'value' });
  });
  return { ...found, options, diagnostics: problems };
}

type Finding = Omit<FoundTarget, 'options'>;

async function findTarget(
  given: unknown,
  directory: string,
  locate: Locate,
  again: boolean,
): Promise<Finding> {
  if (typeof given !== 'string') {
    const problem = targetProblem(given);
    if (problem === undefined) {
      const target = given as Target<object>;
      const isForeign = !Object.values<Target<object>>({ ...targets }).includes(target);
      return { target, isForeign, diagnostics: [], files: [] };
    }
    return missing(locate(['target'], 'invalid-target', problem));
  }
  const own = Object.hasOwn(targets, given) ? targets[given as keyof typeof targets] : undefined;
  if (own !== undefined) return { target: own, isForeign: false, diagnostics: [], files: [] };
  if (!/[/.-]/.test(given)) {
    const names = Object.keys(targets);
    const near = closest(given, names);
    const there = `there is ${names.map((name) => `\`${name}\``).join(', ')}, or a module: ./my-target.js`;
    const hint = near === undefined ? there : `did you mean \`${near}\`?`;
    return missing(locate(['target'], 'unknown-target', `there is no target \`${given}\``, { hint }));
  }
  const loaded = await loadFrom(directory, given, again);
  if ('problem' in loaded) {
    const { problem, hint, files } = loaded;
    const found = locate(['target'], 'invalid-target', `cannot load target ${given}: ${problem}`, { hint });
    return missing(found, files);
  }
  const target = loaded.exports['target'] ?? loaded.exports['default'];
  const problem = targetProblem(target);
  if (problem !== undefined) {
    const hint = 'it exports a `Target` (of @wittle/codegen) as `target` or by default';
    return missing(locate(['target'], 'invalid-target', `${given}: ${problem}`, { hint }), loaded.files);
  }
  return { target: target as Target<object>, isForeign: true, diagnostics: [], files: loaded.files };
}

function missing(problem: Diagnostic, files: readonly string[] = []): Finding {
  return { target: undefined, isForeign: true, diagnostics: [problem], files };
}

function targetProblem(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return 'this is no target';
  const { name, optionsSchema, defaults, generate } = given as Partial<Target<object>>;
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
  const absent = [
    ...(typeof name === 'string' && /^[^\p{Cc}]+$/u.test(name) ? [] : ['name']),
    ...(isObject(optionsSchema) ? [] : ['optionsSchema']),
    ...(isObject(defaults) ? [] : ['defaults']),
    ...(typeof generate === 'function' ? [] : ['generate']),
  ];
  return absent.length === 0
    ? undefined
    : `this is no target: it has no ${absent.map((each) => `\`${each}\``).join(', ')}`;
}

interface OutputPlaces {
  readonly outputs: readonly { readonly output: OutputConfig; readonly at: Path }[];
  readonly diagnostics: readonly Diagnostic[];
}

function outputsIn(project: ProjectConfig, path: Path, locate: Locate): OutputPlaces {
  if (!('outputs' in project) || project.outputs === undefined) {
    if ('out' in project && project.out !== undefined) {
      return { outputs: [{ output: project, at: path }], diagnostics: [] };
    }
    return { outputs: [], diagnostics: [locate(path, 'invalid-config', 'needs `out`, or `outputs`')] };
  }
  const own = ['target', 'out', 'options'].filter((each) => each in project);
  const diagnostics = own.map((each) =>
    locate([...path, each], 'invalid-config', `\`${each}\` cannot stand beside \`outputs\``, {
      hint: 'it belongs into one of them',
      part: 'name',
    }),
  );
  return {
    outputs: project.outputs.map((output, at) => ({ output, at: [...path, 'outputs', at] })),
    diagnostics,
  };
}

function unknownProjects(config: Config, names: readonly string[], locate: Locate): readonly Diagnostic[] {
  const known = Object.keys(config.projects);
  return names
    .filter((name) => !known.includes(name))
    .map((name) =>
      locate(['projects'], 'unknown-project', `there is no project \`${name}\``, {
        hint: suggestion(name, known),
      }),
    );
}
