/** What stops a command and is for the user to mend: rendered messages, no stack. */

/** Thrown by commands; `main` prints the message as it is and returns 1. */
export class Failure extends Error {
  /** What is wrong, alone. */
  readonly what: string;
  /** The way out, alone. */
  readonly hint: string | undefined;

  constructor(message: string, what: string = message, hint?: string) {
    super(message);
    this.what = what;
    this.hint = hint;
  }

  override get name(): string {
    return 'Failure';
  }
}

/** A mistake that has no place in a WIT file: what is wrong, and the way out. */
export function failure(message: string, hint?: string): Failure {
  return new Failure(`error: ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}`, message, hint);
}

/** Why the file system refused, in words: `permission denied`. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return reasons[String(code)] ?? String(message);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EEXIST: 'there is a file of that name in the way',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'its links lead in circles',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space is left on the device',
};
