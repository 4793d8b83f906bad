/** Which imported functions may have to wait, in worlds whose functions are all synchronous. */
import type { WitFunction } from '@wittle/parser';
import type { PlanOptions, Side } from './plan.ts';

/**
 * The functions of WASI 0.2 that wait by their definition: everything in `wasi:io/poll` that blocks, and the
 * `blocking-` functions of streams.
 */
export const WASI_BLOCKING: readonly string[] = [
  'wasi:io/poll#[method]pollable.block',
  'wasi:io/poll#poll',
  'wasi:io/streams#[method]input-stream.blocking-read',
  'wasi:io/streams#[method]input-stream.blocking-skip',
  'wasi:io/streams#[method]output-stream.blocking-flush',
  'wasi:io/streams#[method]output-stream.blocking-splice',
  'wasi:io/streams#[method]output-stream.blocking-write-and-flush',
  'wasi:io/streams#[method]output-stream.blocking-write-zeroes-and-flush',
];

/** A function's name in options: `wasi:io/poll#poll`, `log` of the world itself. */
export function optionName(side: Side, of: WitFunction): string {
  return side.label === '' ? of.name : `${side.label}#${of.name}`;
}

/** What a plan has to know of waiting, from the options of a target. */
export function waitingOptions(options: {
  readonly mayBlock: readonly string[];
  readonly syncExports: readonly string[];
}): PlanOptions {
  const blocking = new Set([...WASI_BLOCKING, ...options.mayBlock]);
  const sync = new Set(options.syncExports);
  return {
    mayBlock: (side, of) => blocking.has('*') || blocking.has(optionName(side, of)),
    staysSync: (side, of) => sync.has('*') || sync.has(optionName(side, of)),
  };
}
