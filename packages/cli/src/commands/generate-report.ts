/** What `wittle generate` says of a build: for people, as JSON, or as annotations for GitHub. */
import { diagnosticsJson, githubAnnotations, renderDiagnostics, type Diagnostic } from '@wittle/parser';
import { generatedIn, isUpToDate, type BuildResult, type OutputResult } from '../build/build.ts';
import { finding, inOrder } from '../diagnose.ts';
import type { Io } from '../io.ts';
import type { FileState } from '../output-survey.ts';
import { count } from '../words.ts';

/** How to report. */
export type Format = 'pretty' | 'json' | 'github';

/** What a build was asked to do. */
export interface ReportOptions {
  readonly quiet: boolean;
  /** Nothing was written. */
  readonly check: boolean;
}

/** Reports one build after the other. */
export interface Reporter {
  readonly build: (result: BuildResult) => void;
  /** All is built and watched. */
  readonly ready: () => void;
}

/**
 * What was asked for goes to standard output, mistakes to standard error. The first build is told in full, each later
 * one in a line beside its mistakes.
 */
export function reporter(format: Format, { quiet, check }: ReportOptions, io: Io): Reporter {
  const json = (value: object): void => io.stdout(`${JSON.stringify(value)}\n`);
  if (format === 'json') {
    return { build: (result) => json(resultJson(result, check)), ready: () => json({ event: 'ready' }) };
  }
  let isFirst = true;
  const build = (result: BuildResult): void => {
    const diagnostics = diagnosticsOf(result);
    if (format === 'github') {
      const found = [...diagnostics, ...(check ? outdated(result) : [])];
      if (found.length > 0) io.stdout(`${githubAnnotations(found)}\n`);
    } else if (diagnostics.length > 0) io.stderr(`${renderDiagnostics(diagnostics)}\n`);
    const lines = check ? checkLines(result, format) : isFirst ? writeLines(result) : rebuiltLines(result);
    for (const { text, isNeeded } of lines) if (isNeeded || !quiet) io.stdout(`${text}\n`);
    isFirst = false;
  };
  const ready = (): void => {
    if (!quiet) io.stdout('watching for changes; interrupt to end\n');
  };
  return { build, ready };
}

function diagnosticsOf({ diagnostics, projects }: BuildResult): readonly Diagnostic[] {
  return inOrder([...diagnostics, ...projects.flatMap((each) => each.diagnostics)]);
}

