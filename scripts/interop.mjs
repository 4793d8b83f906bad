/**
 * Host implementations go both ways: `@wittle/wasi` under what jco transpiles with `--instantiation`, and preview2-shim
 * under `@wittle/component`. Installs the peers of packages/bench. The packages have to be built.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installPeers } from '../packages/bench/src/programs.mjs';
import { compile, instantiate } from '../packages/component/dist/index.js';
import { createWasi } from '../packages/wasi/dist/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const peers = join(root, 'packages/bench/peers/node_modules/@bytecodealliance');
const words = join(root, 'examples/components/words/words.wasm');

installPeers();
if (process.argv[2] === 'shim') await underShim();
else {
  let failed = 0;
  for (const [what, run] of [
    ['the host of @wittle/wasi serves what jco transpiles', underJco],
    ['the host of preview2-shim serves a component', inChild],
  ]) {
    try {
      await run();
      console.log(`ok      ${what}`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${what}: ${error.stack}`);
    }
  }
  console.log(`${2 - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function underJco() {
  const { transpile } = await import(pathToFileURL(join(peers, 'jco/dist/api.js')));
  const out = mkdtempSync(join(tmpdir(), 'wittle-interop-'));
  try {
    const { files } = await transpile(readFileSync(words), {
      name: 'words',
      instantiation: 'async',
      asyncMode: 'jspi',
      asyncImports: [
        'wasi:io/streams@0.2.12#[method]input-stream.blocking-read',
        'wasi:io/streams@0.2.12#[method]output-stream.blocking-write-and-flush',
      ],
      asyncExports: ['wasi:cli/run@0.2.12#run'],
    });
    for (const [name, contents] of Object.entries(files)) {
      mkdirSync(dirname(join(out, name)), { recursive: true });
      writeFileSync(join(out, name), contents);
    }
    const transpiled = await import(pathToFileURL(join(out, 'words.js')));
    const stdout = new PassThrough();
    using wasi = createWasi({ args: ['words', '2'], stdin: Readable.from(['b a b c', ' b a']), stdout });
    const { count, run } = await transpiled.instantiate(
      (path) => WebAssembly.compile(readFileSync(join(out, path))),
      wasi.imports,
    );
    equal(await count('x y x', 1), [{ word: 'x', count: 2 }]);
    await run.run();
    equal(String(stdout.read()), '3 b\n2 a\n');
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The shim reads the process's own standard input, and keeps a thread. */
async function inChild() {
  const args = ['--no-warnings', fileURLToPath(import.meta.url), 'shim'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { input: 'one two one\n', encoding: 'utf8' });
  equal([stdout, stderr], ['[{"word":"x","count":2}]\n2 one\n1 two\n', '']);
}

async function underShim() {
  const { WASIShim } = await import(pathToFileURL(join(peers, 'preview2-shim/dist/common/instantiation.js')));
  const component = await compile(readFileSync(words));
  const imports = new WASIShim({ sandbox: { args: ['words', '2'] } }).getImportObject();
  const exports = await instantiate(component, imports);
  console.log(JSON.stringify(await exports.count('x y x', 1)));
  await exports['wasi:cli/run'].run();
  process.exit(0);
}

function equal(actual, wanted) {
  if (isDeepStrictEqual(actual, wanted)) return;
  throw new Error(`got ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`);
}
