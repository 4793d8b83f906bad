/** `bench component`: from the bytes of a large component to its first call. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jco, out } from '../folders.mjs';
import { buildPackages, installPeers } from '../programs.mjs';
import { buildLarge } from './guest.mjs';

const folder = new URL('component/', out);
const core = new URL('large.core.wasm', folder);
const component = new URL('large.component.wasm', folder);
const SIZE = 2_000_000;

/** Options: `rounds` (default 7), `quick` (3 rounds), `rebuild`. */
export async function benchComponent({ rounds: given, quick, rebuild }) {
  const rounds = Number(given ?? (quick ? 3 : 7));
  installPeers();
  buildPackages(['runtime', 'component']);
  if (rebuild) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (!existsSync(component)) await buildLarge(SIZE, core, component);

  const path = fileURLToPath(component);
  const into = (name) => fileURLToPath(new URL(`${name}/`, folder));
  const script = fileURLToPath(new URL('first-call.mjs', import.meta.url));
  const host = new URL('host.mjs', import.meta.url).href;
  const transpile = [jco['1.35.0'], 'transpile', path, '-q', '--name', 'large', '-o', into('command')];
  const ways = {
    'wittle: compile, instantiate, call': [[script, 'wittle', path]],
    'jco 1.35.0: transpile and import, call': [[script, 'jco', path, into('api')]],
    'jco 1.35.0: the command `jco transpile`, then a process that imports and calls': [
      [...transpile, '--map', `bench:large/host=${host}`],
      [script, 'jco-import', into('command')],
    ],
    'jco 1.35.0: only import of what was transpiled before, call': [[script, 'jco-import', into('command')]],
  };
  const times = new Map(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round < rounds; round++) {
    // Taking turns, so that noise hits all alike.
    for (const [way, commands] of Object.entries(ways)) times.get(way).push(measure(commands));
  }

  const [ours] = [...times.values()];
  const megabytes = (statSync(component).size / 1e6).toFixed(1);
  console.log(`## A component of ${megabytes} MB, from its bytes to the first call: medians of ${rounds}\n`);
  console.log('| | tool loaded, ms | × wittle | whole process, ms | × wittle |\n|---|---:|---:|---:|---:|');
  for (const [way, each] of times) {
    const cells = ['inside', 'whole'].map((key) => {
      const [value, base] = [each, ours].map((of) => median(of.map((one) => one[key])));
      return value === undefined ? '– | –' : `${value.toFixed(0)} | ${(value / base).toFixed(2)}`;
    });
    console.log(`| ${way} | ${cells.join(' | ')} |`);
  }
  console.log('');
}

/** The wall time of processes one after the other, and what a single one says of itself. */
function measure(commands) {
  const start = performance.now();
  let answer;
  for (const args of commands) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...args], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`node ${args.join(' ')} failed:\n${stdout}${stderr}`);
    answer = stdout.trim().split('\n').at(-1);
  }
  const inside = commands.length === 1 ? JSON.parse(answer).ms : undefined;
  return { inside, whole: performance.now() - start };
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
