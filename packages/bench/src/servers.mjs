/** Servers beside each other: one at a time, the same load from another process on each. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Starts each server in every round, has the load measure it, and prints a table: medians, and in brackets the multiple of
 * `native`.
 *
 * `servers` gives for each name a function that builds what is needed and gives the arguments that start it in Node; it
 * prints `listening on <host>:<port>`. `load` is the script of the load: called with the port and the seconds of each
 * measurement, it prints `{ [what]: { unit, value } }` as its last line. `quits`: the server has been told to end by then.
 */
export async function benchServers({ servers, names, load, rounds, seconds, quits }) {
  const commands = new Map();
  const errors = [];
  for (const name of names) {
    try {
      if (!Object.hasOwn(servers, name)) throw new Error(`there are ${Object.keys(servers).join(', ')}`);
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
        for (const [what, { unit, value }] of Object.entries(await serve(args, load, seconds, quits))) {
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
async function serve(args, load, seconds, quits) {
  const started = performance.now();
  const server = start(args, 120_000);
  try {
    const port = await server.port;
    const listening = { unit: 'ms', value: performance.now() - started };
    const measuring = start([load, String(port), String(seconds)], 60_000);
    const results = JSON.parse(await measuring.output);
    if (quits) {
      const timer = setTimeout(() => server.kill(), 5000);
      await server.output;
      clearTimeout(timer);
    }
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
