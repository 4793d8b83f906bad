/** WIT sources and places in them: spans count UTF-16 code units, lines and columns are for people. */

/** One WIT text with its name. Shapes: `name` is what diagnostics print, usually a path. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A half-open range of a source, in UTF-16 code units: `text.slice(start, end)`. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: both from 1, the column in Unicode scalar values. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset; an offset beyond the end is the end. A line ends with `\n` (or `\r\n`). */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  const at = Math.min(Math.max(offset, 0), source.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: scalarCount(source.text, starts[low]!, at) + 1 };
}

/** Offset where each line begins; the first is 0. Computed once per source. */
export function lineStarts(source: Source): readonly number[] {
  const known = lineStartsOf.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  lineStartsOf.set(source, starts);
  return starts;
}

const lineStartsOf = new WeakMap<Source, readonly number[]>();

function scalarCount(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const low = text.charCodeAt(at);
    const isSecondHalf =
      low >= 0xdc00 && low <= 0xdfff && at > start && isHighSurrogate(text.charCodeAt(at - 1));
    if (!isSecondHalf) count++;
  }
  return count;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
