/** `bench generate`: whole runs of the generators on the same WIT, from the start of the process to its end. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jco, out, preopen, wittle } from '../folders.mjs';
import { buildPackages, installPeers } from '../programs.mjs';
import { writeWitFolder } from '../wit-folder.mjs';

const folder = new URL('generate/', out);
const worlds = { sockets: 'imports', http: 'proxy' };

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
  console.log(`## Generation from WASI 0.2.12, ${rounds} rounds, medians\n`);
  const commands = [{ name: 'node, an empty program', args: ['--eval', '0'], runs: [] }];
  for (const [name, world] of Object.entries(worlds)) {
    const wit = new URL(`${name}/wit/`, folder);
    writeWitFolder(wit, { name });
    for (const [generator, argumentsFor] of Object.entries(generators)) {
      const to = new URL(`${name}/${generator.replace(/\W+/g, '-')}/`, folder);
      const args = argumentsFor(fileURLToPath(wit), world, fileURLToPath(to));
      commands.push({ name: `${generator}: wasi:${name}/${world}`, args, to, runs: [] });
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
  console.log(
    '| command | wall, ms | fastest | CPU, ms | memory, MB | output |\n|---|---:|---:|---:|---:|---|',
  );
  for (const { name, runs, to, error } of commands) {
    const median = (key) => runs.map((each) => each[key]).toSorted((a, b) => a - b)[runs.length >> 1];
    const cells = [
      median('wall'),
      Math.min(...runs.map((each) => each.wall)),
      median('cpu'),
      median('memory'),
    ];
    const shown = runs.length === 0 ? ['–', '–', '–', '–'] : cells.map((each) => each.toFixed(0));
    console.log(`| ${[name, ...shown, error ?? sizeOf(to)].join(' | ')} |`);
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
