/**
 * WASI's own test programs, compiled (the branch `prod/testsuite-base` of WebAssembly/wasi-testsuite): each is run by
 * `wittle run` as the JSON file beside it says. The directories that it is given are copies.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaseResult, Suite } from '../suite.ts';

const wittle = fileURLToPath(new URL('../../../cli/bin/wittle.js', import.meta.url));

/** Milliseconds; no program takes more than a few seconds. */
const patience = 30_000;

/** As many run at a time. */
const width = 2;

/** What a program is given and what must come of it; an output that is not said may be any. */
interface Specification {
  readonly args?: readonly string[];
  readonly dirs?: readonly string[];
  /** The directory that is the guest's `/`. */
  readonly root?: string | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly exit_code?: number;
  readonly stdout?: string;
}

export const wasiSuite: Suite = {
  corpus: 'named',
  run: async (corpus, { exclude, filter }) => {
    const programs = programsIn(corpus, exclude).filter((path) => path.includes(filter));
    const results: CaseResult[] = [];
    const next = async (): Promise<void> => {
      for (let path = programs.shift(); path !== undefined; path = programs.shift()) {
        const problem = await problemOf(path);
        results.push({ name: relative(corpus, path), problem, checks: { program: problem === undefined } });
      }
    };
    await Promise.all(Array.from({ length: width }, next));
    return results;
  },
  totals: () => [],
};

function programsIn(folder: string, exclude: readonly string[]): string[] {
  if (!statSync(folder).isDirectory()) return [folder];
  return readdirSync(folder)
    .filter((name) => !exclude.includes(name))
    .toSorted()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return programsIn(path, exclude);
      return name.endsWith('.wasm') ? [path] : [];
    });
}

async function problemOf(path: string): Promise<string | undefined> {
  const file = path.replace(/\.wasm$/, '.json');
  const given = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as Specification;
  const { args = [], dirs = [], root = null, env = {}, exit_code: code = 0, stdout } = given;
  const folder = mkdtempSync(join(tmpdir(), 'wittle-wasi-'));
  try {
    const granted = dirs.map((name): [string, string] => [name, name]);
    if (root !== null) granted.push([root, '/']);
    const grants = granted.flatMap(([name, guestPath]) => {
      cpSync(join(dirname(path), name), join(folder, name), { recursive: true });
      return ['--dir', `${join(folder, name)}::${guestPath}`];
    });
    const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const ran = await run([wittle, 'run', path, ...grants, ...variables, '--', ...args]);
    if (ran.code !== code) return `ended with ${ran.code}, not ${code}: ${ran.stderr.trim().slice(0, 500)}`;
    return stdout === undefined || ran.stdout === stdout
      ? undefined
      : `wrote ${JSON.stringify(ran.stdout.slice(0, 200))}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(argv: readonly string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'], timeout: patience });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? '?', stdout, stderr }));
  });
}
