/** From WIT to files in memory: the world is loaded once, and each output made from it. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { runTarget, type GenerateResult, type GeneratedFile } from '@wittle/codegen/run';
import { hasErrors, packageId, selectWorld, type Diagnostic, type World } from '@wittle/parser';
import { now } from '../clock.ts';
import type { TargetConfig, WitInput } from '../config/config.ts';
import type { Locate } from '../config/load.ts';
import { inputOf, targetOf, type Project, type ProjectOutput } from '../config/projects.ts';
import { finding, inOrder } from '../diagnose.ts';
import { isShipped } from '../shipped-packages.ts';
import { generatorName } from '../version.ts';
import { hasWasmMagic, loadWit } from '../wit-input.ts';

/** A world and one target for it, or several. */
export type GenerateInput = WitInput & (TargetConfig | { readonly outputs: readonly TargetConfig[] });

/** What came of a project. */
export interface GeneratedProject {
  /** In the order of the project's; none when there is an error among the diagnostics. */
  readonly outputs: readonly GeneratedOutput[];
  /** Warnings as well; sorted by file and place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly dependencies: Dependencies;
}

/** The files of one target. */
export interface GeneratedOutput {
  readonly target: string;
  /** `ns:package/name` of the world, without the version. */
  readonly world: string;
  /** In the order of their paths. */
  readonly files: readonly GeneratedFile[];
  /** What it took, in milliseconds; loading the WIT counts with the first. */
  readonly milliseconds: number;
}

/** What a result depends on: it may be another one when any of this changes. Absolute paths. */
export interface Dependencies {
  /** Files that were read, or that were not found. */
  readonly files: readonly string[];
  /** Directories in which `.wit` files and folders may come and go. */
  readonly directories: readonly string[];
}

/** Where paths begin. */
export interface GenerateOptions {
  /** Default: the working directory of the process. */
  readonly cwd?: string;
  /** Modules of targets may have been read before, and have changed. Default `false`. */
  readonly again?: boolean;
}

/**
 * Generates in memory, writing nothing: what bundlers and other build tools call. `wit` is what `wittle generate` takes:
 * a `.wit` file, a directory, a component or the name of a package that comes with wittle. Never throws for anything
 * that is wrong with the input; diagnostics say it, with places.
 *
 * ```ts
 * const { outputs, diagnostics, dependencies } = await generateProject({ wit: 'app.wit', target: 'host' });
 * const [{ files }] = outputs; // [{ path: 'index.ts', contents: '…' }, …]
 * ```
 */
export async function generateProject(
  input: GenerateInput,
  { cwd = process.cwd(), again = false }: GenerateOptions = {},
): Promise<GeneratedProject> {
  const locate: Locate = (path, code, message, { hint } = {}) => {
    const where = path.length === 0 ? '' : `${path.join('.')}: `;
    return finding(code, `${where}${message}`, undefined, hint);
  };
  const choices = 'outputs' in input ? input.outputs : [input];
  const found = await Promise.all(choices.map((each) => targetOf(each, cwd, locate, again)));
  const diagnostics = found.flatMap((each) => each.diagnostics);
  const files = found.flatMap((each) => each.files);
  const targets = found.flatMap(({ target, options, isForeign }) =>
    target === undefined
      ? []
      : [{ target, options, isForeign, out: undefined, shown: '', locate: undefined }],
  );
  if (hasErrors(diagnostics)) return { outputs: [], diagnostics, dependencies: { files, directories: [] } };
  const project: Project = { ...inputOf(input, cwd, cwd), name: '', outputs: targets, locate: undefined };
  const made = await generateOutputs(project, cwd);
  return { ...made, dependencies: { ...made.dependencies, files: [...made.dependencies.files, ...files] } };
}

/** {@link generateProject} of a project whose targets are at hand; `onOutput` is told what comes next. */
export async function generateOutputs(
  project: Project,
  cwd: string,
  onOutput: (output: ProjectOutput) => void = () => {},
): Promise<GeneratedProject> {
  const loaded = await loadWit(
    project.wit,
    { features: project.features, 'all-features': project.allFeatures },
    { cwd },
  );
  const dependencies: Dependencies = {
    files: [...new Set(loaded.files.map((path) => resolve(cwd, path)))],
    directories: loaded.directories.map((path) => resolve(cwd, path)),
  };
  const { world, diagnostics: found } = worldIn(project, loaded);
  const diagnostics = [...loaded.diagnostics, ...found].map((each) => placed(each, project));
  if (world === undefined) return { outputs: [], diagnostics: inOrder(diagnostics), dependencies };
  const outputs: GeneratedOutput[] = [];
  for (const output of project.outputs) {
    const started = now();
    onOutput(output);
    const made = filesOf(world, output, project, cwd);
    diagnostics.push(...made.diagnostics);
    const { target } = output;
    outputs.push({
      target: target.name,
      world: labelOf(world),
      files: made.files,
      milliseconds: now() - started,
    });
  }
  return { outputs: hasErrors(diagnostics) ? [] : outputs, diagnostics: inOrder(diagnostics), dependencies };
}

function worldIn(
  project: Project,
  { model }: Awaited<ReturnType<typeof loadWit>>,
): { readonly world: World | undefined; readonly diagnostics: readonly Diagnostic[] } {
  return model === undefined ? { world: undefined, diagnostics: [] } : selectWorld(model, project.world);
}

// What has no place in the WIT may have one in the configuration.
function placed(found: Diagnostic, { name, locate, world }: Project): Diagnostic {
  if (found.span !== undefined) return found;
  const option = name === '' ? '--world' : '`world`';
  const hint = found.code === 'ambiguous-world' ? `name it with ${option}; ${found.hint}` : found.hint;
  if (locate === undefined) return { ...found, hint };
  const part = world !== undefined && found.code.includes('world') ? 'world' : 'wit';
  return { ...locate([part], found.code, found.message, { hint }), severity: found.severity };
}

function filesOf(world: World, output: ProjectOutput, project: Project, cwd: string): GenerateResult {
  const { target, options, isForeign, out } = output;
  const generator = {
    name: generatorName(),
    source: sourceName(project.source),
    sourcePath: (name: string) => pathFrom(out, resolve(cwd, name), project),
  };
  if (!isForeign) return runTarget(world, target, options, generator);
  try {
    const made = runTarget(world, target, options, generator);
    for (const { path, contents } of made.files) {
      if (typeof contents !== 'string') throw new TypeError(`the contents of ${path} are no text`);
    }
    return made;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = finding('target-failed', `target ${target.name} failed: ${why}`, undefined, undefined);
    return { files: [], diagnostics: [problem] };
  }
}

// Maps lead to WIT files by paths that are the same wherever the project is. Others are copied into the output: those
// that come with wittle, what was named by an absolute path, and what stands in a binary.
function pathFrom(out: string | undefined, file: string, { source }: Project): string | undefined {
  if (out === undefined || isAbsolute(source) || isShipped(file) || hasWasmMagic(file)) return undefined;
  const path = relative(out, file);
  return isAbsolute(path) ? undefined : path.replaceAll(sep, '/');
}

// It ends up in a comment, on every system the same.
function sourceName(wit: string): string {
  return wit.replaceAll('\\', '/').replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}

function labelOf(world: World): string {
  return `${packageId({ ...world.package.name, version: undefined })}/${world.name}`;
}
