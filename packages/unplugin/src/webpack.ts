/**
 * The plug-in for webpack.
 *
 * @packageDocumentation
 */
import { createWebpackPlugin } from '#unplugin';
import type { Options } from './options.ts';
import type { WebpackPlugin } from './plugins.ts';
import { webpackPlugin } from './webpack-like.ts';

/** Makes the plug-in. Throws a `TypeError` for options that are wrong. */
export const wittle: (options?: Options) => WebpackPlugin = createWebpackPlugin(webpackPlugin) as (
  options?: Options,
) => WebpackPlugin;
