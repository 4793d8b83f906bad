/**
 * Lays out generated TypeScript: one statement a line, two spaces a level, lists broken where they do not fit.
 *
 * It knows the TypeScript that the emitters write, not all of TypeScript. Prettier takes longer for the glue of a large
 * world than everything else together (0.3 s a thousand lines), so it is not asked by default.
 */

/** The longest line, where there is a place to break it. */
const WIDTH = 110;

/** Lays out a file's text. Comments stay as they are, on lines of their own. */
export function layOut(text: string): string {
  const tokens = tokenize(text);
  const { items } = parseGroup(tokens, 0, '');
  const lines: string[] = [];
  printStatements(items, 0, lines);
  return `${spaced(lines).join('\n').trimEnd()}\n`;
}

interface Token {
  readonly text: string;
  readonly kind: 'word' | 'open' | 'close' | 'separator' | 'comment' | 'line-comment';
  /** White space stood before it. */
  readonly space: boolean;
}

interface Group {
  readonly open: string;
  readonly close: string;
  readonly space: boolean;
  /** Braces around statements or members, not around an object or a type written in place. */
  readonly block: boolean;
  readonly items: readonly Item[];
}

type Item = Token | Group;

const TOKEN =
  /(\s+)|(\/\/[^\n]*)|(\/\*[\s\S]*?\*\/)|('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|([({[])|([)}\]])|([;,])|([^\s(){}[\];,'"`/]+|\/)/gy;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let space = false;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [whole, blank, line, block, literal, open, close, separator] = match;
    if (blank !== undefined) {
      space = true;
      continue;
    }
    const kind =
      line !== undefined
        ? 'line-comment'
        : block !== undefined
          ? 'comment'
          : literal !== undefined
            ? 'word'
            : open !== undefined
              ? 'open'
              : close !== undefined
                ? 'close'
                : separator !== undefined
                  ? 'separator'
                  : 'word';
    tokens.push({ text: whole, kind, space });
    space = false;
  }
  return tokens;
}

function parseGroup(tokens: readonly Token[], from: number, open: string): { items: Item[]; next: number } {
  const items: Item[] = [];
  let at = from;
  while (at < tokens.length) {
    const token = tokens[at]!;
    if (token.kind === 'close') {
      if (open !== '') return { items, next: at };
      throw new Error(`generated code has a ${token.text} too many`);
    }
    if (token.kind === 'open') {
      const inner = parseGroup(tokens, at + 1, token.text);
      const close = tokens[inner.next];
      if (close === undefined) throw new Error(`generated code has an open ${token.text}`);
      const block = token.text === '{' && opensBlock(items, open);
      items.push({ open: token.text, close: close.text, space: token.space, block, items: inner.items });
      at = inner.next + 1;
    } else {
      items.push(token);
      at++;
    }
  }
  return { items, next: at };
}

function isGroup(item: Item | undefined): item is Group {
  return item !== undefined && 'open' in item;
}

function textOf(item: Item | undefined): string {
  return item === undefined || isGroup(item) ? '' : item.text;
}

/** The items of a statement list, one statement after the other. */
function statements(items: readonly Item[]): Item[][] {
  const result: Item[][] = [];
  let current: Item[] = [];
  const end = (): void => {
    if (current.length > 0) result.push(current);
    current = [];
  };
  for (const [index, item] of items.entries()) {
    if (
      !isGroup(item) &&
      item.kind !== 'separator' &&
      (item.kind === 'line-comment' || item.text.startsWith('/**'))
    ) {
      end();
      result.push([item]);
      continue;
    }
    current.push(item);
    if (!isGroup(item) && item.text === ';') end();
    else if (isGroup(item) && isBlock(items, index) && !continues(items[index + 1])) end();
  }
  end();
  return result;
}

