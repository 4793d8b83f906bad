/** Whatever documentation says, the code is what it would be without. */
import { expect, test } from '@jest/globals';
import { everyTarget } from './every-target.ts';
import { worldOf } from './generate.ts';

const TEXTS: readonly string[] = [
  'ends */ export const broken: string = 1; /* and begins',
  '*/',
  '/*',
  '/**/ /** /* */ */',
  '\\',
  '*\\/ \\*/',
  '`code` ${broken} ```ts\n/// export {};\n```',
  '@deprecated {@link broken} {@inheritDoc} @throws {Error} @internal',
  '// @ts-expect-error',
  '@ts-ignore',
  ' <reference path="broken.ts" />',
  '<script>alert(1)</script> <!-- --> </style>',
  'one\r\ntwo',
  'one\rexport const broken: string = 1;',
  'one\u2028export const broken: string = 1;',
  'one\u2029export const broken: string = 1;',
  'one\u0085two',
  '\' " ` ${',
  `long ${'words '.repeat(20_000)}`,
  `long${'x'.repeat(100_000)}`,
  '\t',
  '    indented\n  less\n\n\n\nmore',
  '* a list\n* of two',
  '\u{1f600} \u0301 \u05d0\u05d1',
  '# sourceMappingURL=broken.js.map',
  '#!/usr/bin/env broken',
  'eslint-disable prettier-ignore istanbul ignore next v8 ignore',
];

/** `///` comments with a text; what WIT forbids in comments is left out. */
function comment(text: string): string {
  const lines = text.replaceAll('\u0085', '').split('\n');
  return `\n${lines.map((line) => `/// ${line}\n`).join('')}`;
}

/** A world with documentation on everything that can have it. */
function documented(text: string): string {
  const doc = comment(text);
  const items = `${doc}record rec {${doc}a: u8,${doc}b: option<string>}
    ${doc}variant var {${doc}a,${doc}b(u8)}
    ${doc}enum en {${doc}a,${doc}b}
    ${doc}flags fl {${doc}a,${doc}b}
    ${doc}type al = list<u8>;
    ${doc}resource res {${doc}constructor(a: u8);${doc}m: func() -> result<rec, var>;${doc}s: static func(x: res) -> al;}
    ${doc}resource bare;
    ${doc}f: func(x: rec, y: fl) -> result<string, en>;`;
  const root = items.replaceAll(/(?<=\n)(\s*)f: func/g, '$1import fi: func');
  return `package demo:documented;
    ${doc}interface api { ${items} }
    ${doc}interface user {${doc}use api.{rec as other, var};${doc}g: func(x: other) -> var;}
    ${doc}world w {${doc}import api;${doc}export api;${doc}import user;${doc}export user;
      ${doc}import inline: interface {${doc}h: func();}${doc}export ex: func(x: u8);
      ${root} }`;
}

/** Everything but comments, and how it is laid out. */
function withoutComments(text: string): string {
  const tokens =
    text.match(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[^]*?\*\/|\/\/[^\n\r\u2028\u2029]*|\s+|[^]/g) ?? [];
  const kept = tokens.filter((token) => !/^(?:\s+$|\/\/|\/\*)/.test(token)).join('');
  return kept.replaceAll(/(?<==)\||,(?=[)\]}])/g, '');
}

const codeOf = (text: string): readonly (readonly [string, string])[] =>
  everyTarget(worldOf(documented(text))).map(({ path, contents }) => [path, withoutComments(contents)]);
const plain = codeOf('Plain.');

test.each(TEXTS.map((text) => [text.slice(0, 40), text]))('%j', (_, text) => {
  expect(codeOf(text)).toEqual(plain);
});

test('what was compared has the code, and had the documentation', () => {
  const files = everyTarget(worldOf(documented('Documentation.')));
  const count = files.flatMap(({ contents }) => [...contents.matchAll(/Documentation\./g)]).length;
  expect(count).toBeGreaterThan(100);
  expect(withoutComments("a /* b */ 'c /* d' // e\n f")).toBe("a'c /* d'f");
});
