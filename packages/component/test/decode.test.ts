/**
 * Binary to text: each folder of `decode/` holds a component, what it was made from, and what comes of it: `expected.wit`
 * or `expected.txt`, the problem. `RECORD=1` writes them anew; `decode/rebuild.mjs` makes the components.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { format, resolve } from '@wittle/parser';
import { decodeComponent } from '../src/index.ts';

const folder = join(import.meta.dirname, 'decode');
const isRecording = process.env['RECORD'] === '1';
const cases = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());

test.each(cases)('%s', (name) => {
  const actual = run(new Uint8Array(readFileSync(join(folder, name, 'component.wasm'))));
  const file = join(folder, name, actual.file);
  const other = join(folder, name, actual.file === 'expected.wit' ? 'expected.txt' : 'expected.wit');
  if (isRecording) {
    rmSync(other, { force: true });
    writeFileSync(file, actual.text);
  }
  expect(existsSync(other)).toBe(false);
  expect(actual.text).toBe(readFileSync(file, 'utf8'));
});

function run(bytes: Uint8Array): { readonly file: string; readonly text: string } {
  const { wit, problem } = decodeComponent(bytes);
  if (wit === undefined) {
    return { file: 'expected.txt', text: `0x${problem.offset.toString(16)}: ${problem.message}\n` };
  }
  // It is the whole of the component, is laid out, and resolves.
  expect(wit.package).toEqual({
    name: { namespace: 'root', name: 'component', version: undefined },
    text: wit.text,
  });
  expect(wit.needs).toEqual([]);
  const source = { name: 'root.wit', text: wit.text };
  expect(format(source).text).toBe(wit.text);
  expect(resolve({ sources: [source] }).diagnostics).toEqual([]);
  return { file: 'expected.wit', text: wit.text };
}
