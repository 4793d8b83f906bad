/** `wasi:cli/stderr`: standard error, the same stream through every handle. */
import type { ByteSink } from '../../host/byte-ends.ts';
import type { Instance } from '../../host/instance.ts';
import type { Stdio } from '../../host/stdio.ts';
import { OutputStream } from '../io/streams.ts';

/** WIT: `interface stderr`. */
export interface Stderr {
  getStderr(): OutputStream;
}

export function stderr(instance: Instance, output: Stdio<ByteSink>): Stderr {
  return { getStderr: () => new OutputStream(instance, output.end) };
}
