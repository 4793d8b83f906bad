/** Recorded cases: a folder with `input.wit`, perhaps `options.json`, and under `expected/` what comes out. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GeneratedFile, HostOptions } from '../src/index.ts';
import { generated, worldOf } from './generate.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), 'cases');

export function caseNames(): readonly string[] {
  return readdirSync(ROOT).toSorted();
}

/** What a case comes to now. */
export function actualFiles(name: string): readonly GeneratedFile[] {
  const options = join(ROOT, name, 'options.json');
  const given = existsSync(options)
    ? (JSON.parse(readFileSync(options, 'utf8')) as Partial<HostOptions>)
    : {};
  return generated(worldOf(readFileSync(join(ROOT, name, 'input.wit'), 'utf8')), given);
}

/** What was recorded, by path. */
export function recordedFiles(name: string): readonly GeneratedFile[] {
  const root = join(ROOT, name, 'expected');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: relative(root, path).replaceAll('\\', '/'),
      contents: readFileSync(path, 'utf8'),
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

export function record(name: string, files: readonly GeneratedFile[]): void {
  const root = join(ROOT, name, 'expected');
  rmSync(root, { recursive: true, force: true });
  for (const { path, contents } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), contents);
  }
}
