/** Preview 2's `wasi:filesystem/types.error-code` in Preview 1's numbers. */
import { Failure, errno, type Errno } from './errno.ts';

const numbers: Readonly<Record<string, Errno>> = {
  access: errno.acces,
  'would-block': errno.again,
  already: errno.already,
  'bad-descriptor': errno.badf,
  busy: errno.busy,
  deadlock: errno.deadlk,
  quota: errno.dquot,
  exist: errno.exist,
  'file-too-large': errno.fbig,
  'illegal-byte-sequence': errno.ilseq,
  'in-progress': errno.inprogress,
  interrupted: errno.intr,
  invalid: errno.inval,
  io: errno.io,
  'is-directory': errno.isdir,
  loop: errno.loop,
  'too-many-links': errno.mlink,
  'message-size': errno.msgsize,
  'name-too-long': errno.nametoolong,
  'no-device': errno.nodev,
  'no-entry': errno.noent,
  'no-lock': errno.nolck,
  'insufficient-memory': errno.nomem,
  'insufficient-space': errno.nospc,
  'not-directory': errno.notdir,
  'not-empty': errno.notempty,
  'not-recoverable': errno.notrecoverable,
  unsupported: errno.notsup,
  'no-tty': errno.notty,
  'no-such-device': errno.nxio,
  overflow: errno.overflow,
  'not-permitted': errno.perm,
  pipe: errno.pipe,
  'read-only': errno.rofs,
  'invalid-seek': errno.spipe,
  'text-file-busy': errno.txtbsy,
  'cross-device': errno.xdev,
};

/** The number of an `error-code`; undefined for what is none. */
export function errnoOfCode(code: string): Errno | undefined {
  return Object.hasOwn(numbers, code) ? numbers[code] : undefined;
}

/**
 * What `call` gives.
 * @throws what {@link fileFailure} makes of what `call` throws.
 */
export function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fileFailure(thrown);
  }
}

/**
 * A Failure for an `error-code`, thrown by itself or as a `ComponentError`'s payload; anything else as it is: the host's
 * own failure, or the end of the program.
 */
export function fileFailure(thrown: unknown): unknown {
  const payload =
    typeof thrown === 'object' && thrown !== null && 'payload' in thrown ? thrown.payload : thrown;
  const code = typeof payload === 'string' ? errnoOfCode(payload) : undefined;
  return code === undefined ? thrown : new Failure(code);
}
