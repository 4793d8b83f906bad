/** What `--dir` says, as the WASI host's directories. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Preopen } from '@wittle/wasi';
import { failure, reasonOf } from './failure.ts';

/**
 * Reads the values of the option: `HOST`, which the guest knows under the same path, `HOST::GUEST`, or `HOST::GUEST::ro`
 * for one in which nothing can be changed. `cwd` is what paths of the host are relative to. Throws a `Failure` for what
 * is not a directory, or is given twice.
 */
export function directoryGrants(values: readonly string[], cwd: string): Readonly<Record<string, Preopen>> {
  const grants = new Map<string, Preopen>();
  for (const value of values) {
    const [host = '', guest = host, mode, ...rest] = value.split('::');
    if (host === '' || guest === '' || (mode !== undefined && mode !== 'ro') || rest.length > 0) {
      throw failure(
        `--dir \`${value}\` is not a directory for the guest`,
        'write it as `./data`, as `./data::/data` if the guest knows it under another path, or as `./data::/data::ro` if nothing in it may be changed',
      );
    }
    if (grants.has(guest)) {
      throw failure(`--dir \`${value}\`: the guest has a directory \`${guest}\` already`);
    }
    const directory = resolve(cwd, host);
    requireDirectory(directory, `--dir ${host}`);
    grants.set(guest, { directory, readOnly: mode === 'ro' });
  }
  return Object.fromEntries(grants);
}

function requireDirectory(path: string, what: string): void {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (error) {
    throw failure(`${what}: ${reasonOf(error)}`);
  }
  if (!isDirectory) throw failure(`${what} is not a directory`);
}
