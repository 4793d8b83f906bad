/** What goes on during long work, for people at a terminal: a line that is gone afterwards. */
import { now } from './clock.ts';
import type { Io } from './io.ts';

/** A line that changes. */
export interface Progress {
  /** Shows a text in the place of the one before. */
  show(text: string): void;
  /** Takes it away. */
  clear(): void;
}

/** Work that is done sooner than this says nothing, in milliseconds. */
const patience = 200;

/** A line on standard error when a person reads it; elsewhere nothing. `started` is when the work began. */
export function progressOf(io: Io, started: number): Progress {
  if (io.progress === undefined) return { show: () => {}, clear: () => {} };
  const write = io.progress;
  let isShown = false;
  return {
    show: (text) => {
      if (now() - started < patience) return;
      write(`\r\u001b[K${text}`);
      isShown = true;
    },
    clear: () => {
      if (isShown) write('\r\u001b[K');
      isShown = false;
    },
  };
}
