/**
 * Component binaries: what they declare, as WIT. Pure; bytes in, text and problems out.
 *
 * @packageDocumentation
 */

// WIT packages in binary form
export { decodeWitPackage } from './wit-package/decode.ts';
export type { DecodedPackage, DecodedWit, NeededInterface, WitDecoding } from './wit-package/decode.ts';

// Binaries
export { isComponent } from './binary/sections.ts';
export type { BinaryProblem } from './binary/reader.ts';
