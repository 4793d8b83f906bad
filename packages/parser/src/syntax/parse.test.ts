/** The parser never throws, always gives a tree, and takes time in proportion to the text. */
import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, nat, property, string } from 'fast-check';
import { renderDiagnostics } from '../diagnostics/render.ts';
import { resolve } from '../resolve/resolve.ts';
import { toJson } from '../json/index.ts';
import { parse } from './parse.ts';
import { maxSourceLength } from './tokens.ts';

const text = `/// A shop.
package demo:shop@1.2.0-rc.1;

use demo:money/types@0.2.0 as money;

@since(version = 1.0.0)
interface carts {
  use money.{amount, unit as currency};
  /** A cart. */
  resource cart {
    constructor(size: u32) -> result<cart, string>;
    @external-id("Cart.add")
    add: async func(what: list<tuple<string, amount>>, more: option<borrow<cart>>);
    merge: static func(a: cart, b: cart) -> cart;
  }
  record line { %type: string, count: u8 }
  variant state { empty, filled(list<line, 4>) }
  enum color { red, green, }
  flags tags { new, old }
  type table = map<string, stream<u8>>;
  wait: func() -> future<result<_, state>>;
}

world shop {
  import carts;
  export run: func();
  import log: interface { write: func(text: string); }
  include base with { a as b }
}

world base { import a: func(); }

package demo:money@0.2.0 {
  interface types { type amount = u64; type unit = string; }
}
`;

// Whatever the text, resolving and rendering must come to an end with data.
function survive(input: string): void {
  const source = { name: 'a.wit', text: input };
  const { ast } = parse(source);
  expect(ast.kind).toBe('wit-file');
  const { model, diagnostics } = resolve({ sources: [source] }, { allFeatures: true });
  if (model === undefined) expect(diagnostics.length).toBeGreaterThan(0);
  else JSON.stringify(toJson(model));
  renderDiagnostics(diagnostics.slice(0, 5));
}

test('the text that the other tests mutate is valid', () => {
  const { model, diagnostics } = resolve({ sources: [{ name: 'a.wit', text }] });
  expect(renderDiagnostics(diagnostics)).toBe('');
  expect(model?.worlds.map(({ name }) => name)).toEqual(['base', 'shop']);
});

describe('no text makes it throw', () => {
  test('every prefix of a valid text', () => {
    for (let end = 0; end <= text.length; end++) survive(text.slice(0, end));
  });

  test('random characters', () => {
    assert(property(string({ unit: 'binary', maxLength: 200 }), survive));
  });

  test('random tokens', () => {
    const words = [...new Set(text.match(/[\w%-]+|[^\s\w]/g))];
    const tokens = array(constantFrom(...words), { maxLength: 120 });
    assert(property(tokens, (each) => survive(each.join(' '))));
  });

  test('a valid text with parts removed, doubled or exchanged', () => {
    const place = nat({ max: text.length });
    assert(
      property(place, place, place, (a, b, c) => {
        const [x, y] = a < b ? [a, b] : [b, a];
        survive(text.slice(0, x) + text.slice(y));
        survive(text.slice(0, y) + text.slice(x));
        survive(text.slice(0, c) + text.slice(x, y) + text.slice(c));
      }),
      { numRuns: 60 },
    );
  });
});

describe('limits', () => {
  test('block comments nest 10,000 deep', () => {
    const nested = `${'/*'.repeat(10_000)}${'*/'.repeat(10_000)}`;
    expect(parse({ name: 'a.wit', text: `package a:b;\n${nested}\ninterface c {}` }).diagnostics).toEqual([]);
  });

  test('types nest 100 deep and no deeper', () => {
    const nest = (depth: number): string =>
      `package a:b; interface i { type t = ${'list<'.repeat(depth)}u8${'>'.repeat(depth)}; }`;
    expect(parse({ name: 'a.wit', text: nest(99) }).diagnostics).toEqual([]);
    const codes = parse({ name: 'a.wit', text: nest(100_000) }).diagnostics.map(({ code }) => code);
    expect(codes).toEqual(['type-too-deep']);
  });

  test('a text beyond the limit is rejected unread', () => {
    const huge = { name: 'a.wit', text: ' '.repeat(maxSourceLength + 1) };
    expect(parse(huge).diagnostics.map(({ code }) => code)).toEqual(['file-too-large']);
  });

  test.each([
    ['a chain of aliases', (n: number) => `type t0 = u8; ${list(n, (i) => `type t${i + 1} = t${i};`)}`],
    ['names that do not exist', (n: number) => list(n, (i) => `type t${i} = u${i}x;`)],
    ['types in a ring', (n: number) => list(n, (i) => `type t${i} = t${(i + 1) % n};`)],
    ['one name again and again', (n: number) => list(n, () => `type t = u8;`)],
    ['syntax errors', (n: number) => list(n, (i) => `type t${i} == ;`)],
  ])('%s take linear time', (_, items) => {
    const source = { name: 'a.wit', text: `package a:b;\ninterface i { ${items(30_000)} }` };
    const start = performance.now();
    resolve({ sources: [source] });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test.each([
    ['identifier', `interface ${'a-'.repeat(500_000)}b {}`],
    ['string', `@external-id("${'\\u{61}'.repeat(200_000)}") interface x {}`],
    ['version', `use a:b/c@1.0.0-${'a.'.repeat(500_000)}b;`],
    ['run of unknown characters', '#'.repeat(500_000)],
    ['run of open braces', '{'.repeat(500_000)],
    ['unclosed comment', '/*'.repeat(500_000)],
    ['comment of empty lines', `/** a${'\n'.repeat(500_000)}b */ interface x {}`],
  ])('a very long %s is no problem', (_, input) => {
    survive(`package d:e;\n${input}`);
  });
});

function list(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join('\n');
}
