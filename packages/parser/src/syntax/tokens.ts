/**
 * The tokens of WIT and the function that makes them, by hand: a lexer out of regular expressions takes longer to set
 * up than most texts take to read, and most of WIT's tokens are more than a regular expression. WIT.md: "Lexical
 * structure".
 */
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../source.ts';
import type { PrimitiveName } from './ast.ts';
import { forbiddenCharacters, hasForbiddenCharacter, quoteCharacter } from './forbidden-characters.ts';

/** A text as tokens. Comments stand beside them, by the offset of the token that they come before. */
export interface TokenizedSource {
  /** The last one is of kind `End`. */
  readonly tokens: readonly Token[];
  readonly comments: ReadonlyMap<number, readonly Comment[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A piece of text that means something, from `start` up to `end` in UTF-16 code units. */
export interface Token {
  readonly kind: TokenKind;
  /** As it is written. */
  readonly image: string;
  readonly start: number;
  readonly end: number;
}

/** A comment with its marks; one to the end of a line is without that end. */
export interface Comment {
  readonly image: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What a token is: tokens that are spelled in one way are their own kind.
 *
 * - `Word`: an identifier that is no keyword. What it may spell is checked later.
 * - `ExplicitId`: `%id`.
 * - `Version`: `valid-semver`; its numbers are checked later.
 * - `End`: what comes after the last token.
 */
export type TokenKind =
  | Punctuation
  | Keyword
  | AttributeName
  | 'Word'
  | 'ExplicitId'
  | 'Version'
  | 'Integer'
  | 'StringLiteral'
  | 'End';

type Punctuation = (typeof punctuation)[number] | '->';
type Keyword =
  | PrimitiveName
  | (typeof genericTypes)[number]
  | (typeof definitions)[number]
  | (typeof items)[number]
  | (typeof otherKeywords)[number];
type AttributeName = (typeof attributeNames)[number];

/** A text longer than this is rejected rather than read. */
export const maxSourceLength: number = 64 * 1024 * 1024;

/** Reports at most this many errors of each family in one file. */
export const maxErrorsPerSource: number = 100;

/** The keywords of the primitive types. */
export const primitiveTypes: readonly PrimitiveName[] = [
  ...(['bool', 'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64'] as const),
  ...(['f32', 'f64', 'char', 'string', 'error-context'] as const),
];

/** The keywords of the types that are made of others, and of handles. */
export const genericTypes = [
  'list',
  'option',
  'result',
  'tuple',
  'map',
  'future',
  'stream',
  'own',
  'borrow',
] as const;

/** Words that mean something only right after `@`. */
export const attributeNames = ['since', 'unstable', 'deprecated', 'external-id'] as const;

/** Splits a text into tokens; what cannot be a token is reported and left out. Linear in the text, never throws. */
export function tokenize(source: Source): TokenizedSource {
  if (source.text.length > maxSourceLength) {
    const span = { source, start: 0, end: 0 };
    const tooLarge = diagnostic('file-too-large', { limit: maxSourceLength }, span);
    return { tokens: [endOf(source.text)], comments: new Map(), diagnostics: [tooLarge] };
  }
  const diagnostics = forbiddenCharacters(source, maxErrorsPerSource);
  const { tokens, comments, broken } = scan(source.text);
  for (const piece of broken) {
    if (diagnostics.length >= maxErrorsPerSource) break;
    const found = brokenPiece(source, piece);
    if (found !== undefined) diagnostics.push(found);
  }
  return { tokens, comments, diagnostics };
}

/** The words that an identifier must escape as `%word`. */
export function isKeyword(word: string): boolean {
  return keywordOf.has(word);
}

// The last three are operators that no production uses on their own.
const punctuation = ['=', ',', ':', ';', '(', ')', '{', '}', '<', '>', '/', '.', '@', '*', '-', '+'] as const;

const definitions = ['type', 'record', 'flags', 'variant', 'enum', 'resource'] as const;
const items = ['package', 'interface', 'world', 'use', 'import', 'export', 'include'] as const;
const otherKeywords = ['as', 'async', 'constructor', 'from', 'func', 'static', 'with', '_'] as const;

const punctuationOf: readonly (Punctuation | undefined)[] = byCharacter(punctuation);
const keywordOf = bySpelling([
  ...primitiveTypes,
  ...genericTypes,
  ...definitions,
  ...items,
  ...otherKeywords,
]);
const attributeNameOf = bySpelling(attributeNames);

function byCharacter(characters: readonly Punctuation[]): readonly (Punctuation | undefined)[] {
  const table: (Punctuation | undefined)[] = [];
  for (const each of characters) table[each.charCodeAt(0)] = each;
  return table;
}

function bySpelling<Kind extends TokenKind>(kinds: readonly Kind[]): ReadonlyMap<string, Kind> {
  return new Map(kinds.map((each) => [each, each]));
}

/** What is no token: its kind says why. */
interface BrokenPiece extends Comment {
  readonly kind: 'comment' | 'string' | 'character';
}

interface Scan {
  readonly tokens: readonly Token[];
  readonly comments: ReadonlyMap<number, readonly Comment[]>;
  readonly broken: readonly BrokenPiece[];
}

// Each step consumes at least one character, and none is looked at more than a few times.
function scan(text: string): Scan {
  const tokens: Token[] = [];
  const comments = new Map<number, Comment[]>();
  const broken: BrokenPiece[] = [];
  let waiting: Comment[] = [];
  let isAfterAt = false;
  // A byte order mark may stand at the very beginning.
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    const code = text.charCodeAt(start);
    if (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d) {
      start++;
      continue;
    }
    let kind: TokenKind | undefined;
    let image: string | undefined;
    let end = start + 1;
    if (isWordStart(code)) {
      end = wordEnd(text, start);
      image = text.slice(start, end);
      if (end > start) kind = (isAfterAt ? attributeNameOf : keywordOf).get(image) ?? 'Word';
    } else if (code === slash && isCommentMark(text.charCodeAt(end))) {
      end = commentEnd(text, start);
      const isClosed = end >= 0;
      if (!isClosed) end = text.length;
      const comment = { image: text.slice(start, end), start, end };
      if (isClosed) waiting.push(comment);
      else broken.push({ kind: 'comment', ...comment });
      start = end;
      continue;
    } else if (isDigit(code)) {
      end = digitsEnd(text, start);
      const version = versionEnd(text, end);
      kind = version < 0 ? 'Integer' : 'Version';
      if (version >= 0) end = version;
    } else if (code === percent) {
      kind = 'ExplicitId';
      end = wordEnd(text, start + 1);
    } else if (code === quote) {
      end = stringEnd(text, start);
      if (end < 0) {
        end = lineEnd(text, start);
        broken.push({ kind: 'string', image: text.slice(start, end), start, end });
        start = end;
        continue;
      }
      kind = 'StringLiteral';
    } else if (code === hyphen && text.charCodeAt(end) === greaterThan) {
      kind = image = '->';
      end = start + 2;
    } else {
      kind = image = punctuationOf[code];
    }
    if (kind === undefined) {
      image = String.fromCodePoint(text.codePointAt(start)!);
      end = start + image.length;
      broken.push({ kind: 'character', image, start, end });
      start = end;
      continue;
    }
    tokens.push({ kind, image: image ?? text.slice(start, end), start, end });
    if (waiting.length > 0) {
      comments.set(start, waiting);
      waiting = [];
    }
    isAfterAt = kind === '@';
    start = end;
  }
  if (waiting.length > 0) comments.set(text.length, waiting);
  tokens.push(endOf(text));
  return { tokens, comments, broken };
}

function endOf({ length }: string): Token {
  return { kind: 'End', image: '', start: length, end: length };
}

const quote = 0x22;
const percent = 0x25;
const asterisk = 0x2a;
const hyphen = 0x2d;
const slash = 0x2f;
const greaterThan = 0x3e;
const underscore = 0x5f;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

// A letter, `_`, or something beyond ASCII that may be a letter.
function isWordStart(code: number): boolean {
  return isAsciiLetter(code) || code >= 0x80;
}

function isAsciiLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === underscore;
}

function isCommentMark(code: number): boolean {
  return code === slash || code === asterisk;
}

/** Where the comment that begins at `start` ends; -1 when it does not. */
function commentEnd(text: string, start: number): number {
  return text.charCodeAt(start + 1) === slash ? lineEnd(text, start) : blockCommentEnd(text, start);
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

// Nested comments are counted, not recursed into.
function blockCommentEnd(text: string, start: number): number {
  const delimiter = /\/\*|\*\//g;
  delimiter.lastIndex = start + 2;
  for (let depth = 1; depth > 0;) {
    const found = delimiter.exec(text);
    if (found === null) return -1;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return delimiter.lastIndex;
}

const asciiWord = /[A-Za-z_-][0-9A-Za-z_-]*/y;
const wholeWord = /\p{XID_Start}[\p{XID_Continue}-]*/uy;
const restOfWord = /[\p{XID_Continue}-]+/uy;

/** Where the word that begins at `start` ends; `start` when none does. */
// Letters of all scripts are read as part of a word, so that it can be reported as a whole.
function wordEnd(text: string, start: number): number {
  asciiWord.lastIndex = start;
  const end = asciiWord.test(text) ? asciiWord.lastIndex : start;
  if (end === text.length || text.charCodeAt(end) < 0x80) return end;
  const anyWord = end > start ? restOfWord : wholeWord;
  anyWord.lastIndex = end;
  return anyWord.test(text) ? anyWord.lastIndex : end;
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Where the version whose first number ends at `major` ends; -1 when it is only a number. */
function versionEnd(text: string, major: number): number {
  if (text[major] !== '.') return -1;
  const minor = digitsEnd(text, major + 1);
  if (minor === major + 1 || text[minor] !== '.') return -1;
  const patch = digitsEnd(text, minor + 1);
  if (patch === minor + 1) return -1;
  return versionSuffix(text, versionSuffix(text, patch, '-'), '+');
}

// `-rc.1` or `+build.5`. A dot that nothing follows is not part of it: `a:b@1.0.0-rc.{c}`.
function versionSuffix(text: string, start: number, mark: string): number {
  if (text[start] !== mark) return start;
  const identifier = /[0-9A-Za-z-]+/y;
  let end = start;
  do {
    identifier.lastIndex = end + 1;
    if (!identifier.test(text)) break;
    end = identifier.lastIndex;
  } while (text[end] === '.');
  return end;
}

function stringEnd(text: string, start: number): number {
  const stop = /["\\\n]/g;
  stop.lastIndex = start + 1;
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    if (found[0] === '"') return stop.lastIndex;
    if (found[0] === '\n' || text[stop.lastIndex] === '\n') return -1;
    stop.lastIndex++;
  }
  return -1;
}

// Forbidden characters have been reported already; of a run of unexpected ones the first is enough.
function brokenPiece(source: Source, { kind, image, start, end }: BrokenPiece): Diagnostic | undefined {
  if (kind === 'comment') {
    const hint = 'block comments nest: close each `/*` with a `*/`';
    return diagnostic('unterminated-comment', {}, { source, start, end: start + 2 }, { hint });
  }
  const span = { source, start, end: start + 1 };
  if (kind === 'string') {
    const related = [{ message: 'the string begins here', span }];
    const hint = 'a string ends with `"` on the same line';
    return diagnostic('unterminated-string', {}, { source, start: end, end }, { related, hint });
  }
  if (hasForbiddenCharacter(image) || source.text[start - 1] === image) return undefined;
  return diagnostic('unexpected-character', { character: quoteCharacter(image) }, span);
}
