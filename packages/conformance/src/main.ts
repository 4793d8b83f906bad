/** Runs a conformance suite: `node packages/conformance/src/main.ts wit [--corpus DIR] [--verbose]`. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readKnownFailures } from './known-failures.ts';
import { formatSuite } from './suites/format.ts';
import { fuzzSuite } from './suites/fuzz.ts';
import { witSuite } from './suites/wit.ts';
import type { CaseResult, Suite } from './suite.ts';

const suites: Readonly<Record<string, Suite>> = { wit: witSuite, format: formatSuite, fuzz: fuzzSuite };

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../../..');

process.exitCode = main(process.argv.slice(2));

function main(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { corpus: { type: 'string' }, verbose: { type: 'boolean', default: false } },
  });
  const [name = ''] = positionals;
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined) {
    console.error(
      `usage: main.ts <suite> [--corpus DIR] [--verbose]\nsuites: ${Object.keys(suites).join(', ')}`,
    );
    return 2;
  }
  const corpus = resolve(values.corpus ?? join(repository, '../shared/corpus'));
  if (!existsSync(corpus)) {
    console.log(`no corpus at ${corpus}: nothing to run (name another folder with --corpus)`);
    return 0;
  }
  const known = readKnownFailures(join(here, `../known-failures/${name}.txt`));
  return summarize(suite, suite.run(corpus), known, values.verbose);
}

/** Prints failures and totals; a listed case that passes fails the run, so that the list stays true. */
function summarize(
  suite: Suite,
  results: readonly CaseResult[],
  known: ReadonlyMap<string, string>,
  verbose: boolean,
): number {
  let passed = 0;
  let listed = 0;
  let failed = 0;
  for (const { name, problem } of results) {
    const reason = known.get(name);
    if (problem === undefined && reason === undefined) passed++;
    else if (problem !== undefined && reason !== undefined) {
      passed++;
      listed++;
      if (verbose) console.log(`listed  ${name}: ${problem}\n        ${reason}`);
    } else {
      failed++;
      console.log(`FAILED  ${name}: ${problem ?? 'passes, but is in the list of known failures'}`);
    }
  }
  for (const name of known.keys()) {
    if (results.some((result) => result.name === name)) continue;
    failed++;
    console.log(`FAILED  ${name}: is in the list of known failures, but there is no such case`);
  }
  for (const line of suite.totals(results)) console.log(line);
  if (listed > 0) console.log(`${listed} of the passed are known failures, each listed with its reason`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
