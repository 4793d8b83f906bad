/** What a target is: from a world to files, by its own options. */
import type { World } from '@wittle/parser';
import type { GeneratedFile } from './emit/file.ts';

/** Something about a world that a target cannot generate, or an option that is wrong. */
export interface GenerateProblem {
  readonly code: string;
  readonly message: string;
  /** What is concerned, for a located message: the model's element has a span. */
  readonly element: { readonly span: World['span'] } | undefined;
  readonly hint: string | undefined;
}

/** What a target is told about its run, for the header of its files. */
export interface Generator {
  /** `wittle 0.1.0`. */
  readonly name: string;
  /** What was generated from, as the user named it. */
  readonly source: string;
}

export interface GenerateResult {
  /** In the order of their paths; none when there is a problem. */
  readonly files: readonly GeneratedFile[];
  readonly problems: readonly GenerateProblem[];
}

/** A kind of output. `O` is its options, all of which have defaults. */
export interface Target<O extends object> {
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
  /** JSON schema of the options. */
  readonly optionsSchema: object;
  readonly generate: (world: World, options: Partial<O>, generator: Generator) => GenerateResult;
}
