/**
 * Doubles of hosts, for tests: what generated code of target `mocks` stands on. A double is the imports of a world; where
 * it is given to `instantiate`, values are lifted and lowered as for any other host.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

export { mock } from './mock.ts';
export type { MockHost } from './mock.ts';
export type { Call, CallOf, Outcome, Overrides, Root } from './calls.ts';
