/** Formatting changes no tree, and formatting again changes nothing: every file of the corpus, as it is and mutated. */
import { readFileSync } from 'node:fs';
import { format, parse, type AstNode } from '@wittle/parser';
import type { CaseResult, Suite } from '../suite.ts';
import { mutate, newRandom } from './mutate.ts';
import { witFilesIn } from './wit-files.ts';

/** So many variants of each file, with comments and other words put in between. */
const variants = 5;

export const formatSuite: Suite = {
  run: (corpus) =>
    witFilesIn(corpus).map(({ path, name }) => {
      const text = readFileSync(path, 'utf8');
      const random = newRandom(name);
      const texts = [text, ...Array.from({ length: variants }, () => mutate(text, random))];
      const problem = texts.map((each) => problemOf(each)).find((each) => each !== undefined);
      return { name, problem, checks: { stable: problem === undefined } } satisfies CaseResult;
    }),
  totals: (results) => [
    `files: ${results.length}, each with ${variants} variants`,
    `same tree, and stable: ${results.filter(({ checks }) => checks['stable']).length} of ${results.length}`,
  ],
};

function problemOf(text: string): string | undefined {
  const before = parse({ name: 'a.wit', text });
  if (before.diagnostics.length > 0) return undefined;
  const once = format({ name: 'a.wit', text }).text;
  const after = parse({ name: 'a.wit', text: once });
  if (after.diagnostics.length > 0) return `formatted it has errors: ${after.diagnostics[0]!.message}`;
  if (withoutSpans(before.ast) !== withoutSpans(after.ast)) return `formatted it is another tree:\n${once}`;
  return format({ name: 'a.wit', text: once }).text === once
    ? undefined
    : `formatted twice it changes:\n${once}`;
}

function withoutSpans(node: AstNode): string {
  return JSON.stringify(node, (key, value: unknown) =>
    key === 'span' || key === 'source' ? undefined : value,
  );
}
