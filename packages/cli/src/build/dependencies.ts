/** Whether anything that a result depends on has changed, by what the file system says of it. */
import { lstatSync, readdirSync, statSync, type BigIntStats, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Dependencies } from './generate-project.ts';

/** The state of all that a result depends on, by paths. */
export type Fingerprints = ReadonlyMap<string, string>;

/** Its own name for a state that is not known for sure: the next look finds a change. */
const unsure = 'unsure';

/** The state as it is now. */
export function fingerprintsOf({ files, directories }: Dependencies): Fingerprints {
  return new Map([
    ...files.map((path) => [path, fileState(path)] as const),
    ...directories.map((path) => [`${path}/`, directoryState(path)] as const),
  ]);
}

/**
 * The state that a result was made from: as it was before the work where that is known, and otherwise as it is now,
 * unless it has changed since the work began (`since`, in milliseconds since 1970).
 */
export function fingerprintsFrom(
  before: Fingerprints,
  dependencies: Dependencies,
  since: number,
): Fingerprints {
  const now = fingerprintsOf(dependencies);
  return new Map(
    [...now].map(([path, state]) => {
      const known = before.get(path);
      if (known !== undefined) return [path, known];
      const at = changedAt(path);
      // A time that is still to come is a clock of somebody else.
      return [path, at >= since - clockStep && at <= Date.now() ? unsure : state];
    }),
  );
}

/** File systems may take the time from a clock that is behind, in milliseconds. */
const clockStep = 20;

/** Whether anything differs from what was known. */
export function isChanged(known: Fingerprints, dependencies: Dependencies): boolean {
  const now = fingerprintsOf(dependencies);
  return [...now].some(([path, state]) => known.get(path) !== state);
}

/**
 * The directories to watch, each alone: those in which dependencies are, so that what is replaced, goes and comes back is
 * seen. Where one is not there, the nearest that is.
 */
export function directoriesToWatch({ files, directories }: Dependencies): readonly string[] {
  const found = new Set<string>();
  for (const path of [...files.map(dirname), ...directories, ...directories.map(dirname)]) {
    let existing = path;
    while (!isDirectory(existing) && dirname(existing) !== existing) existing = dirname(existing);
    found.add(existing);
    // It may go as a whole.
    found.add(dirname(existing));
  }
  return [...found].toSorted();
}

/** What tells a directory from one that took its place. */
export function identityOf(directory: string): string {
  const found = statOf(directory);
  return found === undefined ? 'none' : `${found.dev}:${found.ino}:${found.birthtimeNs}`;
}

function fileState(path: string): string {
  const found = statOf(path);
  if (found === undefined) return 'missing';
  return `${found.ino}:${found.size}:${found.mtimeNs}:${found.isDirectory() ? 'directory' : 'file'}`;
}

function directoryState(path: string): string {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    // Folders matter only among dependencies; elsewhere one may be our own output.
    const isDeps = basename(path) === 'deps';
    const names = entries.filter(
      (entry) => /\.(?:wit|wasm|wat)$/.test(entry.name) || (isDeps && !entry.isFile()),
    );
    return names
      .map(({ name }) => name)
      .toSorted()
      .join('\n');
  } catch {
    return 'missing';
  }
}

function changedAt(path: string): number {
  const found = statOf(path);
  // What is moved to a place keeps the time of its contents.
  return found === undefined ? 0 : Math.floor(Math.max(Number(found.mtimeMs), Number(found.ctimeMs)));
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isDirectory(path: string): boolean {
  let found: Stats | undefined;
  try {
    found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() === true) found = statSync(path, { throwIfNoEntry: false });
  } catch {
    return false;
  }
  return found?.isDirectory() === true;
}
