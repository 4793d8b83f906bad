/** `wasi:cli/stdin`: standard input, the same bytes through every handle. */
import type { Host } from '../../generated/imports/wasi/cli/stdin.ts';
import type { ByteSource } from '../../host/byte-ends.ts';
import type { Instance } from '../../host/instance.ts';
import type { Stdio } from '../../host/stdio.ts';
import { InputStream } from '../io/streams.ts';

export function stdin(instance: Instance, input: Stdio<ByteSource>): Host {
  return { getStdin: () => new InputStream(instance, input.end) };
}
