/** Text to syntax tree. WIT.md: "Lexical structure" and everything after. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../source.ts';
import type { WitFileNode } from './ast.ts';
import { parseTokens } from './grammar/file.ts';
import { tokenize } from './tokens.ts';

/**
 * Parses one WIT file. Never throws: mistakes are in `diagnostics`, in the order of the text (forbidden
 * characters first), and the tree holds every
 * item that could be read. Limits: 64 Mi UTF-16 code units of text, types nested 100 deep, 100 errors per file.
 *
 * ```ts
 * const { ast, diagnostics } = parse({ name: 'a.wit', text: 'package a:b; interface c {}' });
 * ast.items[0]?.kind; // interface
 * ```
 */
export function parse(source: Source): {
  readonly ast: WitFileNode;
  readonly diagnostics: readonly Diagnostic[];
} {
  const tokenized = tokenize(source);
  const diagnostics = [...tokenized.diagnostics];
  const ast = parseTokens(source, tokenized, (found) => diagnostics.push(found));
  diagnostics.sort((a, b) => rank(a) - rank(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0));
  return { ast, diagnostics };
}

// What may make a text look like another one comes before everything else.
function rank({ code }: Diagnostic): number {
  return code === 'forbidden-character' ? 0 : 1;
}
