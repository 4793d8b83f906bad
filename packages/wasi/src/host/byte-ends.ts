/** The two ends of byte streams that `wasi:io/streams` works on, whatever is behind them. */
import type { Waitable } from './instance.ts';

/** Why a source or sink is at its end: in order, or by a failure. */
export type Ending = 'closed' | Error;

/** Where an input stream's bytes come from. Ready when there are bytes or an ending. */
export interface ByteSource extends Waitable {
  /** Begins to fetch bytes; called before every use, does nothing after the first. */
  start(): void;
  /** Bytes that can be taken now. */
  readonly buffered: number;
  /**
   * Between 1 and `max` of the buffered bytes, of which there must be some. If they are lent, they hold until the next
   * call or turn of the event loop.
   */
  take(max: number): Uint8Array;
  /** Set once no bytes will follow the buffered ones. */
  readonly ending: Ending | undefined;
  /** Nobody will read on: what is buffered and what follows is discarded. */
  close(): void;
}

/** Where an output stream's bytes go. Ready when bytes are permitted or at its end. */
export interface ByteSink extends Waitable {
  /** Bytes that may be written now; 0 while full or flushing. */
  readonly permit: number;
  /** Takes over the bytes: at most `permit`. `usedUp`: nobody else has them, nor their buffer. */
  write(bytes: Uint8Array, usedUp?: boolean): void;
  /** Permits nothing until all bytes have left. */
  flush(): void;
  /** Whether all bytes have left. */
  readonly flushed: boolean;
  /** Set once bytes are no longer accepted. */
  readonly ending: Ending | undefined;
  /** Nobody will write on: accepted bytes still leave. */
  close(): void;
}
