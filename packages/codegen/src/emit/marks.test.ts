/** Places in the WIT stay with their names, whatever layout does. */
import { expect, test } from '@jest/globals';
import type { Span } from '@wittle/parser';
import { code, dts, endOf, named, run, ts } from './code.ts';
import { printForm } from './file.ts';
import { layOut } from './format.ts';
import { moveMarks } from './marks.ts';

const source = { name: 'a.wit', text: 'interface some-thing { f: func(); }' };
const spanOf = (word: string): Span => {
  const start = source.text.indexOf(word);
  return { source, start, end: start + word.length };
};
const thing = { span: spanOf('some-thing') };
const f = { span: spanOf('f:') };

test('a mark is around the name, or behind the declaration with its separator', () => {
  const section = code`
      export   interface ${named(thing, 'Thing')}{ /** Says
     it. */ ${named(f, "['f']")}(   a: string  ): void   ;${endOf(f)} } ${endOf(thing)}
      export type Union =\n | 'a'\n| ${named(f, "'b'")}\n;${endOf(thing)}`;
  const { text, marks } = printForm('x', [section], 'ts', { header: '', importSuffix: '' });
  const laid = layOut(text);
  const found = moveMarks(text, laid, marks).map((mark) =>
    mark.kind === 'name' ? laid.slice(mark.start, mark.end) : laid.slice(0, mark.end).split('\n').at(-1),
  );
  expect(found).toEqual([
    'Thing',
    "['f']",
    "  ['f'](a: string): void;",
    '}',
    "'b'",
    "export type Union = 'a' | 'b';",
  ]);
});

test('layout that changes words is a mistake of ours', () => {
  expect(() => moveMarks('a b', 'a c', [])).toThrow('layout has changed more than layout');
  expect(() => moveMarks('a b', 'a', [])).toThrow('layout has changed more than layout');
});

test('each form has its own pieces, and the imports of those', () => {
  const name = (text: string, isType: boolean) =>
    ({ kind: 'name', name: text, from: 'pkg', fromPackage: true, isType }) as const;
  const section = code`export ${dts`declare `}const x${ts`: ${name('T', true)}`}${run` = ${name('v', false)}`};`;
  const print = (form: 'ts' | 'js' | 'd.ts'): string =>
    printForm('a', [section], form, { header: '', importSuffix: '' }).text.trim();
  expect(print('ts')).toBe("import { type T, v } from 'pkg';\n\nexport const x: T = v;");
  expect(print('js')).toBe("import { v } from 'pkg';\n\nexport const x = v;");
  expect(print('d.ts')).toBe("import type { T } from 'pkg';\n\nexport declare const x: T;");
});
