/** Streams with nothing behind them: at their end or failed from the start, or accepting and forgetting. */
import type { ByteSink, ByteSource, Ending } from './byte-ends.ts';
import { Readiness } from './readiness.ts';

/** A source without bytes, for the reason given. */
export function endedSource(ending: Ending): ByteSource {
  return {
    readiness: new Readiness(() => true),
    start: () => {},
    buffered: 0,
    take: () => new Uint8Array(0),
    ending,
    close: () => {},
  };
}

/** A source without bytes. */
export const emptySource: ByteSource = endedSource('closed');

/** A sink that forgets what it is given. */
export const discardingSink: ByteSink = {
  readiness: new Readiness(() => true),
  permit: 0x10_0000,
  write: () => {},
  flush: () => {},
  flushed: true,
  ending: undefined,
  close: () => {},
};
