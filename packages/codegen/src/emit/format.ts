/**
 * Lays out generated TypeScript: one statement a line, two spaces a level, lists broken where they do not fit.
 *
 * It knows the TypeScript that the emitters write, not all of TypeScript. Prettier takes longer for the glue of a large
 * world than everything else together (0.3 s a thousand lines), so it is not asked.
 */
import {
  after,
  AS_IS,
  before,
  DOCS,
  endOnLine,
  is,
  isBlockAt,
  isOwnLine,
  NEVER,
  OPEN,
  SEPARATOR,
  spaceBefore,
  SPACED,
  standsAsIs,
  textOf,
  tokenize,
  type Tokens,
} from './tokens.ts';

/** The longest line, where there is a place to break it. */
const WIDTH = 110;

/** Lays out a file's text. Comments keep their words, and stand on lines of their own unless they are inside of one. */
export function layOut(text: string): string {
  const tokens = tokenize(text);
  const writer: Writer = { tokens, line: '', indent: 0, lines: [] };
  printStatements(0, tokens.count, 0, writer);
  return `${writer.lines.join('\n').trimEnd()}\n`;
}

interface Writer {
  readonly tokens: Tokens;
  line: string;
  /** With how many spaces the line begins. */
  indent: number;
  readonly lines: string[];
}

function newLine(writer: Writer, level: number): void {
  writer.lines.push(writer.line);
  beginLine(writer, level);
}

function beginLine(writer: Writer, level: number): void {
  writer.line = '  '.repeat(level);
  writer.indent = writer.line.length;
}

/**
 * Statements or members, each from the start of a line; comments belong to what follows them, but for lines of `//` at
 * the top of a file, which belong to all of it.
 */
function printStatements(first: number, end: number, level: number, writer: Writer): void {
  const { tokens } = writer;
  let previous = first;
  let commented = false;
  let isTop = level === 0;
  for (let from = first; from < end;) {
    const to = statementEnd(tokens, from, end);
    if (from > first && !commented && separated(tokens, previous, from, to, level)) writer.lines.push('');
    beginLine(writer, level);
    const comment = isOwnLine(tokens, from);
    if (comment) printComment(from, level, writer);
    else printItems(from, to, level, writer);
    writer.lines.push(writer.line);
    isTop &&= tokens.text.startsWith('//', tokens.starts[from]);
    commented = comment && !isTop && !tokens.text.startsWith('///', tokens.starts[from]);
    previous = from;
    from = to;
  }
}

/** Whether an empty line keeps a statement apart from the one before it: declarations, and members that have docs. */
function separated(tokens: Tokens, previous: number, from: number, to: number, level: number): boolean {
  if (level > 0) return tokens.kinds[from] === DOCS;
  if (is(tokens, previous, 'import') && is(tokens, from, 'import')) return false;
  if (isReexport(tokens, previous, from) && isReexport(tokens, from, to)) return false;
  const { text, starts } = tokens;
  return !(text.startsWith('//', starts[previous]) && text.startsWith('//', starts[from]));
}

/** `export type { … }`, `export type X = …;`, `export type * as …`: those on one line stay together. */
function isReexport(tokens: Tokens, from: number, to: number): boolean {
  return isTypeExport(tokens, from, to) && !isLong(tokens, from, to);
}

function isTypeExport(tokens: Tokens, from: number, to: number): boolean {
  return is(tokens, from, 'export') && from + 1 < to && is(tokens, from + 1, 'type');
}

/** Where a statement ends that begins at `from`, in a list up to `end`. */
function statementEnd(tokens: Tokens, from: number, end: number): number {
  if (isOwnLine(tokens, from)) return from + 1;
  for (let item = from; item < end;) {
    if (isOwnLine(tokens, item) && !isUnion(tokens, from, item)) return item;
    const next = after(tokens, item);
    if (isBlockAt(tokens, item) ? !continues(tokens, next, end) : isEnd(tokens, item)) return next;
    item = next;
  }
  return end;
}

/** A semicolon, or the comma behind a function in an object that is laid out as a block for its docs. */
function isEnd(tokens: Tokens, item: number): boolean {
  if (tokens.kinds[item] !== SEPARATOR) return false;
  if (is(tokens, item, ';')) return true;
  const previous = before(tokens, item);
  return previous !== undefined && isBlockAt(tokens, previous);
}

