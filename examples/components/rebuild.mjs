/**
 * Builds the components that are kept in the repository.
 *
 *     node rebuild.mjs           writes them
 *     node rebuild.mjs --check   writes nothing; names those that a rebuild would change, and fails if there are any
 *
 * C is compiled by the compiler of ../guest-c. That the modules become components, and two of them one, is the work of
 * wasm-tools as jco-transpile brings it; both are installed when they are missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, platform, stderr, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadCompiler } from '../guest-c/build.mjs';
import { wasiPackages } from './nested-packages.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const repository = join(here, '../..');
const check = argv.includes('--check');
const log = (line) => stderr.write(`${line}\n`);

const clang = await loadCompiler(log);
const { componentEmbed, componentNew, parse, print } = await loadTools();

const words = await component('words/words.c', 'words/wit/world.wit', 'words');
const store = await component('shop/store.c', 'shop/wit/shop.wit', 'store');
const checkout = await component('shop/checkout.c', 'shop/wit/shop.wit', 'checkout', 'utf16');
const http = '../../packages/cli/test/http-guest';
const httpGuest = await component(`${http}/guest.c`, `${http}/world.wit`, 'guest');
const shop = await composed('shop/shop.wat', { store, checkout });

const changed = [];
const made = { 'words/words.wasm': words, 'shop/shop.wasm': shop, [`${http}/guest.wasm`]: httpGuest };
for (const [name, bytes] of Object.entries(made)) {
  const path = join(here, name);
  if (!check) {
    writeFileSync(path, bytes);
    log(`${name}: ${bytes.length} bytes`);
  } else if (!existsSync(path) || !readFileSync(path).equals(bytes)) changed.push(name);
}
for (const name of changed) stdout.write(`differs from its sources: ${name}\n`);
if (check && changed.length === 0)
  stdout.write(`${Object.keys(made).length} components are as their sources make them\n`);
exit(changed.length === 0 ? 0 : 1);

/** A C program as a component of a world. */
async function component(source, wit, world, stringEncoding = 'utf8') {
  const { 'out.wasm': binary } = await clang(
    [
      ...['--target=wasm32-wasip1', '-mexec-model=reactor', '-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'],
      // Nothing of Preview 1 is left: what the programs take of libc calls nothing outside.
      ...['-Wl,--strip-all', 'program.c', '-o', 'out.wasm'],
    ],
    { 'program.c': readFileSync(join(here, source), 'utf8') },
  );
  const witSource = `${readFileSync(join(here, wit), 'utf8')}\n${wasiPackages()}`;
  return componentNew(await componentEmbed({ binary, witSource, world, stringEncoding }));
}

/** The components of a text put in place of the lines `(component $name)`. */
async function composed(text, parts) {
  let source = readFileSync(join(here, text), 'utf8');
  for (const [name, bytes] of Object.entries(parts)) {
    const definition = (await print(bytes)).replace('(component', `(component $${name}`);
    source = source.replace(`(component $${name})`, () => definition);
  }
  return Buffer.from(await parse(source));
}

async function loadTools() {
  const folder = join(here, 'tools');
  const tools = join(folder, 'node_modules/@bytecodealliance/jco-transpile/dist/wasm-tools.js');
  if (!existsSync(tools)) {
    log('installing @bytecodealliance/jco-transpile (8 MB) into examples/components/tools');
    const own = join(repository, '.setup/node_modules/.bin/pnpm');
    const { status } = spawnSync(
      existsSync(own) ? own : 'pnpm',
      ['install', '--frozen-lockfile', '--ignore-scripts'],
      { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: platform === 'win32' },
    );
    if (status !== 0) throw new Error('pnpm install failed in examples/components/tools');
  }
  return import(pathToFileURL(tools));
}
