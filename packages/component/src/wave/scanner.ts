/** Tokens of WAVE. Reference: the lexical part of the grammar in `wave_ebnf.md`. */
import { WaveError } from './wave-error.ts';

/** `word` is a label or keyword with its `%`; `end` is the end of the text. */
export type TokenKind =
  | '('
  | ')'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | ':'
  | 'number'
  | 'word'
  | 'char'
  | 'string'
  | 'multiline string'
  | 'end';

/** Places in UTF-16 code units. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** Words that mean something themselves: a case of that name is written with a `%`. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  'true',
  'false',
  'inf',
  'nan',
  'some',
  'none',
  'ok',
  'err',
]);

const BLANKS: ReadonlySet<string> = new Set(' \t\n\r');
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|-inf/y;
const WORD = /%?[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*/y;
/** What nobody would write directly behind a number or word: `12abc`, `-infinity`. */
const GLUED = /[-+.%\w]+/y;
const CHAR = /'(?:\\[^\n])?[^'\\\n]*'/y;

/** Goes through a text one token at a time, with one token of look-ahead; blanks and comments are skipped. */
export class Scanner {
  readonly text: string;
  #at: number;
  readonly #end: number;
  #next: Token | undefined;

  /** Reads from `start` to `end`; errors name places in the whole text. */
  constructor(text: string, start = 0, end: number = text.length) {
    this.text = text;
    this.#at = start;
    this.#end = end;
  }

  peek(): Token {
    return (this.#next ??= this.#scan());
  }

  next(): Token {
    const token = this.peek();
    this.#next = undefined;
    return token;
  }

  /** Takes the next token if it is of this kind. */
  take(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.next() : undefined;
  }

  /** Takes the next token, which has to be of this kind. */
  expect(kind: TokenKind, expected = `\`${kind}\``): Token {
    return this.take(kind) ?? this.unexpected(expected);
  }

  /** The token as it is written. */
  slice({ start, end }: Token): string {
    return this.text.slice(start, end);
  }

  /** Refuses the next token: `expected X, found Y`. */
  unexpected(expected: string, { kind, start, end }: Token = this.peek()): never {
    const atEnd = this.#end < this.text.length ? 'the end of the argument' : 'the end';
    const found = kind === 'end' ? atEnd : shown(this.text.slice(start, end));
    this.fail(`expected ${expected}, found ${found}`, start, end);
  }

  fail(reason: string, start: number, end: number): never {
    throw new WaveError(reason, this.text, start, end);
  }

  #scan(): Token {
    const { text } = this;
    this.#skip();
    const start = this.#at;
    if (start >= this.#end) return { kind: 'end', start, end: start };
    const character = text[start]!;
    if ('()[]{},:'.includes(character)) return this.#token(character as TokenKind, start + 1);
    if (character === '"') {
      return text.startsWith('"""', start) ? this.#multilineString() : this.#string();
    }
    if (character === "'") return this.#char();
    const kind = /[-0-9]/.test(character) ? 'number' : 'word';
    const pattern = kind === 'number' ? NUMBER : WORD;
    const end = match(pattern, text, start) ?? start;
    const glued = match(GLUED, text, end);
    if (end === start || glued !== undefined) {
      const stop = glued ?? start + String.fromCodePoint(text.codePointAt(start)!).length;
      this.fail(`${shown(text.slice(start, stop))} is neither a number nor a name`, start, stop);
    }
    return this.#token(kind, end);
  }

  #token(kind: TokenKind, end: number): Token {
    const start = this.#at;
    if (end > this.#end) this.fail('this never ends', start, this.#end);
    this.#at = end;
    return { kind, start, end };
  }

  #skip(): void {
    while (this.#at < this.#end) {
      if (BLANKS.has(this.text[this.#at]!)) this.#at++;
      else if (this.text.startsWith('//', this.#at)) {
        const lineEnd = this.text.indexOf('\n', this.#at);
        this.#at = lineEnd < 0 ? this.#end : Math.min(lineEnd, this.#end);
      } else return;
    }
  }

  #string(): Token {
    const { text } = this;
    for (let at = this.#at + 1; at < this.#end; at++) {
      const character = text[at];
      if (character === '"') return this.#token('string', at + 1);
      if (character === '\n') break;
      if (character === '\\') at++;
    }
    return this.fail(
      'the string has no `"` at its end; a line break is written `\\n`, or in `"""`',
      this.#at,
      this.#at + 1,
    );
  }

  #multilineString(): Token {
    const close = this.text.indexOf('"""', this.#at + 3);
    if (close < 0) this.fail('the string has no `"""` at its end', this.#at, this.#at + 3);
    return this.#token('multiline string', close + 3);
  }

  #char(): Token {
    const end = match(CHAR, this.text, this.#at);
    if (end === undefined) {
      this.fail(
        "a char is one character between `'`; `'` and `\\` are written `\\'` and `\\\\`",
        this.#at,
        this.#at + 1,
      );
    }
    return this.#token('char', end);
  }
}

/** Where a sticky pattern that begins at `at` ends. */
function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function shown(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const isWhole = line.length === text.length && line.length <= 40;
  return `\`${isWhole ? text : `${line.slice(0, 40)}…`}\``;
}
