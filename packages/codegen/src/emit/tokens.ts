/** Generated TypeScript as tokens, and those as groups in brackets: what the layout works on. */

export interface Token {
  readonly text: string;
  readonly kind: 'word' | 'open' | 'close' | 'separator' | 'comment';
  /** White space stood before it. */
  readonly space: boolean;
}

/** What stands between brackets. */
export interface Group {
  readonly kind: 'group';
  readonly open: string;
  readonly close: string;
  readonly space: boolean;
  /** Braces around statements or members, not around an object or a type written in place. */
  readonly block: boolean;
  readonly items: readonly Item[];
  /** All of it on one line; `undefined` when it cannot be there, or would be longer than any line. */
  readonly flat: string | undefined;
}

export type Item = Token | Group;

/** A group with more text than this is never on one line. */
const LONGEST = 200;

/** White space, brackets, separators, literals, comments, words; at the end what is a word, or a literal without end. */
const TOKEN =
  /[ \n\t\r]+|[({[\]})]|[;,]|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[^]*?\*\/|[^ \n\t\r({[\]});,'"`/]+|\/(?!\*)|['"`]|\/\*/g;

/** The tokens of a text. Throws at a literal or comment without end: an emitter is wrong then. */
export function tokenize(text: string): Token[] {
  const pieces = text.match(TOKEN) ?? [];
  const tokens: Token[] = [];
  let space = false;
  for (const piece of pieces) {
    const kind = kindOf(piece);
    if (kind === 'space') {
      space = true;
      continue;
    }
    if (kind === 'endless') throw endless(text, pieces);
    tokens.push({ text: piece, kind, space });
    space = false;
  }
  return tokens;
}

/** The pieces are all of the text, so they say where the first of those is that have no end. */
function endless(text: string, pieces: readonly string[]): Error {
  let at = 0;
  for (const piece of pieces) {
    if (kindOf(piece) === 'endless') break;
    at += piece.length;
  }
  return new Error(`generated code does not end what begins with: ${text.slice(at, at + 40)}`);
}

function kindOf(piece: string): Token['kind'] | 'space' | 'endless' {
  switch (piece.charCodeAt(0)) {
    case 0x20:
    case 0x0a:
    case 0x09:
    case 0x0d:
      return 'space';
    case 0x28: // (
    case 0x7b: // {
    case 0x5b: // [
      return 'open';
    case 0x29: // )
    case 0x7d: // }
    case 0x5d: // ]
      return 'close';
    case 0x3b: // ;
    case 0x2c: // ,
      return 'separator';
    case 0x2f: // /
      return piece.length === 1 ? 'word' : piece === '/*' ? 'endless' : 'comment';
    case 0x27: // '
    case 0x22: // "
    case 0x60: // `
      return piece.length > 1 ? 'word' : 'endless';
    default:
      return 'word';
  }
}

/** The tokens in groups. Throws where brackets do not match. */
export function groupTokens(tokens: readonly Token[]): readonly Item[] {
  const { items, next } = groupFrom(tokens, 0, '');
  if (next < tokens.length) throw new Error(`generated code has a ${tokens[next]!.text} too many`);
  return items;
}

function groupFrom(tokens: readonly Token[], from: number, parent: string): { items: Item[]; next: number } {
  const items: Item[] = [];
  let at = from;
  while (at < tokens.length) {
    const token = tokens[at]!;
    if (token.kind === 'close') break;
    at++;
    if (token.kind !== 'open') {
      items.push(token);
      continue;
    }
    const inner = groupFrom(tokens, at, token.text);
    const close = tokens[inner.next];
    if (close?.text !== CLOSING[token.text]) throw new Error(`generated code has an open ${token.text}`);
    at = inner.next + 1;
    const block = token.text === '{' && (opensBlock(items, parent) || inner.items.some(isDocs));
    const flat =
      block && inner.items.length > 0 ? undefined : flatGroup(token.text, close!.text, inner.items);
    items.push({
      kind: 'group',
      open: token.text,
      close: close!.text,
      space: token.space,
      block,
      items: inner.items,
      flat,
    });
  }
  return { items, next: at };
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export function isGroup(item: Item | undefined): item is Group {
  return item?.kind === 'group';
}

/** The text of a token; nothing for a group. */
export function textOf(item: Item | undefined): string {
  return item === undefined || isGroup(item) ? '' : item.text;
}

export function isDocs(item: Item | undefined): boolean {
  return item?.kind === 'comment' && item.text.startsWith('/**');
}

/** A comment that stands on lines of its own. */
export function isOwnLine(item: Item | undefined): boolean {
  return item?.kind === 'comment' && (item.text.startsWith('/**') || item.text.startsWith('//'));
}

/** Whether there is a space between an item and the one before it on a line. */
export function spaceBefore(items: readonly Item[], index: number): boolean {
  const item = items[index]!;
  if (index === 0 || item.kind === 'separator') return false;
  if (items[index - 1]!.kind === 'separator' || (isGroup(item) && item.block)) return true;
  return item.space;
}

/** Whether braces behind these items, in a group opened by `parent`, are around statements or members. */
function opensBlock(items: readonly Item[], parent: string): boolean {
  const before = items.at(-1);
  if (before === undefined) return parent === '{' || parent === '';
  // Behind parameters, or a result type that ends in brackets.
  if (isGroup(before)) return true;
  if (before.kind === 'comment') return parent === '{' || parent === '';
  const { text } = before;
  if (BEFORE_BLOCK.has(text)) return true;
  if (text === ':') return isCaseLabel(items, items.length - 1);
  return !/[=|&<,(?:]$/.test(text) && !BEFORE_VALUE.has(text);
}

const BEFORE_BLOCK: ReadonlySet<string> = new Set([';', '=>', 'try', 'else', 'finally']);
const BEFORE_VALUE: ReadonlySet<string> = new Set(
  'return import type export as from extends new throw in of const let readonly'.split(' '),
);

function isCaseLabel(items: readonly Item[], colon: number): boolean {
  for (let at = colon - 1; at >= 0; at--) {
    const text = textOf(items[at]);
    if (text === 'case' || text === 'default') return true;
    if (text === ';' || text === ',' || text === '') return false;
  }
  return false;
}

function flatGroup(open: string, close: string, items: readonly Item[]): string | undefined {
  let text = '';
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    if (index === items.length - 1 && textOf(item) === ',') break;
    const part = isGroup(item) ? item.flat : isOwnLine(item) ? undefined : item.text;
    if (part === undefined || text.length + part.length > LONGEST) return undefined;
    text += spaceBefore(items, index) ? ` ${part}` : part;
  }
  return open === '{' && text !== '' ? `{ ${text} }` : open + text + close;
}