/** Whether a statement goes on behind its block. A method of such a name has a type behind its parameters. */
function continues(tokens: Tokens, item: number, end: number): boolean {
  if (item >= end || tokens.kinds[item] === OPEN) return false;
  if (!/^(?:(?:else|catch|finally|as)$|=>|[;,)|.?:=])/.test(textOf(tokens, item))) return false;
  const parameters = item + 1;
  if (parameters >= end || tokens.kinds[parameters] !== OPEN) return true;
  const behind = after(tokens, parameters);
  return !(behind < end && is(tokens, behind, ':'));
}

/** The items of a statement, or of a part of one. */
function printItems(from: number, to: number, level: number, writer: Writer): void {
  const { tokens } = writer;
  const union = isUnion(tokens, from, to);
  if (!union && printFitting(from, to, writer)) return;
  const long = union && isLong(tokens, from, to);
  for (let item = from; item < to; item = after(tokens, item)) {
    if (long && printUnionPart(item, level, writer)) continue;
    // On one line a union needs no bar in front of its first member.
    if (union && is(tokens, item, '|') && item > from && is(tokens, item - 1, '=')) continue;
    const begins = writer.line.length === writer.indent && writer.indent > 0;
    const space = !begins && spaceBefore(tokens, item, from) ? ' ' : '';
    if (tokens.kinds[item] !== OPEN) writer.line += space + textOf(tokens, item);
    else if (isBlockAt(tokens, item)) printBlock(item, space, level, writer);
    else if (fits(item, to, space, writer)) {
      writer.line += space;
      printOnLine(item, item + 1, writer);
    } else printBroken(item, space, level, writer);
  }
}

/** Prints items on the line when all of them fit; says whether they do. */
function printFitting(from: number, to: number, writer: Writer): boolean {
  const { tokens } = writer;
  const { widths, text, starts, ends } = tokens;
  let width = writer.line.length;
  let asIs = true;
  for (let item = from; item < to; item = after(tokens, item)) {
    const part = widths[item]!;
    const space = spaceBefore(tokens, item, from);
    width += space ? part + 1 : part;
    if (part === NEVER || width > WIDTH) return false;
    asIs &&= item === from ? (tokens.flags[item]! & AS_IS) !== 0 : standsAsIs(tokens, item, space);
  }
  if (asIs) writer.line += text.slice(starts[from], ends[to - 1]);
  else printOnLine(from, to, writer);
  return true;
}

/** Items on the line, however they stand in the text. */
function printOnLine(from: number, to: number, writer: Writer): void {
  const { tokens } = writer;
  const { text, starts, ends, kinds, flags, partners } = tokens;
  for (let item = from; item < to; item = after(tokens, item)) {
    if (spaceBefore(tokens, item, from)) writer.line += ' ';
    if (kinds[item] !== OPEN) {
      writer.line += textOf(tokens, item);
      continue;
    }
    const closing = partners[item]!;
    if ((flags[item]! & AS_IS) !== 0) {
      writer.line += text.slice(starts[item], ends[closing]);
      continue;
    }
    const end = endOnLine(tokens, closing);
    const padding = end > item + 1 && text[starts[item]!] === '{' ? ' ' : '';
    writer.line += text[starts[item]!]! + padding;
    printOnLine(item + 1, end, writer);
    writer.line += padding + text[starts[closing]!]!;
  }
}

/** Whether a group fits on its line, with what follows it up to the next place where the line may break. */
function fits(opening: number, to: number, space: string, writer: Writer): boolean {
  const { tokens } = writer;
  const { kinds, widths, starts, ends, flags } = tokens;
  if (widths[opening] === NEVER) return false;
  let width = writer.line.length + space.length + widths[opening]!;
  for (let item = after(tokens, opening); item < to && width <= WIDTH; item++) {
    if (kinds[item] === OPEN) return width + 2 <= WIDTH;
    width += ends[item]! - starts[item]! + ((flags[item]! & SPACED) === 0 ? 0 : 1);
  }
  return width <= WIDTH;
}

/** A declared union: `export type X = | …`. */
function isUnion(tokens: Tokens, from: number, to: number): boolean {
  if (!isTypeExport(tokens, from, to)) return false;
  for (let item = from; item < to; item = after(tokens, item)) {
    if (!is(tokens, item, '=')) continue;
    const next = item + 1;
    if (next === to || is(tokens, next, '|') || tokens.kinds[next] === DOCS) return true;
  }
  return false;
}

