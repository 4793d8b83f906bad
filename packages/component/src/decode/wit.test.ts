/** WIT packages in binary form: what they say, what they need, and what is wrong with broken ones; hostile components. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, resolve } from '@wittle/parser';
import { component, coreModule, section, text } from '../../test/bytes.ts';
import { readComponent } from '../binary/sections.ts';
import { validateComponent } from '../validate/validate.ts';
import { decodeComponent, decodeWit, decodeWitPackage, isComponent } from '../index.ts';

// The package `shop` below with its dependency, encoded by the reference implementation's tool, names and docs included.
const shop = fixture('shop.wasm');

const greeter = fixture('components/greeter.wasm');

const shopText = `/// A shop.
package demo:shop@1.2.0;

/// Things for sale.
@since(version = 1.0.0)
interface items {
  use demo:money/types@0.2.0.{amount as price};

  /// One thing.
  record item {
    /// What it is called.
    name: string,
    cost: price,
  }

  resource cart {
    constructor(size: u32) -> result<cart, string>;
    /// Adds.
    add: func(what: borrow<cart>, more: list<item>);
    merge: static func(a: cart, b: option<cart>) -> cart;
  }

  @unstable(feature = refunds)
  refund: async func(what: item) -> result<_, string>;
}

world shop {
  import demo:money/types@0.2.0;
  import items;
  import second: items;
  use items.{item};
  @external-id("log")
  import log: func(text: list<item>);

  export run: interface {
    enum color {
      red,
      green,
    }

    run: func(c: color) -> future<u8>;
  }
}
`;

const nestedText = `
package demo:money@0.2.0 {
  interface types {
    type amount = u64;

    record unused {
      a: amount,
    }
  }
}
`;

const moneyText = `package demo:money@0.2.0;

interface types {
  type amount = u64;

  record unused {
    a: amount,
  }
}
`;

test('a package becomes its text, with what it needs of others', () => {
  expect(isComponent(shop)).toBe(true);
  const { wit, problem } = decodeWitPackage(shop);
  expect(problem).toBeUndefined();
  expect(wit).toEqual({
    text: shopText + nestedText,
    package: { name: { namespace: 'demo', name: 'shop', version: '1.2.0' }, text: shopText },
    needs: [
      {
        package: { namespace: 'demo', name: 'money', version: '0.2.0' },
        name: 'types',
        text: moneyText,
      },
    ],
  });
});

test('the text and what it needs resolve', () => {
  const { wit } = decodeWitPackage(shop);
  const { diagnostics } = resolve({
    sources: [{ name: 'shop.wasm', text: wit!.package.text }],
    dependencies: wit!.needs.map(({ name, text }) => [{ name, text }]),
  });
  expect(diagnostics).toEqual([]);
});

describe('by hand', () => {
  // An interface in a component type: what it imports, then the instance that it exports under its full name.
  const interfaceOf = (name: string, ...declarations: readonly number[][]): Uint8Array =>
    component(
      section(
        7,
        [1, 0x41, 2, 0x01, 0x42, declarations.length, ...declarations.flat()].concat([
          ...[0x04, 0x00, ...text(name), 0x05, 0],
        ]),
      ),
      section(11, [1, 0x00, ...text('i'), 0x03, 0, 0]),
    );
  const type = (...definition: readonly number[]): number[] => [0x01, ...definition];
  const named = (name: string, index: number, encoding = 0): number[] => [
    ...[0x04, encoding, ...text(name)],
    ...[0x03, 0x00, index],
  ];

  test.each<[string, number[][], string]>([
    ['list<u8, 4>', [type(0x67, 0x7d, 4), named('t', 0)], 'type t = list<u8, 4>;'],
    ['map<string, s64>', [type(0x63, 0x73, 0x78), named('t', 0)], 'type t = map<string, s64>;'],
    ['future', [type(0x65, 0), named('t', 0, 1)], 'type t = future;'],
    ['stream<error-context>', [type(0x66, 1, 0x64), named('t', 0)], 'type t = stream<error-context>;'],
    ['result<_, char>', [type(0x6a, 0, 1, 0x74), named('t', 0)], 'type t = result<_, char>;'],
    [
      'tuple<list<f32>, f64>',
      [type(0x70, 0x76), type(0x6f, 2, 0, 0x75), named('t', 1)],
      'type t = tuple<list<f32>, f64>;',
    ],
  ])('%s', (_name, declarations, expected) => {
    const { wit } = decodeWitPackage(interfaceOf('a:b/i', ...declarations));
    expect(wit?.package.text).toBe(`package a:b;\n\ninterface i {\n  ${expected}\n}\n`);
  });

  test('the attributes of a name: a version in two parts, an external id', () => {
    const item = [0x04, 0x02, ...text('t'), 1, 0x02, ...text('x"y'), 0x03, 0x00, 0];
    const bytes = component(
      section(7, [
        ...[1, 0x41, 2, 0x01, 0x42, 2, ...type(0x7f), ...item],
        ...[0x04, 0x02, ...text('a:b/i@1'), 1, 0x01, ...text('.2.3'), 0x05, 0],
      ]),
      section(11, [1, 0x00, ...text('i'), 0x03, 0, 0]),
    );
    expect(decodeWitPackage(bytes).wit?.package.text).toBe(
      'package a:b@1.2.3;\n\ninterface i {\n  @external-id("x\\"y")\n  type t = bool;\n}\n',
    );
  });
});

test('a long name that is used often does not become an endless text', () => {
  const length = 50_000;
  const count = 1500;
  const uses = Array.from({ length: count }, (_, index) => [
    ...[0x01, 0x40, 1, ...text('a'), ...unsigned(1), 1, 0],
    ...[0x04, 0, ...text(`f${index}`), 1, ...unsigned(index + 2)],
  ]);
  const name = [...unsigned(length), ...Array.from({ length }, () => 0x61)];
  const declarations = [[0x01, 0x7f], [0x04, 0, ...name, 0x03, 0x00, 0], ...uses];
  const type = [1, 0x42, ...unsigned(1 + 1 + 2 * count), ...declarations.flat()];
  const imported = [1, 0, ...text('a:b/c'), 5, 0];
  const bytes = component([7, ...unsigned(type.length), ...type], section(10, imported));
  expect(decodeComponent(bytes).problem?.message).toBe('its WIT text would be too long');
});

describe('what is no WIT package', () => {
  test.each([
    ['nothing', new Uint8Array(), 'this is not WebAssembly', 0],
    [
      'a core module',
      new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
      'this is a core module, not a component',
      4,
    ],
    ['an empty component', component(), 'this component exports no WIT package', 0],
    [
      'code',
      component(section(1, [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])),
      'this component exports no WIT package',
      0,
    ],
    ['another section', component(section(13, [])), 'there is no section 13', 8],
    ['a long section', component([7, 200]), 'unexpected end', 10],
    ['a long list', component(section(7, [100])), 'a list is longer than what is left', 11],
    ['a long number', component([7, 0x80, 0x80, 0x80, 0x80, 0x80, 1]), 'a number is larger than 32 bits', 9],
    ['an unknown type', component(section(7, [1, 0x20])), 'this type is not known', 12],
    ['a component', greeter, 'this is a component, not a WIT package', 19],
  ])('%s', (_name, bytes, message, offset) => {
    expect(decodeWitPackage(bytes).problem).toMatchObject({ message });
    expect(decodeWitPackage(bytes).problem?.offset).toBe(offset);
  });
});

describe('a core module', () => {
  const section0 = (name: string, contents: Iterable<number>): readonly number[] =>
    section(0, [...text(name), ...contents]);

  test('has the world that it was made for in a section', () => {
    const bytes = coreModule(section0('name', []), section(1, [0]), section0('component-type:shop', shop));
    const { wit } = decodeWit(bytes);
    const whole = decodeWit(shop).wit!.text;
    const name = { namespace: 'demo', name: 'shop', version: '1.2.0' };
    expect(wit).toEqual({ text: whole, package: { name, text: whole }, needs: [] });
  });

  test.each([
    ['without that section', coreModule(section(1, [0])), /^this is a core module that does not say/, 4],
    [
      'with two of them',
      coreModule(section0('component-type', shop), section0('component-type:b', shop)),
      /^this core module has several worlds/,
      8 + 3 + 15 + shop.length + 3,
    ],
    [
      'with a broken one',
      coreModule(section0('component-type', shop.subarray(0, 20))),
      /^unexpected end$/,
      37,
    ],
    ['that is broken', coreModule([0, 100]), /^unexpected end$/, 10],
  ])('%s is refused', (_name, bytes, message, offset) => {
    const { problem } = decodeWit(bytes);
    expect(problem?.message).toMatch(message);
    expect(problem?.offset).toBe(offset);
  });

  test('is no component and no WIT package', () => {
    const bytes = coreModule(section0('component-type', shop));
    for (const decode of [decodeComponent, decodeWitPackage]) {
      expect(decode(bytes).problem).toEqual({ message: 'this is a core module, not a component', offset: 4 });
    }
  });
});

test('what is wrong with a component is what validation finds', () => {
  const bytes = component(section(11, [1, 0, 1, 0x78, 3, 5, 0]));
  const { problems } = validateComponent(readComponent(bytes));
  expect(problems).toHaveLength(1);
  expect(decodeWit(bytes)).toEqual({ wit: undefined, problem: problems[0] });
});

test('a WIT package is no component, and either is taken where both may be', () => {
  expect(decodeComponent(shop).problem).toEqual({
    message: 'this is a WIT package in binary form, not a component',
    offset: 0,
  });
  expect(decodeWit(shop)).toEqual(decodeWitPackage(shop));
  expect(decodeWit(greeter)).toEqual(decodeComponent(greeter));
  expect(decodeWit(greeter).problem).toBeUndefined();
});

describe('every beginning, and every changed byte, is decoded to WIT or refused', () => {
  test.each([
    ['a WIT package', shop],
    ['a component', greeter],
    ['a component with types and functions of its own', fixture('decode/world-items/component.wasm')],
    ['a component by hand', fixture('decode/by-hand/component.wasm')],
  ])('%s', (_name, whole) => {
    for (let end = 0; end < whole.length; end++) {
      expect(decodeWit(whole.subarray(0, end)).problem?.offset ?? 0).toBeLessThanOrEqual(end);
    }
    let decoded = 0;
    for (let at = 8; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at]! ^= [1, 0x40, 0x80][at % 3]!;
      const { wit } = decodeWit(bytes);
      if (wit === undefined) continue;
      decoded++;
      expect(parse({ name: 'x', text: wit.text }).diagnostics).toEqual([]);
    }
    expect(decoded).toBeGreaterThan(0);
  });
});

test('of the parser only types are imported, so that reading a binary does not load a grammar', () => {
  const folder = join(import.meta.dirname, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const imports = readFileSync(join(folder, file), 'utf8').match(/^import [^;]*from '[^.][^;]*;$/gm) ?? [];
    const allowed =
      /^import (type [^;]* from '@wittle\/parser'|[^;]* from '@wittle\/runtime(\/types|\/abi)?');$/;
    expect(imports.filter((each) => !allowed.test(each))).toEqual([]);
  }
});

function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../test/${path}`, import.meta.url)));
}

function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >> 7)];
}
