/**
 * The plug-in for Rolldown.
 *
 * @packageDocumentation
 */
import { createRolldownPlugin } from '#unplugin';
import type { Options } from './options.ts';
import type { RolldownPlugin } from './plugins.ts';
import { rollupPlugin } from './rollup-like.ts';

/** Makes the plug-in. Throws a `TypeError` for options that are wrong. */
export const wittle: (options?: Options) => RolldownPlugin = createRolldownPlugin(rollupPlugin) as (
  options?: Options,
) => RolldownPlugin;
