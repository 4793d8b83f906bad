/**
 * Builds the JavaScript component of examples/components/quotes, unless it is there, and runs it: from the command line,
 * and from code with and without bindings, which are generated from the component itself. componentize-js (100 MB) is
 * installed for it. The packages have to be built.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile, instantiate } from '../packages/component/dist/index.js';
import { ComponentError } from '../packages/runtime/dist/index.js';
import { createWasi } from '../packages/wasi/dist/index.js';
import { wasiPackages } from '../examples/components/nested-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const quotes = join(root, 'examples/components/quotes');
const program = join(root, 'packages/cli/bin/wittle.js');
let passed = 0;
let failed = 0;

const path = await build();
const component = await compile(readFileSync(path));

await check('the command line: a command, with arguments and variables', async () => {
  equal(await wittle('run', path, '--env', 'SHELF=top', '--', 'to be', 'or not'), {
    code: 0,
    stdout: 'top: 1\ntop: 2\nTO BE\nOR NOT\n',
    stderr: '',
  });
  equal((await wittle('run', path)).code, 1);
});
await check('the command line: one function', async () => {
  equal(await wittle('run', path, '--invoke', 'shout("ça va")'), {
    code: 0,
    stdout: '"ÇA VA"\n',
    stderr: '',
  });
});
await check('without generated code', () => use(instantiate));
await check('with generated code', async () => {
  const bindings = join(quotes, 'out/bindings');
  rmSync(bindings, { recursive: true, force: true });
  const { code, stderr } = await wittle('generate', path, '--import-suffix', '.ts', '-o', bindings);
  equal({ code, stderr }, { code: 0, stderr: '' });
  const typed = await import(pathToFileURL(join(bindings, 'index.ts')));
  await use(typed.instantiate);
});
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Functions, resources, variants, options and errors. */
async function use(instantiateIt) {
  const stdout = new PassThrough();
  using wasi = createWasi({ stdout });
  const { library, shout } = await instantiateIt(component, wasi.imports);
  equal(await shout('ça va'), 'ÇA VA');
  const shelf = await new library.Shelf('top');
  const first = { text: 'to be', author: 'W. S.', tags: ['play', 'old'] };
  const second = { text: 'or not', tags: [] };
  equal(await shelf.put(first), 1);
  equal(await shelf.put(second), 2);
  equal(await shelf.find({ tag: 'by', val: 'W. S.' }), [first]);
  equal(await shelf.find({ tag: 'tagged', val: ['old'] }), [first]);
  equal((await shelf.find({ tag: 'all' })).length, 2);
  equal((await library.pick(shelf, 2n ** 63n + 1n)).text, 'or not');
  const error = await library.pick(await new library.Shelf('empty'), 1n).catch((thrown) => thrown);
  equal(error instanceof ComponentError ? error.payload : error, 'the shelf is empty');
  equal(String(stdout.read()), 'top: 1\ntop: 2\n');
}

/** The component, built when its sources are not those it was built from. Gives its path. */
async function build() {
  const [source, wit, lock] = ['quotes.js', 'wit/world.wit', 'pnpm-lock.yaml'].map((name) =>
    readFileSync(join(quotes, name), 'utf8'),
  );
  const sources = [source, `${wit}\n${wasiPackages()}`, lock];
  const digest = createHash('sha256').update(sources.join('\0')).digest('hex').slice(0, 16);
  const out = join(quotes, 'out', `quotes-${digest}.wasm`);
  if (existsSync(out)) return out;
  const entry = join(quotes, 'node_modules/@bytecodealliance/componentize-js/src/componentize.js');
  if (!existsSync(entry)) {
    console.log('Installing componentize-js (100 MB) into examples/components/quotes …');
    const own = join(root, '.setup/node_modules/.bin/pnpm');
    const { status } = spawnSync(
      existsSync(own) ? own : 'pnpm',
      ['install', '--frozen-lockfile', '--ignore-scripts', '--reporter', 'silent'],
      { cwd: quotes, stdio: 'inherit', shell: process.platform === 'win32' },
    );
    if (status !== 0) throw new Error('pnpm install failed in examples/components/quotes');
  }
  console.log('Making a component of quotes.js …');
  const { componentize } = await import(pathToFileURL(entry));
  const made = await componentize({
    sourcePath: join(quotes, 'quotes.js'),
    witWorld: sources[1],
    worldName: 'quotes',
    disableFeatures: ['http', 'fetch-event'],
  });
  mkdirSync(join(quotes, 'out'), { recursive: true });
  writeFileSync(out, made.component);
  return out;
}

function wittle(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error?.stack ?? String(error)}`);
  }
}

function equal(actual, expected) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`got ${shown(actual)}, expected ${shown(expected)}`);
}

function shown(value) {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each));
}
