/**
 * For programs that must start fast and check options in their own way: targets, run with options that were checked.
 * Unlike the main entry it does not load a validator of JSON schemas.
 *
 * @packageDocumentation
 */

export { runTarget } from './run-target.ts';
export { targets } from './targets/index.ts';
export { fits } from './schema-fits.ts';
export type { GeneratedFile } from './emit/file.ts';
export type { GenerateResult, Generator, Target } from './target.ts';
