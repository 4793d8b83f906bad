/**
 * What is used of `unplugin`. Its own declarations name the types of every bundler there is, which nobody has installed
 * all at once.
 */

/** A file that a bundler puts beside its chunks. */
export interface EmittedAsset {
  readonly type: 'asset';
  readonly name: string;
  readonly originalFileName?: string;
  readonly source: Uint8Array;
}

/** An error in the form of Rollup, Rolldown and Vite: columns count from 0. */
export interface RollupLog {
  readonly message: string;
  readonly code?: string;
  readonly id?: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
  readonly frame?: string;
}

/** `this` in hooks of Rollup, Rolldown and Vite. */
export interface RollupContext {
  readonly addWatchFile: (path: string) => void;
  readonly emitFile: (file: EmittedAsset) => string;
  readonly error: (log: RollupLog) => never;
  readonly warn: (log: RollupLog) => void;
  readonly resolve: (
    source: string,
    importer: string | undefined,
    options: { readonly skipSelf: true },
  ) => Promise<{ readonly id: string; readonly external?: boolean | string } | null>;
  /** Vite's. */
  readonly environment?: ViteEnvironment;
}

/** One of Vite's environments: a browser, a server. */
export interface ViteEnvironment {
  readonly mode: 'dev' | 'build' | 'unknown' | 'scan';
  readonly config: {
    readonly consumer: 'client' | 'server';
    /** Not there before Vite 8. */
    readonly isBundled?: boolean;
    readonly build: { readonly emitAssets: boolean; readonly lib?: unknown };
  };
  readonly moduleGraph?: { readonly getModuleById: (id: string) => ViteModule | undefined };
  readonly hot?: { readonly send: (payload: { readonly type: 'full-reload'; readonly path: '*' }) => void };
}

/** A module as Vite knows it. */
export interface ViteModule {
  /** `undefined` before it was loaded. */
  readonly isSelfAccepting?: boolean | undefined;
}

/** Vite's development server. */
export interface ViteServer {
  readonly watcher: { readonly add: (path: string) => void };
}

/** What Vite tells of a file that has changed. */
export interface HotUpdate {
  readonly file: string;
  readonly modules: readonly ViteModule[];
}

/** `this` in a loader of webpack or Rspack. */
export interface LoaderContext {
  readonly addDependency: (path: string) => void;
  readonly addContextDependency: (path: string) => void;
  readonly addMissingDependency: (path: string) => void;
  readonly emitError: (error: Error) => void;
  readonly emitWarning: (warning: Error) => void;
}

/** `this` in `load` under webpack and Rspack. */
export interface LoaderHookContext {
  readonly getNativeBuildContext: () => { readonly loaderContext: LoaderContext };
}

/** A compiler of webpack or Rspack. */
export interface Compiler {
  readonly context: string;
  readonly options: { readonly module: { readonly rules: Record<string, unknown>[] } };
}

/** The plug-in API of esbuild. */
export interface EsbuildBuild {
  readonly initialOptions: {
    readonly absWorkingDir?: string;
    readonly format?: 'esm' | 'cjs' | 'iife';
    readonly platform?: 'browser' | 'node' | 'neutral';
    readonly bundle?: boolean;
  };
  readonly onResolve: (
    options: { readonly filter: RegExp },
    callback: (args: {
      readonly path: string;
      readonly resolveDir: string;
    }) => { readonly path: string; readonly namespace: string } | undefined,
  ) => void;
  readonly onLoad: (
    options: { readonly filter: RegExp; readonly namespace?: string },
    callback: (args: {
      readonly path: string;
      readonly suffix: string;
    }) => Promise<EsbuildLoaded | undefined>,
  ) => void;
}

/** What `onLoad` of esbuild gives. */
export interface EsbuildLoaded {
  readonly contents?: string | Uint8Array;
  readonly loader?: 'js' | 'file';
  readonly resolveDir?: string;
  readonly errors?: readonly EsbuildMessage[];
  readonly warnings?: readonly EsbuildMessage[];
  readonly watchFiles?: readonly string[];
  readonly watchDirs?: readonly string[];
}

/** A message of esbuild's. */
export interface EsbuildMessage {
  readonly text: string;
  readonly location: EsbuildLocation | null;
  readonly notes: readonly { readonly text: string; readonly location: EsbuildLocation | null }[];
}

/** Lines count from 1; columns and lengths are bytes of UTF-8, from 0. */
export interface EsbuildLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly lineText: string;
}

/** What a hook `load` gives under Rollup, Rolldown and Vite. */
export interface Loaded {
  readonly code: string;
  readonly map: null;
  readonly moduleSideEffects: false;
}

/** A plug-in for any of them. */
export interface UnpluginOptions {
  readonly name: string;
  readonly enforce?: 'pre';
  readonly resolveId?: {
    readonly filter: { readonly id: RegExp };
    readonly handler: (
      this: RollupContext,
      source: string,
      importer: string | undefined,
    ) => Promise<string | undefined>;
  };
  readonly load?: {
    readonly filter: { readonly id: RegExp };
    readonly handler:
      | ((this: RollupContext, id: string) => Promise<Loaded | undefined>)
      | ((this: LoaderHookContext, id: string) => Promise<string | undefined>);
  };
  readonly loadInclude?: (id: string) => boolean;
  readonly watchChange?: (path: string) => void;
  readonly vite?: {
    readonly config: (config: { readonly root?: string }) => object;
    readonly configureServer: (server: ViteServer) => void;
    readonly configResolved: (config: { readonly root: string }) => void;
    readonly hotUpdate: (
      this: { readonly environment: ViteEnvironment },
      update: HotUpdate,
    ) => ViteModule[] | undefined;
    readonly resolveFileUrl: (
      this: RollupContext,
      asset: { readonly referenceId: string; readonly relativePath: string; readonly format: string },
    ) => string | undefined;
  };
  readonly webpack?: (compiler: Compiler) => void;
  readonly rspack?: (compiler: Compiler) => void;
  readonly esbuild?: { readonly setup: (build: EsbuildBuild) => void };
}

type Create = <Options>(factory: (options: Options) => UnpluginOptions) => (options: Options) => object;
export const createVitePlugin: Create;
export const createRollupPlugin: Create;
export const createRolldownPlugin: Create;
export const createEsbuildPlugin: Create;
export const createWebpackPlugin: Create;
export const createRspackPlugin: Create;
