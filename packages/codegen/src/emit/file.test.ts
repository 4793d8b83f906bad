/** Files and the imports that their names ask for. */
import { expect, test } from '@jest/globals';
import { code, type Name } from './code.ts';
import { printFile } from './file.ts';

const name = (text: string, from: string, more: Partial<Name> = {}): Name => ({
  kind: 'name',
  name: text,
  from,
  fromPackage: false,
  isType: false,
  ...more,
});
const print = (path: string, importSuffix: '.js' | '.ts' | '', ...pieces: readonly Name[]): string =>
  printFile(path, [code`${pieces.flatMap((piece) => [piece, ' '])}`], { header: '', importSuffix }).contents;

test('what a file declares itself is not imported', () => {
  expect(print('a/b', '.js', name('x', 'a/b'))).toBe('\nx \n');
});

test('imports come by package, then by path, each name once and in order', () => {
  const runtime = { fromPackage: true };
  const text = print(
    'imports/a/b',
    '.js',
    name('z', 'imports/a/c'),
    name('load', 'pkg', runtime),
    name('alloc', 'pkg', runtime),
    name('z', 'imports/a/c'),
    name('y', 'exports/q'),
    name('T', 'imports/d', { isType: true }),
  );
  expect(text.split('\n').slice(0, 4)).toEqual([
    "import { alloc, load } from 'pkg';",
    "import { y } from '../../exports/q.js';",
    "import type { T } from '../d.js';",
    "import { z } from './c.js';",
  ]);
});

test('types among values are marked', () => {
  expect(print('a', '', name('T', 'b', { isType: true }), name('x', 'b'))).toContain(
    "import { type T, x } from './b';",
  );
});

test('names that meet are given others', () => {
  const text = print(
    'a',
    '.ts',
    name('x', 'a'),
    name('x', 'b'),
    name('x', 'c'),
    name('Host', 'd', { alias: 'DHost' }),
  );
  expect(text).toContain("import { x as x_2 } from './b.ts';");
  expect(text).toContain("import { x as x_3 } from './c.ts';");
  expect(text).toContain("import { Host as DHost } from './d.ts';");
  expect(text).toContain('\nx x_2 x_3 DHost ');
});
