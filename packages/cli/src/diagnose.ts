/** Findings of this program in the parser's form, so that all are printed alike. */
import { renderDiagnostics, type Diagnostic } from '@wittle/parser';
import { Failure } from './failure.ts';

/** Mistakes in WIT as what stops a command: each with its place and snippet. */
export function diagnosed(diagnostics: readonly Diagnostic[]): Failure {
  return new Failure(renderDiagnostics(inOrder(diagnostics)));
}

/** File by file, and in each from top to bottom: mistakes of different kinds are found at different times. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ span }) => span?.source.name))];
  return diagnostics.toSorted(
    (a, b) =>
      files.indexOf(a.span?.source.name) - files.indexOf(b.span?.source.name) ||
      (a.span?.start ?? 0) - (b.span?.start ?? 0),
  );
}

/** A finding that the parser does not know: codes are those of targets and of this program. */
export function finding(
  code: string,
  message: string,
  span: Diagnostic['span'],
  hint: string | undefined,
): Diagnostic {
  return { code, severity: 'error', message, span, related: [], hint };
}
