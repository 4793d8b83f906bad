/**
 * Text to text: each folder of `cases/<topic>/` holds the files of a package (and `deps/`, a file a package) and what
 * comes of them: `expected.json`, the model, or `expected.txt`, the diagnostics. `RECORD=1` writes them anew.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { renderDiagnostics, resolve, type Source } from '../src/index.ts';
import { toJson } from '../src/json/index.ts';
import { catalogue } from '../src/diagnostics/codes.ts';

const folder = join(import.meta.dirname, 'cases');
const isRecording = process.env['RECORD'] === '1';

for (const topic of readdirSync(folder)) {
  describe(topic, () => {
    test.each(readdirSync(join(folder, topic)))('%s', (name) => {
      const directory = join(folder, topic, name);
      const actual = run(directory);
      const file = join(directory, actual.file);
      const other = join(directory, actual.file === 'expected.json' ? 'expected.txt' : 'expected.json');
      if (isRecording) {
        rmSync(other, { force: true });
        writeFileSync(file, actual.text);
      }
      expect(existsSync(other)).toBe(false);
      expect(actual.text).toBe(readFileSync(file, 'utf8'));
    });
  });
}

describe('the catalogue of diagnostics', () => {
  // These come from choosing a world, from the disk or from very large texts, and are tested there.
  const elsewhere = [
    ...[
      'file-too-large',
      'too-many-world-items',
      'no-worlds',
      'ambiguous-world',
      'ambiguous-package-version',
    ],
    ...['invalid-world-name', 'no-wit-files', 'unreadable-file', 'binary-package', 'invalid-binary'],
    ...['invalid-utf8', 'too-many-files'],
  ];
  const codes = Object.keys(catalogue).filter((code) => !elsewhere.includes(code));

  test('has a folder for each code, and each folder has a code', () => {
    expect(readdirSync(join(folder, 'reject')).toSorted()).toEqual(codes.toSorted());
  });

  test.each(codes)('%s has a case that is rejected with it', (code) => {
    const text = readFileSync(join(folder, 'reject', code, 'expected.txt'), 'utf8');
    expect(text).toContain(`error[${code}]`);
  });

  test.each(elsewhere)('%s is tested where it comes from', (code) => {
    const source = join(folder, '../../src');
    const tests = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.test.ts'),
    );
    expect(tests.some((name) => readFileSync(join(source, name), 'utf8').includes(`'${code}`))).toBe(true);
  });
});

function run(directory: string): { readonly file: string; readonly text: string } {
  const deps = join(directory, 'deps');
  const { model, diagnostics } = resolve(
    { sources: read(directory, ''), dependencies: read(deps, 'deps/').map((source) => [source]) },
    { features: ['active'] },
  );
  if (model === undefined) return { file: 'expected.txt', text: `${renderDiagnostics(diagnostics)}\n` };
  return { file: 'expected.json', text: `${JSON.stringify(toJson(model), null, 2)}\n` };
}

function read(directory: string, prefix: string): readonly Source[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.wit'))
    .sort()
    .map((name) => ({ name: prefix + name, text: readFileSync(join(directory, name), 'utf8') }));
}
