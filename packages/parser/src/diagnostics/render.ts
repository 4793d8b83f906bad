/** Diagnostics as text: with a snippet and a caret, as JSON, or as GitHub annotations. */
import { lineStarts, positionAt, type Span } from '../source.ts';
import type { Diagnostic } from './diagnostic.ts';

/** Several diagnostics, a blank line between them. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderDiagnostic).join('\n\n');
}

/**
 * One diagnostic for a terminal: `file:line:column: error[code]: message`, the line with the place underlined, the
 * related places, and the way out. Tabs, wide characters and very long lines keep the underline in its place.
 */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { code, severity, message, span, related, hint } = diagnostic;
  const parts = [`${place(span)}${severity}[${code}]: ${message}`];
  if (span !== undefined) parts.push(snippet(span, '^'));
  for (const each of related) parts.push(`  ${place(each.span)}${each.message}`, snippet(each.span, '-'));
  if (hint !== undefined) parts.push(`  hint: ${hint}`);
  return parts.filter((part) => part !== '').join('\n');
}

/** Diagnostics as data that survives JSON: `{ code, severity, message, file, line, column, endLine, … }`. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): readonly DiagnosticJson[] {
  return diagnostics.map(({ code, severity, message, span, related, hint }) => ({
    code,
    severity,
    message,
    ...placeJson(span),
    related: related.map((each) => ({ message: each.message, ...placeJson(each.span) })),
    ...(hint !== undefined && { hint }),
  }));
}

/** A diagnostic in {@link diagnosticsJson}; lines and columns count from 1, columns in Unicode scalar values. */
export interface DiagnosticJson extends PlaceJson {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly related: readonly (PlaceJson & { readonly message: string })[];
  readonly hint?: string;
}

/** A place as data: `file`, and line and column from 1 on. */
export interface PlaceJson {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** Diagnostics as commands that GitHub Actions turns into annotations, one a line. */
export function githubAnnotations(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ code, severity, message, span, hint }) => {
      const { file, line, column, endLine, endColumn } = placeJson(span);
      const where =
        file === undefined
          ? ''
          : `file=${property(file)},line=${line},endLine=${endLine},col=${column},endColumn=${endColumn},`;
      const text = hint === undefined ? message : `${message}\nhint: ${hint}`;
      return `::${severity} ${where}title=${property(code)}::${data(text)}`;
    })
    .join('\n');
}

function place(span: Span | undefined): string {
  if (span === undefined) return '';
  const { line, column } = positionAt(span.source, span.start);
  return `${span.source.name}:${line}:${column}: `;
}

function placeJson(span: Span | undefined): PlaceJson {
  if (span === undefined) return {};
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, Math.max(span.start, span.end));
  return {
    file: span.source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

const maxBefore = 60;
const maxWidth = 100;

// A window of the line around the place; each character is shown with a known width.
function snippet({ source, start, end }: Span, mark: string): string {
  const { line } = positionAt(source, start);
  const lineStart = lineStarts(source)[line - 1]!;
  const nextLine = lineStarts(source)[line] ?? source.text.length + 1;
  const lineEnd = Math.max(lineStart, Math.min(nextLine - 1, source.text.length));
  const before = lastScalars(source.text.slice(Math.max(lineStart, start - 2 * maxBefore), start), maxBefore);
  const isCutBefore = start - before.length > lineStart;
  const rest = source.text.slice(start, Math.min(lineEnd, start + 2 * maxWidth)).replace(/\r$/, '');
  const after = [...rest].slice(0, maxWidth).join('');
  const isCutAfter =
    start + after.length < lineEnd && !(source.text.slice(start + after.length, lineEnd) === '\r');
  const marked = after.slice(0, Math.max(0, Math.min(end, lineEnd) - start));

  const gutter = `${line}`.padStart(4);
  const shownBefore = (isCutBefore ? '…' : '') + shown(before);
  const text = shownBefore + shown(after) + (isCutAfter ? '…' : '');
  const underline = ' '.repeat(widthOf(shownBefore)) + mark.repeat(Math.max(1, widthOf(shown(marked))));
  return `${gutter} | ${text.trimEnd()}\n${' '.repeat(gutter.length)} | ${underline}`;
}

function lastScalars(text: string, count: number): string {
  return [...text].slice(-count).join('');
}

// A tab as spaces; what a terminal would act on as a placeholder.
function shown(text: string): string {
  return text.replace(/\t/g, '    ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : isWide(character) ? 2 : 1;
  return width;
}

// East Asian wide and full-width characters and emoji take two columns.
function isWide(character: string): boolean {
  const code = character.codePointAt(0)!;
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
