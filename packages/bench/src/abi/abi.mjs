/** `bench abi`: what a call through the glue costs, for every adapter in one interleaved run. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CASES } from '../../lib/cases.mjs';
import { abiOut } from '../folders.mjs';
import { build } from './build.mjs';
import { sizeOf } from './size.mjs';
import { table } from './table.mjs';

const everyone = ['raw', 'hand', 'wittle', 'wittle:dynamic', 'jco:1.10.2', 'jco:1.35.0', 'wit2ts'];

/**
 * Options: `rounds` (default 5), `quick` (one round of short samples), `adapters` and `cases` (comma-separated; a case is
 * meant by any part of its name), `rebuild`, `short` (no line for each case), `warm-all` (a process warms all cases up
 * before it measures any). The rows go to `out/abi/results.jsonl` as well.
 */
export async function benchAbi(options) {
  const adapters = list(options.adapters) ?? everyone;
  const wanted = list(options.cases);
  const cases = Object.keys(CASES).filter((name) => wanted?.some((part) => name.includes(part)) ?? true);
  const rounds = Number(options.rounds ?? (options.quick ? 1 : 5));
  const [ms, samples] = options.quick ? ['4', '7'] : ['4', '25'];
  const warmAll = options['warm-all'];
  await build(adapters, options);

  console.log(
    `## Calls: world bench:micro/micro, ${cases.length} cases, ${rounds} rounds${warmAll ? ', all warmed in one process' : ''}\n`,
  );
  for (const adapter of adapters) {
    const bytes = await sizeOf(adapter);
    const size = bytes === undefined ? '' : `; glue and runtime, compressed: ${(bytes / 1024).toFixed(1)} KB`;
    console.log(`- ${adapter}: semantics: ${semantics(adapter)}${size}`);
  }

  const rows = [];
  const file = new URL('results.jsonl', abiOut);
  writeFileSync(file, '');
  for (let round = 0; round < rounds; round++) {
    console.error(`round ${round + 1} of ${rounds} …`);
    const add = (row) => {
      rows.push(row);
      appendFileSync(file, `${JSON.stringify(row)}\n`);
    };
    if (warmAll) {
      for (const adapter of adapters) {
        const { cases: measured = {}, error } = measure(adapter, 'all', ms, samples);
        for (const name of cases) add({ round, case: name, adapter, ...(measured[name] ?? { error }) });
      }
      continue;
    }
    for (const name of cases) {
      // One after the other within a case, each in its own process: noise hits all alike.
      for (const adapter of adapters) {
        add({ round, case: name, adapter, ...measure(adapter, name, ms, samples) });
      }
    }
  }
  console.log(`\n${table(rows, { adapters, cases, short: options.short })}\n`);
  if (!options.short && wanted === undefined) console.log(`${garbage(adapters)}\n`);
}

/** What calls leave for the garbage collector, as a table. */
function garbage(adapters) {
  const all = adapters.map((adapter) => measure(adapter, 'garbage').bytes ?? {});
  const names = [...new Set(all.flatMap((bytes) => Object.keys(bytes)))];
  return [
    `| bytes a call, its result among them | ${adapters.join(' | ')} |`,
    `|---|${'---:|'.repeat(adapters.length)}`,
    ...names.map((name) => `| ${name} | ${all.map((bytes) => bytes[name]?.toFixed(0) ?? '–').join(' | ')} |`),
  ].join('\n');
}

function list(text) {
  return text?.split(',').filter(Boolean);
}

/** The check that no adapter is fast by doing less. */
function semantics(adapter) {
  const { failures, error } = measure(adapter, 'check');
  if (error !== undefined) return `does not load: ${error}`;
  if (failures === undefined) return 'none to check';
  return failures.length === 0 ? 'all pass' : `${failures.length} fail: ${failures.join('; ')}`;
}

function measure(...args) {
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  // What is on the heap is only what was put there when nothing collects it meanwhile.
  const flags = args[1] === 'garbage' ? ['--expose-gc', '--max-semi-space-size=256'] : [];
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...flags, script, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const line = stdout?.trim().split('\n').at(-1);
  return line?.startsWith('{') ? JSON.parse(line) : { error: (stderr || 'no answer').slice(0, 300) };
}
