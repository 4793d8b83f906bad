/** `bench sockets`: an echo server written for Node, and one in C on our host and on jco's, under the same load. */
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { examples, jco, out, preopen, wittle } from '../folders.mjs';
import { buildPackages, importShim, installPeers, runNode } from '../programs.mjs';
import { benchServers } from '../servers.mjs';
import { writeWitFolder } from '../wit-folder.mjs';

const guest = fileURLToPath(new URL('tcp-echo/guest/tcp-echo.wasm', examples));
const folder = new URL('sockets/', out);
const address = ['127.0.0.1', '0'];

/** Each gives the arguments that start the server in Node, and builds what is needed for that. */
const servers = {
  native: () => [script('native.mjs'), ...address],
  wittle: () => {
    buildPackages(['cli']);
    return [wittle, 'run', guest, '--allow-net', 'all', '--', ...address];
  },
  'jco:1.35.0': () => [script('jco.mjs'), buildComponent(), ...address],
};

/** Options: `rounds` (default 3), `quick` (one round, one second each), `servers` (comma-separated). */
export async function benchSockets(options) {
  const names = options.servers?.split(',') ?? Object.keys(servers);
  const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
  const seconds = options.quick ? 1 : 3;
  console.log(
    `## Sockets: an echo server on 127.0.0.1, ${rounds} rounds, ${seconds} s each, one server at a time\n`,
  );
  await benchServers({ servers, names, load: script('load.mjs'), rounds, seconds, quits: true });
}

/** The guest as a component by jco's own tools, and that as JavaScript; gives the path of it. */
function buildComponent() {
  const main = new URL('jco/echo.js', folder);
  if (!existsSync(main)) {
    installPeers();
    console.error('Making a component of the echo server, and JavaScript of it …');
    mkdirSync(folder, { recursive: true });
    const wit = new URL('wit/', folder);
    const world = 'include wasi:sockets/imports@0.2.12; import wasi:cli/stdin@0.2.12;';
    writeWitFolder(wit, { text: `package bench:echo; world guest { ${world} }` });
    const path = (name) => fileURLToPath(new URL(name, folder));
    const run = (...args) => runNode(['--import', preopen, jco['1.35.0'], ...args]);
    run('embed', guest, '--wit', fileURLToPath(wit), '-n', 'guest', '-o', path('embedded.wasm'));
    run('new', path('embedded.wasm'), '--wasi-command', '-o', path('component.wasm'));
    run('transpile', path('component.wasm'), '-q', '--name', 'echo', '-o', path('jco'));
    importShim(main);
  }
  return fileURLToPath(main);
}

function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
