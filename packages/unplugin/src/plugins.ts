/** What bundlers take for a plug-in, as far as their types have to know: nobody needs those of all of them. */

/** For `plugins` of Vite. */
export interface VitePlugin {
  readonly name: string;
}

/** For `plugins` of Rollup. */
export interface RollupPlugin {
  readonly name: string;
}

/** For `plugins` of Rolldown. */
export interface RolldownPlugin {
  readonly name: string;
}

/** For `plugins` of esbuild. */
export interface EsbuildPlugin {
  readonly name: string;
  readonly setup: (build: object) => void | Promise<void>;
}

/** For `plugins` of webpack. */
export interface WebpackPlugin {
  readonly apply: (compiler: object) => void;
}

/** For `plugins` of Rspack. */
export interface RspackPlugin {
  readonly apply: (compiler: object) => void;
}
