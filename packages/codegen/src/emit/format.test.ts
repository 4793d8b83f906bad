/** Layout changes white space, and nothing else. */
import { describe, expect, test } from '@jest/globals';
import { actualFiles, caseNames } from '../../test/cases.ts';
import { layOut } from './format.ts';
import { textOf, tokenize } from './tokens.ts';

/** Tokens without trailing commas, and without the bar in front of a union. */
function substance(text: string): readonly string[] {
  const found = tokenize(text);
  const tokens = Array.from({ length: found.count }, (_, token) => textOf(found, token));
  return tokens.filter((token, index) => {
    const next = tokens[index + 1] ?? '';
    if (token === ',' || token === ';') return !/^[)\]}]$/.test(next);
    return !(token === '|' && /^(?:=|\/\*\*.*)$/s.test(tokens[index - 1] ?? ''));
  });
}

/** The same tokens on one line per statement or so, as an emitter might leave them. */
function crumpled(text: string): string {
  return text.replaceAll(/^ +/gm, '').replaceAll(/(?<!\*\/)(?<=[;,{}()[\]])\n(?![/*])/g, ' ');
}

describe.each(caseNames())('the output of %s', (name) => {
  const files = actualFiles(name);

  test('is laid out already', () => {
    for (const { contents } of files) expect(layOut(contents)).toBe(contents);
  });

  test('keeps its tokens, whatever its white space was', () => {
    for (const { contents } of files) {
      const again = layOut(crumpled(contents));
      expect(substance(again)).toEqual(substance(contents));
      expect(layOut(again)).toBe(again);
    }
  });
});

test.each([
  [
    'what stands above a file',
    '// a\n// b\nimport { c } from "d";\n// e\nf();',
    '// a\n// b\n\nimport { c } from "d";\n\n// e\nf();\n',
  ],
  ['what stands above references', '// a\n/// <reference b />\nc();', '// a\n/// <reference b />\n\nc();\n'],
  ['docs at the top', '/** a */ b();', '/** a */\nb();\n'],
  ['one statement a line', 'const a = 1; f(a);', 'const a = 1;\n\nf(a);\n'],
  [
    'blocks',
    'function f() { a(); if (b) { c(); } else d(); }',
    'function f() {\n  a();\n  if (b) {\n    c();\n  } else d();\n}\n',
  ],
  [
    'functions of an object that has docs',
    'const a: B = { f(): C { g(); }, h(): D { i(); }, /** j */ j(): void {}, };',
    'const a: B = {\n  f(): C {\n    g();\n  },\n  h(): D {\n    i();\n  },\n\n  /** j */\n  j(): void {},\n};\n',
  ],
  [
    'methods that are called like what goes on',
    'class A { a(): B { try { c(); } catch (d) { e(); } } catch(f: G): H {} async(): I {} asList(): J {} }',
    'class A {\n  a(): B {\n    try {\n      c();\n    } catch (d) {\n      e();\n    }\n  }\n  catch(f: G): H {}\n  async(): I {}\n  asList(): J {}\n}\n',
  ],
  ['empty blocks', 'function f() {}', 'function f() {}\n'],
  ['objects that fit', 'const a = {b: 1, c: [1,2] };', 'const a = { b: 1, c: [1, 2] };\n'],
  [
    're-exports together',
    'export type { A }; export type B = C;',
    'export type { A };\nexport type B = C;\n',
  ],
  [
    'docs before members',
    'interface A { /** a */ a: B; b: C; /** c */ c: D; }',
    'interface A {\n  /** a */\n  a: B;\n  b: C;\n\n  /** c */\n  c: D;\n}\n',
  ],
  ['a union without its first bar', 'export type A = | B | C;', 'export type A = B | C;\n'],
  ['a documented union', 'export type A = /** b */ | B | C;', 'export type A =\n  /** b */\n  | B\n  | C;\n'],
  [
    'cases',
    'switch (a) { case 1: b(); break; default: c(); }',
    'switch (a) {\n  case 1: b();\n  break;\n  default: c();\n}\n',
  ],
])('%s', (_, text, laid) => {
  expect(layOut(text)).toBe(laid);
});

test('a list that is too long has one element a line, and a comma behind each', () => {
  const items = Array.from({ length: 40 }, (_, index) => `item${index}`);
  expect(layOut(`f([${items.join(', ')}]);`)).toBe(
    `f([\n${items.map((each) => `  ${each},\n`).join('')}]);\n`,
  );
});

test('a written-in-place type keeps its semicolons when it is broken', () => {
  const members = Array.from({ length: 12 }, (_, index) => `member${index}: string`);
  expect(layOut(`let a: { ${members.join('; ')} };`)).toBe(
    `let a: {\n${members.map((each) => `  ${each};\n`).join('')}};\n`,
  );
});

test.each([
  ['(', /open \(/],
  ['a }', /a } too many/],
  ['(a]', /open \(/],
  ["'a", /does not end what begins with: 'a/],
  ['/* a', /does not end/],
])('%s is a mistake of an emitter', (text, message) => {
  expect(() => layOut(text)).toThrow(message);
});
