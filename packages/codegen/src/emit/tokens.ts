/**
 * Generated TypeScript as tokens, and how these stand in brackets: what the layout works on.
 *
 * The glue of a large world has fifty thousand tokens, so they are numbers in arrays. An item is a token, or all that is
 * between two brackets; it goes by the index of its first token. A list of items is a range of indices.
 */

export interface Tokens {
  readonly text: string;
  readonly count: number;
  /** Of each token: {@link OPEN} and so on. */
  readonly kinds: Uint8Array;
  /** {@link SPACED} and so on. */
  readonly flags: Uint8Array;
  /** Where it begins and ends in the text. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Of an opening bracket, the closing one; and the other way around. */
  readonly partners: Int32Array;
  /** How many characters the item has on one line, or {@link NEVER}. */
  readonly widths: Int32Array;
}

/** A word, an operator, a literal or a comment in the middle of a line. */
const WORD = 0;
export const OPEN = 1;
const CLOSE = 2;
/** `;` or `,`. */
export const SEPARATOR = 3;
/** A comment that stands on lines of its own; `/** …` is one with docs. */
const COMMENT = 4;
export const DOCS = 5;

/** White space stood before it. */
export const SPACED = 1;
/** An opening brace that is around statements or members, not around an object or a type in place. */
const BLOCK = 2;
/** The item reads on one line as it stands in the text. */
export const AS_IS = 4;

/** The width of what cannot be on one line, or would be longer than any. */
export const NEVER = -1;

/** A group with more text than this is never on one line. */
const LONGEST = 200;

const SPACE = 6;
const QUOTE = 7;
const SLASH = 8;

/** What each of the first 128 characters begins. */
const BEGINNINGS: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (' \n\t\r'.includes(character)) return SPACE;
  if ('({['.includes(character)) return OPEN;
  if (')}]'.includes(character)) return CLOSE;
  if (';,'.includes(character)) return SEPARATOR;
  if ('\'"`'.includes(character)) return QUOTE;
  return character === '/' ? SLASH : WORD;
});

/**
 * The tokens of a text. Throws at a literal or comment without end, and where brackets do not match: an emitter is wrong
 * then.
 */
export function tokenize(text: string): Tokens {
  let tokens = withRoom({ text, count: 0, ...noTokens }, (text.length >> 2) + 8);
  const open: number[] = [];
  let index = 0;
  let flags = 0;
  for (let at = 0; at < text.length;) {
    const beginning = beginningAt(text, at);
    if (beginning === SPACE) {
      flags = SPACED;
      at++;
      continue;
    }
    const end = endOfToken(text, at, beginning);
    if (end < 0) throw new Error(`generated code does not end what begins with: ${text.slice(at, at + 40)}`);
    if (index === tokens.kinds.length) tokens = withRoom(tokens, index * 2);
    const kind = beginning < SPACE ? beginning : beginning === QUOTE ? WORD : slashKind(text, at, end);
    tokens.kinds[index] = kind;
    tokens.flags[index] = kind < COMMENT && kind !== OPEN ? flags | AS_IS : flags;
    tokens.starts[index] = at;
    tokens.ends[index] = end;
    tokens.widths[index] = kind < COMMENT && kind !== OPEN ? end - at : NEVER;
    flags = 0;
    if (kind === OPEN) open.push(index);
    else if (kind === CLOSE) closeGroup(tokens, open, index);
    at = end;
    index++;
  }
  if (open.length > 0) throw unclosed(tokens, open.at(-1)!);
  return { ...tokens, count: index };
}

const noTokens = {
  kinds: new Uint8Array(0),
  flags: new Uint8Array(0),
  starts: new Int32Array(0),
  ends: new Int32Array(0),
  partners: new Int32Array(0),
  widths: new Int32Array(0),
};

function withRoom(tokens: Tokens, room: number): Tokens {
  const bytes = (of: Uint8Array): Uint8Array => {
    const larger = new Uint8Array(room);
    larger.set(of);
    return larger;
  };
  const numbers = (of: Int32Array): Int32Array => {
    const larger = new Int32Array(room);
    larger.set(of);
    return larger;
  };
  return {
    text: tokens.text,
    count: tokens.count,
    kinds: bytes(tokens.kinds),
    flags: bytes(tokens.flags),
    starts: numbers(tokens.starts),
    ends: numbers(tokens.ends),
    partners: numbers(tokens.partners),
    widths: numbers(tokens.widths),
  };
}

function closeGroup(tokens: Tokens, open: number[], closing: number): void {
  const { text, starts, partners, flags } = tokens;
  const opening = open.pop();
  if (opening === undefined) throw new Error(`generated code has a ${text[starts[closing]!]} too many`);
  // `(` and `)` are next to each other, `[` and `]` as `{` and `}` have one character between them.
  const distance = text.charCodeAt(starts[closing]!) - text.charCodeAt(starts[opening]!);
  if (distance !== 1 && distance !== 2) throw unclosed(tokens, opening);
  partners[opening] = closing;
  partners[closing] = opening;
  const isBrace = text[starts[opening]!] === '{';
  if (isBrace && isBlock(tokens, opening, closing, open.at(-1))) flags[opening]! |= BLOCK;
  measure(tokens, opening, closing, isBrace);
}

function unclosed({ text, starts }: Tokens, opening: number): Error {
  return new Error(`generated code has an open ${text[starts[opening]!]}`);
}

function beginningAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? BEGINNINGS[code]! : WORD;
}

/** Negative where there is no end. */
function endOfToken(text: string, at: number, beginning: number): number {
  if (beginning === WORD) {
    let end = at + 1;
    while (end < text.length && beginningAt(text, end) === WORD) end++;
    return end;
  }
  if (beginning === QUOTE) return literalEnd(text, at);
  if (beginning !== SLASH) return at + 1;
  const next = text.charCodeAt(at + 1);
  if (next === 0x2f) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (next !== 0x2a) return at + 1;
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? -1 : end + 2;
}

function literalEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === quote) return end + 1;
    if (code === 0x5c) end++;
    if (text.charCodeAt(end) === 0x0a && quote !== 0x60) return -1;
  }
  return -1;
}

function slashKind(text: string, at: number, end: number): number {
  if (end === at + 1) return WORD;
  if (text.charCodeAt(at + 1) === 0x2f) return COMMENT;
  return text.startsWith('/**', at) ? DOCS : WORD;
}

/** The item behind this one. */
export function after({ kinds, partners }: Tokens, item: number): number {
  return kinds[item] === OPEN ? partners[item]! + 1 : item + 1;
}

/** The item before this one, if it is not the first between its brackets. */
export function before({ kinds, partners }: Tokens, item: number): number | undefined {
  if (item === 0 || kinds[item - 1] === OPEN) return undefined;
  return kinds[item - 1] === CLOSE ? partners[item - 1]! : item - 1;
}

/** Whether a token has this text. */
export function is({ text, starts, ends }: Tokens, token: number, word: string): boolean {
  const start = starts[token]!;
  return ends[token]! - start === word.length && text.startsWith(word, start);
}

export function textOf({ text, starts, ends }: Tokens, token: number): string {
  return text.slice(starts[token], ends[token]);
}

/** A comment that stands on lines of its own. */
export function isOwnLine({ kinds }: Tokens, item: number): boolean {
  return kinds[item]! >= COMMENT;
}

export function isBlockAt({ flags }: Tokens, item: number): boolean {
  return (flags[item]! & BLOCK) !== 0;
}

/** Whether there is a space between an item and the one before it on a line; `first` is where its list begins. */
export function spaceBefore({ kinds, flags }: Tokens, item: number, first: number): boolean {
  if (item === first || kinds[item] === SEPARATOR) return false;
  return (flags[item]! & (SPACED | BLOCK)) !== 0 || kinds[item - 1] === SEPARATOR;
}

/** Where the items of a group end that are printed on one line: a comma behind the last is not. */
export function endOnLine({ kinds, text, starts }: Tokens, closing: number): number {
  const isComma = kinds[closing - 1] === SEPARATOR && text[starts[closing - 1]!] === ',';
  return isComma ? closing - 1 : closing;
}

/** Whether what stands in the text before an item is a space, or nothing, and the item itself reads as it stands there. */
export function standsAsIs({ flags, starts, ends, text }: Tokens, item: number, space: boolean): boolean {
  const set = flags[item]!;
  if ((set & AS_IS) === 0) return false;
  if (!space) return (set & SPACED) === 0;
  const start = starts[item]!;
  return start === ends[item - 1]! + 1 && text.charCodeAt(start - 1) === 0x20;
}

/** Finds out what a group is on one line. */
function measure(tokens: Tokens, opening: number, closing: number, isBrace: boolean): void {
  const { widths, flags } = tokens;
  const first = opening + 1;
  if (first === closing) {
    widths[opening] = 2;
    if ((flags[closing]! & SPACED) === 0) flags[opening]! |= AS_IS;
    return;
  }
  if (isBlockAt(tokens, opening)) return;
  const end = endOnLine(tokens, closing);
  let width = 0;
  let same = end === closing;
  for (let item = first; item < end; item = after(tokens, item)) {
    const part = widths[item]!;
    if (part === NEVER || width + part > LONGEST) return;
    const space = spaceBefore(tokens, item, first);
    width += space ? part + 1 : part;
    same &&= standsAsIs(tokens, item, space || (isBrace && item === first));
  }
  const padded = isBrace && width > 0;
  widths[opening] = width + (padded ? 4 : 2);
  if (same && standsAsIs(tokens, closing, padded)) flags[opening]! |= AS_IS;
}

/** Whether braces are around statements or members; `parent` is the bracket around them. */
function isBlock(tokens: Tokens, opening: number, closing: number, parent: number | undefined): boolean {
  const { text, starts, kinds } = tokens;
  if (opensBlock(tokens, opening, parent === undefined || text[starts[parent]!] === '{')) return true;
  for (let item = opening + 1; item < closing; item = after(tokens, item)) {
    if (kinds[item] === DOCS) return true;
  }
  return false;
}

function opensBlock(tokens: Tokens, opening: number, inBlock: boolean): boolean {
  const { kinds, text, ends } = tokens;
  const previous = before(tokens, opening);
  if (previous === undefined || isOwnLine(tokens, previous)) return inBlock;
  // Behind parameters, or a result type that ends in brackets.
  if (kinds[previous] === OPEN) return true;
  const word = textOf(tokens, previous);
  if (word.startsWith('/*')) return inBlock;
  if (BEFORE_BLOCK.has(word)) return true;
  if (word === ':') return isCaseLabel(tokens, previous);
  return !'=|&<,(?:'.includes(text[ends[previous]! - 1]!) && !BEFORE_VALUE.has(word);
}

const BEFORE_BLOCK: ReadonlySet<string> = new Set([';', '=>', 'try', 'else', 'finally']);
const BEFORE_VALUE: ReadonlySet<string> = new Set(
  'return import type export as from extends new throw in of const let readonly'.split(' '),
);

function isCaseLabel(tokens: Tokens, colon: number): boolean {
  const { kinds } = tokens;
  for (let at = before(tokens, colon); at !== undefined; at = before(tokens, at)) {
    if (is(tokens, at, 'case') || is(tokens, at, 'default')) return true;
    if (kinds[at] === SEPARATOR || kinds[at] === OPEN) return false;
  }
  return false;
}
