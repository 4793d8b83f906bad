/** Doc comments hold any text. */
import { expect, test } from '@jest/globals';
import { docs, docsOf, lineComment, summary, summaryOf } from './docs.ts';

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

const gated = { kind: 'stable', since: '1.0.0', deprecated: '1.2.3' } as const;

test('a deprecating gate is the tag, behind the text and other tags', () => {
  expect(docsOf({ docs: '', stability: gated })).toBe('/** @deprecated since 1.2.3 */\n');
  expect(docsOf({ docs: 'One.', stability: gated }, ['@throws {E}'])).toBe(
    '/**\n * One.\n * @throws {E}\n * @deprecated since 1.2.3\n */\n',
  );
  expect(docsOf({ docs: 'One.', stability: { ...gated, deprecated: undefined } })).toBe('/** One. */\n');
  expect(summaryOf({ docs: 'One.\n\nTwo.', stability: gated })).toBe(
    '/**\n * One.\n * @deprecated since 1.2.3\n */\n',
  );
});

test('a text that says so itself is not told twice', () => {
  const docs = 'One.\n@deprecated Use `two`, {@link two}.';
  const shown = '/**\n * One.\n * @deprecated Use `two`, {\\@link two}.\n */\n';
  expect(docsOf({ docs, stability: gated })).toBe(shown);
  expect(docsOf({ docs, stability: undefined })).toBe(shown);
  expect(summaryOf({ docs, stability: gated })).toBe('/**\n * One.\n * @deprecated since 1.2.3\n */\n');
  expect(docsOf({ docs: '@deprecated', stability: gated })).toBe('/** @deprecated */\n');
});

test.each(['is @deprecated since', '@deprecated(version = 1.2.3)', '@deprecatedly', '{@deprecated x}'])(
  '%s only mentions it',
  (text) => {
    expect(docsOf({ docs: text, stability: gated })).toBe(
      `/**\n * ${text.replace('@', '\\@')}\n * @deprecated since 1.2.3\n */\n`,
    );
  },
);
