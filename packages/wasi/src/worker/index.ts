/**
 * Guests that wait without JSPI: they run in a worker, which stops until the host has answered. For imports of any
 * kind; in Node, and in browsers on pages that are isolated from other origins.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// The host's side
export { serveImports } from './serve-imports.ts';
export type { ServedImports, ServeOptions } from './serve-imports.ts';

// The worker's side
export { connectImports, HostError } from './connect-imports.ts';
export type { ConnectedImports } from './connect-imports.ts';

// What is posted from the one to the other
export type { Connection, Failure } from './connection.ts';
export type { ClassShape, FunctionShape, ModuleShape, ObjectShape, Shape, Surface } from './shapes.ts';
export type { References } from './values.ts';
