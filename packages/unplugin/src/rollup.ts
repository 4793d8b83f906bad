/**
 * The plug-in for Rollup.
 *
 * @packageDocumentation
 */
import { createRollupPlugin } from '#unplugin';
import type { Options } from './options.ts';
import type { RollupPlugin } from './plugins.ts';
import { rollupPlugin } from './rollup-like.ts';

/** Makes the plug-in. Throws a `TypeError` for options that are wrong. */
export const wittle: (options?: Options) => RollupPlugin = createRollupPlugin(rollupPlugin) as (
  options?: Options,
) => RollupPlugin;
