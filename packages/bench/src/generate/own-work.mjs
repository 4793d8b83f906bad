/**
 * What generating takes in a process that has it loaded, as one line of JSON: `own-work.mjs <wit> <world> <out>`, where
 * `out` holds what was generated. Times in milliseconds, of the clock and of the processor.
 */
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, generateProject } from '../../../cli/dist/node.js';
import { watch } from '../../../cli/dist/build/watch.js';
import { loadConfig } from '../../../cli/dist/config/load.js';

const [wit, world, out] = process.argv.slice(2);
const config = { projects: { bench: { wit, world, out } } };

const results = {
  // The first check is the very first work of the process.
  'generate --check': await measure(async () => (await build({ config, check: true })).ok),
  generateProject: await measure(
    async () => (await generateProject({ wit, world, target: 'host' })).outputs.length === 1,
  ),
  '--watch, after each change of the WIT': await watched(),
};
console.log(JSON.stringify(results));

async function measure(work) {
  const times = [];
  for (let n = 0; n < 21; n++) {
    const start = now();
    if (!(await work())) throw new Error('what was generated is not what it is to be');
    times.push(since(start));
  }
  return { first: times[0], warm: median(times.slice(6)) };
}

/** A comment more in a file of the WIT, again and again: what each build takes, without the wait for quiet before it. */
async function watched() {
  const cwd = mkdtempSync(join(tmpdir(), 'wittle-bench-'));
  try {
    cpSync(wit, join(cwd, 'wit'), { recursive: true });
    const name = readdirSync(wit).find((each) => each.endsWith('.wit'));
    const projects = { bench: { wit: 'wit', world, out: 'out' } };
    writeFileSync(join(cwd, 'wittle.config.json'), JSON.stringify({ projects }));
    const stop = new AbortController();
    const times = [];
    let start = now();
    const change = () => {
      start = now();
      if (!stop.signal.aborted) appendFileSync(join(cwd, 'wit', name), `// ${times.length}\n`);
    };
    await watch({
      cwd,
      signal: stop.signal,
      load: (again) => loadConfig({ cwd, again }),
      onBuild: ({ ok, milliseconds }) => {
        if (!ok) throw new Error('the watched build failed');
        times.push({ wall: milliseconds, cpu: since(start).cpu });
        if (times.length > 16) stop.abort();
        else if (times.length > 1) setTimeout(change, 50);
      },
      onReady: change,
    });
    return { first: times[0], warm: median(times.slice(6)) };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function now() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}

function since(start) {
  const { wall, cpu } = now();
  return { wall: wall - start.wall, cpu: cpu - start.cpu };
}

function median(times) {
  const of = (key) => times.map((each) => each[key]).toSorted((a, b) => a - b)[times.length >> 1];
  return { wall: of('wall'), cpu: of('cpu') };
}
