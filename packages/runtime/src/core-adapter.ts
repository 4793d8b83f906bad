/** What serves a core module beside the imports of its world: another, older interface spoken in core functions. */
import type { WasmExports, WasmMemory } from './platform.ts';

/** A core value type. */
export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';

/** The core guest as an adapter sees it; `memory` is there once the module is instantiated. */
export interface CoreGuest {
  readonly memory: WasmMemory;
}

/** One core function given to a guest, with the signature it must have. */
export interface CoreImport {
  readonly params: readonly CoreType[];
  /** At most one. */
  readonly results: readonly CoreType[];
  /**
   * The function. i32 arrives signed and i64 as bigint, as WebAssembly's JavaScript API has it. When `mayBlock`, it
   * may return a promise of its result: the guest then waits (with JSPI), or the call fails and says so (without).
   */
  readonly call: (...args: never[]) => number | bigint | void | Promise<number | bigint | void>;
  readonly mayBlock: boolean;
}

/** By module name, then by function name. */
export type CoreImports = Readonly<Record<string, Readonly<Record<string, CoreImport>>>>;

/**
 * Core functions for one instance, and what the guest exports through them. An adapter is made for one instance and
 * not shared: it holds that guest's descriptors.
 */
export interface CoreAdapter {
  readonly imports: (guest: CoreGuest) => CoreImports;
  /**
   * Exports in wit-component's naming (`wasi:cli/run@0.2.12#run`) that the core module has under another name
   * (`_start`). Only functions that the module itself exports can suspend, so they are given as they are.
   */
  readonly exports?: (core: WasmExports) => Readonly<WasmExports>;
}
