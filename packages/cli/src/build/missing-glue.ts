/** Stubs, doubles and guests that run in process take types from host glue: whether that is where their options say. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '@wittle/parser';
import { shownPath } from '../config/load.ts';
import type { Project, ProjectOutput } from '../config/projects.ts';
import { finding } from '../diagnose.ts';

/** What the glue's `index` may be: generated with `emit: 'js'`, or compiled, it is no `.ts`. */
const indexNames: readonly string[] = ['index.ts', 'index.js', 'index.d.ts'];

/**
 * Warnings of a project that was built: one for each output whose glue is not there, and is not among the `made` files
 * (absolute) either, which a check does not write.
 */
export function missingGlue(project: Project, made: ReadonlySet<string>, cwd: string): readonly Diagnostic[] {
  return project.outputs.flatMap((output) => {
    const directory = glueOf(output);
    if (directory === undefined) return [];
    const files = indexNames.map((name) => join(directory, name));
    if (files.some((path) => made.has(path) || isFile(path))) return [];
    return [warning(project, output, shownPath(cwd, directory), shownPath(cwd, files[0]!))];
  });
}

/** Where an output has the glue from, absolute; `undefined` when it needs none from elsewhere. */
function glueOf({ target, options, out }: ProjectOutput): string | undefined {
  const glue = target.glueDirectory?.({ ...target.defaults, ...options });
  return glue === undefined || out === undefined ? undefined : resolve(out, glue);
}

function warning(
  { name }: Project,
  { options, shown, locate }: ProjectOutput,
  directory: string,
  index: string,
): Diagnostic {
  const message = `there is no ${index}, which the files in ${shown} import`;
  const hint =
    name === ''
      ? `generate it with --target host -o ${directory}, or say with --glue where it is`
      : `add an output of target \`host\` whose \`out\` is there, or say with option \`glue\` where it is`;
  const path = 'glue' in options ? ['options', 'glue'] : ['out'];
  const found =
    locate?.(path, 'missing-glue', message, { hint }) ?? finding('missing-glue', message, undefined, hint);
  return { ...found, severity: 'warning' };
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}
