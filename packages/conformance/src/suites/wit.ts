/**
 * The WIT cases of the reference parser: what it accepts must give the same model, what it rejects must be rejected at
 * the same place; and the published WASI packages must resolve.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { positionAt, renderDiagnostics, type Diagnostic } from '@wittle/parser';
import { toJson } from '@wittle/parser/json';
import { loadPackage } from '@wittle/parser/node';
import type { CaseResult, Suite } from '../suite.ts';

export const witSuite: Suite = {
  run: (corpus) => [
    ...acceptedCases(join(corpus, 'wit-parser-ui')),
    ...rejectedCases(join(corpus, 'wit-parser-ui/parse-fail')),
    ...wasiCases(join(corpus, 'wasi')),
  ],
  totals: (results) => {
    const count = (check: string): string => {
      const relevant = results.filter(({ checks }) => check in checks);
      return `${relevant.filter(({ checks }) => checks[check]).length} of ${relevant.length}`;
    };
    return [
      `verdict right:      ${count('verdict')}`,
      `JSON identical:     ${count('json')}`,
      `  with its docs:    ${count('docs')}`,
      `position identical: ${count('position')}`,
    ];
  },
};

function acceptedCases(folder: string): readonly CaseResult[] {
  return filesIn(folder, '.wit.json').map((file) => {
    const name = file.slice(0, -'.json'.length);
    const { model, diagnostics } = loadPackage(pathOf(folder, name), { features: ['active'] });
    if (model === undefined) {
      const problem = `rejected:\n${indent(renderDiagnostics(diagnostics))}`;
      return { name, problem, checks: { verdict: false, json: false } };
    }
    const expected: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const actual: unknown = JSON.parse(JSON.stringify(toJson(model)));
    const difference = firstDifference(withoutDocs(actual), withoutDocs(expected), '$');
    const docs = firstDifference(actual, expected, '$');
    const problem = difference ? `another model: ${difference}` : docs && `other docs: ${docs}`;
    const checks = { verdict: true, json: difference === undefined, docs: docs === undefined };
    return { name, problem, checks };
  });
}

function rejectedCases(folder: string): readonly CaseResult[] {
  return filesIn(folder, '.wit.result').map((file) => {
    const base = file.slice(0, -'.result'.length);
    const name = `parse-fail/${base}`;
    const { model, diagnostics } = loadPackage(pathOf(folder, base), { features: ['active'] });
    if (model !== undefined) return { name, problem: 'accepted', checks: { verdict: false } };
    const wanted = wantedPlace(readFileSync(join(folder, file), 'utf8'));
    if (wanted === undefined) return { name, problem: undefined, checks: { verdict: true } };
    const found = placeOf(diagnostics[0], folder);
    const isSame = found === wanted;
    const problem = isSame
      ? undefined
      : `reported at ${found}, not at ${wanted}:\n${indent(renderDiagnostics(diagnostics))}`;
    return { name, problem, checks: { verdict: true, position: isSame } };
  });
}

function wasiCases(folder: string): readonly CaseResult[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((version) =>
      readdirSync(join(folder, version))
        .sort()
        .map((name): CaseResult => {
          const packages = [join(folder, version)];
          const { model, diagnostics } = loadPackage(join(folder, version, name), { packages });
          const problem =
            model === undefined ? `rejected:\n${indent(renderDiagnostics(diagnostics))}` : undefined;
          return { name: `wasi/${version}/${name}`, problem, checks: { verdict: model !== undefined } };
        }),
    );
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort();
}

// A folder `x` has its expectation in `x.wit.json`, a file `x.wit` too.
function pathOf(folder: string, name: string): string {
  const file = join(folder, name);
  return existsSync(file) && statSync(file).isFile() ? file : join(folder, name.replace(/\.wit$/, ''));
}

/** `x.wit:3:9`, relative to the folder of the cases. */
function wantedPlace(result: string): string | undefined {
  const match = /(?:-->|\*) tests\/ui\/parse-fail\/(\S+:\d+:\d+)/.exec(result);
  return match?.[1];
}

function placeOf(diagnostic: Diagnostic | undefined, folder: string): string {
  if (diagnostic?.span === undefined) return 'no place';
  const { source, start } = diagnostic.span;
  const { line, column } = positionAt(source, start);
  return `${source.name.slice(folder.length + 1)}:${line}:${column}`;
}

function firstDifference(actual: unknown, expected: unknown, path: string): string | undefined {
  if (!isObject(actual) || !isObject(expected)) {
    return actual === expected ? undefined : `${path} is ${brief(actual)}, not ${brief(expected)}`;
  }
  const keys = Object.keys(actual);
  const wanted = Object.keys(expected);
  for (const key of wanted) {
    if (!Object.hasOwn(actual, key)) return `${path}.${key} is missing`;
    const difference = firstDifference(actual[key], expected[key], `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  const extra = keys.find((key) => !Object.hasOwn(expected, key));
  if (extra !== undefined) return `${path}.${extra} should not be there`;
  return keys.join() === wanted.join() ? undefined : `${path} has its keys in another order: ${keys.join()}`;
}

// Docs are objects `{ contents }`, so a field called docs is something else.
function withoutDocs(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) => {
      const isDocs = key === 'docs' && isObject(each) && typeof each['contents'] === 'string';
      return isDocs ? undefined : each;
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function indent(text: string): string {
  return text.replace(/^/gm, '          ');
}
