/**
 * `.wit` files and WebAssembly components as typed imports. Each bundler has an entry of its own: `@wittle/unplugin/vite`,
 * `/rollup`, `/rolldown`, `/esbuild`, `/webpack` and `/rspack` export the plug-in as `wittle`.
 *
 * @packageDocumentation
 */

// Options
export type { FileOptions, GlueOptions, Options } from './options.ts';

// Declarations without a build
export { writeTypes } from './write-types.ts';
export type { WriteTypesOptions } from './write-types.ts';

// What the plug-ins are to bundlers
export type {
  EsbuildPlugin,
  RolldownPlugin,
  RollupPlugin,
  RspackPlugin,
  VitePlugin,
  WebpackPlugin,
} from './plugins.ts';
