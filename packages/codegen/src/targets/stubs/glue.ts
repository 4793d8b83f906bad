/** Where the host glue is that generated code beside it takes types from. */
import type { Diagnostic } from '@wittle/parser';
import { mapNames, type Code } from '../../emit/code.ts';
import type { Plan } from '../../world/plan.ts';
import { problem } from '../../world/problems.ts';

export interface GlueOptions {
  /** The directory of the world's glue of target `host`, relative to that of the output. Default `../bindings`. */
  readonly glue: string;
}

/** The JSON schema of {@link GlueOptions.glue}. */
export const glueSchema = {
  description: "where the world's glue of target host is, relative to the output directory",
  type: 'string',
  default: '../bindings',
} as const;

/** It has to be another directory, found by a relative path. */
export function glueProblems({ glue }: GlueOptions): readonly Diagnostic[] {
  if (/^[/\\]|^[A-Za-z]:|\p{Cc}/u.test(glue)) {
    return [
      problem(
        'invalid-option',
        `option glue is \`${glue}\`, which is no relative path`,
        undefined,
        'such as `../bindings`',
      ),
    ];
  }
  return glueDirectory({ glue }) === ''
    ? [problem('invalid-option', 'option glue leads to the output directory: both have an `index.ts`')]
    : [];
}

/** The path without what does not lead anywhere, so that imports from it are the same however it is written. */
export function glueDirectory({ glue }: GlueOptions): string {
  const parts: string[] = [];
  for (const part of glue.split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** The same code, in which what the glue's files declare comes from there. */
export function fromGlue(plan: Plan, directory: string, section: Code): Code {
  const files = new Set([...plan.imports, ...plan.exports].map((side) => side.file));
  return mapNames(section, (name) =>
    files.has(name.from) ? { ...name, from: `${directory}/${name.from}` } : name,
  );
}
