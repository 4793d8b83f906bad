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
export type { EmitOptions } from './emit/module.ts';

// For targets of one's own: findings, names as Wittle's own targets spell them
export { problem } from './world/problems.ts';
export { camelCase, pascalCase, propertyKey, scopeNames, typeName } from './typescript/names.ts';
export type { Spelling } from './typescript/names.ts';

// For targets of one's own that write TypeScript: templates with imports as values, comments, a file of them
export { code, join, quote } from './emit/code.ts';
export type { Code, Form, Name, Piece } from './emit/code.ts';
export { docs as docComment, lineComment } from './typescript/docs.ts';
export { header } from './emit/header.ts';
export { typescriptFile } from './emit/typescript-file.ts';
export type { PrintOptions } from './emit/file.ts';
