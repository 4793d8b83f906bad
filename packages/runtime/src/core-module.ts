/** A guest that is no WebAssembly, where a core module is expected: the contract between it and whoever links it. */
import type { WasmImportDescriptor, WasmImports } from './platform.ts';

/** Where a guest keeps what stands for its core module. */
export const coreModule: unique symbol = Symbol.for('wittle.core-module') as never;

/** A guest written in JavaScript or TypeScript, which generated glue takes as it takes a `WebAssembly.Module`. */
export interface GuestModule {
  readonly [coreModule]: CoreModule;
}

/** What a `WebAssembly.Module` is to the one who links it, in names of wit-component's. Strings are UTF-8. */
export interface CoreModule {
  readonly imports: () => readonly WasmImportDescriptor[];
  readonly exports: () => readonly { readonly name: string }[];
  /**
   * Makes an instance, with a linear memory of its own. A function that may wait gives a promise of its core result when
   * it does: there is no stack to suspend. Exported functions that may wait have their likes under `onStack`.
   */
  readonly instantiate: (imports: WasmImports) => CoreModuleExports;
}

/** As `WebAssembly.Exports`: functions, and the memory. */
export type CoreModuleExports = Readonly<Record<string, unknown>>;

/** Whether something is a guest in place of a core module. */
export function isGuestModule(value: unknown): value is GuestModule {
  return typeof value === 'object' && value !== null && coreModule in value;
}
