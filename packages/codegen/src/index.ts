/**
 * Resolved WIT in, TypeScript source out: strings in memory, nothing is written.
 *
 * @packageDocumentation
 */

// Generating
export { generate } from './generate.ts';

// Targets
export { targets } from './targets/index.ts';
export type { TargetName, TargetOptions, Targets } from './targets/index.ts';
export { guestTarget } from './targets/guest/index.ts';
export type { GuestOptions } from './targets/guest/index.ts';
export { hostTarget } from './targets/host/index.ts';
export type { HostOptions } from './targets/host/index.ts';
export { mocksTarget } from './targets/mocks/index.ts';
export type { MocksOptions } from './targets/mocks/index.ts';
export { stubsTarget } from './targets/stubs/index.ts';
export type { StubsOptions } from './targets/stubs/index.ts';
export type { ShapeOptions, Shapes } from './typescript/shapes.ts';
export type { GenerateResult, Generator, Target } from './target.ts';

// Options
export { schemaProblems } from './options.ts';
export type { SchemaProblem } from './options.ts';

// Output
export type { GeneratedFile } from './emit/file.ts';
