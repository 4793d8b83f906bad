/**
 * Writes generated files: all or nothing, nobody else's files, and only what has changed.
 *
 * New contents are written beside their places first and then moved in; when a move fails, those before it are undone.
 */
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { GeneratedFile } from '@wittle/codegen';
import { isLocked, whileLocked } from './directory-lock.ts';
import { failure } from './failure.ts';
import { manifestName } from './manifest.ts';
import { asFailure, stagingPrefix, surveyOutput, type Survey, type SurveyOptions } from './output-survey.ts';

/**
 * Brings a directory to hold exactly `generated` of ours: writes what is missing or stale, removes what earlier runs
 * left, keeps the rest untouched. Gives what it found before. Throws a `Failure` when that is not possible, or when
 * there are files of others (see `surveyOutput`); then the directory is as it was. Runs at the same time wait for each
 * other.
 */
export async function writeOutput(
  directory: string,
  shown: string,
  generated: readonly GeneratedFile[],
  options: SurveyOptions,
): Promise<Survey> {
  const survey = await lookAtOutput(directory, shown, generated, options);
  if (isDone(survey)) return survey;
  try {
    if (!survey.exists && createDirectory(directory, survey.contents)) return survey;
    return await whileLocked(directory, shown, () => {
      const now = surveyOutput(directory, shown, generated, options);
      if (!isDone(now)) changeDirectory(directory, now);
      return now;
    });
  } catch (error) {
    throw asFailure(`cannot write into ${shown}`, error);
  }
}

/**
 * {@link surveyOutput} of a directory that stands still: while another run changes it, files that come and go look like
 * those of somebody else.
 */
export async function lookAtOutput(
  directory: string,
  shown: string,
  generated: readonly GeneratedFile[],
  options: SurveyOptions,
): Promise<Survey> {
  for (let attempt = 1; ; attempt++) {
    const before = runIn(directory);
    let found: Survey | undefined;
    let problem: unknown;
    try {
      found = surveyOutput(directory, shown, generated, options);
    } catch (error) {
      problem = error;
    }
    if ((before !== undefined && before === runIn(directory)) || attempt === maxAttempts) {
      if (found === undefined) throw problem;
      return found;
    }
    await setTimeout(5 + Math.random() * 20);
  }
}

/** Two seconds, or a little less. */
const maxAttempts = 100;

// What tells one state of a directory from another: each run that changes it writes a new manifest. Nothing while one
// is at work.
function runIn(directory: string): string | undefined {
  if (isLocked(directory)) return undefined;
  try {
    const { ino, mtimeNs } = lstatSync(join(directory, manifestName), { bigint: true });
    return `${ino}:${mtimeNs}`;
  } catch {
    return 'none';
  }
}

function isDone({ files, contents, leftovers }: Survey): boolean {
  return contents.size === 0 && leftovers.length === 0 && files.every(({ state }) => state !== 'extra');
}

/** A new directory appears with all its files at once; not when somebody else made it meanwhile. */
function createDirectory(directory: string, contents: Survey['contents']): boolean {
  const undo = new Undo();
  const parent = dirname(directory);
  try {
    undo.makeDirectory(parent);
    const staging = mkdtempSync(join(parent, stagingPrefix));
    undo.push(() => rmSync(staging, { recursive: true, force: true }));
    writeAll(join(staging, 'new'), contents);
    try {
      renameSync(join(staging, 'new'), directory);
    } catch (error) {
      if (!lstatSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw error;
      undo.run();
      return false;
    }
    rmSync(staging, { recursive: true, force: true });
    return true;
  } catch (error) {
    undo.run();
    throw error;
  }
}

function changeDirectory(directory: string, { files, contents, leftovers }: Survey): void {
  const extra = files.filter(({ state }) => state === 'extra').map(({ path }) => path);
  const undo = new Undo();
  const staging = mkdtempSync(join(directory, stagingPrefix));
  undo.push(() => rmSync(staging, { recursive: true, force: true }));
  const place = (path: string): string => join(directory, path);
  const fresh = (path: string): string => join(staging, 'new', path);
  const backup = (path: string): string => join(staging, 'old', path);
  try {
    writeAll(join(staging, 'new'), contents);
    // What is extra goes first: its name may differ from a new one in upper and lower case only.
    for (const path of extra) {
      mkdirSync(dirname(backup(path)), { recursive: true });
      renameSync(place(path), backup(path));
      undo.push(() => renameSync(backup(path), place(path)));
    }
    for (const path of contents.keys()) {
      undo.makeDirectory(dirname(place(path)));
      const before = lstatSync(place(path), { throwIfNoEntry: false });
      if (before === undefined) {
        renameSync(fresh(path), place(path));
        undo.push(() => rmSync(place(path)));
      } else {
        if (!before.isFile())
          throw failure(
            `${place(path)} is in the way: it is not a regular file`,
            'remove it, or name another directory',
          );
        mkdirSync(dirname(backup(path)), { recursive: true });
        copyFileSync(place(path), backup(path));
        renameSync(fresh(path), place(path));
        undo.push(() => renameSync(backup(path), place(path)));
      }
    }
  } catch (error) {
    undo.run();
    throw error;
  }
  rmSync(staging, { recursive: true, force: true });
  for (const name of leftovers) rmSync(place(name), { recursive: true, force: true });
  for (const path of extra) removeEmptyFolders(directory, path);
}

function writeAll(directory: string, contents: Survey['contents']): void {
  mkdirSync(directory, { recursive: true });
  for (const [path, text] of contents) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** The steps back, the last one first. */
class Undo {
  readonly #steps: (() => void)[] = [];

  push(step: () => void): void {
    this.#steps.push(step);
  }

  makeDirectory(path: string): void {
    const first = mkdirSync(path, { recursive: true });
    if (first === undefined) return;
    // Only empty ones: somebody else may have begun to use them.
    this.push(() => {
      for (let made = path; made.length >= first.length; made = dirname(made)) rmdirSync(made);
    });
  }

  /** Takes all steps; what cannot be undone does not keep the others from it. */
  run(): void {
    for (const step of this.#steps.toReversed()) {
      try {
        step();
      } catch {
        // The reason for going back is the better message.
      }
    }
  }
}

function removeEmptyFolders(directory: string, path: string): void {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(directory, folder));
    } catch {
      return;
    }
  }
}
