/** Runs a target with options that were checked: what comes out is put in order. */
import { hasErrors, type World } from '@wittle/parser';
import type { GenerateResult, Generator, Target } from './target.ts';
import { problem } from './world/problems.ts';

/** `generate` for options that are known to fit the target's schema. */
export function runTarget<O extends object>(
  world: World,
  target: Target<O>,
  options: Partial<O>,
  generator: Generator,
): GenerateResult {
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
