/**
 * The command line as a library: `main` with arguments of your choice.
 *
 * @packageDocumentation
 */

export { main } from './main.ts';
export type { Io } from './io.ts';
