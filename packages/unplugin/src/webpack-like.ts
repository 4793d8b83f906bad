/** The plug-in for webpack and Rspack. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasErrors } from '@wittle/parser';
import type { Compiler, LoaderContext, LoaderHookContext, UnpluginOptions } from '#unplugin';
import { GlueStore, type Glue } from './glue-store.ts';
import { isGuestFile } from './guests.ts';
import { webpackError } from './messages.ts';
import { moduleOf } from './modules.ts';
import { checkOptions, pluginName, type Options } from './options.ts';
import { ids, parseRequest } from './request.ts';

export function webpackPlugin(options: Options | undefined): UnpluginOptions {
  const store = new GlueStore(checkOptions(options));
  const begin = (compiler: Compiler): void => {
    store.root = resolve(compiler.context);
    narrow(compiler);
  };
  return {
    name: pluginName,
    // What is no guest of ours stays with whatever the configuration has for it.
    loadInclude: (path) => path.endsWith('.wit') || (path.endsWith('.wasm') && isGuestFile(path)),
    load: {
      filter: { id: ids },
      async handler(this: LoaderHookContext, id: string) {
        const request = parseRequest(id);
        const glue = request && (await store.glueOf(request));
        if (request === undefined || glue === undefined) return undefined;
        const { loaderContext } = this.getNativeBuildContext();
        watch(loaderContext, glue);
        report(loaderContext, glue, request.part === undefined);
        return moduleOf(
          request,
          glue,
          (file) => `const $asset = new URL(${JSON.stringify(file)}, import.meta.url).href;`,
        );
      },
    },
    watchChange(path) {
      store.changed(resolve(path));
    },
    webpack: begin,
    rspack: begin,
  };
}

/** `new URL('./app.wasm', import.meta.url)` asks for the file, and so do other queries than ours. */
function narrow({ options }: Compiler): void {
  const [rule] = options.module.rules;
  Object.assign(rule!, {
    dependency: { not: ['url'] },
    resourceQuery: (query: string) => parseRequest(`_.wit${query}`) !== undefined,
  });
}

function watch(loader: LoaderContext, { dependencies, directories }: Glue): void {
  for (const path of dependencies) {
    if (existsSync(path)) loader.addDependency(path);
    else loader.addMissingDependency(path);
  }
  for (const path of directories) {
    if (existsSync(path)) loader.addContextDependency(path);
    else loader.addMissingDependency(path);
  }
}

/** Throws the last error, as a module that has failed is none, after all others. */
function report(loader: LoaderContext, { diagnostics }: Glue, withWarnings: boolean): void {
  if (withWarnings) {
    for (const each of diagnostics) {
      if (each.severity === 'warning') loader.emitWarning(webpackError(each));
    }
  }
  if (!hasErrors(diagnostics)) return;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(webpackError);
  for (const each of errors.slice(0, -1)) loader.emitError(each);
  throw errors.at(-1);
}
