/**
 * Makes the .wasm files of tests from the .wat files beside them, with the assembler of jco, which `pnpm bench` installs.
 * With --check it only compares.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { wasiPackages } from '../../../../examples/components/nested-packages.mjs';

const { componentEmbed, componentNew, parse } = await import(
  new URL('../../../bench/peers/node_modules/@bytecodealliance/jco/dist/api.js', import.meta.url)
);
const check = process.argv.includes('--check');
const folders = ['./', '../../../cli/test/components/', '../../../cli/test/programs/'].map(
  (path) => new URL(path, import.meta.url),
);
const stale = [];
for (const folder of folders) {
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.wat')) continue;
    const text = await readFile(new URL(file, folder), 'utf8');
    const bytes = Buffer.from(file.endsWith('.core.wat') ? await inProxy(text) : await parse(text));
    const out = new URL(file.replace(/(\.core)?\.wat$/, '.wasm'), folder);
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

/** A core module as a component of a world that includes `wasi:http/proxy`. */
async function inProxy(text) {
  const world = 'package test:server; world server { include wasi:http/proxy@0.2.12; }';
  const witSource = `${world}\n${wasiPackages()}`;
  const binary = await componentEmbed({
    binary: await parse(text),
    witSource,
    world: 'server',
    stringEncoding: 'utf8',
  });
  return componentNew(binary, []);
}
