/** Findings of this program in the parser's form, so that all are printed alike. */
import { renderDiagnostics, type Diagnostic } from '@wittle/parser';
import { Failure } from './failure.ts';

/** Mistakes in WIT as what stops a command: each with its place and snippet. */
export function diagnosed(diagnostics: readonly Diagnostic[]): Failure {
  return new Failure(renderDiagnostics(diagnostics));
}

/** A finding that the parser does not know: codes are those of targets and of this program. */
export function finding(
  code: string,
  message: string,
  span: Diagnostic['span'],
  hint: string | undefined,
): Diagnostic {
  return { code: code as Diagnostic['code'], severity: 'error', message, span, related: [], hint };
}
