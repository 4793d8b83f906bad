/** S-expressions as the text format of WebAssembly has them: lists, atoms and strings, each with its place. */

export type Expression = List | Atom | Text;

/** What all have: offsets into the source, the end exclusive. */
interface Placed {
  readonly start: number;
  readonly end: number;
}

export interface List extends Placed {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

/** A keyword, an identifier with its `$`, a number. */
export interface Atom extends Placed {
  readonly kind: 'atom';
  readonly text: string;
}

/** A string literal; its bytes need not be UTF-8. */
export interface Text extends Placed {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
}

/** What is wrong with the text of a script, and where. */
export class SyntaxProblem extends Error {
  /** Offset into the source. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads all expressions of a source; throws `SyntaxProblem`. Depth is limited by memory alone. */
export function readExpressions(source: string): readonly Expression[] {
  const top: Expression[] = [];
  const open: { readonly start: number; readonly items: Expression[] }[] = [];
  let items = top;
  let at = 0;
  while ((at = skipSpace(source, at)) < source.length) {
    const start = at;
    const character = source[at];
    if (character === '(') {
      items = [];
      open.push({ start, items });
      at++;
    } else if (character === ')') {
      const list = open.pop();
      if (list === undefined) throw new SyntaxProblem('`)` without `(`', at);
      at++;
      items = open.at(-1)?.items ?? top;
      items.push({ kind: 'list', items: list.items, start: list.start, end: at });
    } else if (character === '"') {
      const { bytes, end } = readString(source, at);
      at = end;
      items.push({ kind: 'string', bytes, start, end });
    } else {
      at = endOfAtom(source, at);
      items.push({ kind: 'atom', text: source.slice(start, at), start, end: at });
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw new SyntaxProblem('`(` without `)`', unclosed.start);
  return top;
}

/** A number of a line, from 1, for an offset. */
export function lineAt(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) line++;
  return line;
}

/** The string that a literal stands for; throws when its bytes are not UTF-8. */
export function textOf(text: Text): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text.bytes);
}

function skipSpace(source: string, from: number): number {
  let at = from;
  for (;;) {
    while (' \t\r\n'.includes(source[at] ?? '.')) at++;
    if (source.startsWith(';;', at)) {
      const end = source.indexOf('\n', at);
      at = end === -1 ? source.length : end + 1;
    } else if (source.startsWith('(;', at)) {
      at = endOfBlockComment(source, at);
    } else return at;
  }
}

// Block comments nest.
function endOfBlockComment(source: string, start: number): number {
  const border = /\(;|;\)/g;
  border.lastIndex = start;
  for (let depth = 0, match = border.exec(source); match !== null; match = border.exec(source)) {
    depth += match[0] === '(;' ? 1 : -1;
    if (depth === 0) return border.lastIndex;
  }
  throw new SyntaxProblem('`(;` without `;)`', start);
}

// `$"an identifier"` is one atom.
function endOfAtom(source: string, start: number): number {
  const pattern = /(?:"(?:[^"\\]|\\.)*"|[^\s()";]|;(?!;))+/y;
  pattern.lastIndex = start;
  if (pattern.test(source)) return pattern.lastIndex;
  throw new SyntaxProblem(`unexpected \`${source[start]}\``, start);
}

const escapes: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, '"': 34, "'": 39, '\\': 92 };

function readString(source: string, start: number): { readonly bytes: Uint8Array; readonly end: number } {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  const piece = /([^"\\]+)|\\u\{([\da-fA-F_]+)\}|\\([\da-fA-F]{2})|\\([tnr"'\\])|(")/y;
  piece.lastIndex = start + 1;
  for (;;) {
    const at = piece.lastIndex;
    const match = piece.exec(source);
    if (match === null) throw new SyntaxProblem('not a string literal', at);
    const [, plain, scalar, byte, escape, quote] = match;
    // One push per byte: spreading a long string would overflow the stack.
    if (plain !== undefined) for (const each of encoder.encode(plain)) bytes.push(each);
    else if (scalar !== undefined) {
      const value = Number.parseInt(scalar.replaceAll('_', ''), 16);
      if (!(value <= 0x10ffff)) throw new SyntaxProblem('not a Unicode scalar value', at);
      for (const each of encoder.encode(String.fromCodePoint(value))) bytes.push(each);
    } else if (byte !== undefined) bytes.push(Number.parseInt(byte, 16));
    else if (escape !== undefined) bytes.push(escapes[escape]!);
    else if (quote !== undefined) return { bytes: Uint8Array.from(bytes), end: piece.lastIndex };
  }
}
