/** Runs a target: options are checked at the door. */
import { packageId, type World } from '@wittle/parser';
import { optionProblems } from './options.ts';
import { runTarget } from './run-target.ts';
import type { GenerateResult, Generator, Target } from './target.ts';

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
  return runTarget(world, target, options, generator);
}
