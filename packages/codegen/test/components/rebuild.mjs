/**
 * Makes the components of tests, with the assembler and the component encoder of jco, which `pnpm bench` installs: those
 * beside a .wat file, and echo.wasm, whose core module only calls back. With --check it only compares.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { echoGuest } from '../echo.ts';
import { worldOf } from '../generate.ts';

const { parse, componentEmbed, componentNew } = await import(
  new URL('../../../bench/peers/node_modules/@bytecodealliance/jco/dist/api.js', import.meta.url)
);
const check = process.argv.includes('--check');
const stale = [];

for (const file of await readdir(new URL('.', import.meta.url))) {
  if (file.endsWith('.wat')) await make(file.replace('.wat', '.wasm'), await parse(await text(file)));
}
const witSource = await text('echo.wit');
const binary = echoGuest(worldOf(witSource));
await make('echo.wasm', await componentNew(await componentEmbed({ binary, witSource, world: 'echo' }), []));

if (stale.length > 0) console.log(`${check ? 'stale' : 'made'}: ${stale.join(', ')}`);
if (check && stale.length > 0) process.exitCode = 1;

function text(file) {
  return readFile(new URL(file, import.meta.url), 'utf8');
}

async function make(file, bytes) {
  const url = new URL(file, import.meta.url);
  const before = await readFile(url).catch(() => Buffer.alloc(0));
  if (before.equals(Buffer.from(bytes))) return;
  stale.push(file);
  if (!check) await writeFile(url, bytes);
}
