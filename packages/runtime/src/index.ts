/**
 * The Canonical ABI: what generated glue stands on, and what hosts and users of glue see of it.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// Errors
export { ComponentError, ValueError } from './errors.ts';
export { NotImplemented } from './not-implemented.ts';
export { Trap } from './trap.ts';

// Core functions beside a world
export type { CoreAdapter, CoreGuest, CoreImport, CoreImports, CoreType } from './core-adapter.ts';

// Instances
export { LinkError } from './core-world.ts';
export type { InstanceLimits, InstantiateOptions } from './core-world.ts';
export type { Fetched, ModuleSource } from './link.ts';
export { coreModule } from './core-module.ts';
export type { CoreModule, CoreModuleExports, GuestModule } from './core-module.ts';
export type { brand } from './brand.ts';
export { componentBinary, componentLinkage } from './component-source.ts';
export type { ComponentBinary, ComponentSource } from './component-source.ts';
export { canSuspend } from './jspi.ts';

// Types of the platform's own, with its declarations or without
export type {
  ByteArray,
  Bytes,
  WasmExports,
  WasmImportDescriptor,
  WasmImports,
  WasmMemory,
  WasmModule,
  WebMessagePort,
  WebResponse,
  WebUrl,
} from './platform.ts';
