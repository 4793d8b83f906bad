/** Preview 2's `stream-error` in Preview 1's numbers. */
import type { OutputEntry } from './descriptors.ts';
import { errno, type Errno } from './errno.ts';
import { errnoOfCode } from './file-errors.ts';
import type { IoError, Preview2, StreamError } from './preview2.ts';

/**
 * `pipe` for a closed stream. For an operation that failed, what `wasi:filesystem/types.filesystem-error-code` knows of
 * its error, and `io` when that is nothing; the error resource is dropped.
 * @throws whatever was thrown when it is no `stream-error`: the host's own failure, or the end of the program.
 */
export function streamErrno(host: Preview2, thrown: unknown): Errno {
  const { tag, val } = streamErrorOf(thrown);
  if (tag === 'closed') return errno.pipe;
  if (val === undefined) return errno.io;
  try {
    const code = host['wasi:filesystem/types']?.filesystemErrorCode?.(val);
    return (code === undefined ? undefined : errnoOfCode(code)) ?? errno.io;
  } finally {
    val[Symbol.dispose]?.();
  }
}

/**
 * The same for output. Its stream tells once why it failed, and is closed from then on; a file descriptor of POSIX tells
 * again.
 */
export function outputErrno(host: Preview2, entry: Pick<OutputEntry, 'failed'>, thrown: unknown): Errno {
  const code = streamErrno(host, thrown);
  if (code !== errno.pipe) entry.failed ??= code;
  return entry.failed ?? code;
}

/** Hosts throw a `ComponentError` with the value as `payload`, or the value itself. */
function streamErrorOf(thrown: unknown): LooseStreamError {
  if (typeof thrown === 'object' && thrown !== null) {
    const payload = 'payload' in thrown ? thrown.payload : thrown;
    if (isStreamError(payload)) return payload;
  }
  throw thrown;
}

/** As hosts in plain JavaScript may give it. */
interface LooseStreamError {
  readonly tag: StreamError['tag'];
  readonly val?: IoError;
}

function isStreamError(value: unknown): value is LooseStreamError {
  if (typeof value !== 'object' || value === null || !('tag' in value)) return false;
  return value.tag === 'closed' || value.tag === 'last-operation-failed';
}
