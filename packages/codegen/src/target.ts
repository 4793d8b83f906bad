/** What a target is: from a world to files, by its own options. */
import type { Diagnostic, World } from '@wittle/parser';
import type { GeneratedFile } from './emit/file.ts';

/** What a target is told about its run, for the header of its files. */
export interface Generator {
  /** `wittle 0.1.0`. */
  readonly name: string;
  /** What was generated from, as the user named it. */
  readonly source: string;
  /**
   * The path of a WIT file, by the name of its source, from the output directory, with slashes: what maps of declarations
   * lead to. `undefined`, or no such function: the file is copied into the output, which is the same on every machine.
   */
  readonly sourcePath?: (name: string) => string | undefined;
}

/** What came of generating. */
export interface GenerateResult {
  /** In the order of their paths; none when there is an error among the diagnostics. */
  readonly files: readonly GeneratedFile[];
  /**
   * What is wrong with the world for this target (located in the WIT), or with the options. Codes are the target's own.
   */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A kind of output. `O` is its options, all of which have defaults. A target with options of any kind is a
 * `Target<object>`: `generate` is written as a method for that.
 */
export interface Target<O extends object> {
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
  /** JSON schema of the options, whose properties are those of `O`. */
  readonly optionsSchema: object;
  /** What holds for options that are not given. */
  readonly defaults: O;
  /**
   * The directory of the host glue that the files import, relative to that of the output; `undefined` when they import
   * none that is generated elsewhere. A build warns when it is not there.
   */
  glueDirectory?(options: O): string | undefined;
  /** Makes the files; the options were checked against the schema, and those left out filled in. */
  generate(world: World, options: O, generator: Generator): GenerateResult;
}
