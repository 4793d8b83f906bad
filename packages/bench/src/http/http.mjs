/** `bench http`: a server written for Node, and a component behind our server and behind jco's, under the same load. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jco, out, packages, preopen } from '../folders.mjs';
import { buildPackages, importShim, installPeers, runNode } from '../programs.mjs';
import { benchServers } from '../servers.mjs';

const guest = fileURLToPath(new URL('cli/test/http-guest/guest.wasm', packages));
const folder = new URL('http/', out);

/** Each gives the arguments that start the server in Node, and builds what is needed for that. */
const servers = {
  native: () => [script('native.mjs')],
  wittle: () => wittle({}),
  'wittle:128': () => wittle({ maxInstanceReuseCount: 128 }),
  'wittle:worker': () => wittle({ blocking: 'worker' }),
  'wittle:worker:128': () => wittle({ blocking: 'worker', maxInstanceReuseCount: 128 }),
  'jco:1.35.0': () => [script('jco.mjs'), transpiled('shared')],
  'jco:1.35.0:instance': () => [
    script('jco.mjs'),
    transpiled('isolated', '--instantiation', 'sync'),
    'instance',
  ],
};

/** Options: `rounds` (default 3), `quick` (one round, one second each), `servers` (comma-separated). */
export async function benchHttp(options) {
  const names = options.servers?.split(',') ?? Object.keys(servers);
  const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
  const seconds = options.quick ? 1 : 3;
  console.log(`## HTTP: a server on 127.0.0.1, ${rounds} rounds, ${seconds} s each, one server at a time\n`);
  await benchServers({ servers, names, load: script('load.mjs'), rounds, seconds, quits: false });
}

function wittle(options) {
  buildPackages(['wasi', 'component']);
  return [script('wittle.mjs'), guest, JSON.stringify(options)];
}

/** The guest as JavaScript by jco; gives the path of it. */
function transpiled(name, ...options) {
  const main = new URL(`${name}/guest.js`, folder);
  if (!existsSync(main)) {
    installPeers();
    const target = fileURLToPath(new URL(name, folder));
    runNode(['--import', preopen, jco['1.35.0'], 'transpile', guest, '-q', '-o', target, ...options]);
    importShim(main);
  }
  return fileURLToPath(main);
}

function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
