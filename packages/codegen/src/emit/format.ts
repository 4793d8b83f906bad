/**
 * Lays out generated TypeScript: one statement a line, two spaces a level, lists broken where they do not fit.
 *
 * It knows the TypeScript that the emitters write, not all of TypeScript. Prettier takes longer for the glue of a large
 * world than everything else together (0.3 s a thousand lines), so it is not asked.
 */
import {
  groupTokens,
  isDocs,
  isGroup,
  isOwnLine,
  spaceBefore,
  textOf,
  tokenize,
  type Group,
  type Item,
} from './tokens.ts';

/** The longest line, where there is a place to break it. */
const WIDTH = 110;

/** Lays out a file's text. Comments keep their words, and stand on lines of their own unless they are inside of one. */
export function layOut(text: string): string {
  const writer: Writer = { line: '', indent: 0, lines: [] };
  printStatements(groupTokens(tokenize(text)), 0, writer);
  return `${writer.lines.join('\n').trimEnd()}\n`;
}

interface Writer {
  line: string;
  /** With how many spaces the line begins. */
  indent: number;
  readonly lines: string[];
}

function newLine(writer: Writer, level: number): void {
  writer.lines.push(writer.line.trimEnd());
  beginLine(writer, level);
}

function beginLine(writer: Writer, level: number): void {
  writer.line = '  '.repeat(level);
  writer.indent = writer.line.length;
}

/** Statements or members, each from the start of a line; comments belong to what follows them. */
function printStatements(items: readonly Item[], level: number, writer: Writer): void {
  let previous: readonly Item[] | undefined;
  let commented = false;
  for (const statement of statements(items)) {
    const comment = isOwnLine(statement[0]) && statement.length === 1;
    if (previous !== undefined && !commented && separated(previous, statement, level)) writer.lines.push('');
    beginLine(writer, level);
    if (comment) printComment(textOf(statement[0]), level, writer);
    else printItems(statement, level, writer);
    writer.lines.push(writer.line.trimEnd());
    commented = comment && !textOf(statement[0]).startsWith('///');
    previous = statement;
  }
}

/** An empty line keeps declarations apart, and members that have docs. */
function separated(previous: readonly Item[], next: readonly Item[], level: number): boolean {
  if (level > 0) return isDocs(next[0]);
  const [before, after] = [textOf(previous[0]), textOf(next[0])];
  if (before === 'import' && after === 'import') return false;
  return !(isReexport(previous) && isReexport(next)) && !(before.startsWith('//') && after.startsWith('//'));
}

/** `export type { … }`, `export type X = …;`, `export type * as …`: those on one line stay together. */
function isReexport(items: readonly Item[]): boolean {
  return textOf(items[0]) === 'export' && textOf(items[1]) === 'type' && !isLong(items);
}

/** The items of a statement list, one statement after the other. */
function statements(items: readonly Item[]): Item[][] {
  const result: Item[][] = [];
  let current: Item[] = [];
  const end = (): void => {
    if (current.length > 0) result.push(current);
    current = [];
  };
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    if (isOwnLine(item) && !isUnion(current)) {
      end();
      result.push([item]);
      continue;
    }
    current.push(item);
    const ends = isBlock(item) ? !continues(items, index + 1) : isEnd(item, items[index - 1]);
    if (ends) end();
  }
  end();
  return result;
}

function isBlock(item: Item | undefined): boolean {
  return isGroup(item) && item.block;
}

/** A semicolon, or the comma behind a function in an object that is laid out as a block for its docs. */
function isEnd(item: Item, previous: Item | undefined): boolean {
  return item.kind === 'separator' && (item.text === ';' || isBlock(previous));
}

/** Whether a statement goes on behind its block. A method of such a name has a type behind its parameters. */
function continues(items: readonly Item[], at: number): boolean {
  const isMethod = isGroup(items[at + 1]) && textOf(items[at + 2]) === ':';
  return /^(?:(?:else|catch|finally|as)$|=>|[;,)|.?:=])/.test(textOf(items[at])) && !isMethod;
}

function printItems(items: readonly Item[], level: number, writer: Writer): void {
  const union = isUnion(items);
  const long = union && isLong(items);
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    if (long && printUnionPart(item, level, writer)) continue;
    // On one line a union needs no bar in front of its first member.
    if (union && textOf(item) === '|' && textOf(items[index - 1]) === '=') continue;
    const begins = writer.line.length === writer.indent && writer.indent > 0;
    const before = !begins && spaceBefore(items, index) ? ' ' : '';
    if (!isGroup(item)) writer.line += before + item.text;
    else if (item.block) printBlock(item, before, level, writer);
    else if (fits(items, index, before, writer)) writer.line += before + item.flat;
    else printBroken(item, before, level, writer);
  }
}

