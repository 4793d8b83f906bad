/** The system's error codes in terms of `wasi:filesystem`. */
import { ComponentError } from '@wittle/runtime';
import type { ErrorCode } from '../../generated/imports/wasi/filesystem/types.ts';
import { answer } from '../answer.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'access',
  EAGAIN: 'would-block',
  EWOULDBLOCK: 'would-block',
  EALREADY: 'already',
  EBADF: 'bad-descriptor',
  EBUSY: 'busy',
  EDEADLK: 'deadlock',
  EDQUOT: 'quota',
  EEXIST: 'exist',
  EFBIG: 'file-too-large',
  EILSEQ: 'illegal-byte-sequence',
  EINPROGRESS: 'in-progress',
  EINTR: 'interrupted',
  EINVAL: 'invalid',
  EIO: 'io',
  EISDIR: 'is-directory',
  ELOOP: 'loop',
  EMLINK: 'too-many-links',
  EMSGSIZE: 'message-size',
  ENAMETOOLONG: 'name-too-long',
  ENODEV: 'no-device',
  ENOENT: 'no-entry',
  ENOLCK: 'no-lock',
  ENOMEM: 'insufficient-memory',
  // There is no code for too many open files; it is a lack of room in a table of the host.
  EMFILE: 'insufficient-memory',
  ENFILE: 'insufficient-memory',
  ENOSPC: 'insufficient-space',
  ENOTDIR: 'not-directory',
  ENOTEMPTY: 'not-empty',
  ENOTRECOVERABLE: 'not-recoverable',
  ENOTSUP: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  ENOSYS: 'unsupported',
  ENOTTY: 'no-tty',
  ENXIO: 'no-such-device',
  EOVERFLOW: 'overflow',
  EPERM: 'not-permitted',
  EPIPE: 'pipe',
  EROFS: 'read-only',
  ESPIPE: 'invalid-seek',
  ETXTBSY: 'text-file-busy',
  EXDEV: 'cross-device',
};

/** The code for an error of Node or of this host; undefined when it is not one of a file system. */
export function fileErrorCodeOf(error: NodeJS.ErrnoException): ErrorCode | undefined {
  return error.code !== undefined && Object.hasOwn(codes, error.code) ? codes[error.code] : undefined;
}

/** The error a function of `wasi:filesystem` throws. */
export function fileError(code: ErrorCode): ComponentError<ErrorCode> {
  return answer(code);
}

/** What `call` gives; what the file system throws becomes the error value that belongs to it. */
export function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw fileErrorOf(error);
  }
}

/** The error value that belongs to what the file system threw; anything else as it is. */
export function fileErrorOf(error: unknown): unknown {
  if (error instanceof ComponentError || typeof error !== 'object' || error === null) return error;
  // By its code: an error of Node is of Node's realm, which need not be this one.
  const cause = error as NodeJS.ErrnoException;
  const code = fileErrorCodeOf(cause);
  return code === undefined ? error : new ComponentError(code, `${code}: ${cause.message}`, { cause });
}
