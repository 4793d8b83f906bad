/** The program of the tests, in a folder where its packages are found. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('app/', import.meta.url));
const out = fileURLToPath(new URL('../out/', import.meta.url));

/** A file of the program as it is. */
export const fixture = (name: string): Buffer<ArrayBuffer> => readFileSync(join(fixtures, name));

/** WIT with two mistakes, in lines 6 and 14. */
export const brokenWit: string = fixture('shop.wit')
  .toString()
  .replace('count: u32', 'count: u33')
  .replace('text: string', 'text: strng');

/** A copy of the program, with files of the test's own; removed by {@link removeApps}. */
export function makeApp(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  mkdirSync(out, { recursive: true });
  const app = mkdtempSync(join(out, 'app-'));
  apps.push(app);
  for (const name of ['main.js', 'shop.wit', 'shop.wasm', 'shop-core.wasm']) {
    copyFileSync(join(fixtures, name), join(app, name));
  }
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), contents);
  }
  return app;
}

const apps: string[] = [];

/** For `afterAll`. */
export function removeApps(): void {
  for (const app of apps.splice(0)) rmSync(app, { recursive: true, force: true, maxRetries: 5 });
}

/** What a module prints; fails with what it said otherwise. */
export function run(file: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** What was thrown. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
