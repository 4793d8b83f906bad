/** Builds projects: everything is made in memory first, then compared with what is on disk, and written. */
import { join } from 'node:path';
import { targets } from '@wittle/codegen/run';
import { hasErrors, type Diagnostic } from '@wittle/parser';
import { now } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import { projectsOf, type Project, type ProjectOutput } from '../config/projects.ts';
import { finding } from '../diagnose.ts';
import { Failure } from '../failure.ts';
import { lookAtOutput, writeOutput } from '../output.ts';
import type { OutputFile, Survey } from '../output-survey.ts';
import { manifestName } from '../manifest.ts';
import { generateOutputs, type Dependencies, type GeneratedOutput } from './generate-project.ts';
import { missingGlue } from './missing-glue.ts';

/** What to build, and how. */
export interface BuildOptions {
  /** Where to look for the configuration; paths in messages are relative to it. Default: that of the process. */
  readonly cwd?: string;
  /** A file, or a configuration itself; `wittle.config.*` in `cwd` when it is left out. */
  readonly config?: string | Config;
  /** Only these of its projects. */
  readonly projects?: readonly string[];
  /** Write nothing: say what would change. Default `false`. */
  readonly check?: boolean;
  /** Write into directories that hold files of others, too. Default `false`. */
  readonly force?: boolean;
  /** Modules may have been read before, and have changed. Default `false`. */
  readonly again?: boolean;
}

/** What came of a build. */
export interface BuildResult {
  /** There is no error, and with `check` every file is as it is to be. */
  readonly ok: boolean;
  /** In the order of the configuration. */
  readonly projects: readonly ProjectResult[];
  /** What is wrong with the configuration itself; there are no projects then. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of the configuration: those of its projects are theirs. */
  readonly dependencies: Dependencies;
  readonly milliseconds: number;
}

/** What came of one project. Nothing of it is written when there is an error among its diagnostics. */
export interface ProjectResult {
  readonly name: string;
  readonly ok: boolean;
  /** None when generating failed. */
  readonly outputs: readonly OutputResult[];
  readonly diagnostics: readonly Diagnostic[];
  readonly dependencies: Dependencies;
  readonly milliseconds: number;
}

/** What came of one output directory. */
export interface OutputResult {
  readonly target: string;
  readonly world: string;
  /** Absolute. */
  readonly directory: string;
  /** The same for messages, with a slash at its end. */
  readonly shown: string;
  /**
   * What was found, before anything was written: without `check`, what was missing or stale is right now and what was
   * extra is gone. In the order of the paths, the manifest among them.
   */
  readonly files: readonly OutputFile[];
  /** Lines of all that was generated. */
  readonly lines: number;
  readonly milliseconds: number;
}

/**
 * Builds the projects of a configuration. Never throws for anything that is wrong with the configuration, the WIT or
 * the directories: that is among the diagnostics.
 *
 * ```ts
 * const { ok, projects } = await build({ cwd: 'app', check: true });
 * ```
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const started = now();
  const { cwd = process.cwd(), config, again = false } = options;
  const plan = await planBuild(await loadConfig({ cwd, config, again }), options);
  return buildPlan(plan, plan.projects, options, started);
}

/** What a configuration comes to. */
export interface BuildPlan {
  readonly projects: readonly Project[];
  readonly diagnostics: readonly Diagnostic[];
  readonly dependencies: Dependencies;
}

/** The projects that are asked for, or what is wrong with them. */
export async function planBuild(config: LoadedConfig, options: BuildOptions): Promise<BuildPlan> {
  const { cwd = process.cwd(), again = false } = options;
  const { projects, diagnostics, files } = await projectsOf(config, cwd, options.projects, again);
  const dependencies = { files: [...new Set([...config.files, ...files])], directories: [] };
  return { projects, diagnostics, dependencies };
}

/**
 * Builds some of the projects of a plan. `started` is when the work began; `onStep` is told what comes next: an output of a
 * project, or reading its WIT.
 */
