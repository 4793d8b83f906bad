/** `wasi:io/error`: what went wrong behind a stream. */
import type { Host } from '../../generated/imports/wasi/io/error.ts';

/** WIT: `resource error`. Wraps the host's own error. */
export class IoError {
  /** What the host met. */
  readonly reason: NodeJS.ErrnoException;

  constructor(reason: NodeJS.ErrnoException) {
    this.reason = reason;
  }

  toDebugString(): string {
    const { code, message } = this.reason;
    return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
  }

  [Symbol.dispose](): void {}
}

export const error: Host = { Error: IoError };