/** A union whose members are documented, or too long for a line, has one member a line. */
function isLong(tokens: Tokens, from: number, to: number): boolean {
  let width = 0;
  for (let item = from; item < to; item = after(tokens, item)) {
    const part = tokens.widths[item]!;
    if (part === NEVER) return true;
    width += part + 1;
  }
  return width > WIDTH;
}

function printUnionPart(item: number, level: number, writer: Writer): boolean {
  if (writer.tokens.kinds[item] === DOCS) {
    newLine(writer, level + 1);
    printComment(item, level + 1, writer);
    return true;
  }
  if (!is(writer.tokens, item, '|')) return false;
  newLine(writer, level + 1);
  writer.line += '|';
  return true;
}

/** A comment from the start of a line on; its own lines are set anew. */
function printComment(item: number, level: number, writer: Writer): void {
  const [first = '', ...rest] = textOf(writer.tokens, item).split('\n');
  writer.line += first.trim();
  for (const line of rest) {
    newLine(writer, level);
    writer.line = `${writer.line} ${line.trim()}`.trimEnd();
  }
}

function printBlock(opening: number, space: string, level: number, writer: Writer): void {
  const closing = writer.tokens.partners[opening]!;
  if (closing === opening + 1) {
    writer.line += `${space}{}`;
    return;
  }
  writer.lines.push(`${writer.line}${space}{`);
  printStatements(opening + 1, closing, level + 1, writer);
  beginLine(writer, level);
  writer.line += '}';
}

/** A list or object that does not fit: one element a line. */
function printBroken(opening: number, space: string, level: number, writer: Writer): void {
  const { tokens } = writer;
  const { text, starts, partners } = tokens;
  const closing = partners[opening]!;
  const bracket = text[starts[opening]!]!;
  const parts = elements(tokens, opening, closing);
  writer.line += space + bracket;
  if (parts.length === 1 && bracket !== '{' && !isOwnLine(tokens, parts[0]!.from)) {
    // A single argument that breaks inside itself needs no line of its own.
    printItems(parts[0]!.from, parts[0]!.to, level, writer);
    writer.line += text[starts[closing]!];
    return;
  }
  const separator = hasSemicolon(tokens, opening, closing) ? ';' : ',';
  for (const { from, to } of parts) {
    newLine(writer, level + 1);
    if (isOwnLine(tokens, from)) {
      printComment(from, level + 1, writer);
      continue;
    }
    printItems(from, to, level + 1, writer);
    if (!is(tokens, to - 1, ';')) writer.line += separator;
  }
  newLine(writer, level);
  writer.line += text[starts[closing]!];
}

function hasSemicolon(tokens: Tokens, opening: number, closing: number): boolean {
  for (let item = opening + 1; item < closing; item = after(tokens, item)) {
    if (is(tokens, item, ';')) return true;
  }
  return false;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The parts of a group between its separators, each with a `;` that it ends in. */
function elements(tokens: Tokens, opening: number, closing: number): readonly Range[] {
  const parts: Range[] = [];
  let from = opening + 1;
  let angle = 0;
  const end = (to: number): void => {
    if (from < to) parts.push({ from, to });
  };
  for (let item = from; item < closing; item = after(tokens, item)) {
    if (isOwnLine(tokens, item)) {
      end(item);
      parts.push({ from: item, to: item + 1 });
      from = item + 1;
      continue;
    }
    if (tokens.kinds[item] !== OPEN) angle = Math.max(0, angle + angles(tokens, item));
    if (tokens.kinds[item] !== SEPARATOR) continue;
    const isSemicolon = is(tokens, item, ';');
    if (!isSemicolon && angle > 0) continue;
    end(isSemicolon ? item + 1 : item);
    from = item + 1;
  }
  end(closing);
  return parts;
}

/** How many angle brackets a token opens, less those that it closes. */
function angles(tokens: Tokens, token: number): number {
  const { text, starts, ends } = tokens;
  const start = starts[token]!;
  let open = 0;
  for (let at = start; at < ends[token]!; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3c) open++;
    else if (code === 0x3e && (at === start || text[at - 1] !== '=')) open--;
  }
  return is(tokens, token, '>>>') || is(tokens, token, '<<') ? 0 : open;
}
