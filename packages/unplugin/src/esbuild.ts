/**
 * The plug-in for esbuild.
 *
 * @packageDocumentation
 */
import { createEsbuildPlugin } from '#unplugin';
import type { Options } from './options.ts';
import type { EsbuildPlugin } from './plugins.ts';
import { esbuildPlugin } from './esbuild-plugin.ts';

/** Makes the plug-in. Throws a `TypeError` for options that are wrong. */
export const wittle: (options?: Options) => EsbuildPlugin = createEsbuildPlugin(esbuildPlugin) as (
  options?: Options,
) => EsbuildPlugin;
