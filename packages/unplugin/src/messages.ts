/** Diagnostics in the forms that bundlers have for errors, each with its place. */
import { resolve } from 'node:path';
import { positionAt, renderDiagnostic, type Diagnostic, type Span } from '@wittle/parser';
import type { EsbuildLocation, EsbuildMessage, RollupLog } from '#unplugin';

/**
 * For Rollup, Rolldown and Vite, which stop at the first error: it has the place and the frame, and its message all the
 * others.
 */
export function rollupLog([first, ...more]: readonly Diagnostic[], root: string): RollupLog {
  const { code, message, span, hint } = first!;
  const [, ...frame] = renderDiagnostic({ ...first!, hint: undefined }).split('\n');
  const way = hint === undefined ? '' : `\nhint: ${hint}`;
  const others = more.map((each) => `\n\n${renderDiagnostic(each)}`).join('');
  return {
    message: `[${code}] ${message}${way}${others === '' ? '' : `\n\nand ${count(more.length)}:${others}`}`,
    code: 'WIT',
    ...(span !== undefined && placeOf(span, root)),
    ...(frame.length > 0 && { frame: frame.join('\n') }),
  };
}

function placeOf(span: Span, root: string): Pick<RollupLog, 'id' | 'loc'> {
  const { line, column } = positionAt(span.source, span.start);
  const file = resolve(root, span.source.name);
  return { id: file, loc: { file, line, column: column - 1 } };
}

function count(more: number): string {
  return more === 1 ? '1 other' : `${more} others`;
}

/** For esbuild, which draws the frames itself. */
export function esbuildMessage({ code, message, span, related, hint }: Diagnostic): EsbuildMessage {
  const notes = related.map((each) => ({ text: each.message, location: esbuildLocation(each.span) }));
  const way = hint === undefined ? [] : [{ text: `hint: ${hint}`, location: null }];
  return {
    text: `[${code}] ${message}`,
    location: span === undefined ? null : esbuildLocation(span),
    notes: [...notes, ...way],
  };
}

function esbuildLocation({ source, start, end }: Span): EsbuildLocation {
  const { line } = positionAt(source, start);
  const from = source.text.lastIndexOf('\n', start - 1) + 1;
  const next = source.text.indexOf('\n', start);
  const to = next === -1 ? source.text.length : next;
  const lineText = source.text.slice(from, to).replace(/\r$/, '');
  return {
    file: source.name,
    line,
    column: Buffer.byteLength(source.text.slice(from, start)),
    length: Buffer.byteLength(source.text.slice(start, Math.max(start, Math.min(end, to)))),
    lineText,
  };
}

/** For webpack and Rspack, whose errors are text. */
export function webpackError(diagnostic: Diagnostic): Error {
  const error = new Error(renderDiagnostic(diagnostic));
  // It leads into this package, which helps nobody.
  error.stack = error.message;
  return Object.assign(error, { hideStack: true });
}
