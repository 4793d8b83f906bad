/**
 * Pages of documentation that can be followed by a program. Comments mark the code blocks behind them:
 *
 * - `<!-- file: path -->`: the block is a file, relative to where the page begins.
 * - `<!-- run -->`: commands for a shell, which all succeed. Its directory stays for the next ones.
 * - `<!-- run: fails -->`: the last of the commands fails.
 * - `<!-- output -->`: these lines were printed by the commands before it, in this order; `…` is any text in a line.
 */
const mark = /^<!-- (file|run|output)(?:: ([^\n]+?))? -->$/;

/** The steps of a page, in order. Throws at a mark without a block, and at a block of commands without a mark. */
export function stepsOf(page) {
  const lines = page.split('\n');
  const steps = [];
  for (let at = 0; at < lines.length; at++) {
    const [, kind, argument] = mark.exec(lines[at]) ?? [];
    const line = at + 1;
    if (kind !== undefined) while (lines[++at] === '');
    const [, fence, language] = /^(`{3,})(\w*)$/.exec(lines[at] ?? '') ?? [];
    if (fence === undefined) {
      if (kind !== undefined) throw new Error(`line ${line}: no code block follows`);
      continue;
    }
    const end = lines.indexOf(fence, at + 1);
    if (end === -1) throw new Error(`line ${at + 1}: this code block does not end`);
    if (kind === undefined && language === 'sh') throw new Error(`line ${at + 1}: commands that nobody runs`);
    if (kind !== undefined) steps.push({ kind, argument, line, text: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  return steps;
}

/** The first of the expected lines that is not in the output behind those before it; `undefined` when all are. */
export function missingLine(expected, output) {
  const printed = output.split('\n').map((line) => line.trimEnd());
  let from = 0;
  for (const line of expected.split('\n')) {
    const pattern = new RegExp(`^${line.trimEnd().split('…').map(RegExp.escape).join('.*')}$`);
    const found = printed.findIndex((each, at) => at >= from && pattern.test(each));
    if (found === -1) return line;
    from = found + 1;
  }
  return undefined;
}
