/** What in a text is declared where in the WIT, carried through layout. */
import type { Span } from '@wittle/parser';
import { is, isOwnLine, SEPARATOR, textOf, tokenize } from './tokens.ts';

/** A name, or the end of a declaration; offsets are in UTF-16 code units. */
export type Mark = NameMark | EndMark;

interface NameMark {
  readonly kind: 'name';
  readonly start: number;
  readonly end: number;
  readonly span: Span;
}

interface EndMark {
  readonly kind: 'end';
  readonly end: number;
  readonly span: Span;
}

/**
 * The marks in `text`, where they are once it is laid out as `laid`. Layout moves tokens, adds and leaves out separators
 * and the first bar of a union, and nothing else; an emitter is wrong where it did more.
 */
export function moveMarks(text: string, laid: string, marks: readonly Mark[]): readonly Mark[] {
  const before = places(text);
  const after = places(laid);
  if (before.length !== after.length || before.some(({ text: of }, at) => of !== after[at]!.text)) {
    throw new Error('layout has changed more than layout');
  }
  const moved = (offset: number, isStart: boolean): number => {
    const at = tokenAt(before, offset, isStart);
    // Behind a token there may be white space, and separators that layout has moved.
    return after[at]!.start + Math.min(offset - before[at]!.start, before[at]!.text.length);
  };
  return marks.map((mark) => {
    if (mark.kind === 'name') return { ...mark, start: moved(mark.start, true), end: moved(mark.end, false) };
    const end = moved(mark.end, false);
    // A declaration has its separator, whether it was there before or not.
    return { ...mark, end: /[;,]/.test(laid.charAt(end)) ? end + 1 : end };
  });
}

/** A mark further on in a text. */
export function shifted(mark: Mark, by: number): Mark {
  const end = mark.end + by;
  return mark.kind === 'name' ? { ...mark, start: mark.start + by, end } : { ...mark, end };
}

interface Place {
  readonly text: string;
  readonly start: number;
}

function places(text: string): readonly Place[] {
  const tokens = tokenize(text);
  const { kinds, starts, count } = tokens;
  const found: Place[] = [];
  for (let token = 0; token < count; token++) {
    if (kinds[token] === SEPARATOR || is(tokens, token, '|')) continue;
    const start = starts[token]!;
    // Only the lines of a comment are laid out anew.
    const isComment = isOwnLine(tokens, token) || text.startsWith('/*', start);
    found.push({ text: isComment ? '/*' : textOf(tokens, token), start });
  }
  return found;
}

/** The last token that begins before an offset, or at it when something starts there. */
function tokenAt(tokens: readonly Place[], offset: number, isStart: boolean): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const { start } = tokens[middle]!;
    if (isStart ? start <= offset : start < offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
