/** `wittle`, as the command line runs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../packages/cli/bin/wittle.js', import.meta.url));

/** Runs `wittle` with these arguments and this input; gives its exit code and output, for two minutes at most. */
export function wittle(args, input = '') {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    input,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { code: status ?? signal, stdout, stderr };
}

/** Calls `use` with the path of an empty directory, which is gone afterwards. */
export async function withDirectory(use) {
  const directory = mkdtempSync(join(tmpdir(), 'wittle-programs-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
