/**
 * WIT from disk: a file, or a directory with its `deps/`. The only part of the parser that needs Node. Entry "./node".
 *
 * @packageDocumentation
 */

export { loadPackage } from './load-package.ts';
export type { BinaryDecoding, LoadOptions, LoadedPackage } from './load-package.ts';
