/** The text of doc comments, without their marks and without the indentation that they share. */

/** `comments` are the images of consecutive `///` and `/** … *\/` comments. Lines end with `\n`, none at the end. */
export function docsText(comments: readonly string[]): string {
  const lines = comments.flatMap((comment) =>
    comment.startsWith('/**') ? blockLines(comment) : [comment.replace(/^\/+/, '').trimEnd()],
  );
  const indents = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)![0].length);
  const shared = indents.reduce((least, indent) => Math.min(least, indent), Infinity);
  const text = lines.map((line) => (line === '' ? line : line.slice(shared))).join('\n');
  return text.replace(/\n+$/, '');
}

// The first line stands behind the mark; the others may have a gutter of asterisks.
function blockLines(comment: string): string[] {
  const [first = '', ...rest] = comment.slice('/**'.length, -'*/'.length).split('\n');
  const hasGutter = rest.every((line) => /^\s*(?:\*|$)/.test(line));
  const others = rest.map((line) => (hasGutter ? line.replace(/^\s*\*?/, '') : line).trimEnd());
  const firstLine = first.trim();
  if (firstLine === '') {
    while (others[0] === '') others.shift();
    return others;
  }
  const indent = others.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)![0]);
  const least = indent.reduce((a, b) => (b.length < a.length ? b : a), indent[0] ?? '');
  return [least + firstLine, ...others];
}
