/**
 * Building from a program: what `wittle generate` does, for bundlers, tasks and tests.
 *
 * - `generateProject({ wit, target, options })` makes files in memory.
 * - `build({ config, check })` builds a configuration, or says what would change.
 *
 * Both give diagnostics with places (`renderDiagnostics` makes text of them) and the files and directories that they
 * depended on.
 *
 * @packageDocumentation
 */

// In memory
export { generateProject } from './build/generate-project.ts';
export type {
  Dependencies,
  GeneratedOutput,
  GeneratedProject,
  GenerateInput,
  GenerateOptions,
} from './build/generate-project.ts';

// On disk
export { build } from './build/build.ts';
export type { BuildOptions, BuildResult, OutputResult, ProjectResult } from './build/build.ts';
export type { FileState, OutputFile } from './output-survey.ts';

// What is wrong, for people and for machines
export { diagnosticsJson, renderDiagnostics } from '@wittle/parser';
export type { Diagnostic, DiagnosticJson } from '@wittle/parser';

// Configurations
export { defineConfig } from './config/config.ts';
export type { Config, OutputConfig, ProjectConfig, TargetConfig, WitInput } from './config/config.ts';
