/** The WIT files of the corpus. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface WitFile {
  readonly path: string;
  /** Relative to the corpus. */
  readonly name: string;
}

/** All of them, in the order of their names. */
export function witFilesIn(corpus: string): readonly WitFile[] {
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.wit'))
    .sort()
    .map((name) => ({ name, path: join(corpus, name) }));
}
