/** WIT doc comments as TSDoc: no text can end the comment or become a tag that means something else. */

/** A doc comment with its line breaks, or nothing. `extra` lines (such as `@throws`) follow the text. */
export function docs(text: string, extra: readonly string[] = []): string {
  const lines = [
    ...text
      .trim()
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map((line) => escape(line.trimEnd())),
    ...extra,
  ];
  const shown = lines[0] === '' ? lines.slice(1) : lines;
  if (shown.length === 0) return '';
  if (shown.length === 1) return `/** ${shown[0]} */\n`;
  return `/**\n${shown.map((line) => (line === '' ? ' *' : ` * ${line}`)).join('\n')}\n */\n`;
}

function escape(line: string): string {
  return line.replaceAll('*/', '*\\/').replaceAll(/(^|\s)@(?=\w)/g, '$1\\@');
}
