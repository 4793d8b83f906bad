/** WIT doc comments as TSDoc: no text can end the comment or become a tag that means something else. */

import type { Stability } from '@wittle/parser';

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/** What has a doc comment and may have a gate. */
export interface Documented {
  readonly docs: string;
  readonly stability: Stability | undefined;
}

/**
 * A doc comment with its line breaks, or nothing. `extra` lines (such as `@throws`) follow the text; a text that has a
 * `@deprecated` of its own gets no other.
 */
export function docs(text: string, extra: readonly string[] = []): string {
  const lines = unstarred(text.trim().split(LINE_BREAK)).map((line) => escape(line.trimEnd()));
  const isDeprecated = lines.some((line) => DEPRECATED.test(line));
  const more = isDeprecated ? extra.filter((line) => !DEPRECATED.test(line)) : extra;
  const shown = [...(lines[0] === '' ? [] : lines), ...more];
  if (shown.length === 0) return '';
  if (shown.length === 1) return `/** ${shown[0]} */\n`;
  return `/**\n${shown.map((line) => (line === '' ? ' *' : ` * ${line}`)).join('\n')}\n */\n`;
}

/** The doc comment of an item of the WIT, with what its gate says. */
export function docsOf(of: Documented, extra: readonly string[] = []): string {
  return docs(of.docs, [...extra, ...deprecation(of)]);
}

/** The same with no more than the first line of the text: where a thing is only mentioned. */
export function summaryOf(of: Documented): string {
  return docs(summary(of.docs), deprecation(of));
}

/** The first line of a doc comment. */
export function summary(text: string): string {
  return text.trim().split(LINE_BREAK)[0]!;
}

/** The tag for what a gate calls deprecated: editors strike its name through. WIT.md: "Feature Gates". */
export function deprecation({ stability }: Pick<Documented, 'stability'>): readonly string[] {
  const version = stability?.deprecated;
  return version === undefined ? [] : [`@deprecated since ${version}`];
}

/** Text in a `//` comment: it stays on its line. */
export function lineComment(text: string): string {
  return `// ${visible(text.split(LINE_BREAK).join(' '))}\n`;
}

/** The lines of a block comment without the stars that stand in front of all but the first. */
function unstarred(lines: readonly string[]): readonly string[] {
  const [first = '', ...rest] = lines;
  if (!rest.every((line) => /^\s+\*(?: |$)/.test(line))) return lines;
  return [first, ...rest.map((line) => line.replace(/^\s+\* ?/, ''))];
}

/**
 * Neither ends the comment, nor a script that the code may be part of; and tags are those of generated code, but for a
 * line that begins with `@deprecated`, which means the same in WIT.
 */
function escape(line: string): string {
  const tag = DEPRECATED.exec(line)?.[0] ?? '';
  const text = visible(line.slice(tag.length))
    .replaceAll('*/', '*\\/')
    .replaceAll(/<\/(?=script)/gi, '<\\/')
    .replaceAll(/(^|\s|\{)@(?=\w)/g, '$1\\@');
  return tag + text;
}

/** The tag at the beginning of a line. With a parenthesis behind it, it is an example of a gate. */
const DEPRECATED = /^\s*@deprecated(?!\S)/;

/** Characters that cannot be seen, or change the order of others, as their escapes. WIT text has none, binaries may. */
function visible(line: string): string {
  return line.replaceAll(INVISIBLE, (character) => {
    const digits = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${digits}`;
  });
}

const INVISIBLE = /[^\P{Cc}\t]|[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
