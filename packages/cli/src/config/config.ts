/** What a `wittle.config` file says, as types. They are erased: a configuration that imports this loads no generator. */
import type { Target, TargetName, TargetOptions } from '@wittle/codegen';

/** The configuration of a build: what `wittle.config.json`, `.ts` and the like hold. All paths are relative to the file. */
export interface Config {
  /** Where editors find the JSON schema: `./node_modules/wittle/config.schema.json`. */
  readonly $schema?: string;
  /** By names of your choice, which `--project` and messages use. */
  readonly projects: Readonly<Record<string, ProjectConfig>>;
}

/** A world, and what is generated for it: one output, or several. */
export type ProjectConfig = WitInput & (OutputConfig | { readonly outputs: readonly OutputConfig[] });

/** Where a world is. */
export interface WitInput {
  /** A `.wit` file, a directory with its `deps/`, a component, or the name of a package that comes with wittle. */
  readonly wit: string;
  /** The world, when there are several: `name`, `ns:package/name` or `ns:package/name@1.0.0`. */
  readonly world?: string;
  /** Features whose `@unstable` items are active. */
  readonly features?: readonly string[];
  /** All features are active. Default `false`. */
  readonly allFeatures?: boolean;
}

/** A target, with its options and the directory that it writes into: made when it is not there, and wittle's own. */
export type OutputConfig = TargetConfig & { readonly out: string };

/** A target and its options: one of wittle's (`host` when it is left out), or one from elsewhere. */
export type TargetConfig =
  { readonly [Name in TargetName]: OwnTargetConfig<Name> }[TargetName] | ForeignTargetConfig;

/** A target of wittle's. */
export type OwnTargetConfig<Name extends TargetName> = (Name extends 'host'
  ? { readonly target?: Name }
  : { readonly target: Name }) & {
  /** What is left out has its default. */
  readonly options?: Partial<TargetOptions[Name]>;
};

/** A target from elsewhere. Its options are checked against its own schema. */
export interface ForeignTargetConfig {
  /**
   * The target itself, or where it is: a path beginning with `./` or `../`, or the name of a package. The module
   * exports it as `target` or by default.
   */
  readonly target: Target<object> | TargetModule;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A path or the name of a package: it has a `/`, `.` or `-` in it, unlike the names of wittle's own targets. */
export type TargetModule = `${string}${'/' | '.' | '-'}${string}`;

/**
 * Gives what it was given: it is here for the types.
 *
 * ```ts
 * import { defineConfig } from 'wittle';
 *
 * export default defineConfig({ projects: { shop: { wit: 'wit', out: 'src/bindings' } } });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
