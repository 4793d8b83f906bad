/**
 * The command line as a library: `main` with arguments of your choice, and the types of its configuration. Neither loads
 * the generator; building from a program is `wittle/node`.
 *
 * @packageDocumentation
 */

export { main } from './main.ts';
export type { Io } from './io.ts';

// Configuration
export { defineConfig } from './config/config.ts';
export type {
  Config,
  ForeignTargetConfig,
  OutputConfig,
  OwnTargetConfig,
  ProjectConfig,
  TargetConfig,
  TargetModule,
  WitInput,
} from './config/config.ts';
