/** Text to binary. The package that does it is installed on demand, into a folder of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../text-format/', import.meta.url));
const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const packageName = '@bytecodealliance/jco-transpile';
const installed = join(folder, 'node_modules', packageName);

/** Installs what parses the text format, where it is missing or of another version (8 MB). */
export function installTextFormat(): void {
  const { dependencies } = readJson(join(folder, 'package.json')) as { dependencies: Record<string, string> };
  const manifest = join(installed, 'package.json');
  if (existsSync(manifest)) {
    const { version } = readJson(manifest) as { version: string };
    if (version === dependencies[packageName]) return;
  }
  console.error(`Installing ${packageName} (8 MB) into packages/conformance/text-format …`);
  const own = join(repository, '.setup/node_modules/.bin/pnpm');
  const { status, error, stdout, stderr } = spawnSync(
    existsSync(own) ? own : 'pnpm',
    ['install', '--frozen-lockfile', '--ignore-scripts'],
    { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`pnpm install failed with ${status}:\n${stdout}${stderr}`);
}

/** Text that is no component or module in the text format. */
export class TextProblem extends Error {}

/** Makes a function from text to a binary, which throws {@link TextProblem}. */
export async function textParser(): Promise<(text: string) => Promise<Uint8Array>> {
  const { parse } = (await import(join(installed, 'dist/wasm-tools.js'))) as {
    parse: (text: string) => Promise<Uint8Array>;
  };
  return async (text) => {
    try {
      return await parse(text);
    } catch (error) {
      throw new TextProblem(reasonOf(String((error as Error).message)));
    }
  };
}

// The message is a dump of the parser's own error.
function reasonOf(message: string): string {
  return /Custom\("((?:[^"\\]|\\.)*)"\)/.exec(message)?.[1]?.replaceAll('\\"', '"') ?? message;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
