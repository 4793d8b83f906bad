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
