/** Chars and strings between quotes: their escapes, both ways, and strings over several lines. */
import { WaveError } from './wave-error.ts';

/** What stands between `start` and `end`, with its escapes replaced. */
export function unescape(text: string, start: number, end: number): string {
  let value = '';
  let from = start;
  // The search must not run on to the end of the whole text, time and again.
  const body = text.slice(start, end);
  for (let at = body.indexOf('\\'); at >= 0; at = body.indexOf('\\', from - start)) {
    const escape = escapeAt(text, start + at, end);
    value += text.slice(from, start + at) + escape.value;
    from = escape.end;
  }
  return value + text.slice(from, end);
}

function escapeAt(text: string, start: number, limit: number): { value: string; end: number } {
  const pattern = /\\(?:u\{([0-9a-fA-F]{1,6})\}|[^])/y;
  pattern.lastIndex = start;
  const [escape = '\\', hex] = pattern.exec(text) ?? [];
  const value = hex === undefined ? ESCAPES[escape.slice(1)] : scalarOf(Number.parseInt(hex, 16));
  const end = start + escape.length;
  if (value === undefined || end > limit) throw badEscape(text, start, limit);
  return { value, end };
}

/**
 * A string over several lines: `start` and `end` are those of the token with its `"""`. The blanks before the closing
 * quotes are taken off every line.
 */
export function unescapeLines(text: string, start: number, end: number): string {
  const first = /\r?\n/y;
  first.lastIndex = start + 3;
  if (!first.test(text)) {
    throw new WaveError('`"""` is followed by a line break', text, start, start + 3);
  }
  let at = first.lastIndex;
  const lastLine = text.lastIndexOf('\n', end - 4) + 1;
  const indent = text.slice(lastLine, end - 3);
  if (/[^ ]/.test(indent)) {
    throw new WaveError('only blanks stand before the closing `"""` on its line', text, end - 3, end);
  }
  const lines: string[] = [];
  while (at < lastLine) {
    const next = text.indexOf('\n', at);
    if (!text.startsWith(indent, at)) {
      const message = `the closing \`"""\` is indented by ${indent.length}, and this line by less`;
      throw new WaveError(message, text, at);
    }
    const lineEnd = text[next - 1] === '\r' && next > at + indent.length ? next - 1 : next;
    lines.push(unescape(text, at + indent.length, lineEnd));
    at = next + 1;
  }
  return lines.join('\n');
}

/**
 * A string or char as it is written between `quote`s. What has to be escaped is, and so is what cannot be seen, or
 * would act on a terminal, or would attach itself to the quote.
 */
export function escape(value: string, quote: '"' | "'"): string {
  const escaped = value
    .toWellFormed()
    .replace(/[\\"'\p{Cc}\p{Cf}\p{Co}\p{Z}]|^\p{Grapheme_Extend}/gu, (character) => {
      if (character === ' ' || (QUOTES.includes(character) && character !== quote)) return character;
      // The joiners are part of how emoji and some scripts are spelled.
      if (JOINERS.includes(character) && value.length > 1) return character;
      return SHORT[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
    });
  return quote + escaped + quote;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '\\': '\\',
  t: '\t',
  n: '\n',
  r: '\r',
};
const SHORT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ESCAPES).map(([letter, character]) => [character, `\\${letter}`]),
);
const QUOTES = `'"`;
const JOINERS = '\u200c\u200d';

/** Surrogates are no scalar values. */
function scalarOf(code: number): string | undefined {
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code);
}

function badEscape(text: string, start: number, limit: number): WaveError {
  const [escape = ''] = /^\\(?:u\{[^}\s]{0,12}\}?|u?.)?/u.exec(text.slice(start, limit)) ?? [];
  return new WaveError(
    `\`${escape}\` is no escape; there is \\\\ \\" \\' \\t \\n \\r and \\u{…} of a Unicode scalar value`,
    text,
    start,
    start + escape.length,
  );
}
