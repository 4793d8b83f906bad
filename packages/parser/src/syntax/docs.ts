/**
 * The text of the comments before an item, without their marks and without the indentation that they share. As in the
 * reference implementation, every comment there is documentation, and a block's lines after the first stay as they are.
 */

/** `comments` are the images of consecutive comments of any kind. Lines end with `\n`, none at the end. */
export function docsText(comments: readonly string[]): string {
  const entries = comments.map(contentOf);
  while (entries.at(-1) === '') entries.pop();
  let indent = Infinity;
  for (const entry of entries) if (entry !== '') indent = Math.min(indent, entry.search(/[^ \t\r\n]/));
  if (indent > 0 && entries.length > 0) {
    const shared = ' '.repeat(indent);
    entries.forEach((entry, at) => {
      if (entry.startsWith(shared)) entries[at] = entry.slice(indent);
    });
  }
  return entries.join('\n').replaceAll('\r\n', '\n');
}

function contentOf(comment: string): string {
  if (comment.startsWith('/**')) return comment.slice('/**'.length, -'*/'.length).trimEnd();
  let start = 0;
  while (comment.charCodeAt(start) === slash) start++;
  return comment.slice(start).trimEnd();
}

const slash = 0x2f;
