/** `wasi:cli/stderr`: standard error, the same stream through every handle. */
import type { Host } from '../../generated/imports/wasi/cli/stderr.ts';
import type { ByteSink } from '../../host/byte-ends.ts';
import type { Instance } from '../../host/instance.ts';
import type { Stdio } from '../../host/stdio.ts';
import { OutputStream } from '../io/streams.ts';

export function stderr(instance: Instance, output: Stdio<ByteSink>): Host {
  return { getStderr: () => new OutputStream(instance, output.end) };
}
