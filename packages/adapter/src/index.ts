/**
 * WASI Preview 1 in terms of Preview 2: what a core module imports from `wasi_snapshot_preview1`, made of a host's
 * `wasi:*` interfaces.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// The adapter
export { createAdapter } from './adapter.ts';
export type { Adapter, AdapterOptions } from './adapter.ts';
export type { Descriptors } from './functions/badfd.ts';

// What it stands on
export type {
  Datetime,
  Descriptor,
  Droppable,
  Environment,
  Exit,
  FilesystemTypes,
  InputStream,
  IoError,
  MonotonicClock,
  OutputStream,
  Poll,
  Pollable,
  Preopens,
  Preview2,
  Random,
  Stderr,
  Stdin,
  Stdout,
  StreamError,
  TerminalInput,
  TerminalOutput,
  TerminalStderr,
  TerminalStdin,
  TerminalStdout,
  WallClock,
} from './preview2.ts';

// Preview 1 in numbers
export { errno } from './errno.ts';
export type { Errno, ErrnoName } from './errno.ts';
export { moduleName, signatures } from './signatures.ts';
export type { FunctionName, Signature } from './signatures.ts';