/** Whether a group fits on its line, with what follows it up to the next place where the line may break. */
function fits(items: readonly Item[], index: number, before: string, writer: Writer): boolean {
  const { flat } = items[index] as Group;
  if (flat === undefined) return false;
  let width = writer.line.length + before.length + flat.length;
  for (let at = index + 1; at < items.length && width <= WIDTH; at++) {
    const item = items[at]!;
    if (isGroup(item)) return width + 2 <= WIDTH;
    width += item.text.length + (item.space ? 1 : 0);
  }
  return width <= WIDTH;
}

/** A declared union: `export type X = | …`. */
function isUnion(items: readonly Item[]): boolean {
  return (
    textOf(items[0]) === 'export' &&
    textOf(items[1]) === 'type' &&
    items.some(
      (item, index) =>
        textOf(item) === '=' &&
        (textOf(items[index + 1]) === '|' || isDocs(items[index + 1]) || index === items.length - 1),
    )
  );
}

/** A union whose members are documented, or too long for a line, has one member a line. */
function isLong(items: readonly Item[]): boolean {
  let width = 0;
  for (const item of items) {
    if (isDocs(item) || (isGroup(item) && item.flat === undefined)) return true;
    width += (isGroup(item) ? item.flat!.length : item.text.length) + 1;
  }
  return width > WIDTH;
}

function printUnionPart(item: Item, level: number, writer: Writer): boolean {
  if (isDocs(item)) {
    newLine(writer, level + 1);
    printComment(textOf(item), level + 1, writer);
    return true;
  }
  if (textOf(item) !== '|') return false;
  newLine(writer, level + 1);
  writer.line += '|';
  return true;
}

/** A comment from the start of a line on; its own lines are set anew. */
function printComment(text: string, level: number, writer: Writer): void {
  const [first = '', ...rest] = text.split('\n');
  writer.line += first.trim();
  for (const line of rest) {
    newLine(writer, level);
    writer.line += ` ${line.trim()}`;
  }
}

function printBlock(group: Group, before: string, level: number, writer: Writer): void {
  if (group.items.length === 0) {
    writer.line += `${before}{}`;
    return;
  }
  writer.line += `${before}{`;
  writer.lines.push(writer.line.trimEnd());
  printStatements(group.items, level + 1, writer);
  beginLine(writer, level);
  writer.line += '}';
}

/** A list or object that does not fit: one element a line. */
function printBroken(group: Group, before: string, level: number, writer: Writer): void {
  const parts = elements(group);
  writer.line += before + group.open;
  if (parts.length === 1 && group.open !== '{' && !isOwnLine(parts[0]![0])) {
    // A single argument that breaks inside itself needs no line of its own.
    printItems(parts[0]!, level, writer);
    writer.line += group.close;
    return;
  }
  const separator = group.items.some((item) => textOf(item) === ';') ? ';' : ',';
  for (const part of parts) {
    newLine(writer, level + 1);
    if (isOwnLine(part[0]) && part.length === 1) {
      printComment(textOf(part[0]), level + 1, writer);
      continue;
    }
    printItems(part, level + 1, writer);
    if (textOf(part.at(-1)) !== ';') writer.line += separator;
  }
  newLine(writer, level);
  writer.line += group.close;
}

/** The parts of a group between its separators, each with a `;` that it ends in. */
function elements(group: Group): Item[][] {
  const parts: Item[][] = [];
  let current: Item[] = [];
  let angle = 0;
  const end = (): void => {
    if (current.length > 0) parts.push(current);
    current = [];
  };
  for (const item of group.items) {
    if (isOwnLine(item)) {
      end();
      parts.push([item]);
      continue;
    }
    angle = Math.max(0, angle + angles(textOf(item)));
    const separates = item.kind === 'separator' && (item.text === ';' || angle === 0);
    if (!separates || textOf(item) === ';') current.push(item);
    if (separates) end();
  }
  end();
  return parts;
}

/** How many angle brackets a token opens, less those that it closes. */
function angles(text: string): number {
  if (!/[<>]/.test(text) || text === '=>' || text === '>>>' || text === '<<') return 0;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '<') open++;
    else if (text[at] === '>' && text[at - 1] !== '=') open--;
  }
  return open;
}
