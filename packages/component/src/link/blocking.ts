/** Which imported functions may have to wait. */

/** Those of WASI 0.2 that do by their definition, as generated code has them. */
export const WASI_BLOCKING: readonly string[] = [
  'wasi:io/poll#[method]pollable.block',
  'wasi:io/poll#poll',
  ...['read', 'skip'].map((name) => `wasi:io/streams#[method]input-stream.blocking-${name}`),
  ...['flush', 'splice', 'write-and-flush', 'write-zeroes-and-flush'].map(
    (name) => `wasi:io/streams#[method]output-stream.blocking-${name}`,
  ),
];
