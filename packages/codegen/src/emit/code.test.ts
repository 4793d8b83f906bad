/** Pieces of source text. */
import { expect, test } from '@jest/globals';
import { code, join, mentions, plainText, quote, type Name } from './code.ts';

const name: Name = { kind: 'name', name: 'load', from: 'x', fromPackage: true, isType: false };

test('templates take text, numbers, names, lists and nothing', () => {
  expect(plainText(code`a ${1} ${name}(${[code`b`, 'c']}) ${undefined}.`)).toBe('a 1 load(bc) .');
  expect(plainText(join(['a', name, code`b`], ', '))).toBe('a, load, b');
  expect(plainText(join([], ', '))).toBe('');
});

test.each([
  'plain',
  "it's",
  '"x"',
  'back\\slash',
  'line\nbreak',
  '\u2028\u2029',
  '\u0000',
  '\ud800',
  '→',
  '😀',
  '${x}`',
])('a literal of %j reads as itself', (text) => {
  const literal = quote(text);
  expect(literal).toMatch(/^'[^\n\u2028\u2029]*'$/);
  // oxlint-disable-next-line no-eval
  expect((0, eval)(literal)).toBe(text);
});

test('an identifier is mentioned where it stands by itself', () => {
  expect(mentions(code`f(cx, p)`, 'cx')).toBe(true);
  expect(mentions(code`f(${code`cx`})`, 'cx')).toBe(true);
  for (const text of ['_cx', 'cx2', 'a.cx', '$cx', "'cx'"]) expect(mentions(text, 'cx')).toBe(false);
  expect(mentions({ ...name, name: 'cx' }, 'cx')).toBe(false);
});
