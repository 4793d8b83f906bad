/** WIT packages in binary form: what they say, what they need, and what is wrong with broken ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, resolve } from '@wittle/parser';
import { component, section, text } from '../../test/bytes.ts';
import { decodeWitPackage, isComponent } from '../index.ts';

// The package `shop` below with its dependency, encoded by the reference implementation's tool, names and docs included.
const shop = new Uint8Array(readFileSync(new URL('../../test/shop.wasm', import.meta.url)));

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
  use items.{item};
  import demo:money/types@0.2.0;
  import items;
  import second: items;
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
    ['an alias', [type(0x7f), named('t', 0), named('%', 1)], ''],
  ])('%s', (_name, declarations, expected) => {
    const { wit, problem } = decodeWitPackage(interfaceOf('a:b/i', ...declarations));
    if (expected === '') expect(problem?.message).toBe('`%` is not a name');
    else expect(wit?.package.text).toBe(`package a:b;\n\ninterface i {\n  ${expected}\n}\n`);
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

  test('types that use each other twice do not become an endless text', () => {
    const doubled = Array.from({ length: 60 }, (_, index) =>
      type(0x6f, 2, ...signed(index), ...signed(index)),
    );
    const bytes = interfaceOf('a:b/i', type(0x70, 0x7f), ...doubled, named('t', 60));
    expect(decodeWitPackage(bytes).problem?.message).toBe('its WIT text would be too long');
  });

  test('types that are nested deeply are refused', () => {
    const nested = Array.from({ length: 120 }, (_, index) => type(0x70, ...signed(index)));
    const bytes = interfaceOf('a:b/i', type(0x70, 0x7f), ...nested, named('t', 120));
    expect(decodeWitPackage(bytes).problem?.message).toBe('types are nested more than 100 levels deep');
  });
});

describe('what is no WIT package', () => {
  test.each([
    ['nothing', new Uint8Array(), 'this is not WebAssembly: it must begin with `\\0asm`', 0],
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
      'this is a component with contents of its own, not a WIT package',
      11,
    ],
    ['another section', component(section(13, [])), 'there is no section 13', 8],
    ['a long section', component([7, 200]), 'unexpected end', 10],
    ['a long list', component(section(7, [100])), 'a list is longer than what is left', 11],
    ['a long number', component([7, 0x80, 0x80, 0x80, 0x80, 0x80, 1]), 'a number is larger than 32 bits', 9],
    ['an unknown type', component(section(7, [1, 0x20])), 'this kind of type is not known', 12],
    ['a missing type', component(section(11, [1, 0, 1, 0x78, 3, 5, 0])), 'there is no type 5', 15],
  ])('%s', (_name, bytes, message, offset) => {
    expect(decodeWitPackage(bytes).problem).toMatchObject({ message });
    expect(decodeWitPackage(bytes).problem?.offset).toBe(offset);
  });

  test('every beginning of a package, and every changed byte, is decoded or refused', () => {
    for (let end = 0; end < shop.length; end++) {
      expect(decodeWitPackage(shop.subarray(0, end)).problem?.offset ?? 0).toBeLessThanOrEqual(end);
    }
    for (let at = 8; at < shop.length; at++) {
      for (const change of [1, 0x40, 0x80]) {
        const bytes = shop.slice();
        bytes[at]! ^= change;
        const { wit } = decodeWitPackage(bytes);
        if (wit !== undefined) expect(parse({ name: 'x', text: wit.package.text }).diagnostics).toEqual([]);
      }
    }
  });
});

test('of the parser only types are imported, so that reading a binary does not load a grammar', () => {
  const folder = join(import.meta.dirname, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const imports = readFileSync(join(folder, file), 'utf8').match(/^import [^;]*from '[^.][^;]*;$/gm) ?? [];
    const allowed = /^import (type [^;]* from '@wittle\/parser'|[^;]* from '@wittle\/runtime(\/types)?');$/;
    expect(imports.filter((each) => !allowed.test(each))).toEqual([]);
  }
});

function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}
