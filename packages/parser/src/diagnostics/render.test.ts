/** The caret stands under what it means. */
import { describe, expect, test } from '@jest/globals';
import type { Source } from '../source.ts';
import { diagnostic } from './diagnostic.ts';
import { diagnosticsJson, githubAnnotations, renderDiagnostic } from './render.ts';

function at(text: string, word: string): string {
  const source: Source = { name: 'a.wit', text };
  const start = text.indexOf(word);
  const span = { source, start, end: start + word.length };
  return renderDiagnostic(diagnostic('unknown-type', { name: word }, span));
}

describe('a snippet', () => {
  test('shows the line and underlines the place', () => {
    expect(at('one\ntwo there\n', 'there')).toBe(
      ['a.wit:2:5: error[unknown-type]: type `there` not found', '   2 | two there', '     |     ^^^^^'].join(
        '\n',
      ),
    );
  });

  test('shows a tab as four columns', () => {
    expect(at('\ta: there', 'there')).toContain('   1 |     a: there\n     |        ^^^^^');
  });

  test('gives wide characters two columns and counts them as one', () => {
    const shown = at('// 価格 there', 'there');
    expect(shown).toContain('a.wit:1:7:');
    expect(shown).toContain('   1 | // 価格 there\n     |         ^^^^^');
  });

  test('counts a character of two code units as one', () => {
    expect(at('// 😀 there', 'there')).toContain('a.wit:1:6:');
  });

  test('cuts a long line on both sides', () => {
    const [, line = '', carets = ''] = at(`${'a '.repeat(5000)}there${' b'.repeat(5000)}`, 'there').split(
      '\n',
    );
    expect(line.length).toBeLessThan(200);
    expect(carets.indexOf('^')).toBe(line.indexOf('there'));
  });

  test('ends at a carriage return', () => {
    expect(at('a there\r\nb', 'there')).toContain('   1 | a there\n     |   ^^^^^');
  });

  test('points behind the last character at the end of the file', () => {
    const source = { name: 'a.wit', text: 'one\n' };
    const found = diagnostic('missing-package', {}, { source, start: 4, end: 4 });
    expect(renderDiagnostic(found)).toContain('a.wit:2:1:');
  });
});

describe('other forms', () => {
  const source = { name: 'dir/a,b.wit', text: 'one\ntwo 100%' };
  const found = diagnostic('unknown-type', { name: '100%' }, { source, start: 8, end: 12 }, { hint: 'x' });

  test('as data a diagnostic has lines and columns', () => {
    expect(diagnosticsJson([found])).toEqual([
      {
        code: 'unknown-type',
        severity: 'error',
        message: 'type `100%` not found',
        file: 'dir/a,b.wit',
        line: 2,
        column: 5,
        endLine: 2,
        endColumn: 9,
        related: [],
        hint: 'x',
      },
    ]);
  });

  test('as an annotation its special characters are escaped', () => {
    expect(githubAnnotations([found])).toBe(
      '::error file=dir/a%2Cb.wit,line=2,endLine=2,col=5,endColumn=9,title=unknown-type::type `100%25` not found%0Ahint: x',
    );
  });
});
