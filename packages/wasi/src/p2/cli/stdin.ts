/** `wasi:cli/stdin`: standard input, the same bytes through every handle. */
import type { ByteSource } from '../../host/byte-ends.ts';
import type { Instance } from '../../host/instance.ts';
import type { Stdio } from '../../host/stdio.ts';
import { InputStream } from '../io/streams.ts';

/** WIT: `interface stdin`. */
export interface Stdin {
  getStdin(): InputStream;
}

export function stdin(instance: Instance, input: Stdio<ByteSource>): Stdin {
  return { getStdin: () => new InputStream(instance, input.end) };
}
