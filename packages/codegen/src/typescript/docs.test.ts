/** Doc comments hold any text. */
import { expect, test } from '@jest/globals';
import { docs, lineComment, summary } from './docs.ts';

test('one line, several, none', () => {
  expect(docs('One.')).toBe('/** One. */\n');
  expect(docs(' One.\n\nTwo.  \n')).toBe('/**\n * One.\n *\n * Two.\n */\n');
  expect(docs('')).toBe('');
  expect(docs('', ['@throws {E}'])).toBe('/** @throws {E} */\n');
  expect(docs('One.', ['@throws {E}'])).toBe('/**\n * One.\n * @throws {E}\n */\n');
});

test.each([
  ['a */ b', 'a *\\/ b'],
  ['/* a', '/* a'],
  ['*/*/', '*\\/*\\/'],
  ['@param x', '\\@param x'],
  ['a @tag and {@link b}', 'a \\@tag and {\\@link b}'],
  ['mail@example.org', 'mail@example.org'],
  ['`code` ${x}', '`code` ${x}'],
  ['// @ts-ignore', '// \\@ts-ignore'],
  ['@ts-expect-error', '\\@ts-expect-error'],
  ['</script><script>', '<\\/script><script>'],
  ['ends\u202e here\0', 'ends\\u202e here\\u0000'],
  ['\ud800, \u{1f600}', '\\ud800, \u{1f600}'],
])('%s cannot end the comment or be a tag', (text, shown) => {
  expect(docs(text)).toBe(`/** ${shown} */\n`);
});

test.each(['\n', '\r\n', '\r', '\u2028', '\u2029'])('a line break may be %j', (separator) => {
  expect(docs(`a${separator}b`)).toBe('/**\n * a\n * b\n */\n');
  expect(summary(`a${separator}b`)).toBe('a');
  expect(lineComment(`a${separator}b`)).toBe('// a b\n');
});

test('the stars of a block comment go, a list keeps its own', () => {
  expect(docs('One\n     * two\n     *\n     * three')).toBe('/**\n * One\n * two\n *\n * three\n */\n');
  expect(docs('List:\n* a\n* b')).toBe('/**\n * List:\n * * a\n * * b\n */\n');
});
