/** What `resolve` gives beyond the recorded cases: references, order, sources from elsewhere, limits. */
import { describe, expect, test } from '@jest/globals';
import { interfaceId, packageId, resolveAlias, type Model } from '../model/index.ts';
import { resolve, type ResolveInput } from './resolve.ts';

function modelOf(text: string, more: Partial<ResolveInput> = {}): Model {
  const { model, diagnostics } = resolve({ sources: [{ name: 'a.wit', text }], ...more });
  expect(diagnostics).toEqual([]);
  return model!;
}

describe('a model', () => {
  test('refers to its parts by reference', () => {
    const model = modelOf(`package a:b@1.0.0;
      interface i { resource r; type s = r; f: func(x: s) -> own<r>; }
      world w { import i; }`);
    const [world] = model.worlds;
    const item = world!.imports[0]!;
    if (item.kind !== 'world-interface') throw new Error('not an interface');
    expect(item.interface).toBe(model.interfaces[0]);
    expect(interfaceId(item.interface)).toBe('a:b/i@1.0.0');
    const func = item.interface.functions.get('f')!;
    const type = func.params[0]!.type;
    if (type.kind !== 'type-definition' || type.shape.kind !== 'own') throw new Error('not a handle');
    expect(type.shape.resource).toBe(item.interface.types.get('s'));
    expect(resolveAlias(type.shape.resource)).toBe(item.interface.types.get('r'));
  });

  test('keeps the packages that were asked for apart from dependencies', () => {
    const model = modelOf('package a:b; package c:d {} interface i { use e:f/x.{t}; }', {
      dependencies: [[{ name: 'e.wit', text: 'package e:f; interface x { type t = u8; }' }]],
    });
    expect(model.main.map(({ name }) => packageId(name))).toEqual(['c:d', 'a:b']);
    expect(model.packages.map(({ name }) => packageId(name))).toEqual(['e:f', 'a:b', 'c:d']);
  });

  test('does not depend on the order of the files', () => {
    const files = [
      { name: 'b.wit', text: 'interface j { use i.{t}; }' },
      { name: 'a.wit', text: 'package a:b; interface i { type t = u8; }' },
    ];
    const names = (sources: typeof files): (string | undefined)[] =>
      resolve({ sources }).model!.interfaces.map(({ name }) => name);
    expect(names(files)).toEqual(names(files.toReversed()));
  });

  test('takes missing packages from the function that finds them, and theirs', () => {
    const asked: string[] = [];
    const texts: Readonly<Record<string, string>> = {
      'c:d@1.0.0': 'package c:d@1.0.0; interface x { use e:f/y.{t}; }',
      'e:f': 'package e:f; interface y { type t = u8; }',
    };
    const model = modelOf('package a:b; world w { import c:d/x@1.0.0; }', {
      findPackage: (name) => {
        asked.push(packageId(name));
        const text = texts[packageId(name)];
        return text === undefined ? undefined : [{ name: packageId(name), text }];
      },
    });
    expect(asked).toEqual(['c:d@1.0.0', 'e:f']);
    expect(model.worlds[0]!.imports).toHaveLength(2);
  });

  test('has spans that point at names', () => {
    const text = 'package a:b; interface i { record r { a: u8 } f: func(p: r); }';
    const model = modelOf(text);
    const [of] = model.interfaces;
    const spans = [
      of!.span,
      of!.types.get('r')!.span,
      of!.functions.get('f')!.span,
      of!.functions.get('f')!.params[0]!.span,
    ];
    expect(spans.map((span) => text.slice(span!.start, span!.end))).toEqual(['i', 'r', 'f', 'p']);
  });
});

describe('features', () => {
  const text = `package a:b;
    interface i { @unstable(feature = x) f: func(); @unstable(feature = y) g: func(); h: func(); }`;
  test.each([
    [{}, ['h']],
    [{ features: ['x'] }, ['f', 'h']],
    [{ allFeatures: true }, ['f', 'g', 'h']],
  ])('%j gives %j', (options, expected) => {
    const { model } = resolve({ sources: [{ name: 'a.wit', text }] }, options);
    expect([...model!.interfaces[0]!.functions.keys()]).toEqual(expected);
  });
});

describe('limits', () => {
  test('worlds that include each other over and over are cut off', () => {
    const imports = Array.from({ length: 2000 }, (_, i) => `import x${i}: func();`).join('');
    const worlds = Array.from({ length: 600 }, (_, i) => `world v${i} { include w; }`).join('\n');
    const { diagnostics } = resolve({
      sources: [{ name: 'a.wit', text: `package a:b; world w { ${imports} }\n${worlds}` }],
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-world-items']);
  });

  test('names of JavaScript are names like others', () => {
    const names = ['constructor', 'to-string', 'then', 'has-own-property', 'length', 'prototype'];
    const model = modelOf(
      `package a:b; interface i { ${names.map((name) => `%${name}: func();`).join(' ')} }
       world w { ${names.map((name) => `import %${name}: func();`).join(' ')} }`,
    );
    expect([...model.interfaces[0]!.functions.keys()]).toEqual(names);
    expect(model.worlds[0]!.imports).toHaveLength(names.length);
  });
});
