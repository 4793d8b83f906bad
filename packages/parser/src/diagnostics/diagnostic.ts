/** What is wrong with the user's WIT, as data: code, severity, message, place, related places and a way out. */
import type { Span } from '../source.ts';
import { catalogue, type DiagnosticArguments, type DiagnosticCode } from './codes.ts';

/** An error forbids a result; a warning does not. */
export type Severity = 'error' | 'warning';

/** One finding. `span` is `undefined` only when there is no place to point at (a folder without any WIT file). */
export interface Diagnostic {
  /** One of the catalogue's, or of a tool that reports findings of its own in this form. */
  readonly code: DiagnosticCode | (string & {});
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span | undefined;
  /** Other places that explain it: the earlier definition, the brace that is still open. */
  readonly related: readonly RelatedPlace[];
  /** The way out: did-you-mean, what exists, what to write instead. */
  readonly hint: string | undefined;
}

/** A place that helps to understand a finding, and why. */
export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}

/** Where findings go while a text is parsed or resolved. */
export type Report = (diagnostic: Diagnostic) => void;

/** Makes a finding; the arguments must be those of the code's message. */
export function diagnostic<Code extends DiagnosticCode>(
  code: Code,
  args: DiagnosticArguments[Code],
  span: Span | undefined,
  more: { readonly related?: readonly RelatedPlace[]; readonly hint?: string | undefined } = {},
): Diagnostic {
  const { severity, message } = catalogue[code];
  const { related = [], hint } = more;
  return { code, severity, message: message(shortened(args)), span, related, hint };
}

/** Whether any finding forbids a result. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

// A name may be as long as a file.
function shortened<Arguments extends object>(args: Arguments): Arguments {
  const entries = Object.entries(args).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' && value.length > 200 ? `${value.slice(0, 200)}…` : value,
  ]);
  return Object.fromEntries(entries) as Arguments;
}
