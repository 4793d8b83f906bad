/** Runs a target: options are checked at the door, what comes out is put in order. */
import { hasErrors, packageId, type World } from '@wittle/parser';
import { optionProblems } from './options.ts';
import type { GenerateResult, Generator, Target } from './target.ts';
import { problem } from './world/problems.ts';

/**
 * Generates a world's files in memory, for a target of Wittle's or of one's own. Whatever is wrong with the options, or
 * with the world for this target, is a diagnostic; there are no files then. `generator` is named in the files' header.
 */
export function generate<O extends object>(
  world: World,
  target: Target<O>,
  options: Partial<O> = {},
  generator: Generator = { name: 'wittle', source: packageId(world.package.name) },
): GenerateResult {
  const wrong = optionProblems(target.optionsSchema, options);
  if (wrong.length > 0) return { files: [], diagnostics: wrong };
  const made = target.generate(world, { ...target.defaults, ...given(options) }, generator);
  const diagnostics = [...made.diagnostics, ...unwritable(target.name, made)];
  if (hasErrors(diagnostics)) return { files: [], diagnostics };
  return { files: made.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), diagnostics };
}

/** An option that is there but `undefined` was not given. */
function given<O extends object>(options: Partial<O>): Partial<O> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<O>;
}

/** Paths lead into the output directory, whatever system it is on, and to one file each. */
function unwritable(target: string, { files }: GenerateResult): GenerateResult['diagnostics'] {
  const seen = new Set<string>();
  const wrong = files.filter(({ path }) => {
    const key = path.toLowerCase();
    const twice = seen.has(key);
    seen.add(key);
    return twice || !isWritable(path);
  });
  return wrong.map(({ path }) =>
    problem(
      'invalid-path',
      `target ${target} made a file \`${path}\`, which ${isWritable(path) ? 'is there twice' : 'is no path below the output directory'}`,
    ),
  );
}

function isWritable(path: string): boolean {
  return path.split('/').every((part) => !['', '.', '..'].includes(part) && !/[\\:\p{Cc}]/u.test(part));
}
