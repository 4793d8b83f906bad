/** Names of imports and exports. */
import { describe, expect, test } from '@jest/globals';
import {
  func,
  imported,
  index,
  name,
  of,
  problemOf,
  scopeType,
  subResource,
  type,
} from '../../test/definitions.ts';
import type { ExternName, Item } from '../binary/definition.ts';

const importNamed = (text: string, attributes: Partial<ExternName> = {}): string =>
  problemOf(func(), imported(name(text, attributes), of({ function: 0 })));
const importInstance = (text: string, attributes: Partial<ExternName> = {}): string =>
  problemOf(scopeType('instance'), imported(name(text, attributes), of({ instance: 0 })));

test.each([
  'a',
  'A1-b2-C3-4',
  'a:b/c',
  'a-1:b-2/C-3@1.2.3-rc.1+build.5',
  'a:b/c@0.2',
  'a:b/c@1',
  'unlocked-dep=<a:b@{>=1.2.3 <2.0.0}>',
  'locked-dep=<a:b/c@1.2.3>,integrity=<sha256-a>',
  'url=<https://example.org/>',
  'integrity=<sha256-a sha512-b==>',
])('`%s` is a name', (text) => {
  expect(importNamed(text)).toBe('');
});

test.each([
  ['', '`` is not in kebab case'],
  ['a-', '`a-` is not in kebab case'],
  ['1a', '`1a` is not in kebab case'],
  ['aB', '`aB` is not in kebab case'],
  ['a/b', '`a/b` is not in kebab case'],
  ['a:b', 'it is not well-formed'],
  ['A:b/c', 'it is not well-formed'],
  ['a:b:c/d', 'it is not well-formed'],
  ['a:b/c/d', 'it is not well-formed'],
  ['a:b/c@', 'invalid interface version ``'],
  ['a:b/c@01.2.3', 'invalid interface version `01.2.3`'],
  ['a:b/c@1.2', 'invalid interface version `1.2`'],
  ['unlocked-dep=<a>', 'it is not well-formed'],
  ['integrity=<md5-a>', 'it is not well-formed'],
  ['[method]a', 'it is not well-formed'],
  ['[static]a.b.c', 'it is not well-formed'],
  ['[constructor]a.b', 'it is not well-formed'],
])('`%s` is not a name', (text, problem) => {
  expect(importNamed(text)).toBe(`import name \`${text}\` is not valid: ${problem}`);
});

describe('attributes', () => {
  test.each<[string, string, Partial<ExternName>, string]>([
    ['an interface under a label', 'a', { implements: 'a:b/c@1.0.0' }, ''],
    ['a label', 'a', { implements: 'b' }, '`b` must be an interface'],
    ['an interface under its own name', 'a:b/c', { implements: 'a:b/c' }, 'its attributes do not fit'],
    ['what follows a version', 'a:b/c@0.2', { versionSuffix: '.6-rc.1' }, ''],
    ['what makes no version', 'a:b/c@1', { versionSuffix: '2.3' }, 'invalid interface version `12.3`'],
    ['a version that is whole', 'a:b/c@1.2.3', { versionSuffix: '' }, 'invalid interface version `1.2.3`'],
    ['a suffix of nothing', 'a:b/c', { versionSuffix: '.1' }, 'invalid interface version `.1`'],
    ['any text', 'a', { externalId: '\u{1f600}' }, ''],
    ['the same twice', 'a', { hasRepeatedAttribute: true }, 'its attributes do not fit'],
  ])('%s', (_title, text, attributes, problem) => {
    const whole = problem && `import name \`${text}\` is not valid: ${problem}`;
    expect(importInstance(text, attributes)).toBe(whole);
  });

  test('that say what implements an interface are for instances', () => {
    expect(importNamed('a', { implements: 'a:b/c' })).toMatch(/its attributes do not fit/);
  });
});

describe('names are unique', () => {
  test.each([
    ['a', 'A'],
    ['foo:bar/baz', 'foo:bar/BAZ'],
    ['a:b/c@1.0.0', 'a:b/c@1.0.0'],
  ])('`%s` conflicts with `%s`', (one, other) => {
    const items = [func(), ...[one, other].map((each) => imported(each, of({ function: 0 })))];
    expect(problemOf(...items)).toBe(`import name \`${other}\` conflicts with previous name \`${one}\``);
  });

  // A resource `a` with a function under each name.
  const members = (...names: readonly string[]): string => {
    const own = type({ kind: 'own', resource: index(0) });
    const items: Item[] = [imported('a', subResource), own, func([], index(1))];
    return problemOf(...items, ...names.map((each) => imported(each, of({ function: 2 }))));
  };

  test('except a constructor and its resource', () => {
    expect(members('[constructor]a', 'b', '[static]a.c')).toBe('');
  });

  test.each([
    [['[static]a.a'], '[static]a.a', 'a'],
    [['[static]a.b', '[static]a.B'], '[static]a.B', '[static]a.b'],
  ])('%s', (names, second, first) => {
    expect(members(...names)).toBe(`import name \`${second}\` conflicts with previous name \`${first}\``);
  });
});

describe('names with annotations say what their types are', () => {
  const withSelf = (text: string, self: string, handle: 'own' | 'borrow' = 'borrow'): string =>
    problemOf(
      imported('a', subResource),
      type({ kind: handle, resource: index(0) }),
      type({
        kind: 'function',
        async: false,
        params: [{ name: self, offset: 0, type: index(1) }],
        result: undefined,
      }),
      imported(text, of({ function: 2 })),
    );

  test('a method takes its resource', () => {
    expect(withSelf('[method]a.b', 'self')).toBe('');
    expect(withSelf('[method]a.b', 'this')).toMatch(/a parameter `self`/);
    expect(withSelf('[method]a.b', 'self', 'own')).toMatch(/a parameter `self` of `\(borrow/);
    expect(withSelf('[method]b.b', 'self')).toMatch(/expected resource name `a`/);
  });

  test('a static function needs the resource to be there', () => {
    expect(withSelf('[static]b.c', 'x')).toMatch(/no name in this context/);
  });

  test('a constructor makes its resource, or fails to', () => {
    const made = (...types: readonly Item[]): string =>
      problemOf(
        imported('a', subResource),
        type({ kind: 'own', resource: index(0) }),
        ...types,
        imported('[constructor]a', of({ function: types.length + 1 })),
      );
    expect(made(func([], index(1)))).toBe('');
    expect(made(type({ kind: 'result', ok: index(1), err: 'string' }), func([], index(2)))).toBe('');
    expect(made(func([], index(1), true))).toMatch(/cannot be async/);
    expect(made(func([], 'u32'))).toMatch(/expected a result of/);
    expect(made(func())).toMatch(/expected a result of/);
  });

  test('an export is not named after an import', () => {
    expect(
      problemOf(imported('a', subResource), func(), imported('f', of({ function: 1 })), {
        kind: 'export',
        offset: 0,
        name: name('[static]a.b'),
        item: { sort: 'function', ...index(0) },
        type: undefined,
      }),
    ).toMatch(/no name in this context/);
  });
});
