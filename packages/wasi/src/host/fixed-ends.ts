/** Streams with nothing behind them: at their end from the start, or accepting and forgetting. */
import type { ByteSink, ByteSource } from './byte-ends.ts';
import { Readiness } from './readiness.ts';

/** A source without bytes. */
export const emptySource: ByteSource = {
  readiness: new Readiness(() => true),
  start: () => {},
  buffered: 0,
  take: () => new Uint8Array(0),
  ending: 'closed',
  close: () => {},
};

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
