/**
 * WASI 0.2 for Node: streams, clocks, random numbers, standard input and output, and real sockets, on Node's public
 * API alone. Everything is denied until it is granted.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// The host
export { createWasi } from './wasi.ts';
export type { Wasi, WasiImports } from './wasi.ts';
export { versionedImports } from './versioned-imports.ts';

// Commands
export { runCommand } from './run-command.ts';
export type { RunOptions } from './run-command.ts';
export type { WaitingOptions } from './waiting.ts';

// HTTP servers
export { httpListener } from './http-listener.ts';
export type { HttpListenerOptions } from './http-listener.ts';
export type { HttpHandler, ReuseOptions } from './http-guests.ts';
export { httpServer } from './http-server.ts';
export type { HttpServerOptions } from './http-server.ts';

// Options
export { defaultLimits } from './options.ts';
export type { WasiOptions } from './options.ts';
export type { Denial, NetworkGrants } from './host/grants.ts';
export type { WasiClock, WasiLimits } from './host/instance.ts';
export type { FillRandom } from './host/random-bytes.ts';
export type { StdioInput, StdioOutput } from './host/stdio.ts';
export type { Resolver } from './p2/sockets/ip-name-lookup.ts';

// Files
export { MemoryDirectory } from './host/files/memory-directory.ts';
export type { MemoryContents, MemoryDirectoryOptions } from './host/files/memory-directory.ts';
export type { DirectorySource, Preopen, Preopens } from './p2/filesystem/preopens.ts';

// What ends a guest
export { WasiExit } from './p2/cli/exit.ts';
export { WasiTrap } from './host/trap.ts';
export { TimeLimitError } from './worker/time-limit-error.ts';
