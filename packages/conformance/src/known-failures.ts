/** Lists of known failures: `case-name: reason`, one a line; `#` begins a comment. */
import { existsSync, readFileSync } from 'node:fs';

/** Reads a list; throws when a line gives no reason. */
export function readKnownFailures(path: string): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  if (!existsSync(path)) return known;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const [, name, reason] = /^(\S+): (.+)$/.exec(text) ?? [];
    if (name === undefined || reason === undefined)
      throw new Error(`${path}: a case without a reason: ${text}`);
    known.set(name, reason);
  }
  return known;
}
