/** The tokens of a file as its grammar walks over them: what comes, what must come, and what is said when it does not. */
import { closest } from '../../diagnostics/closest.ts';
import type { DiagnosticArguments, DiagnosticCode } from '../../diagnostics/codes.ts';
import { diagnostic, type RelatedPlace, type Report } from '../../diagnostics/diagnostic.ts';
import type { Source, Span } from '../../source.ts';
import type { DocsNode } from '../ast.ts';
import { docsText } from '../docs.ts';
import { describeKind, describeToken } from '../error-messages.ts';
import {
  genericTypes,
  isKeyword,
  maxErrorsPerSource,
  type Comment,
  type Token,
  type TokenizedSource,
  type TokenKind,
} from '../tokens.ts';

/** Thrown when a mistake has been reported and only the next item can help. */
export const skipItem: unique symbol = Symbol('skip this item');
/** Thrown when there are too many mistakes, or too deep a nesting, to go on. */
export const giveUp: unique symbol = Symbol('too many errors');

/** What a finding has beside its message. */
export interface More {
  readonly related?: readonly RelatedPlace[];
  readonly hint?: string | undefined;
}

/** A place among the tokens of one file. */
export class Cursor {
  readonly source: Source;
  /** The token that comes; at the end, one of kind `End`. */
  next: Token;
  /** The token before it; at the beginning, that of kind `End`. */
  last: Token;
  /** The index of `next`. */
  at = 0;
  /** How many types `next` is in. */
  typeDepth = 0;
  /** How many packages in braces `next` is in. */
  packageDepth = 0;
  /** The words in what was skipped. */
  readonly lostNames: Set<string> = new Set();

  readonly #tokens: readonly Token[];
  readonly #comments: ReadonlyMap<number, readonly Comment[]>;
  readonly #report: Report;
  #errorCount = 0;
  #lastErrorOffset = -1;

  constructor(source: Source, { tokens, comments }: TokenizedSource, report: Report) {
    this.source = source;
    this.#tokens = tokens;
    this.#comments = comments;
    this.#report = report;
    this.next = tokens[0]!;
    this.last = tokens.at(-1)!;
  }

  /** A token by its index. */
  tokenAt(index: number): Token {
    return this.#tokens[index]!;
  }

  /** Whether such a token comes. */
  is(kind: TokenKind): boolean {
    return this.next.kind === kind;
  }

  /** Takes the token that comes, which is not the end. */
  take(): Token {
    const token = this.next;
    this.last = token;
    this.next = this.#tokens[++this.at]!;
    return token;
  }

  /** Takes the token that comes if it is such a one, and says whether it was. */
  takeIf(kind: TokenKind): boolean {
    if (this.next.kind !== kind) return false;
    this.take();
    return true;
  }

  /** Takes a token that must come here. */
  expect(kind: TokenKind): Token {
    return this.next.kind === kind ? this.take() : this.unexpected(describeKind(kind));
  }

  /** A semicolon; when it is missing at the end of a line, only that is reported. */
  expectSemicolon(): void {
    if (this.takeIf(';')) return;
    const { end } = this.last;
    const isLineEnd = this.is('End') || this.source.text.slice(end, this.next.start).includes('\n');
    const related = isLineEnd
      ? [{ message: 'the `;` belongs here', span: { source: this.source, start: end, end } }]
      : [];
    this.reportNext('`;`', { related });
    if (!isLineEnd) throw skipItem;
  }

  /** The closing brace of a body; when it is missing, the body ends before the next top-level item. */
  expectClosing(open: Token, members: string): void {
    if (!this.is('End') && !this.startsTopLevelItem()) {
      this.expect('}');
      return;
    }
    const related = [{ message: 'this brace is never closed', span: this.spanOf(open) }];
    this.reportNext(`${members} or \`}\``, { related });
  }

  /** Members with commas between and perhaps after them, up to `end`, which is left. */
  membersUntil<Member>(
    end: TokenKind,
    starts: (cursor: Cursor) => boolean,
    read: (cursor: Cursor) => Member,
  ): readonly Member[] {
    const members: Member[] = [];
    while (starts(this)) {
      members.push(read(this));
      if (!this.takeIf(',') && !this.is(end)) this.reportNext(`\`,\` or ${describeKind(end)}`);
    }
    return members;
  }

  /** `interface`, `world` or `package` in the first column is no part of the item before it. */
  startsTopLevelItem(): boolean {
    const { kind, start } = this.next;
    if (kind !== 'interface' && kind !== 'world' && kind !== 'package') return false;
    return start === 0 || this.source.text[start - 1] === '\n';
  }

  // Places and docs

  /** The place of a token. */
  spanOf({ start, end }: Token): Span {
    return { source: this.source, start, end };
  }

  /** From an offset to the end of the token before. */
  spanFrom(start: number): Span {
    return { source: this.source, start, end: this.last.end };
  }

  /** The comments before a token. */
  docsBefore(token: Token): DocsNode | undefined {
    const comments = this.#comments.get(token.start);
    if (comments === undefined) return undefined;
    const span = { source: this.source, start: comments[0]!.start, end: comments.at(-1)!.end };
    return { kind: 'docs', span, text: docsText(comments.map(({ image }) => image)) };
  }

  // Reports

  /** Reports that something else was expected, and ends the item. */
  unexpected(expected: string): never {
    this.reportNext(expected, { hint: hintFor(expected, this.next) });
    throw skipItem;
  }

  /** Reports what is wrong with the token that comes, and ends the item. */
  fail<Code extends DiagnosticCode>(code: Code, args: DiagnosticArguments[Code]): never {
    this.report(code, args, this.spanOf(this.next));
    throw skipItem;
  }

  /** Reports that something else was expected than the token that comes. */
  reportNext(expected: string, more: More = {}): void {
    const args = { expected, found: describeToken(this.next) };
    const hint = more.hint ?? (this.is('<') ? this.#argumentsHint() : undefined);
    this.report('unexpected-token', args, this.spanOf(this.next), { ...more, hint });
  }

  /** Reports a mistake. After too many of them it throws `giveUp`. */
  report<Code extends DiagnosticCode>(
    code: Code,
    args: DiagnosticArguments[Code],
    span: Span,
    more: More = {},
  ): void {
    // A second complaint about the same token says nothing new.
    if (span.start === this.#lastErrorOffset) return;
    this.#lastErrorOffset = span.start;
    this.#report(diagnostic(code, args, span, more));
    this.#errorCount++;
    if (this.#errorCount < maxErrorsPerSource) return;
    this.#report(diagnostic('too-many-errors', { limit: maxErrorsPerSource }, span));
    throw giveUp;
  }

  // `futur<u8>`: the name before the `<` takes no arguments, but may be meant for one that does.
  #argumentsHint(): string | undefined {
    const near = this.last.kind === 'Word' ? closest(this.last.image, genericTypes) : undefined;
    return near && `did you mean \`${near}<…>\`?`;
  }
}

function hintFor(expected: string, { kind, image }: Token): string | undefined {
  if (isKeyword(image) && expected === 'an identifier') {
    return `\`${image}\` is a keyword; as a name it is written \`%${image}\``;
  }
  if (kind !== 'Word') return undefined;
  const words = [...expected.matchAll(/`([a-z-]+)`/g)].map((match) => match[1]!);
  const near = closest(image, words);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}
