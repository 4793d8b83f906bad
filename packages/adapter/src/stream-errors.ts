/** Preview 2's `stream-error` in Preview 1's numbers. */
import { errno, type Errno } from './errno.ts';
import type { Droppable, StreamError } from './preview2.ts';

/**
 * `pipe` for a closed stream, `io` for an operation that failed, whose error resource is dropped.
 * @throws whatever was thrown when it is no `stream-error`: the host's own failure, or the end of the program.
 */
export function streamErrno(thrown: unknown): Errno {
  const error = streamErrorOf(thrown);
  if (error.tag === 'closed') return errno.pipe;
  error.val?.[Symbol.dispose]?.();
  return errno.io;
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
type LooseStreamError =
  Extract<StreamError, { tag: 'closed' }> | { tag: 'last-operation-failed'; val?: Droppable };

function isStreamError(value: unknown): value is LooseStreamError {
  if (typeof value !== 'object' || value === null || !('tag' in value)) return false;
  return value.tag === 'closed' || value.tag === 'last-operation-failed';
}
