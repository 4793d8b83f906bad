/** `bench sockets`: an echo server written for Node, and one in C on our host and on jco's, under the same load. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { examples, jco, out, peers, preopen, wittle } from '../folders.mjs';
import { buildPackages, installPeers, runNode } from '../programs.mjs';
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
  const commands = new Map();
  const errors = [];
  for (const name of names) {
    try {
      commands.set(name, servers[name]());
    } catch (error) {
      errors.push(`- ${name}: ${error.message.trim()}`);
    }
  }
  const measured = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of commands) {
      console.error(`round ${round + 1} of ${rounds}: ${name} …`);
      try {
        for (const [what, { unit, value }] of Object.entries(await serve(args, seconds))) {
          const row = `${what}, ${unit}`;
          if (!measured.has(row)) measured.set(row, new Map());
          measured.get(row).set(name, [...(measured.get(row).get(name) ?? []), value]);
        }
      } catch (error) {
        errors.push(`- ${name}: ${error.message.trim()}`);
      }
    }
  }
  console.log(table(names, measured));
  if (errors.length > 0) console.log(`\nErrors:\n${[...new Set(errors)].join('\n')}`);
  console.log();
}

/** Starts a server, puts the load on it, and waits for its end. */
async function serve(args, seconds) {
  const started = performance.now();
  const server = start(args, 120_000);
  try {
    const port = await server.port;
    const listening = { unit: 'ms', value: performance.now() - started };
    const load = start([script('load.mjs'), String(port), String(seconds)], 60_000);
    const results = JSON.parse(await load.output);
    const timer = setTimeout(() => server.kill(), 5000);
    await server.output;
    clearTimeout(timer);
    return { 'start to listening': listening, ...results };
  } finally {
    server.kill();
  }
}

/** A child process; `port` is what it says that it listens on, `output` its last line when it has ended well. */
function start(args, timeout) {
  const child = spawn(process.execPath, ['--no-warnings', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const port = Promise.withResolvers();
  const output = Promise.withResolvers();
  let last = '';
  let messages = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = line;
    const [, number] = /^listening on .*:(\d+)$/.exec(line) ?? [];
    if (number !== undefined) port.resolve(Number(number));
  });
  child.stderr.on('data', (data) => (messages = (messages + data).slice(-500)));
  child.on('error', port.reject);
  child.on('close', (code, signal) => {
    process.off('exit', kill);
    const failure = new Error(`ended with ${signal ?? code}: ${messages.trim()}`);
    port.reject(failure);
    if (code === 0) output.resolve(last);
    else output.reject(failure);
  });
  // Whoever waits for one of the two learns about the failure.
  port.promise.catch(() => {});
  output.promise.catch(() => {});
  return { port: port.promise, output: output.promise, kill };
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
    const shim = new URL('@bytecodealliance/preview2-shim/dist/nodejs/', peers);
    const source = readFileSync(main, 'utf8');
    writeFileSync(main, source.replace(/'@bytecodealliance\/preview2-shim\/(.*?)'/g, `'${shim}$1.js'`));
  }
  return fileURLToPath(main);
}

function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Medians of the rounds; the guests as multiples of the native server as well. */
function table(names, measured) {
  const lines = [`| | ${names.join(' | ')} |`, `|---|${'---:|'.repeat(names.length)}`];
  for (const [row, by] of measured) {
    const median = (name) => by.get(name)?.toSorted((a, b) => a - b)[by.get(name).length >> 1];
    const native = median('native');
    const cells = names.map((name) => {
      const value = median(name);
      if (value === undefined) return '–';
      const shown = value < 10 ? value.toFixed(2) : value.toFixed(0);
      return name === 'native' || native === undefined ? shown : `${shown} (${(value / native).toFixed(2)})`;
    });
    lines.push(`| ${row} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}
