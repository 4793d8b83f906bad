/** The WIT that is shipped says what the published packages say: names, types, functions, worlds and gates. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { renderDiagnostics, type Diagnostic } from '@wittle/parser';
import { toJson } from '@wittle/parser/json';
import { loadPackage } from '@wittle/parser/node';

const shipped = fileURLToPath(new URL('../../../wit/wasi/0.2.12/', import.meta.url));
const published = fileURLToPath(new URL('../../../../shared/corpus/wasi/0.2.12/', import.meta.url));
const packages = readdirSync(shipped);

function model(folder: string, name: string): unknown {
  const { model: found, diagnostics } = loadPackage(`${folder}${name}`, {
    packages: [folder],
    allFeatures: true,
  });
  expect(rendered(diagnostics)).toBe('');
  return toJson(found!, { docs: false });
}

function rendered(diagnostics: readonly Diagnostic[]): string {
  return renderDiagnostics(diagnostics);
}

test('every package of WASI 0.2 is shipped', () => {
  expect(packages).toEqual(['cli', 'clocks', 'filesystem', 'http', 'io', 'random', 'sockets']);
});

describe('a shipped package', () => {
  test.each(packages)('wasi:%s resolves without a diagnostic', (name) => {
    expect(model(shipped, name)).toMatchObject({ packages: expect.any(Array) });
  });

  // The published packages are not part of this repository; they may lie beside it.
  const there = existsSync(published);
  const why = there ? '' : ' (skipped: the published packages are not beside this repository)';
  (there ? test : test.skip).each(packages)(
    `wasi:%s has the structure of the published one${why}`,
    (name) => {
      expect(readdirSync(published)).toEqual(packages);
      expect(model(shipped, name)).toEqual(model(published, name));
    },
  );
});
