/** What is wrong with a WAVE text, and where. */

/** A text that is not WAVE, or not a value of the type asked for. Places count UTF-16 code units of `text`. */
export class WaveError extends Error {
  /** What is wrong, without the place. */
  readonly reason: string;
  /** The whole text that was being read. */
  readonly text: string;
  /** Where the mistake begins: `text.slice(start, end)` is what is meant; it may be empty at the end of the text. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in Unicode scalar values. */
  readonly column: number;
  constructor(reason: string, text: string, start: number, end: number = start) {
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const line = start === 0 ? 1 : text.slice(0, start).split('\n').length;
    const column = [...text.slice(start === 0 ? 0 : lineStart, start)].length + 1;
    super(`${line}:${column}: ${reason}`);
    this.reason = reason;
    this.text = text;
    this.start = start;
    this.end = end;
    this.line = line;
    this.column = column;
  }
  override get name(): string {
    return 'WaveError';
  }
}

/** A name, or a list of those there are, for a message: at most twelve. */
export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `\`${name}\``);
  if (names.length > shown.length) shown.push(`… (${names.length} in all)`);
  return shown.join(', ');
}
