/** Runs the command line in this process, with captured output, in a folder of its own. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { main } from '../src/main.ts';
import { manifestName } from '../src/manifest.ts';

/** The root of the repository. */
export const repository: string = fileURLToPath(new URL('../../..', import.meta.url));

/** What the operating system runs. */
export const binary: string = fileURLToPath(new URL('../bin/wittle.js', import.meta.url));

/** What a run came to. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `wittle` with these arguments in `cwd`. */
export async function wittle(cwd: string, ...argv: readonly string[]): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    cwd,
  });
  // Paths differ from run to run.
  return { code, stdout: stdout.replaceAll(`${cwd}/`, ''), stderr: stderr.replaceAll(`${cwd}/`, '') };
}

/** A new folder with these files; a test file's folders are removed at its end. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'wittle-test-'));
  made.push(path);
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), contents);
  }
  return path;
}

/** {@link filesIn}, without what is said of them beside: what was generated. */
export function generatedIn(path: string): Record<string, string> {
  return Object.fromEntries(Object.entries(filesIn(path)).filter(([name]) => !name.endsWith(manifestName)));
}

/** The contents of all files in a folder, by their paths. */
export function filesIn(path: string): Record<string, string> {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((each) => each.isFile());
  const files = entries.map((entry) => {
    const file = join(entry.parentPath, entry.name);
    return [file.slice(path.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8')] as const;
  });
  return Object.fromEntries(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const made: string[] = [];

afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});
