/**
 * From a component's bytes to its first call, in a process of its own:
 *
 *     node first-call.mjs wittle <component>
 *     node first-call.mjs jco <component> <folder>       transpiles into the folder, then imports what is there
 *     node first-call.mjs jco-import <folder>            imports what was transpiled before
 *
 * Prints `{ ms }`, without the start of the process and the loading of the tool.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packages, peers } from '../folders.mjs';
import * as host from './host.mjs';

const [tool, source, folder] = process.argv.slice(2);
const call = { wittle: await wittle(), jco: await jco(), 'jco-import': () => imported(source) }[tool];
const start = performance.now();
const { length } = await call();
if (length('text') !== 4) throw new Error('another result');
console.log(JSON.stringify({ ms: performance.now() - start }));
// A transpiler's worker would keep the process.
process.exit();

async function wittle() {
  if (tool !== 'wittle') return undefined;
  const { compile, instantiate } = await import(new URL('component/dist/index.js', packages));
  return async () =>
    (await instantiate(await compile(readFileSync(source)), { 'bench:large/host': host })).api;
}

async function jco() {
  if (tool !== 'jco') return undefined;
  const { transpile } = await import(new URL('@bytecodealliance/jco/dist/api.js', peers));
  return async () => {
    const map = [`bench:large/host=${new URL('host.mjs', import.meta.url).href}`];
    const { files } = await transpile(readFileSync(source), { name: 'large', map });
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    return imported(folder);
  };
}

async function imported(from) {
  const { api } = await import(pathToFileURL(join(from, 'large.js')));
  return api;
}
