/**
 * Paths of a guest, step by step. Every directory on the way is opened before the next step is looked up in it, and a
 * symlink is read and its steps taken like all others, so no path leads out of the directory that it starts from,
 * whatever is renamed or replaced meanwhile.
 */
import { FileError, type OpenDirectory } from './open-objects.ts';

/** As many symlinks are followed in one path; more is `ELOOP`. Linux has the same. */
const maxSymlinks = 40;

/** Bytes of a path, with the NUL that Linux counts. */
const longestPath = 4096;

/** Where a path leads: a name in a directory, or the directory itself. */
export interface Place extends Disposable {
  readonly directory: OpenDirectory;
  /** `undefined`: the directory itself is meant (`.`, `a/..`). */
  readonly name: string | undefined;
  /** The path ends with a slash. */
  readonly mustBeDirectory: boolean;
}

/**
 * What a symlink in the last step of a path stands for: what it leads to, the symlink itself (unless a slash comes after
 * it), or the name in any case, where a name is to be made or removed.
 */
export type LastStep = 'target' | 'object' | 'name';

/**
 * Resolves `path` from `base`; if nothing is there, the name is where it would be. Throws `EPERM` for a path that would
 * leave `base`.
 */
export function walk(base: OpenDirectory, path: string, lastStep: LastStep): Place {
  if (lastStep !== 'target' && isName(path)) return new Named(base, path);
  const way = new Way(base);
  try {
    const steps = stepsOf(path).toReversed();
    let slashed = path.endsWith('/');
    let symlinks = 0;
    for (;;) {
      const step = steps.pop();
      if (step === undefined) return way.end(undefined, slashed);
      if (step === '.') continue;
      if (step === '..') {
        way.up();
        continue;
      }
      const last = steps.length === 0;
      const follows = !last || lastStep === 'target' || (lastStep === 'object' && slashed);
      const target = follows ? targetOf(way.here, step) : undefined;
      if (target !== undefined) {
        if (++symlinks > maxSymlinks) throw new FileError('ELOOP', 'too many symlinks');
        steps.push(...stepsOf(target).toReversed());
        if (last && target.endsWith('/')) slashed = true;
      } else if (last) return way.end(step, slashed);
      else way.down(step);
    }
  } catch (error) {
    way[Symbol.dispose]();
    throw error;
  }
}

/** Whether a path is one step, which leads to where it says. */
function isName(path: string): boolean {
  // However many bytes each letter has, so many are no path that is too long.
  if (path === '' || path === '.' || path === '..' || path.length > 1000) return false;
  return !path.includes('/') && !path.includes('\0');
}

/** A name in the directory that a walk starts from. */
class Named implements Place {
  readonly directory: OpenDirectory;
  readonly name: string;
  readonly mustBeDirectory = false;

  constructor(directory: OpenDirectory, name: string) {
    this.directory = directory;
    this.name = name;
  }

  [Symbol.dispose](): void {}
}

function stepsOf(path: string): string[] {
  if (path === '') throw new FileError('ENOENT', 'the path is empty');
  if (path.length >= longestPath || Buffer.byteLength(path) >= longestPath)
    throw new FileError('ENAMETOOLONG', 'the path is too long');
  if (path.includes('\0')) throw new FileError('EINVAL', 'the path contains a NUL');
  if (path.startsWith('/')) throw new FileError('EPERM', 'the path is absolute');
  return path.split('/').filter((step) => step !== '');
}

/** Where a symlink leads; `undefined` for what is none, or is not there. */
function targetOf(directory: OpenDirectory, name: string): string | undefined {
  try {
    return directory.targetOf(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Node says UNKNOWN on Windows.
    if (code === 'EINVAL' || code === 'ENOENT' || code === 'UNKNOWN') return undefined;
    throw error;
  }
}

/** The directories from the base to where a walk is. */
class Way implements Disposable {
  readonly #base: OpenDirectory;
  readonly #opened: OpenDirectory[] = [];

  constructor(base: OpenDirectory) {
    this.#base = base;
  }

  get here(): OpenDirectory {
    return this.#opened.at(-1) ?? this.#base;
  }

  down(name: string): void {
    this.#opened.push(this.here.openDirectory(name));
  }

  up(): void {
    const left = this.#opened.pop();
    if (left === undefined) throw new FileError('EPERM', 'the path leads out of its directory');
    left.close();
  }

  /** Closes all but the last directory, which the place keeps. */
  end(name: string | undefined, mustBeDirectory: boolean): Place {
    const last = this.#opened.pop();
    this[Symbol.dispose]();
    return {
      directory: last ?? this.#base,
      name,
      mustBeDirectory,
      [Symbol.dispose]: () => last?.close(),
    };
  }

  [Symbol.dispose](): void {
    for (const directory of this.#opened.splice(0)) directory.close();
  }
}
