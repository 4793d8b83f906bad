/**
 * WAVE, the text form of values: what `wittle run --invoke` reads and prints. Types are those of a component
 * (`component.type`), values are in JavaScript's shapes.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// Values
export { parseWave } from './parse.ts';
export { printWave } from './print.ts';

// Calls
export { parseArguments, parseCall } from './parse.ts';
export type { WaveCall } from './parse.ts';

export { exportedFunctions, functionsNamed } from './exported-functions.ts';
export type { ExportedFunction } from './exported-functions.ts';

// Types, for messages
export { functionText, typeText } from './type-text.ts';
export type { NameOf } from './type-text.ts';

// Errors
export { WaveError } from './wave-error.ts';
