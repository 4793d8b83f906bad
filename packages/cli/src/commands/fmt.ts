/** `wittle fmt`: lays WIT files out, all in the same way, with every comment in its place. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { format, renderDiagnostics } from '@wittle/parser';
import { failure, reasonOf } from '../failure.ts';
import type { Io } from '../io.ts';
import type { Command, GlobalArgs } from '../options.ts';
import { count } from '../words.ts';

interface FmtArgs extends GlobalArgs {
  readonly wit: readonly string[];
  readonly check: boolean | undefined;
}

/** Rewrites the files that change; a file with errors stays as it is and is reported. */
export const fmt: Command<FmtArgs> = {
  declare: (yargs) =>
    yargs
      .positional('wit', {
        description: 'Files, or directories: their .wit files and those of folders in them, but not of deps/',
        type: 'string',
        array: true,
        demandOption: true,
      })
      .options({
        check: { description: 'Write nothing; exit with 1 if a file would change', type: 'boolean' },
      })
      .example('$0 wit', 'Lay out all files of a package')
      .example('$0 wit --check', 'For CI: are they laid out?'),
  run: (args, io) => {
    const files = [...new Set(args.wit.flatMap((wit) => filesAt(inCwd(wit, io), wit)))];
    const outcomes = files.map((file) => formatFile(file, args.check === true, io));
    const changed = files.filter((_, index) => outcomes[index] === 'changed');
    if (args.quiet !== true) {
      for (const file of changed) io.stdout(`${file}\n`);
      const verb = args.check === true ? 'would change' : 'changed';
      io.stdout(`${count(changed.length, 'file')} of ${files.length} ${verb}\n`);
    }
    return outcomes.includes('broken') || (args.check === true && changed.length > 0) ? 1 : 0;
  },
};

function formatFile(file: string, isCheck: boolean, io: Io): 'same' | 'changed' | 'broken' {
  const bytes = reading(file, () => readFileSync(file));
  if (bytes.subarray(0, 4).toString('latin1') === '\0asm') {
    throw failure(`${file} is WebAssembly, not WIT text`, `\`wittle wit ${file}\` prints what it declares`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw failure(`${file} is not UTF-8 text`);
  }
  const { text: formatted, diagnostics } = format({ name: file, text });
  if (diagnostics.length > 0) {
    io.stderr(`${renderDiagnostics(diagnostics)}\n`);
    return 'broken';
  }
  if (formatted === text) return 'same';
  if (!isCheck) reading(file, () => writeFileSync(file, formatted));
  return 'changed';
}

function filesAt(path: string, shown: string): readonly string[] {
  if (!reading(shown, () => statSync(path)).isDirectory()) return [path];
  const files = witFilesIn(path);
  if (files.length === 0) throw failure(`no .wit files in ${shown}`);
  return files;
}

// What is in `deps/` belongs to others. Links are not followed, so that there is an end.
function witFilesIn(directory: string): readonly string[] {
  const entries = reading(directory, () => readdirSync(directory, { withFileTypes: true }));
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return entry.name === 'deps' ? [] : witFilesIn(path);
      return entry.isFile() && entry.name.endsWith('.wit') ? [path] : [];
    });
}

function inCwd(path: string, io: Io): string {
  return isAbsolute(path) || io.cwd === process.cwd() ? path : join(io.cwd, path);
}

function reading<Result>(file: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw failure(`cannot format ${file}: ${reasonOf(error)}`);
  }
}
