/**
 * Bad input: every beginning of every file of the corpus, mutated files, random bytes, and texts made to be slow. Nothing
 * may throw, every diagnostic has a place inside its text, and time is bounded.
 */
import { readFileSync } from 'node:fs';
import { format, parse, renderDiagnostics, resolve, type Diagnostic } from '@wittle/parser';
import type { CaseResult, Suite } from '../suite.ts';
import { mutate, newRandom } from './mutate.ts';
import { witFilesIn } from './wit-files.ts';

/** Variants of each file; the seed is the file's name, so that a failure comes again. */
const variants = 40;

/** Beginnings of a long file are taken at this many places. */
const maxBeginnings = 400;

/** What one text may take of the processor, in milliseconds: many times what it needs. */
const maxTime = 20_000;

export const fuzzSuite: Suite = {
  run: (corpus) => [
    ...witFilesIn(corpus).map(({ path, name }) => fileCase(name, readFileSync(path, 'utf8'))),
    ...Array.from({ length: 20 }, (_, index) => bytesCase(index)),
    ...Object.entries(slowTexts()).map(([name, text]) => slowCase(name, text)),
  ],
  totals: (results) => [
    `${results.filter(({ problem }) => problem === undefined).length} of ${results.length} survived`,
  ],
};

function fileCase(name: string, text: string): CaseResult {
  const random = newRandom(name);
  const step = Math.max(1, Math.ceil(text.length / maxBeginnings));
  const texts: string[] = [];
  for (let end = 0; end <= text.length; end += step) texts.push(text.slice(0, end));
  for (let left = variants; left > 0; left--) texts.push(mutate(text, random));
  return caseOf(name, texts);
}

function bytesCase(index: number): CaseResult {
  const random = newRandom(`bytes ${index}`);
  const bytes = Uint8Array.from({ length: 4000 }, () => random(index % 2 === 0 ? 256 : 128));
  return caseOf(`random-bytes-${index}`, [new TextDecoder().decode(bytes)]);
}

function slowCase(name: string, text: string): CaseResult {
  const started = process.cpuUsage();
  const result = caseOf(name, [text]);
  const { user, system } = process.cpuUsage(started);
  const time = Math.round((user + system) / 1000);
  if (result.problem !== undefined || time <= maxTime) return result;
  return { name, problem: `took ${time} ms`, checks: {} };
}

function caseOf(name: string, texts: readonly string[]): CaseResult {
  for (const text of texts) {
    const problem = problemOf(text);
    if (problem !== undefined) return { name, problem: `${problem}\n${text.slice(0, 2000)}`, checks: {} };
  }
  return { name, problem: undefined, checks: {} };
}

function problemOf(text: string): string | undefined {
  const source = { name: 'a.wit', text };
  try {
    const { diagnostics } = resolve({ sources: [source] }, { features: ['active'] });
    const { text: formatted, diagnostics: parsed } = format(source);
    if (parsed.length === 0 && parse({ name: 'a.wit', text: formatted }).diagnostics.length > 0) {
      return 'formatted it has errors';
    }
    renderDiagnostics(diagnostics.slice(0, 20));
    return diagnostics.every(isInside) ? undefined : 'a diagnostic has a place outside the text';
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function isInside({ span, message }: Diagnostic): boolean {
  if (message === '' || span === undefined) return message !== '';
  return span.start >= 0 && span.start <= span.end && span.end <= span.source.text.length;
}

function slowTexts(): Readonly<Record<string, string>> {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const head = 'package a:b;\n';
  return {
    'nested-parentheses': `${head}interface i { f: func${'('.repeat(10_000)}`,
    'nested-lists': `${head}interface i { type t = ${'list<'.repeat(10_000)}u8${'>'.repeat(10_000)}; }`,
    'nested-comments': `${head}${'/*'.repeat(10_000)}${'*/'.repeat(10_000)}`,
    'open-comments': `${head}${'/* '.repeat(100_000)}`,
    'nested-packages': lines(10_000, () => 'package a:b {'),
    'nested-braces': `${head}${'interface i {'.repeat(10_000)}`,
    'one-long-line': `${head}interface i { ${lines(100_000, (at) => `type t${at} = u8;`).replaceAll('\n', ' ')} }`,
    'many-types': `${head}interface i {\n${lines(100_000, (at) => `record r${at} { a: list<u${8 << (at % 4)}> }`)}\n}`,
    'a-chain-of-types': `${head}interface i {\n${lines(100_000, (at) => `type t${at} = t${at + 1};`)}\ntype t100000 = u8;\n}`,
    'a-ring-of-types': `${head}interface i {\n${lines(50_000, (at) => `type t${at} = t${(at + 1) % 50_000};`)}\n}`,
    'a-chain-of-interfaces': `${head}${lines(20_000, (at) => `interface i${at} { use i${at + 1}.{t}; }`)}\ninterface i20000 { type t = u8; }`,
    'many-mistakes': `${head}interface i {\n${lines(100_000, (at) => `type t${at} = x${at};`)}\n}`,
    'many-quotes': `${head}${'"'.repeat(100_000)}`,
    'many-strange-characters': '\u{202e}#–'.repeat(100_000),
    'ten-megabytes': `${head}interface i {\n${lines(160_000, (at) => `  /// Function number ${at}, with a comment.\n  f${at}: func(a: u32);`)}\n}`,
  };
}
