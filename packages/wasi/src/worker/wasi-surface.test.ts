/** What is written down of WASI here, against the code that was generated from its WIT. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createWasi } from '../wasi.ts';
import { describe } from './shapes.ts';
import { wasiServeOptions } from './wasi-surface.ts';

const generated = new URL('../generated/imports/', import.meta.url);

test('the functions that take resources for good are known, with the positions', () => {
  const found: Record<string, number[]> = {};
  for (const file of readdirSync(generated, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(new URL(file, generated), 'utf8');
    /** Functions of the file that lift values with resources in them. */
    const lifting = [...source.matchAll(/^export function (lift\w+)\((?:.|\n)*?^}/gm)]
      .filter(([text]) => text.includes('liftOwn('))
      .map(([, name]) => name!);
    const moving = new RegExp(`\\$\\$(?:${['liftOwn', ...lifting].join('|')})\\(`);
    for (const text of source.split(/^ +(?:functions: \[\{)?\n? +name: '/m).slice(1)) {
      const [, path, body] = /^ +host: \[(.*)\],\n((?:.|\n)*?)(?:^\}|$(?![^]))/m.exec(text) ?? [];
      if (path === undefined) continue;
      const positions = argumentsOf(body!).flatMap((text, index) => (moving.test(text) ? [index] : []));
      const keys = path.replaceAll("'", '').replace('prototype, ', '').replaceAll(', ', '.');
      if (positions.length > 0) found[`${file.replace(/\.ts$/, '').replace('/', ':')}.${keys}`] = positions;
    }
  }
  expect(found).toEqual(wasiServeOptions.moves);
});

test('everything that is named is there', () => {
  using wasi = createWasi();
  const { callables } = describe(wasi.imports);
  const paths = callables.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(Object.keys(wasiServeOptions.moves!)));
  const without = describe(wasi.imports, wasiServeOptions.leaveOut).callables.map(({ path }) => path);
  expect(paths.filter((path) => !without.includes(path))).toEqual([
    'wasi:filesystem/types.Descriptor.readInto',
    'wasi:filesystem/types.Descriptor.writeFrom',
    'wasi:filesystem/types.Descriptor.appendFrom',
    'wasi:filesystem/types.Descriptor.appended',
  ]);
});

/** The arguments of the call to the host in a core function: everything that lifts, in order. */
function argumentsOf(body: string): string[] {
  return body
    .split('\n')
    .filter((line) => !/as \w+\)\.\w+\($/.test(line))
    .flatMap((line) => [...line.matchAll(/\$\$lift(?!Lent)\w*\(/g)].map(([text]) => text));
}
