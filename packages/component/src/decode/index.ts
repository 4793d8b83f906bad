/**
 * What component binaries declare, as WIT: components, and WIT packages in binary form. Entry "./wit", which loads
 * nothing of what runs components.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// Binaries to WIT
export { decodeComponent, decodeWit, decodeWitPackage } from './wit.ts';
export type { DecodedPackage, DecodedWit, NeededInterface, WitDecoding } from './wit.ts';
export { isComponent } from '../binary/sections.ts';
export type { BinaryProblem } from '../binary/reader.ts';

// Models to WIT
export { printPackage } from './print.ts';
