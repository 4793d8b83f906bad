/**
 * Resolved WIT in, TypeScript source out: strings in memory, nothing is written.
 *
 * @packageDocumentation
 */

// Targets
export { hostDefaults, hostTarget } from './targets/host/index.ts';
export type { HostOptions } from './targets/host/index.ts';
export type { GenerateProblem, GenerateResult, Generator, Target } from './target.ts';

// Output
export type { GeneratedFile } from './emit/file.ts';
