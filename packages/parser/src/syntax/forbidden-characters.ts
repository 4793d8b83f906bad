/** The characters that WIT forbids anywhere, even in comments. WIT.md: "Lexical structure". */
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../source.ts';

/** Reports the forbidden characters of a text, the first `limit` of them. */
export function forbiddenCharacters(source: Source, limit: number): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (!forbidden.test(source.text)) return diagnostics;
  const everyOne = new RegExp(forbidden, 'g');
  for (
    let found = everyOne.exec(source.text);
    found !== null && diagnostics.length < limit;
    found = everyOne.exec(source.text)
  ) {
    const character = found[0];
    const why = bidirectional.test(character)
      ? 'it changes the direction of the text around it'
      : discouraged.test(character)
        ? 'Unicode discourages its use'
        : 'it is a control character';
    const span = { source, start: found.index, end: found.index + 1 };
    diagnostics.push(diagnostic('forbidden-character', { character: quoteCharacter(character), why }, span));
  }
  return diagnostics;
}

/** Whether a text has a character that WIT forbids anywhere, even in comments. */
export function hasForbiddenCharacter(text: string): boolean {
  return forbidden.test(text);
}

/** A character for people: with its number, and without itself if it should not be seen. */
export function quoteCharacter(character: string): string {
  const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return forbidden.test(character) ? code : `\`${character}\` (${code})`;
}

// Written as code points: what is forbidden in WIT should not stand in this file either.
const bidirectional = characterClass([0x202a, 0x202e], [0x2066, 0x2069]);
const discouraged = characterClass(
  ...[0x0149, 0x0673, 0x0f77, 0x0f79, 0x17a3, 0x17a4, 0x17b4, 0x17b5].map((each) => [each, each] as const),
);
const control = characterClass([0x00, 0x08], [0x0b, 0x0c], [0x0e, 0x1f], [0x7f, 0x9f]);
const forbidden = new RegExp(`${control.source}|${bidirectional.source}|${discouraged.source}`);

function characterClass(...ranges: readonly (readonly [number, number])[]): RegExp {
  const escape = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
  return new RegExp(`[${ranges.map(([first, last]) => `${escape(first)}-${escape(last)}`).join('')}]`);
}
