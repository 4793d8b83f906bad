/** WIT doc comments as TSDoc: no text can end the comment or become a tag that means something else. */

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/** A doc comment with its line breaks, or nothing. `extra` lines (such as `@throws`) follow the text. */
export function docs(text: string, extra: readonly string[] = []): string {
  const lines = unstarred(text.trim().split(LINE_BREAK)).map((line) => escape(line.trimEnd()));
  const shown = [...(lines[0] === '' ? [] : lines), ...extra];
  if (shown.length === 0) return '';
  if (shown.length === 1) return `/** ${shown[0]} */\n`;
  return `/**\n${shown.map((line) => (line === '' ? ' *' : ` * ${line}`)).join('\n')}\n */\n`;
}

/** The first line of a doc comment: what stands where a thing is only mentioned. */
export function summary(text: string): string {
  return text.trim().split(LINE_BREAK)[0]!;
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

/** Neither ends the comment, nor a script that the code may be part of; and tags are those of generated code. */
function escape(line: string): string {
  return visible(line)
    .replaceAll('*/', '*\\/')
    .replaceAll(/<\/(?=script)/gi, '<\\/')
    .replaceAll(/(^|\s|\{)@(?=\w)/g, '$1\\@');
}

/** Characters that cannot be seen, or change the order of others, as their escapes. WIT text has none, binaries may. */
function visible(line: string): string {
  return line.replaceAll(INVISIBLE, (character) => {
    const digits = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${digits}`;
  });
}

const INVISIBLE = /[^\P{Cc}\t]|[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
