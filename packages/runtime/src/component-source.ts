/**
 * A component as generated code takes it. `Component` of `@wittle/component` offers this under a symbol, so that
 * neither package needs the other.
 */
import type { InstanceLimits } from './core-world.ts';
import type { CanonicalOptions, CoreCallee } from './function-type.ts';
import type { ComponentInstance, LiftLowerOptions } from './instance.ts';
import type { WasmModule } from './platform.ts';

/** Where a component keeps what generated code asks of it. */
export const componentLinkage: unique symbol = Symbol.for('wittle.component-linkage') as never;

/** Where a component keeps what another thread needs to have it, too. */
export const componentBinary: unique symbol = Symbol.for('wittle.component-binary') as never;

/** A compiled component that generated code can be put around. */
export interface ComponentSource {
  readonly [componentLinkage]: ComponentLinkage;
  /** Not there if it was compiled without `portable`. */
  readonly [componentBinary]?: ComponentBinary | undefined;
}

/** A component to be compiled once more, in another thread: data that can be posted. */
export interface ComponentBinary {
  /** The URL of a module with `compile`, as `@wittle/component` has it. */
  readonly compiler: string;
  readonly bytes: Uint8Array;
  /** What need not be compiled again. */
  readonly modules: readonly WasmModule[];
}

/**
 * What a component asks for and offers, and the two ways to instantiate it.
 *
 * Functions and resources go by their path: `wasi:io/poll@0.2.12#[method]pollable.block` in an instance, `log` at the
 * root.
 */
export interface ComponentLinkage {
  /**
   * Everything that it imports: a function's type as a number (equal for equal types), 0 for a resource, -1 for what
   * no WIT world has (a module, a component, a value). Types that are no resources are left out.
   */
  readonly imports: ReadonlyMap<string, number>;
  /** Everything that it exports, likewise. */
  readonly exports: ReadonlyMap<string, number>;
  /**
   * Instantiation around core functions of the caller. There when the root component itself lowers all imports and
   * lifts all exports, with UTF-8 strings, one memory, and one allocator for all that is lifted; components inside it
   * only pass its functions on.
   */
  readonly core: CoreLinkage | undefined;
  /** Instantiation by descriptors, for every component; in and out as `instantiate` of `@wittle/component` has them. */
  readonly instantiate: (imports: object, options: LinkageOptions) => Promise<object>;
  readonly instantiateSync: (imports: object, options: LinkageOptions) => object;
  /** Throws the LinkError that instantiation would; nothing of the component runs. */
  readonly check: (imports: object, options: LinkageOptions) => void;
}

/** As in the options of a generated `instantiate`. */
export interface LinkageOptions {
  readonly blocking?: 'jspi' | 'none';
  /** By descriptors: imports that may return promises, by their names in options (`demo:shop/db#query`). */
  readonly mayBlock?: readonly string[];
  /** By descriptors: exports that give no promises although some import may; `*` for all. */
  readonly syncExports?: readonly string[];
  /** By descriptors: asked about an import that is missing; true makes a trap of calling it. */
  readonly trapMissing?: (name: string) => boolean;
  readonly limits?: InstanceLimits;
  /** By descriptors: told of the table of handles of each instance that is made. */
  readonly onHandles?: (table: { readonly size: number }) => void;
}

/**
 * Makes the core instances of the root, with `cx` as the root's component instance. The caller has entered `cx`; numbers
 * of resources that `cx` has already stay as they are.
 */
export interface CoreLinkage {
  readonly instantiate: (cx: ComponentInstance, canon: CoreCanon) => Promise<CoreLifts>;
  readonly instantiateSync: (cx: ComponentInstance, canon: CoreCanon) => CoreLifts;
}

/** The caller's core functions, asked for when a canonical definition is reached. */
export interface CoreCanon {
  /**
   * For `canon lower` of an import. `main` says that memory and allocator, as far as `options` has them, are the ones
   * that the exports are lifted with.
   */
  readonly lower: (path: string, options: LiftLowerOptions, main: boolean) => CoreCallee;
  /** For `canon resource.…` of a resource that is imported, or that the root defines and exports under this path. */
  readonly resource: (side: 'import' | 'export', path: string, builtIn: 'new' | 'rep' | 'drop') => CoreCallee;
}

/** What the core instances gave. */
export interface CoreLifts {
  /** What an exported function was lifted from. */
  readonly lift: (path: string) => { readonly callee: CoreCallee; readonly options: CanonicalOptions };
  /** The destructor of a resource that the root defines and exports under this path; `undefined` if it has none. */
  readonly destructor: (path: string) => CoreCallee | undefined;
}