/** Whether braces behind these items, in a group opened by `parent`, are around statements or members. */
function opensBlock(items: readonly Item[], parent: string): boolean {
  const before = items.at(-1);
  if (before === undefined) return parent === '{' || parent === '';
  // Behind parameters, or a result type that ends in brackets.
  if (isGroup(before)) return true;
  const { text } = before;
  if (before.kind === 'comment' || before.kind === 'line-comment') return parent === '{' || parent === '';
  if (text === ';' || text === '=>' || text === 'try' || text === 'else' || text === 'finally') return true;
  if (text === ':') return isCaseLabel(items, items.length - 1);
  if (/[=|&<,(?:]$/.test(text)) return false;
  return !/^(?:return|import|type|export|as|from|extends|new|throw|in|of)$/.test(text);
}

function isBlock(items: readonly Item[], index: number): boolean {
  const group = items[index];
  return isGroup(group) && group.block;
}

function isCaseLabel(items: readonly Item[], colon: number): boolean {
  for (let at = colon - 1; at >= 0; at--) {
    const text = textOf(items[at]);
    if (text === 'case' || text === 'default') return true;
    if (text === ';' || text === ',' || text === '') return false;
  }
  return false;
}

function continues(next: Item | undefined): boolean {
  if (next === undefined || isGroup(next)) return false;
  return /^(?:else|catch|finally|as|[;,)|.?:=]|=>)/.test(next.text) || next.text === '|';
}

function printStatements(items: readonly Item[], level: number, lines: string[]): void {
  for (const statement of statements(items)) print(statement, level, lines);
}

/** Prints a statement or member from the start of a line. */
function print(items: readonly Item[], level: number, lines: string[]): void {
  const writer: Writer = { line: '  '.repeat(level), lines };
  const first = items[0];
  if (items.length === 1 && !isGroup(first) && first!.text.startsWith('/**')) {
    for (const [index, part] of first!.text.split('\n').entries()) {
      lines.push(`${'  '.repeat(level)}${index === 0 ? '' : ' '}${part.trim()}`.trimEnd());
    }
    return;
  }
  printItems(items, level, writer);
  lines.push(writer.line.trimEnd());
}

interface Writer {
  line: string;
  readonly lines: string[];
}

function newLine(writer: Writer, level: number): void {
  writer.lines.push(writer.line.trimEnd());
  writer.line = '  '.repeat(level);
}

function printItems(items: readonly Item[], level: number, writer: Writer): void {
  const union = isUnion(items);
  for (const [index, item] of items.entries()) {
    if (!isGroup(item)) {
      if (!union || !printUnionPart(items, index, level, writer)) {
        writer.line += `${needsSpace(items, index, writer) ? ' ' : ''}${item.text}`;
      }
      continue;
    }
    const before = needsSpace(items, index, writer) ? ' ' : '';
    if (isBlock(items, index)) {
      printBlock(item, before, level, writer);
      continue;
    }
    const rest = flatWidth(items.slice(index + 1), true);
    const flat = `${before}${flatGroup(item)}`;
    if (!holdsBlock(item) && !holdsComment(item) && writer.line.length + flat.length + rest <= WIDTH)
      writer.line += flat;
    else printBroken(item, before, level, writer);
  }
}

/** A declared union whose members are documented, or too long for a line: one member a line. */
function isUnion(items: readonly Item[]): boolean {
  if (textOf(items[0]) !== 'export' || textOf(items[1]) !== 'type') return false;
  const bar = items.findIndex((item) => textOf(item) === '|');
  if (bar === -1 || !items.slice(0, bar).some((item) => textOf(item) === '=')) return false;
  const documented = items.some((item) => textOf(item).startsWith('/**'));
  return documented || flat(items).length > WIDTH;
}

function printUnionPart(items: readonly Item[], index: number, level: number, writer: Writer): boolean {
  const item = items[index]!;
  if (isGroup(item)) return false;
  if (item.kind === 'comment' && item.text.startsWith('/**')) {
    for (const part of item.text.split('\n')) {
      newLine(writer, level + 1);
      writer.line += part.trim().startsWith('*') ? ` ${part.trim()}` : part.trim();
    }
    return true;
  }
  if (item.text === '|') {
    newLine(writer, level + 1);
    writer.line += '|';
    return true;
  }
  return false;
}

function printBlock(group: Group, before: string, level: number, writer: Writer): void {
  if (group.items.length === 0) {
    writer.line += `${before}{}`;
    return;
  }
  writer.line += `${before}{`;
  writer.lines.push(writer.line.trimEnd());
  printStatements(group.items, level + 1, writer.lines);
  writer.line = `${'  '.repeat(level)}}`;
}

