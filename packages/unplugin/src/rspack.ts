/**
 * The plug-in for Rspack.
 *
 * @packageDocumentation
 */
import { createRspackPlugin } from '#unplugin';
import type { Options } from './options.ts';
import type { RspackPlugin } from './plugins.ts';
import { webpackPlugin } from './webpack-like.ts';

/** Makes the plug-in. Throws a `TypeError` for options that are wrong. */
export const wittle: (options?: Options) => RspackPlugin = createRspackPlugin(webpackPlugin) as (
  options?: Options,
) => RspackPlugin;
