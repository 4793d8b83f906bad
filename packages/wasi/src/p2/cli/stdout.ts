/** `wasi:cli/stdout`: standard output, the same stream through every handle. */
import type { ByteSink } from '../../host/byte-ends.ts';
import type { Instance } from '../../host/instance.ts';
import type { Stdio } from '../../host/stdio.ts';
import { OutputStream } from '../io/streams.ts';

/** WIT: `interface stdout`. */
export interface Stdout {
  getStdout(): OutputStream;
}

export function stdout(instance: Instance, output: Stdio<ByteSink>): Stdout {
  return { getStdout: () => new OutputStream(instance, output.end) };
}