export async function buildPlan(
  { projects: planned, diagnostics, dependencies }: BuildPlan,
  projects: readonly Project[],
  options: BuildOptions,
  started: number,
  onStep: (project: Project, output?: ProjectOutput) => void = () => {},
): Promise<BuildResult> {
  const results: ProjectResult[] = [];
  for (const project of projects) {
    onStep(project);
    results.push(await buildProject(project, options, (output) => onStep(project, output)));
  }
  const made = madeBy(planned, results);
  const all = results.map((result, at): ProjectResult => {
    if (hasErrors(result.diagnostics)) return result;
    const missing = missingGlue(projects[at]!, made, options.cwd ?? process.cwd());
    return missing.length === 0 ? result : { ...result, diagnostics: [...result.diagnostics, ...missing] };
  });
  return {
    ok: !hasErrors(diagnostics) && all.every(({ ok }) => ok),
    projects: all,
    diagnostics,
    dependencies,
    milliseconds: now() - started,
  };
}

/** The files of all outputs, absolute, whether they are written yet or not; of a failed project, what it would begin with. */
function madeBy(planned: readonly Project[], results: readonly ProjectResult[]): ReadonlySet<string> {
  const hosts = planned.flatMap(({ outputs }) => outputs.filter(({ target }) => target === targets.host));
  const outputs = results.flatMap((each) => each.outputs);
  return new Set([
    ...hosts.map(({ out }) => join(out!, 'index.ts')),
    ...outputs.flatMap((output) => generatedIn(output).map(({ path }) => join(output.directory, path))),
  ]);
}

async function buildProject(
  project: Project,
  { cwd = process.cwd(), check = false, force = false }: BuildOptions,
  onOutput: (output: ProjectOutput) => void,
): Promise<ProjectResult> {
  const started = now();
  const { outputs: generated, diagnostics, dependencies } = await generateOutputs(project, cwd, onOutput);
  const pairs = generated.map((made, at) => ({ made, output: project.outputs[at]! }));
  const problems: Diagnostic[] = [];
  const outputs: OutputResult[] = [];
  // All are looked at before the first is written.
  if (!check)
    await collect(pairs, async ({ made, output }) => void (await survey(made, output, force)), problems);
  if (!hasErrors(problems)) {
    await collect(
      pairs,
      async ({ made, output }) => {
        const from = now();
        const found = check
          ? await survey(made, output, force)
          : await writeOutput(output.out!, output.shown, made.files, { force });
        outputs.push(resultOf(made, output, found, now() - from));
      },
      problems,
    );
  }
  const all = [...diagnostics, ...problems];
  return {
    name: project.name,
    ok: !hasErrors(all) && (!check || outputs.every(isUpToDate)),
    outputs,
    diagnostics: all,
    dependencies,
    milliseconds: now() - started,
  };
}

/** Whether a build would leave the output as it is. Templates that people went on with are as they are to be. */
export function isUpToDate({ files }: Pick<OutputResult, 'files'>): boolean {
  return files.every(({ state }) => state === 'unchanged' || state === 'kept');
}

interface Pair {
  readonly made: GeneratedOutput;
  readonly output: ProjectOutput;
}

async function collect(
  pairs: readonly Pair[],
  work: (pair: Pair) => Promise<void>,
  problems: Diagnostic[],
): Promise<void> {
  for (const pair of pairs) {
    try {
      await work(pair);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(finding('output', error.what, undefined, error.hint));
    }
  }
}

function survey(made: GeneratedOutput, { out, shown }: ProjectOutput, force: boolean): Promise<Survey> {
  return lookAtOutput(out!, shown, made.files, { force });
}

function resultOf(
  made: GeneratedOutput,
  { out, shown }: ProjectOutput,
  { files }: Survey,
  milliseconds: number,
): OutputResult {
  return {
    target: made.target,
    world: made.world,
    directory: out!,
    shown,
    files,
    lines: made.files.reduce((sum, file) => sum + file.contents.split('\n').length - 1, 0),
    milliseconds: made.milliseconds + milliseconds,
  };
}

/** The generated files of an output: all but the manifest. */
export function generatedIn({ files }: Pick<OutputResult, 'files'>): readonly OutputFile[] {
  return files.filter(({ path, state }) => path !== manifestName && state !== 'extra' && state !== 'edited');
}
