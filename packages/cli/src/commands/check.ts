/** `wittle check`: says everything that is wrong with WIT. */
import {
  diagnosticsJson,
  githubAnnotations,
  hasErrors,
  renderDiagnostics,
  type Diagnostic,
} from '@wittle/parser';
import type { LoadedPackage } from '@wittle/parser/node';
import { now } from '../clock.ts';
import { inOrder } from '../diagnose.ts';
import { choice, featureOptions, type Command, type FeatureArgs, type GlobalArgs } from '../options.ts';
import { count } from '../words.ts';
import { loadWit } from '../wit-input.ts';

interface CheckArgs extends FeatureArgs, GlobalArgs {
  readonly wit: readonly string[];
  readonly format: string | undefined;
}

/** All diagnostics of all inputs, on standard output, as it is the report that was asked for. */
export const check: Command<CheckArgs> = {
  declare: (yargs) =>
    yargs
      .positional('wit', {
        description: 'Files, components, directories or names of shipped packages',
        type: 'string',
        array: true,
        demandOption: true,
      })
      .options({ format: choice('format', 'How to report', ['pretty', 'json', 'github']), ...featureOptions })
      .example('$0 wit', 'Check the package in a directory, with its deps/')
      .example('$0 a.wit b.wit --format github', 'Annotations for a CI run of GitHub'),
  run: async (args, io) => {
    const started = now();
    const loaded = await Promise.all(args.wit.map((wit) => loadWit(wit, args, io)));
    const diagnostics = inOrder(distinct(loaded.flatMap((each) => each.diagnostics)));
    const report = reportAs(args.format, diagnostics);
    if (report !== '') io.stdout(`${report}\n`);
    if (args.format !== 'json' && !args.quiet) io.stdout(`${summary(loaded, diagnostics, started)}\n`);
    return hasErrors(diagnostics) ? 1 : 0;
  },
};

// Two inputs may share a dependency: what is wrong in there is said once.
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const known = new Map<string, Diagnostic>();
  for (const each of diagnostics) {
    const key = JSON.stringify(diagnosticsJson([each]));
    if (!known.has(key)) known.set(key, each);
  }
  return [...known.values()];
}

function reportAs(format: string | undefined, diagnostics: readonly Diagnostic[]): string {
  if (format === 'json') return JSON.stringify(diagnosticsJson(diagnostics), null, 2);
  if (format === 'github') return githubAnnotations(diagnostics);
  return renderDiagnostics(diagnostics);
}

function summary(
  loaded: readonly LoadedPackage[],
  diagnostics: readonly Diagnostic[],
  started: number,
): string {
  const errors = diagnostics.filter((each) => each.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const files = new Set(loaded.flatMap((each) => each.files)).size;
  const milliseconds = Math.round(now() - started);
  const found = [
    ...(errors > 0 || warnings === 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return `checked ${count(files, 'file')} in ${milliseconds} ms: ${errors + warnings === 0 ? 'no mistakes' : found.join(', ')}`;
}
