import { describe, expect, test } from '@jest/globals';
import { lineAt, readExpressions, SyntaxProblem, textOf, type Expression } from './s-expression.ts';

function plain(expression: Expression): unknown {
  switch (expression.kind) {
    case 'list':
      return expression.items.map(plain);
    case 'atom':
      return expression.text;
    case 'string':
      return { string: textOf(expression) };
  }
}

const read = (source: string): unknown => readExpressions(source).map(plain);

describe('S-expressions', () => {
  test('are lists, atoms and strings', () => {
    expect(read('(a $b "c" (1 -0x2)) d')).toEqual([['a', '$b', { string: 'c' }, ['1', '-0x2']], 'd']);
    expect(read('("a""b")')).toEqual([[{ string: 'a' }, { string: 'b' }]]);
    expect(read('(id $"with a (" x)')).toEqual([['id', '$"with a ("', 'x']]);
  });

  test('have comments to the end of a line and comments that nest', () => {
    expect(read(';; (\n(a (; ) (; ( ;) ;) b);;')).toEqual([['a', 'b']]);
  });

  test('have strings with every escape, and bytes that are no text', () => {
    expect(read(String.raw`"\t\n\r\"\'\\\41\u{1F370}\u{6_1}é"`)).toEqual([{ string: '\t\n\r"\'\\A🍰aé' }]);
    const [bytes] = readExpressions(String.raw`"\ff\00"`);
    expect(bytes).toMatchObject({ bytes: Uint8Array.of(255, 0) });
  });

  test('say where they are', () => {
    const [, second] = readExpressions('(a)\n  (b c)');
    expect(second).toMatchObject({ start: 6, end: 11 });
    expect(lineAt('(a)\n  (b c)', 6)).toBe(2);
  });

  test('may be nested as deep as memory allows', () => {
    expect(readExpressions('('.repeat(1e5) + ')'.repeat(1e5))).toHaveLength(1);
  });

  test.each([
    ['(a', 0],
    ['(a))', 3],
    ['(; a', 0],
    ['"a', 2],
    [String.raw`"a\q"`, 2],
    [String.raw`"\u{110000}"`, 1],
  ])('%s is no expression, and says where', (source, at) => {
    const problem = (() => {
      try {
        return readExpressions(source);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toBeInstanceOf(SyntaxProblem);
    expect(problem).toMatchObject({ at });
  });
});