/** A list or object that does not fit: one element a line. */
function printBroken(group: Group, before: string, level: number, writer: Writer): void {
  const parts = elements(group);
  if (parts.length === 1 && group.open !== '{' && !holdsComment(group)) {
    // A single argument that breaks inside itself needs no line of its own.
    writer.line += `${before}${group.open}`;
    printItems(parts[0]!, level, writer);
    writer.line += group.close;
    return;
  }
  writer.line += `${before}${group.open}`;
  for (const part of parts) {
    newLine(writer, level + 1);
    printItems(part, level + 1, writer);
    const last = part.at(-1);
    const comment = !isGroup(last) && last?.kind === 'comment' && part.length === 1;
    const separated = textOf(last) === ';' || textOf(last) === ',';
    if (!comment && !separated) writer.line += ',';
  }
  newLine(writer, level);
  writer.line += group.close;
}

function elements(group: Group): Item[][] {
  const parts: Item[][] = [];
  let current: Item[] = [];
  let angle = 0;
  for (const item of group.items) {
    if (!isGroup(item)) {
      const opens = item.text === '=>' ? 0 : (item.text.match(/</g)?.length ?? 0);
      const closes =
        item.text === '=>' || item.text === '>>>' ? 0 : (item.text.match(/(?<!=)>/g)?.length ?? 0);
      angle = Math.max(0, angle + opens - closes);
    }
    if (!isGroup(item) && item.kind === 'separator' && (item.text === ';' || angle === 0)) {
      if (item.text === ';') current.push(item);
      parts.push(current);
      current = [];
    } else current.push(item);
  }
  if (current.length > 0) parts.push(current);
  return parts.filter((part) => part.length > 0);
}

function holdsBlock(group: Group): boolean {
  return group.items.some(
    (item, index) =>
      isGroup(item) && ((isBlock(group.items, index) && item.items.length > 0) || holdsBlock(item)),
  );
}

function holdsComment(group: Group): boolean {
  return group.items.some((item) =>
    isGroup(item) ? holdsComment(item) : item.kind === 'line-comment' || item.text.startsWith('/**'),
  );
}

function flatGroup(group: Group): string {
  const inner = flat(group.items);
  if (group.open !== '{' || inner === '') return `${group.open}${inner}${group.close}`;
  return `{ ${inner.replace(/,$/, '')} }`;
}

function flat(items: readonly Item[]): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    const last = index === items.length - 1;
    if (!isGroup(item) && item.text === ',' && last) continue;
    const space = index > 0 && spaceBetween(items, index) ? ' ' : '';
    text += `${space}${isGroup(item) ? flatGroup(item) : item.text}`;
  }
  return text;
}

/** How wide what follows on the same line is, up to the next place where it may break. */
function flatWidth(items: readonly Item[], stopAtGroup: boolean): number {
  let width = 0;
  for (const item of items) {
    if (isGroup(item)) {
      if (stopAtGroup) return width + 2;
      width += flatGroup(item).length;
    } else width += item.text.length + (item.space ? 1 : 0);
  }
  return width;
}

function needsSpace(items: readonly Item[], index: number, writer: Writer): boolean {
  if (index === 0) return false;
  if (/\s$/.test(writer.line)) return false;
  return spaceBetween(items, index);
}

function spaceBetween(items: readonly Item[], index: number): boolean {
  const item = items[index]!;
  if (!isGroup(item) && item.kind === 'separator') return false;
  const before = items[index - 1];
  if (!isGroup(before) && before?.kind === 'separator') return true;
  if (isGroup(item) && isBlock(items, index)) return true;
  return item.space;
}

/** An empty line between top-level declarations and behind the imports, none elsewhere. */
function spaced(lines: readonly string[]): string[] {
  const result: string[] = [];
  let importing = false;
  for (const [index, line] of lines.entries()) {
    const previous = lines[index - 1];
    const top = line !== '' && !/^[\s}*]/.test(line);
    if (top && previous !== undefined && !/^(?:\/\*\*|\s\*|\/\/)/.test(previous)) {
      const isImport = line.startsWith('import ');
      const together = (importing && isImport) || (isOneLine(previous) && isOneLine(line));
      if (!together) result.push('');
      importing = isImport;
    } else if (top) importing = line.startsWith('import ');
    result.push(line);
  }
  return result;
}

function isOneLine(line: string): boolean {
  return line.startsWith('export type ') && line.endsWith(';');
}
