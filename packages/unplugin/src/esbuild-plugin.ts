/** The plug-in for esbuild. Its own API has errors with places, directories to watch, and files as assets. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { hasErrors } from '@wittle/parser';
import type { EsbuildBuild, EsbuildLoaded, UnpluginOptions } from '#unplugin';
import { GlueStore, type Glue } from './glue-store.ts';
import { esbuildMessage } from './messages.ts';
import { moduleOf } from './modules.ts';
import { checkOptions, pluginName, type Options } from './options.ts';
import { ids, parseRequest, type Request } from './request.ts';

export function esbuildPlugin(options: Options | undefined): UnpluginOptions {
  const store = new GlueStore(checkOptions(options));
  return { name: pluginName, esbuild: { setup: (build) => setUp(build, store) } };
}

function setUp(build: EsbuildBuild, store: GlueStore): void {
  store.root = resolve(build.initialOptions.absWorkingDir ?? '.');
  build.onResolve({ filter: /\.wasm\?wittle-asset$/ }, ({ path, resolveDir }) => ({
    path: join(resolveDir, path.slice(0, path.indexOf('?'))),
    namespace: assets,
  }));
  build.onLoad({ filter: /./, namespace: assets }, async ({ path }) => ({
    contents: await readFile(path),
    loader: 'file',
    watchFiles: [path],
  }));
  build.onLoad({ filter: ids, namespace: 'file' }, async ({ path, suffix }) => {
    const request = parseRequest(`${path}${suffix}`);
    if (request === undefined) return undefined;
    const glue = await store.glueOf(request);
    return glue && loaded(request, glue, build);
  });
}

const assets = 'wittle-asset';

async function loaded(request: Request, glue: Glue, build: EsbuildBuild): Promise<EsbuildLoaded> {
  const { diagnostics, dependencies: watchFiles, directories: watchDirs } = glue;
  const messages = (severity: string) =>
    diagnostics.filter((each) => each.severity === severity).map(esbuildMessage);
  if (hasErrors(diagnostics)) {
    return { errors: messages('error'), warnings: messages('warning'), watchFiles, watchDirs };
  }
  return {
    contents: await moduleOf(request, glue, (file) => assetCode(file, build)),
    loader: 'js',
    resolveDir: dirname(request.path),
    watchFiles,
    watchDirs,
    ...(request.part === undefined && { warnings: messages('warning') }),
  };
}

/** The loader `file` gives a path from the output file, or a URL with `publicPath`. */
function assetCode(file: string, { initialOptions }: EsbuildBuild): string {
  const { bundle = false, platform = 'browser' } = initialOptions;
  const usual = !bundle || platform === 'neutral' ? 'esm' : platform === 'node' ? 'cjs' : 'iife';
  const isEsm = (initialOptions.format ?? usual) === 'esm';
  const path = `import $path from ${JSON.stringify(`${file}?${assets}`)};\n`;
  if (isEsm) return `${path}const $asset = new URL($path, import.meta.url).href;`;
  if (platform === 'node') {
    return `${path}import { pathToFileURL as $pathToFileURL } from 'node:url';
const $asset = new URL($path, $pathToFileURL(__filename)).href;`;
  }
  return `${path}const $asset = new URL($path, globalThis.document?.currentScript?.src ?? globalThis.location.href).href;`;
}