/** A build as data: its shape is documented in docs/configuration.md. */
function resultJson(result: BuildResult, check: boolean): object {
  return {
    event: 'build',
    ok: result.ok,
    check,
    milliseconds: rounded(result.milliseconds),
    projects: result.projects.map((project) => ({
      name: project.name,
      ok: project.ok,
      milliseconds: rounded(project.milliseconds),
      outputs: project.outputs.map(({ target, world, directory, files, milliseconds }) => ({
        target,
        world,
        directory,
        files,
        milliseconds: rounded(milliseconds),
      })),
      diagnostics: diagnosticsJson(project.diagnostics),
      dependencies: project.dependencies,
    })),
    diagnostics: diagnosticsJson(result.diagnostics),
    dependencies: result.dependencies,
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function rebuiltLines(result: BuildResult): readonly Line[] {
  const time = `in ${Math.round(result.milliseconds)} ms`;
  const names = result.projects.flatMap(({ name }) => (name === '' ? [] : [name])).join(', ');
  const what = names === '' ? '' : ` ${names}`;
  if (!result.ok) {
    const errors = diagnosticsOf(result).filter(({ severity }) => severity === 'error').length;
    return [
      {
        text: `failed${what} ${time}: ${count(errors, 'error')}; its files stay as they were`,
        isNeeded: false,
      },
    ];
  }
  const outputs = result.projects.flatMap((each) => each.outputs);
  const changed = outputs.flatMap(changedIn).length;
  const total = outputs.flatMap(generatedIn).length;
  const text = `generated${what} again ${time}: ${changed === 0 ? 'nothing changed' : `${changed} of ${count(total, 'file')} changed`}`;
  return [
    ...outputs.flatMap((each) => leftAlone(each).filter(({ isNeeded }) => isNeeded)),
    { text, isNeeded: false },
  ];
}

function changedIn(output: OutputResult): OutputResult['files'] {
  return generatedIn(output).filter(({ state }) => state === 'missing' || state === 'stale');
}

interface Line {
  readonly text: string;
  /** It is said even when nothing else is. */
  readonly isNeeded: boolean;
}

function writeLines(result: BuildResult): readonly Line[] {
  const outputs = result.projects.flatMap(({ ok, outputs: all }) => (ok ? all : []));
  // One output is all that the time was for.
  const isOne = outputs.length === 1 && result.projects.length === 1;
  return outputs.flatMap((output) => [
    ...leftAlone(output),
    { text: summary(output, isOne ? result.milliseconds : output.milliseconds), isNeeded: false },
  ]);
}

function summary(output: OutputResult, milliseconds: number): string {
  const { world, shown, lines } = output;
  const files = generatedIn(output);
  const changed = changedIn(output).length;
  const removed = output.files.filter(({ state }) => state === 'extra').length;
  const isNew = changed === files.length;
  const changes = [
    ...(changed === 0 && removed === 0 ? ['nothing changed'] : []),
    ...(changed > 0 && !isNew ? [`${changed} changed`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
  ];
  const more = changes.length === 0 ? '' : ` (${changes.join(', ')})`;
  return `generated ${count(files.length, 'file')} (${count(lines, 'line')}) for ${world} into ${shown} in ${Math.round(milliseconds)} ms${more}`;
}

function leftAlone({ files, shown }: OutputResult): readonly Line[] {
  return files.flatMap(({ path, state }): readonly Line[] => {
    if (state === 'kept')
      return [{ text: `left alone: ${shown}${path}, which has been changed`, isNeeded: false }];
    if (state !== 'edited') return [];
    return [
      {
        text: `left alone: ${shown}${path}, which is not generated any more but has been changed: remove it yourself`,
        isNeeded: true,
      },
    ];
  });
}

function checkLines(result: BuildResult, format: Format): readonly Line[] {
  const outputs = result.projects.flatMap((each) => each.outputs);
  const wrong = outputs.flatMap((output) =>
    statesOf(output).map(({ path, state }) => ({ path: `${output.shown}${path}`, state })),
  );
  const lines =
    format === 'github'
      ? []
      : wrong.map(({ path, state }) => ({ text: `${state.padEnd(7)} ${path}`, isNeeded: true }));
  const total = outputs.reduce((sum, output) => sum + generatedIn(output).length, 0);
  const time = `in ${Math.round(result.milliseconds)} ms`;
  if (wrong.length > 0) {
    const states = (['stale', 'missing', 'extra', 'edited'] satisfies FileState[]).flatMap((state) => {
      const amount = wrong.filter((each) => each.state === state).length;
      return amount === 0 ? [] : [`${amount} ${state}`];
    });
    const text = `checked ${count(total, 'file')} ${time}: ${states.join(', ')}; \`wittle generate\` without --check mends it`;
    return [...lines, { text, isNeeded: true }];
  }
  if (!result.ok) return [];
  return [{ text: `checked ${count(total, 'file')} ${time}: all as generated`, isNeeded: false }];
}

function statesOf(output: OutputResult): OutputResult['files'] {
  return isUpToDate(output)
    ? []
    : output.files.filter(({ state }) => state !== 'unchanged' && state !== 'kept');
}

/** As findings that stand at the files. */
function outdated({ projects }: BuildResult): readonly Diagnostic[] {
  return projects.flatMap(({ outputs }) =>
    outputs.flatMap((output) =>
      statesOf(output).map(({ path, state }) => {
        const span = { source: { name: `${output.shown}${path}`, text: '' }, start: 0, end: 0 };
        return finding('not-as-generated', `${state}: not what \`wittle generate\` writes`, span, undefined);
      }),
    ),
  );
}
