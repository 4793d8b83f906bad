/** The plug-in for Rollup and Rolldown, and for Vite, which has more to it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasErrors } from '@wittle/parser';
import type { RollupContext, UnpluginOptions, ViteEnvironment, ViteServer } from '#unplugin';
import { GlueStore } from './glue-store.ts';
import { rollupLog } from './messages.ts';
import { moduleOf } from './modules.ts';
import { checkOptions, pluginName, type Options } from './options.ts';
import { ids, parseRequest, queries } from './request.ts';

/** For Rollup and Rolldown. */
export function rollupPlugin(options: Options | undefined): UnpluginOptions {
  const store = new GlueStore(checkOptions(options));
  return plugin(store, new Map(), {
    asset: emittedAsset,
    watchDirectory: (context, path) => context.addWatchFile(path),
  });
}

/** For Vite: the same, reloading what has changed, with assets as its environments have them. */
export function vitePlugin(options: Options | undefined): UnpluginOptions {
  const store = new GlueStore(checkOptions(options));
  const loaded = new Map<string, Set<string>>();
  /** Assets whose places are relative to the chunks, whatever the base of the site. */
  const besideChunks = new Set<string>();
  let watcher: ViteServer['watcher'] | undefined;
  return {
    ...plugin(store, loaded, {
      asset: (context, path) => viteAsset(context, path, besideChunks),
      // In development all that is watched is a module, too.
      watchDirectory: (context, path) => {
        if (isDevelopment(context.environment!)) watcher?.add(path);
        else context.addWatchFile(path);
      },
    }),
    enforce: 'pre',
    vite: {
      // Vite looks for packages in what it can read: what glue needs would be found late, and the page loaded again.
      config({ root = '.' }) {
        return { optimizeDeps: { include: installed(resolve(root)) } };
      },
      configResolved({ root }) {
        store.root = resolve(root);
      },
      configureServer(server) {
        watcher = server.watcher;
      },
      // Vite knows the dependencies of what could be loaded; of what could not, only we do.
      hotUpdate({ file, modules }) {
        const { hot, moduleGraph } = this.environment;
        const changed = store.affected(resolve(file)).flatMap((path) => [...(loaded.get(path) ?? [])]);
        const found = changed.flatMap((id) => moduleGraph?.getModuleById(id) ?? []);
        // Whom a change of it concerns is found out when a module is loaded, which some never were.
        if (found.some(({ isSelfAccepting }) => isSelfAccepting === undefined)) {
          hot?.send({ type: 'full-reload', path: '*' });
        }
        return found.length === 0 ? undefined : [...new Set([...modules, ...found])];
      },
      resolveFileUrl({ referenceId, relativePath, format }) {
        if (!besideChunks.has(referenceId) || format !== 'es') return undefined;
        return `new URL(${JSON.stringify(relativePath)}, import.meta.url).href`;
      },
    },
  };
}

/** What glue imports, as far as it is there. */
function installed(root: string): string[] {
  const { resolve: find } = createRequire(join(root, '_'));
  return ['@wittle/runtime/abi', '@wittle/component'].filter((name) => {
    try {
      return find(name) !== '';
    } catch {
      return false;
    }
  });
}

/** What one of these bundlers has of its own. */
interface Bundler {
  /** Declares `$asset`. */
  readonly asset: (context: RollupContext, path: string) => string;
  readonly watchDirectory: (context: RollupContext, path: string) => void;
}

function plugin(store: GlueStore, loaded: Map<string, Set<string>>, bundler: Bundler): UnpluginOptions {
  return {
    name: pluginName,
    resolveId: {
      filter: { id: queries },
      async handler(source, importer) {
        const request = parseRequest(source);
        if (request === undefined) return undefined;
        const from = importer === undefined ? undefined : (parseRequest(importer)?.path ?? importer);
        const found = await this.resolve(request.path, from, { skipSelf: true });
        if (found === null || (found.external !== undefined && found.external !== false)) return undefined;
        return `${found.id}${source.slice(source.indexOf('?'))}`;
      },
    },
    load: {
      filter: { id: ids },
      async handler(this: RollupContext, id: string) {
        const request = parseRequest(id);
        if (request === undefined) return undefined;
        const glue = await store.glueOf(request);
        if (glue === undefined) return undefined;
        for (const path of glue.dependencies) this.addWatchFile(path);
        for (const path of glue.directories) bundler.watchDirectory(this, path);
        const of = loaded.get(request.path) ?? new Set();
        loaded.set(request.path, of.add(id));
        const { diagnostics } = glue;
        if (hasErrors(diagnostics)) return this.error(rollupLog(diagnostics, store.root));
        if (request.part === undefined)
          for (const each of diagnostics) this.warn(rollupLog([each], store.root));
        const code = await moduleOf(request, glue, () => bundler.asset(this, request.path));
        return { code, map: null, moduleSideEffects: false };
      },
    },
    watchChange(path) {
      store.changed(resolve(path));
    },
  };
}

function emittedAsset(context: RollupContext, path: string): string {
  return `const $asset = import.meta.ROLLUP_FILE_URL_${emit(context, path)};`;
}

function viteAsset(context: RollupContext, path: string, besideChunks: Set<string>): string {
  const { config } = context.environment!;
  const isServer = config.consumer === 'server';
  if (isDevelopment(context.environment!)) {
    if (isServer) return `const $asset = ${JSON.stringify(pathToFileURL(path).href)};`;
    return `import $path from ${JSON.stringify(`./${basename(path)}?url`)};\n${relativeTo('$path')}`;
  }
  // Such a build writes no assets.
  if (isServer && !config.build.emitAssets) return `const $asset = ${JSON.stringify(dataUrl(path))};`;
  const reference = emit(context, path);
  if (isServer || Boolean(config.build.lib)) besideChunks.add(reference);
  return relativeTo(`import.meta.ROLLUP_FILE_URL_${reference}`);
}

function isDevelopment({ mode, config }: ViteEnvironment): boolean {
  return mode === 'dev' && config.isBundled !== true;
}

function relativeTo(path: string): string {
  return `const $asset = new URL(${path}, import.meta.url).href;`;
}

function emit(context: RollupContext, path: string): string {
  return context.emitFile({ type: 'asset', name: basename(path), source: readFileSync(path) });
}

function dataUrl(path: string): string {
  return `data:application/wasm;base64,${readFileSync(path, 'base64')}`;
}
