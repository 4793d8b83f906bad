/** Source maps of declarations: from what is declared in a `.d.ts` to the WIT, so that editors go there. */
import { encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { positionAt, type Span } from '@wittle/parser';
import { relativePath } from './file.ts';
import type { Mark } from './marks.ts';
import type { WitSources } from './sources.ts';

/** The text of a map (version 3). `path` is that of the declarations, relative to the output directory. */
export function declarationMap(
  path: string,
  text: string,
  marks: readonly Mark[],
  sources: WitSources,
): string {
  const paths: string[] = [];
  const sourceAt = (span: Span): number => {
    const to = relativePath(path, sources.pathOf(span.source)).replace(/^\.\//, '');
    const known = paths.indexOf(to);
    return known === -1 ? paths.push(to) - 1 : known;
  };
  const places = new Map<number, readonly [span: Span, offset: number]>();
  // Where one name ends and the next begins, it is the beginning that people come from.
  for (const { end, span } of marks) places.set(end, [span, span.end]);
  for (const mark of marks) if (mark.kind === 'name') places.set(mark.start, [mark.span, mark.span.start]);
  const lines: SourceMapSegment[][] = text.split('\n').map(() => []);
  const starts = lineStarts(text);
  let line = 0;
  for (const offset of [...places.keys()].toSorted((a, b) => a - b)) {
    while (line + 1 < starts.length && starts[line + 1]! <= offset) line++;
    const [span, at] = places.get(offset)!;
    lines[line]!.push([offset - starts[line]!, sourceAt(span), ...lineAndColumn(span, at)]);
  }
  // Editors take the next segment for a place without one. What is not declared in the WIT is not to be looked for there.
  const texts = text.split('\n');
  for (const [index, { length }] of texts.entries()) {
    const isBefore = (lines[index + 1]?.length ?? 0) > 0;
    if (isBefore && lines[index]!.at(-1)?.[0] !== length) lines[index]!.push([length]);
  }
  const file = path.split('/').at(-1);
  const map = { version: 3, file, sources: paths, names: [], mappings: encode(lines) };
  return `${JSON.stringify(map)}\n`;
}

/** Both from 0; the column in UTF-16 code units, as editors count. */
function lineAndColumn({ source }: Span, offset: number): [number, number] {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  return [positionAt(source, offset).line - 1, offset - start];
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
