/** One run at a time writes into a directory: a file in it says who does. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { now } from './clock.ts';
import { failure } from './failure.ts';

/** The name of the file while somebody writes. */
export const lockName = '.wittle-lock';

/** How long a run may take to move files, in milliseconds; a lock that is older was left by a run that is no more. */
const longest = 60_000;

/**
 * Does `work`, which must not wait, while nobody else writes into the directory. Locks of processes that have ended are
 * removed. Throws a `Failure` when another run goes on for more than a minute, and what the file system throws.
 */
export async function whileLocked<Result>(
  directory: string,
  shown: string,
  work: () => Result,
): Promise<Result> {
  const path = join(directory, lockName);
  const owner = `${hostname()} ${process.pid} ${randomBytes(8).toString('hex')}`;
  const started = now();
  while (!take(path, owner)) {
    if (now() - started > 2 * longest) {
      throw failure(
        `another run writes into ${shown} and does not end`,
        `if there is none, remove ${shown}${lockName}`,
      );
    }
    await setTimeout(5 + Math.random() * 20);
  }
  try {
    return work();
  } finally {
    if (read(path) === owner) rmSync(path, { force: true });
  }
}

/** Whether somebody writes into the directory, as far as can be seen. */
export function isLocked(directory: string): boolean {
  const path = join(directory, lockName);
  const owner = read(path);
  return owner !== undefined && !isAbandoned(path, owner);
}

function take(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const other = read(path);
  if (other !== undefined && isAbandoned(path, other)) remove(path, other, owner);
  return false;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isAbandoned(path: string, owner: string): boolean {
  const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (since === undefined) return false;
  if (Date.now() - since > longest) return true;
  const [host, pid] = owner.split(' ');
  // Another machine's processes cannot be asked, and an empty file is one that is being written.
  if (host !== hostname() || pid === undefined) return false;
  // Our own number: that of another thread, or of a process before this one (they start anew in each container).
  if (Number(pid) === process.pid) return since < Date.now() - process.uptime() * 1000 - 1000;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

// Moved aside first: whoever else saw the old one may have made a new one meanwhile, which goes back.
function remove(path: string, other: string, owner: string): void {
  const aside = `${path}-${owner.split(' ')[2]}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== other) linkSync(aside, path);
  } catch {
    // Somebody else was quicker.
  }
  rmSync(aside, { force: true });
}
