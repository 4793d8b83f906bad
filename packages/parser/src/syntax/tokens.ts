/**
 * The tokens of WIT, for Chevrotain, and the function that makes them. WIT.md: "Lexical structure".
 *
 * The function is written by hand: Chevrotain's own lexer takes 10 ms to set up and 20 ms more for the first texts,
 * a quarter of what a program needs to read its WIT, and most of WIT's tokens are more than a regular expression.
 */
import { createToken, type IToken, type TokenType } from 'chevrotain';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source, Span } from '../source.ts';

/** A text as tokens. Comments stand beside them, by the offset of the token that they come before. */
export interface TokenizedSource {
  readonly tokens: IToken[];
  readonly comments: ReadonlyMap<number, readonly Comment[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A comment with its marks; one to the end of a line is without that end. */
export interface Comment {
  readonly image: string;
  readonly startOffset: number;
}

/** A text longer than this is rejected rather than read. */
export const maxSourceLength: number = 64 * 1024 * 1024;

/** Reports at most this many errors of each family in one file. */
export const maxErrorsPerSource: number = 100;

/** Splits a text into tokens; what cannot be a token is reported and left out. Linear in the text, never throws. */
export function tokenize(source: Source): TokenizedSource {
  if (source.text.length > maxSourceLength) {
    const span = { source, start: 0, end: 0 };
    const tooLarge = diagnostic('file-too-large', { limit: maxSourceLength }, span);
    return { tokens: [], comments: new Map(), diagnostics: [tooLarge] };
  }
  const diagnostics = forbiddenCharacters(source);
  const { tokens, comments, broken } = scan(source.text);
  for (const piece of broken) {
    if (diagnostics.length >= maxErrorsPerSource) break;
    const found = brokenPiece(source, piece);
    if (found !== undefined) diagnostics.push(found);
  }
  return { tokens, comments: commentsByToken(tokens, comments, source.text.length), diagnostics };
}

/** Whether a text has a character that WIT forbids anywhere, even in comments. */
export function hasForbiddenCharacter(text: string): boolean {
  return forbidden.test(text);
}

/** `tokenSpan` of a token that comes from `source`. */
export function tokenSpan(source: Source, token: IToken): Span {
  return { source, start: token.startOffset, end: token.startOffset + token.image.length };
}

// Written as code points: what is forbidden in WIT should not stand in this file either.
const bidirectional = characterClass([0x202a, 0x202e], [0x2066, 0x2069]);
const discouraged = characterClass(
  ...[0x0149, 0x0673, 0x0f77, 0x0f79, 0x17a3, 0x17a4, 0x17b4, 0x17b5].map((each) => [each, each] as const),
);
const control = characterClass([0x00, 0x08], [0x0b, 0x0c], [0x0e, 0x1f], [0x7f, 0x9f]);
const forbidden = new RegExp(`${control.source}|${bidirectional.source}|${discouraged.source}`);

const asciiWord = /[A-Za-z_-][0-9A-Za-z_-]*/y;
const wholeWord = /\p{XID_Start}[\p{XID_Continue}-]*/uy;
const restOfWord = /[\p{XID_Continue}-]+/uy;

function punctuation(name: string, text: string): TokenType {
  return createToken({ name, pattern: text, label: `\`${text}\`` });
}

export const Equals: TokenType = punctuation('Equals', '=');
export const Comma: TokenType = punctuation('Comma', ',');
export const Colon: TokenType = punctuation('Colon', ':');
export const Semicolon: TokenType = punctuation('Semicolon', ';');
export const LeftParen: TokenType = punctuation('LeftParen', '(');
export const RightParen: TokenType = punctuation('RightParen', ')');
export const LeftBrace: TokenType = punctuation('LeftBrace', '{');
export const RightBrace: TokenType = punctuation('RightBrace', '}');
export const LessThan: TokenType = punctuation('LessThan', '<');
export const GreaterThan: TokenType = punctuation('GreaterThan', '>');
export const Arrow: TokenType = punctuation('Arrow', '->');
export const Slash: TokenType = punctuation('Slash', '/');
export const Period: TokenType = punctuation('Period', '.');
export const At: TokenType = punctuation('At', '@');
// Operators that no production uses on their own.
const Star: TokenType = punctuation('Star', '*');
const Minus: TokenType = punctuation('Minus', '-');
const Plus: TokenType = punctuation('Plus', '+');

/** An identifier that is no keyword. What it may spell is checked later. */
export const Word: TokenType = createToken({ name: 'Word', label: 'an identifier' });
/** `%id`. */
export const ExplicitId: TokenType = createToken({ name: 'ExplicitId', label: 'an identifier' });
/** `valid-semver`; its numbers are checked later. */
export const Version: TokenType = createToken({ name: 'Version', label: 'a version such as `1.2.3`' });
export const Integer: TokenType = createToken({ name: 'Integer', label: 'a number' });
export const StringLiteral: TokenType = createToken({ name: 'StringLiteral', label: 'a string' });

function keyword(text: string): TokenType {
  return createToken({ name: `Keyword ${text}`, label: `\`${text}\`` });
}

export const As: TokenType = keyword('as');
export const Async: TokenType = keyword('async');
export const Bool: TokenType = keyword('bool');
export const Borrow: TokenType = keyword('borrow');
export const Char: TokenType = keyword('char');
export const Constructor: TokenType = keyword('constructor');
export const Enum: TokenType = keyword('enum');
export const ErrorContext: TokenType = keyword('error-context');
export const Export: TokenType = keyword('export');
export const F32: TokenType = keyword('f32');
export const F64: TokenType = keyword('f64');
export const Flags: TokenType = keyword('flags');
const From: TokenType = keyword('from');
export const Func: TokenType = keyword('func');
export const Future: TokenType = keyword('future');
export const Import: TokenType = keyword('import');
export const Include: TokenType = keyword('include');
export const Interface: TokenType = keyword('interface');
export const List: TokenType = keyword('list');
export const Map_: TokenType = keyword('map');
export const Option: TokenType = keyword('option');
export const Own: TokenType = keyword('own');
export const Package: TokenType = keyword('package');
export const Record: TokenType = keyword('record');
export const Resource: TokenType = keyword('resource');
export const Result: TokenType = keyword('result');
export const S16: TokenType = keyword('s16');
export const S32: TokenType = keyword('s32');
export const S64: TokenType = keyword('s64');
export const S8: TokenType = keyword('s8');
export const Static: TokenType = keyword('static');
export const Stream: TokenType = keyword('stream');
export const String_: TokenType = keyword('string');
export const Tuple: TokenType = keyword('tuple');
export const Type: TokenType = keyword('type');
export const U16: TokenType = keyword('u16');
export const U32: TokenType = keyword('u32');
export const U64: TokenType = keyword('u64');
export const U8: TokenType = keyword('u8');
export const Underscore: TokenType = keyword('_');
export const Use: TokenType = keyword('use');
export const Variant: TokenType = keyword('variant');
export const With: TokenType = keyword('with');
export const World: TokenType = keyword('world');

// Words that mean something only right after `@`.
export const Since: TokenType = keyword('since');
export const Unstable: TokenType = keyword('unstable');
export const Deprecated: TokenType = keyword('deprecated');
export const ExternalId: TokenType = keyword('external-id');

const keywords: readonly TokenType[] = [
  ...[As, Async, Bool, Borrow, Char, Constructor, Enum, ErrorContext, Export, F32, F64, Flags, From, Func],
  ...[Future, Import, Include, Interface, List, Map_, Option, Own, Package, Record, Resource, Result],
  ...[S16, S32, S64, S8, Static, Stream, String_, Tuple, Type, U16, U32, U64, U8, Underscore, Use, Variant],
  ...[With, World],
];
const attributes: readonly TokenType[] = [Since, Unstable, Deprecated, ExternalId];

const punctuations: readonly TokenType[] = [
  ...[Arrow, Equals, Comma, Colon, Semicolon, LeftParen, RightParen, LeftBrace, RightBrace, LessThan],
  ...[GreaterThan, Star, Slash, Period, At, Minus, Plus],
];

/** Every token that the grammar can meet. */
export const allTokens: TokenType[] = [
  ...[Word, ExplicitId, Version, Integer, StringLiteral],
  ...punctuations,
  ...keywords,
  ...attributes,
];

const keywordBySpelling = bySpelling(keywords);
const attributeBySpelling = bySpelling(attributes);

/** The words that an identifier must escape as `%word`. */
export function isKeyword(word: string): boolean {
  return keywordBySpelling.has(word);
}

function bySpelling(types: readonly TokenType[]): ReadonlyMap<string, TokenType> {
  return new Map(types.map((type) => [type.name.slice('Keyword '.length), type]));
}

const punctuationBySpelling: ReadonlyMap<string, TokenType> = new Map(
  punctuations.map((type) => [type.PATTERN as string, type]),
);

/** What is no token: its kind says why. */
interface BrokenPiece extends Comment {
  readonly kind: 'comment' | 'string' | 'character';
}

interface Scan {
  readonly tokens: IToken[];
  readonly comments: readonly Comment[];
  readonly broken: readonly BrokenPiece[];
}

// Each step consumes at least one character, and none is looked at more than a few times.
function scan(text: string): Scan {
  const tokens: IToken[] = [];
  const comments: Comment[] = [];
  const broken: BrokenPiece[] = [];
  const space = /[ \t\r\n]+/y;
  const toLineEnd = /[^\n]*/y;
  const digits = /\d+/y;
  let afterAt = false;
  // A byte order mark may stand at the very beginning.
  for (let at = text.startsWith('\u{feff}') ? 1 : 0; at < text.length;) {
    space.lastIndex = at;
    if (space.test(text)) at = space.lastIndex;
    if (at >= text.length) break;
    const first = text[at]!;
    let type: TokenType | undefined;
    let end = at;
    if (isWordStart(text.charCodeAt(at))) {
      end = wordEnd(text, at, false);
      const word = text.slice(at, end);
      type = end === at ? undefined : ((afterAt ? attributeBySpelling : keywordBySpelling).get(word) ?? Word);
    } else if (first === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      if (text[at + 1] === '/') {
        toLineEnd.lastIndex = at;
        toLineEnd.test(text);
        end = toLineEnd.lastIndex;
      } else {
        end = blockCommentEnd(text, at);
      }
      const startOffset = at;
      at = end < 0 ? text.length : end;
      const image = text.slice(startOffset, at);
      if (end < 0) broken.push({ kind: 'comment', image, startOffset });
      else comments.push({ image, startOffset });
      continue;
    } else if (first === '-' && text[at + 1] === '>') {
      type = Arrow;
      end = at + 2;
    } else if (first >= '0' && first <= '9') {
      end = versionEnd(text, at);
      type = end < 0 ? Integer : Version;
      if (end < 0) {
        digits.lastIndex = at;
        digits.test(text);
        end = digits.lastIndex;
      }
    } else if (first === '%') {
      type = ExplicitId;
      end = wordEnd(text, at + 1, true);
    } else if (first === '"') {
      type = StringLiteral;
      end = stringEnd(text, at);
      if (end < 0) {
        toLineEnd.lastIndex = at;
        toLineEnd.test(text);
        const image = text.slice(at, toLineEnd.lastIndex);
        broken.push({ kind: 'string', image, startOffset: at });
        at = toLineEnd.lastIndex;
        continue;
      }
    } else {
      type = punctuationBySpelling.get(first);
      end = at + 1;
    }
    if (type === undefined) {
      const image = String.fromCodePoint(text.codePointAt(at)!);
      broken.push({ kind: 'character', image, startOffset: at });
      at += image.length;
      continue;
    }
    const image = text.slice(at, end);
    tokens.push({ image, startOffset: at, tokenTypeIdx: type.tokenTypeIdx!, tokenType: type } as IToken);
    afterAt = type === At;
    at = end;
  }
  return { tokens, comments, broken };
}

// A letter, `_`, or something beyond ASCII that may be a letter.
function isWordStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code >= 0x80;
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

// Letters of all scripts are read as part of a word, so that it can be reported as a whole.
function wordEnd(text: string, start: number, mayBeHyphen: boolean): number {
  asciiWord.lastIndex = start;
  const isAscii = asciiWord.test(text) && (mayBeHyphen || text[start] !== '-');
  const end = isAscii ? asciiWord.lastIndex : start;
  if (!(text.charCodeAt(end) >= 0x80)) return end;
  const anyWord = isAscii ? restOfWord : wholeWord;
  anyWord.lastIndex = end;
  return anyWord.test(text) ? anyWord.lastIndex : end;
}

function versionEnd(text: string, start: number): number {
  const core = /\d+\.\d+\.\d+/y;
  core.lastIndex = start;
  return core.test(text) ? versionSuffix(text, versionSuffix(text, core.lastIndex, '-'), '+') : -1;
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

// Those after the last token stand at the end of the text.
function commentsByToken(
  tokens: readonly IToken[],
  comments: readonly Comment[],
  end: number,
): ReadonlyMap<number, readonly Comment[]> {
  const found = new Map<number, Comment[]>();
  let next = 0;
  for (const comment of comments) {
    while (next < tokens.length && tokens[next]!.startOffset < comment.startOffset) next++;
    const at = tokens[next]?.startOffset ?? end;
    const before = found.get(at);
    if (before === undefined) found.set(at, [comment]);
    else before.push(comment);
  }
  return found;
}

function characterClass(...ranges: readonly (readonly [number, number])[]): RegExp {
  const escape = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
  return new RegExp(`[${ranges.map(([first, last]) => `${escape(first)}-${escape(last)}`).join('')}]`);
}

function forbiddenCharacters(source: Source): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const everyOne = new RegExp(forbidden, 'g');
  for (
    let found = everyOne.exec(source.text);
    found !== null && diagnostics.length < maxErrorsPerSource;
    found = everyOne.exec(source.text)
  ) {
    const character = found[0];
    const why = bidirectional.test(character)
      ? 'it changes the direction of the text around it'
      : discouraged.test(character)
        ? 'Unicode discourages its use'
        : 'it is a control character';
    const span = { source, start: found.index, end: found.index + 1 };
    diagnostics.push(diagnostic('forbidden-character', { character: quoteCharacter(character), why }, span));
  }
  return diagnostics;
}

// Forbidden characters have been reported already; of a run of unexpected ones the first is enough.
function brokenPiece(
  source: Source,
  { kind, image, startOffset: start }: BrokenPiece,
): Diagnostic | undefined {
  if (kind === 'comment') {
    const hint = 'block comments nest: close each `/*` with a `*/`';
    return diagnostic('unterminated-comment', {}, { source, start, end: start + 2 }, { hint });
  }
  const span = { source, start, end: start + 1 };
  if (kind === 'string') {
    const end = start + image.length;
    const related = [{ message: 'the string begins here', span }];
    const hint = 'a string ends with `"` on the same line';
    return diagnostic('unterminated-string', {}, { source, start: end, end }, { related, hint });
  }
  if (forbidden.test(image) || source.text[start - 1] === image) return undefined;
  return diagnostic('unexpected-character', { character: quoteCharacter(image) }, span);
}

function quoteCharacter(character: string): string {
  const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return forbidden.test(character) ? code : `\`${character}\` (${code})`;
}
