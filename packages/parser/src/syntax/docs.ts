/**
 * The text of the comments before an item, without their marks and without the indentation that they share. As in the
 * reference implementation, every comment there is documentation, and a block's lines after the first stay as they are.
 */

/** `comments` are the images of consecutive comments of any kind. Lines end with `\n`, none at the end. */
export function docsText(comments: readonly string[]): string {
  const entries = comments.map((comment) => contentOf(comment).trimEnd());
  let indent = Infinity;
  for (const entry of entries) {
    if (entry !== '') indent = Math.min(indent, /^[ \t\r\n]*/.exec(entry)![0].length);
  }
  const shared = ' '.repeat(indent === Infinity ? 0 : indent);
  const text = entries.map((entry) => (entry.startsWith(shared) ? entry.slice(shared.length) : entry));
  return text.join('\n').replaceAll('\r\n', '\n').replace(/\n+$/, '');
}

function contentOf(comment: string): string {
  if (comment.startsWith('/**')) return comment.slice('/**'.length, -'*/'.length);
  return comment.replace(/^\/+/, '');
}
