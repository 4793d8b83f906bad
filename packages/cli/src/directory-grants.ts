/** What `--dir` and `--read-only-dir` say, as the WASI host's directories. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Preopen } from '@wittle/wasi';
import { failure, reasonOf } from './failure.ts';

/**
 * Reads the values of both options: `HOST`, which the guest knows under the same path, or `HOST::GUEST`. `cwd` is what
 * paths of the host are relative to. Throws a `Failure` for what is not a directory, or is given twice.
 */
export function directoryGrants(
  writable: readonly string[],
  readOnly: readonly string[],
  cwd: string,
): Readonly<Record<string, Preopen>> {
  const grants = new Map<string, Preopen>();
  for (const [option, values] of [
    ['--dir', writable],
    ['--read-only-dir', readOnly],
  ] as const) {
    for (const value of values) {
      const [host = '', guest = host, ...rest] = value.split('::');
      if (host === '' || guest === '' || rest.length > 0) {
        throw failure(
          `${option} \`${value}\` is not a directory for the guest`,
          'write it as `./data`, or `./data::/data` if the guest knows it under another path',
        );
      }
      if (grants.has(guest)) {
        throw failure(`${option} \`${value}\`: the guest has a directory \`${guest}\` already`);
      }
      const directory = resolve(cwd, host);
      requireDirectory(directory, `${option} ${host}`);
      grants.set(guest, { directory, readOnly: option === '--read-only-dir' });
    }
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
