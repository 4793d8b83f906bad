/**
 * Makes the .wasm files of tests from the .wat files beside them, with the assembler of jco, which `pnpm bench` installs.
 * With --check it only compares.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';

const { parse } = await import(
  new URL('../../../bench/peers/node_modules/@bytecodealliance/jco/dist/api.js', import.meta.url)
);
const check = process.argv.includes('--check');
const folders = ['./', '../../../cli/test/components/'].map((path) => new URL(path, import.meta.url));
const stale = [];
for (const folder of folders) {
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.wat')) continue;
    const bytes = Buffer.from(await parse(await readFile(new URL(file, folder), 'utf8')));
    const out = new URL(file.replace(/\.wat$/, '.wasm'), folder);
    const before = await readFile(out).catch(() => Buffer.alloc(0));
    if (before.equals(bytes)) continue;
    stale.push(file);
    if (!check) await writeFile(out, bytes);
  }
}
console.log(
  stale.length === 0 ? 'all as they should be' : `${check ? 'stale' : 'made'}: ${stale.join(', ')}`,
);
if (check && stale.length > 0) process.exitCode = 1;
