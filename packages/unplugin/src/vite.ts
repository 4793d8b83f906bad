/**
 * The plug-in for Vite.
 *
 * @packageDocumentation
 */
import { createVitePlugin } from '#unplugin';
import type { Options } from './options.ts';
import type { VitePlugin } from './plugins.ts';
import { vitePlugin } from './rollup-like.ts';

/** Makes the plug-in. Throws a `TypeError` for options that are wrong. */
export const wittle: (options?: Options) => VitePlugin = createVitePlugin(vitePlugin) as (
  options?: Options,
) => VitePlugin;
