/**
 * `bench generate`: whole runs of the generators on the same WIT, from the start of the process to its end; and what our
 * generator itself does in a process that has it loaded.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jco, out, packages, preopen } from '../folders.mjs';
import { buildPackages, installPeers } from '../programs.mjs';
import { writeWitFolder } from '../wit-folder.mjs';

const folder = new URL('generate/', out);
const worlds = {
  'wasi:sockets': { name: 'sockets', world: 'imports' },
  'wasi:http': { name: 'http', world: 'proxy' },
  // Every interface of WASI, on the sides on which the published worlds have it.
  'all of WASI': {
    text: 'package bench:all;\n\nworld all {\n  include wasi:cli/command@0.2.12;\n  include wasi:http/proxy@0.2.12;\n}\n',
    world: 'all',
  },
};

/** What a user installs: the command line as it is packed. */
const wittle = fileURLToPath(new URL('cli/bundle/wittle.js', packages));

/** Each gives the arguments that generate a world from a WIT directory. */
const generators = {
  wittle: (wit, world, to) => [wittle, 'generate', wit, '--world', world, '--out', to],
  'jco:1.35.0 types': (wit, world, to) => [
    ...['--import', preopen, jco['1.35.0'], 'types', wit, '--world-name', world, '--out-dir', to, '--quiet'],
  ],
  'jco:1.10.2 types': (wit, world, to) => [
    ...[jco['1.10.2'], 'types', wit, '--world-name', world, '--out-dir', to, '--quiet'],
  ],
};

/** Options: `rounds` (default 9), `quick` (3 rounds). */
export async function benchGenerate(options) {
  const rounds = Number(options.rounds ?? (options.quick ? 3 : 9));
  installPeers();
  buildPackages(['cli']);
  await import(new URL('cli/bundle.mjs', packages));
  console.log(`## Generation from WASI 0.2.12, ${rounds} rounds, medians\n`);
  const commands = [{ what: '', generator: 'node, an empty program', args: ['--eval', '0'], runs: [] }];
  for (const [what, { world, ...of }] of Object.entries(worlds)) {
    const wit = new URL(`${what.replace(/\W+/g, '-')}/wit/`, folder);
    writeWitFolder(wit, of);
    for (const [generator, argumentsFor] of Object.entries(generators)) {
      const to = new URL(`../${generator.replace(/\W+/g, '-')}/`, wit);
      const args = argumentsFor(fileURLToPath(wit), world, fileURLToPath(to));
      commands.push({ what, generator, args, wit, world, to, runs: [] });
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const command of commands) {
      if (command.to !== undefined) rmSync(command.to, { recursive: true, force: true });
      const result = run(command.args);
      if (typeof result === 'string') command.error = result;
      else command.runs.push(result);
    }
  }
  const median = ({ runs }, key) => runs.map((each) => each[key]).toSorted((a, b) => a - b)[runs.length >> 1];
  console.log(
    '| WIT | generator | wall, ms | fastest | CPU, ms | memory, MB | output |\n|---|---|---:|---:|---:|---:|---|',
  );
  for (const command of commands) {
    const { what, generator, runs, to, error } = command;
    const own = commands.find((each) => each.what === what && each.generator === 'wittle');
    const beside = (key) => {
      const value = median(command, key).toFixed(0);
      if (!generator.startsWith('jco') || own.runs.length === 0) return value;
      return `${value} (${(median(own, key) / median(command, key)).toFixed(2)})`;
    };
    const fastest = Math.min(...runs.map((each) => each.wall)).toFixed(0);
    const shown =
      runs.length === 0
        ? ['–', '–', '–', '–']
        : [beside('wall'), fastest, beside('cpu'), median(command, 'memory').toFixed(0)];
    console.log(`| ${[what, generator, ...shown, error ?? sizeOf(to)].join(' | ')} |`);
  }
  console.log('\nIn brackets wittle × this.\n');
  const own = commands.filter(({ generator }) => generator === 'wittle');
  checks(own, rounds);
  ownWork(own, rounds);
}

/**
 * `generate --check` of what was generated, as a command: from the start of its process to its end, without what an empty
 * program takes in the same round, and what it says itself that its work took.
 */
function checks(commands, rounds) {
  const runs = commands.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, { args }] of commands.entries()) {
      const empty = timed(['--eval', '0']);
      const { wall, stdout } = timed([...args, '--check', '--json']);
      runs[at].push({ whole: wall, more: wall - empty.wall, said: JSON.parse(stdout).milliseconds });
    }
  }
  console.log(
    '| WIT | `generate --check`, whole, ms | without an empty program, ms | its work, ms |\n|---|---:|---:|---:|',
  );
  for (const [at, { what }] of commands.entries()) {
    const cells = ['whole', 'more', 'said'].map((key) => {
      const values = runs[at].map((each) => each[key]);
      return values.toSorted((a, b) => a - b)[rounds >> 1].toFixed(0);
    });
    console.log(`| ${[what, ...cells].join(' | ')} |`);
  }
  console.log();
}

function timed(args) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(stdout + stderr);
  return { wall, stdout };
}

/** In a process of its own for each round: the first time and, warm, the median of many. */
function ownWork(commands, rounds) {
  const program = fileURLToPath(new URL('own-work.mjs', import.meta.url));
  console.log(
    '| WIT | our own work, in a process that has loaded it | first, ms | CPU, ms | warm, ms | CPU, ms |\n|---|---|---:|---:|---:|---:|',
  );
  for (const { what, wit, world, to } of commands) {
    const runs = Array.from({ length: rounds }, () => {
      const args = [program, fileURLToPath(wit), world, fileURLToPath(to)];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return JSON.parse(stdout);
    });
    for (const work of Object.keys(runs[0])) {
      const median = (when, key) => {
        const values = runs.map((each) => each[work][when][key]);
        return values.toSorted((a, b) => a - b)[rounds >> 1].toFixed(0);
      };
      const cells = ['first', 'warm'].flatMap((when) => [median(when, 'wall'), median(when, 'cpu')]);
      console.log(`| ${[what, work, ...cells].join(' | ')} |`);
    }
  }
  console.log();
}

function run(args) {
  mkdirSync(folder, { recursive: true });
  const usage = new URL('usage.json', folder);
  rmSync(usage, { force: true });
  const hook = new URL('usage.mjs', import.meta.url).href;
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', '--import', hook, ...args], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_USAGE: fileURLToPath(usage) },
    timeout: 60_000,
  });
  const wall = performance.now() - start;
  if (status !== 0) return `fails: ${/^.*Error.*$/m.exec(stderr)?.[0] ?? stderr.trim().slice(0, 200)}`;
  return { wall, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

function sizeOf(to) {
  if (to === undefined) return '';
  const files = readdirSync(to, { recursive: true })
    .map((name) => statSync(new URL(name, to)))
    .filter((file) => file.isFile());
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  return `${files.length} files, ${(bytes / 1024).toFixed(0)} KB`;
}
