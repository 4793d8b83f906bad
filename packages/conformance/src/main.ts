/**
 * Runs a conformance suite: `node packages/conformance/src/main.ts wit [--corpus DIR] [--verbose]`, or
 * `… wast <dir|file> [--exclude NAME]… [--filter TEXT] [--validate-only] [--known-failures FILE]`, or
 * `… wasi <dir|file> [--exclude NAME]… [--filter TEXT] [--known-failures FILE]`.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readKnownFailures } from './known-failures.ts';
import { formatSuite } from './suites/format.ts';
import { fuzzSuite } from './suites/fuzz.ts';
import { wasiSuite } from './suites/wasi.ts';
import { wastSuite } from './suites/wast.ts';
import { witSuite } from './suites/wit.ts';
import type { CaseResult, Suite } from './suite.ts';

const suites: Readonly<Record<string, Suite>> = {
  wit: witSuite,
  format: formatSuite,
  fuzz: fuzzSuite,
  wast: wastSuite,
  wasi: wasiSuite,
};

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../../..');

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      corpus: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      exclude: { type: 'string', multiple: true, default: [] },
      filter: { type: 'string', default: '' },
      'validate-only': { type: 'boolean', default: false },
      'known-failures': { type: 'string' },
    },
  });
  const [name = '', path] = positionals;
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined || (suite.corpus === 'named' && path === undefined)) {
    console.error(
      `usage: main.ts <suite> [--corpus DIR] [--verbose]
       main.ts wast <dir|file> [--exclude NAME]… [--filter TEXT] [--validate-only] [--known-failures FILE]
       main.ts wasi <dir|file> [--exclude NAME]… [--filter TEXT] [--known-failures FILE]
suites: ${Object.keys(suites).join(', ')}`,
    );
    return 2;
  }
  const corpus = resolve(path ?? values.corpus ?? join(repository, '../shared/corpus'));
  if (!existsSync(corpus)) {
    if (path !== undefined) {
      console.error(`there is no ${corpus}`);
      return 2;
    }
    console.log(`no corpus at ${corpus}: nothing to run (name another folder with --corpus)`);
    return 0;
  }
  const list = values['known-failures'] ?? join(here, `../known-failures/${name}.txt`);
  const results = await suite.run(corpus, {
    exclude: values.exclude,
    filter: values.filter,
    validateOnly: values['validate-only'],
  });
  return summarize(suite, results, readKnownFailures(list), values.verbose);
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
  let apart = 0;
  for (const { name, problem, mayFail } of results) {
    const reason = known.get(name);
    if (problem === undefined && reason === undefined) passed++;
    else if (problem !== undefined && reason !== undefined) {
      passed++;
      listed++;
      if (verbose) console.log(`listed  ${name}: ${problem}\n        ${reason}`);
    } else if (problem !== undefined && mayFail !== undefined) {
      apart++;
      console.log(`may fail  ${name}: ${problem}`);
    } else {
      failed++;
      console.log(`FAILED  ${name}: ${problem ?? 'passes, but is in the list of known failures'}`);
    }
  }
  for (const name of missingCases(suite, results, known)) {
    failed++;
    console.log(`FAILED  ${name}: is in the list of known failures, but there is no such case`);
  }
  for (const line of suite.totals(results)) console.log(line);
  if (listed > 0) console.log(`${listed} of the passed are known failures, each listed with its reason`);
  if (apart > 0) console.log(`${apart} failed that may fail, as the corpus says; they count as neither`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

// Of a corpus that was named, a part may have been run.
function missingCases(
  suite: Suite,
  results: readonly CaseResult[],
  known: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set(results.map((result) => result.name));
  const files = new Set(results.map((result) => fileOf(result.name)));
  return [...known.keys()].filter(
    (name) => !names.has(name) && (suite.corpus !== 'named' || files.has(fileOf(name))),
  );
}

function fileOf(name: string): string {
  return name.replace(/:\d+$/, '');
}
