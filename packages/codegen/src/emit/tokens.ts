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

/** What a character is when a token begins with it; every other belongs to a word. */
const Begins = { space: 1, open: 2, close: 3, separator: 4, quote: 5, slash: 6 } as const;
const CLASSES = new Uint8Array(128);
for (const [characters, is] of [
  [' \n\t\r', Begins.space],
  ['({[', Begins.open],
  [')}]', Begins.close],
  [';,', Begins.separator],
  ['\'"`', Begins.quote],
  ['/', Begins.slash],
] as const) {
  for (const character of characters) CLASSES[character.charCodeAt(0)] = is;
}

/** The tokens of a text. Throws at a literal or comment without end: an emitter is wrong then. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let space = false;
  let at = 0;
  while (at < text.length) {
    const is = classOf(text, at);
    if (is === Begins.space) {
      space = true;
      at++;
      continue;
    }
    const end = is === Begins.quote || is === Begins.slash ? endOfLong(text, at) : endOfShort(text, at, is);
    const whole = text.slice(at, end);
    tokens.push({ text: whole, kind: kindOf(whole, is), space });
    space = false;
    at = end;
  }
  return tokens;
}

function classOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? CLASSES[code]! : 0;
}

/** Behind a bracket, a separator or a word. */
function endOfShort(text: string, from: number, is: number): number {
  let at = from + 1;
  if (is === 0) while (at < text.length && classOf(text, at) === 0) at++;
  return at;
}

const LONG = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[^]*?\*\/|\/(?![/*])/y;

/** Behind a literal or comment, or a slash that is neither. */
function endOfLong(text: string, from: number): number {
  LONG.lastIndex = from;
  if (!LONG.test(text))
    throw new Error(`generated code does not end what begins with: ${text.slice(from, from + 40)}`);
  return LONG.lastIndex;
}

function kindOf(text: string, is: number): Token['kind'] {
  switch (is) {
    case Begins.open:
      return 'open';
    case Begins.close:
      return 'close';
    case Begins.separator:
      return 'separator';
    case Begins.slash:
      return text.length > 1 ? 'comment' : 'word';
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
    const group = { kind: 'group', open: token.text, close: close!.text, space: token.space, block } as const;
    const flat =
      block && inner.items.length > 0 ? undefined : flatGroup(group.open, group.close, inner.items);
    items.push({ ...group, items: inner.items, flat });
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
  for (const [index, item] of items.entries()) {
    if (index === items.length - 1 && textOf(item) === ',') break;
    const part = isGroup(item) ? item.flat : isOwnLine(item) ? undefined : item.text;
    if (part === undefined || text.length + part.length > LONGEST) return undefined;
    text += spaceBefore(items, index) ? ` ${part}` : part;
  }
  return open === '{' && text !== '' ? `{ ${text} }` : open + text + close;
}
