/** The types of a guest for ComponentizeJS. That they are what it gives is tested by `scripts/components.mjs`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { compile } from '../../../test/compile.ts';
import { fileOf, GENERATOR, Workspace, worldOf } from '../../../test/generate.ts';
import { generate, guestTarget, type GeneratedFile } from '../../index.ts';

const workspaces: Workspace[] = [];
afterAll(() => workspaces.forEach((each) => each.remove()));

function workspace(): Workspace {
  const made = new Workspace();
  workspaces.push(made);
  return made;
}

function guest(
  text: string,
  name?: string,
): { files: readonly GeneratedFile[]; warnings: readonly string[] } {
  const world = worldOf(text, name);
  const { files, diagnostics } = generate(world, guestTarget, { importSuffix: '.ts' }, GENERATOR);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { files, warnings: diagnostics.map(({ message }) => message) };
}

const shop = `package demo:shop@1.2.0;
  /// Rows of tables.
  interface db {
    /// One row.
    record row { id: u64, name: option<string> }
    variant failure { busy, bad-query(string) }
    resource connection {
      /// Connects.
      constructor(url: string);
      /// Asks.
      query: func(sql: string, %delete: bool) -> result<list<row>, failure>;
      share: static func() -> connection;
    }
    resource opaque;
    type answer = result<row, failure>;
    type second = answer;
    one: func(id: u64) -> answer;
    two: func(id: u64) -> second;
    %class: func();
    hidden: func() -> opaque;
  }
  interface cart {
    use db.{row, answer};
    resource basket { constructor(size: u8); add: func(row: row) -> u32; }
    total: func(basket: borrow<basket>) -> result<u64, string>;
    last: func() -> answer;
    bytes: func(x: list<u8>) -> option<list<u16>>;
  }
  world shop {
    enum level { low, high }
    resource door { constructor(); knock: func(); }
    import db;
    import say-it: func(what: string, loud: level) -> u32;
    import in-line: interface { ping: func(); }
    export cart;
    export db;
    export run-it: func(loud: level) -> string;
    export %default: func();
    export other-name: interface { pong: func(); }
  }`;

describe('modules of imports', () => {
  const text = fileOf(guest(shop).files, 'imports.d.ts');

  test('are called what ComponentizeJS calls them, docs and all', () => {
    const modules = [...text.matchAll(/^declare module '(.*)' \{$/gm)].map((found) => found[1]);
    expect(modules).toEqual(['demo:shop/db@1.2.0', 'in-line', '$root', 'say-it']);
    expect(text).toContain("/** Rows of tables. */\ndeclare module 'demo:shop/db@1.2.0' {");
    expect(text).toContain('  /** One row. */\n  export interface Row {');
    expect(text).toContain('    /** Connects. */\n    new (url: string): Connection;');
  });

  test('have functions of the world as their default, with types from where they are', () => {
    expect(text).toContain(
      `declare module 'say-it' {
  import type { Level } from '$root';

  export default function sayIt(what: string, loud: Level): number;
}`,
    );
  });

  test('have reserved words as names of exports', () => {
    expect(text).toContain('  function class_(): void;\n\n  export { class_ as class };\n');
  });

  test('throw the error of a result, but give what is behind an alias as a value', () => {
    expect(text).toContain(
      '     * @throws {ComponentError<Failure>}\n     */\n    query(sql: string, delete_: boolean): Row[];',
    );
    expect(text).toContain(
      "  export function two(id: bigint): { tag: 'ok'; val: Row } | { tag: 'err'; val: Failure };",
    );
  });

  test('have no class of a resource that has no functions: there is none when it runs', () => {
    expect(text).toContain('export interface Opaque {');
    expect(text).not.toContain('const Opaque');
  });
});

test('an implementation that fits compiles under every strict flag, and what does not fit is an error', () => {
  const made = workspace();
  const { files, warnings } = guest(shop);
  expect(warnings).toEqual([
    'ComponentizeJS finds no class for exported resource `opaque`, which has no functions',
  ]);
  made.write(files);
  const source = `
import type { Exports, Guest, ComponentError, DemoShopCart as Cart } from './world-1/index.ts';
import { Connection, type Failure, hidden, two, class as class_ } from 'demo:shop/db@1.2.0';
import { ping } from 'in-line';
import sayIt from 'say-it';
import { Door, type Level } from '$root';
class Basket implements Cart.Basket {
  readonly rows: Cart.Row[] = [];
  readonly size: number;
  constructor(size: number) { this.size = size; }
  add(row: Cart.Row): number { return this.rows.push(row); }
  [Symbol.dispose](): void { class_(); }
}
export const cart = {
  Basket,
  async total({ rows }: Basket) { return rows.reduce((sum, { id }) => sum + id, 0n); },
  last() { return two(1n); },
  bytes: (x) => new Uint16Array(x),
} satisfies Exports['cart'];
class Link { query(): [] { using door = new Door(); door.knock(); return []; } static share(): Link { return new Link(); } }
class Hidden {}
export const db = {
  Connection: Link, Opaque: Hidden, class() { ping(); }, hidden: () => new Hidden(),
  one: (id: bigint) => ({ id }), two: (id: bigint) => ({ tag: 'ok' as const, val: { id } }),
} satisfies Exports['db'];
export function runIt(loud: Level): string {
  const connection = Connection.share();
  try { return String(sayIt(connection.query('select', true)[0]?.name ?? '', loud)); }
  catch (error) { const { payload } = error as ComponentError<Failure>; return payload.tag === 'busy' ? '' : payload.val; }
  finally { connection[Symbol.dispose](); hidden()[Symbol.dispose](); }
}
export default function main(): void {}
export const otherName = { pong: ping } satisfies Exports['otherName'];
export type Complete = Guest<typeof import('./user.ts')>;
export type Incomplete = Guest<{ cart: Exports['cart'] }>; // ERROR
export type Wrong = Guest<Omit<typeof import('./user.ts'), 'default'>>; // ERROR
export const wrongResult = { ...cart, last: () => ({ id: 1n }) } satisfies Exports['cart']; // ERROR
export const wrongParameter = { ...cart, bytes: (x: string) => undefined } satisfies Exports['cart']; // ERROR
export const missing = { Basket, last: cart.last, bytes: cart.bytes } satisfies Exports['cart']; // ERROR
export const more = { ...cart, add() {} } satisfies Exports['cart']; // ERROR
export const noClass = { ...cart, Basket: Hidden } satisfies Exports['cart']; // ERROR
export { class as other } from 'demo:shop/db@1.2.0';
export { clas } from 'demo:shop/db@1.2.0'; // ERROR
export { ping as pong } from 'in-lin'; // ERROR
export { Opaque } from 'demo:shop/db@1.2.0'; // ERROR
export { sayIt as notDefault } from 'say-it'; // ERROR
export const args = (): number => sayIt('x', 'loud'); // ERROR
export const abstract_ = (): unknown => new Connection(); // ERROR
export const big = (): unknown => two(1); // ERROR
`;
  writeFileSync(join(made.path, 'user.ts'), source);
  const errors = compile(made.path, { isolatedDeclarations: false, declaration: false, target: 'esnext' });
  const at = errors.map((line) => Number(/^user\.ts\((\d+),/.exec(line)?.[1] ?? NaN));
  const expected = source
    .split('\n')
    .flatMap((line, index) => (line.includes('// ERROR') ? [index + 1] : []));
  expect([...new Set(at)]).toEqual(expected);
});

test('names that mean something to JavaScript or TypeScript, versions and both directions compile', () => {
  const words = (
    'abstract any arguments as async await class constructor default delete eval export function get import in let new ' +
    'null of package prototype static string switch then this type typeof undefined void with yield name length ' +
    'array error map object promise symbol uint8-array exports guest component-error host number a-1'
  ).split(' ');
  const each = (text: (word: string) => string): string => words.map(text).join('\n');
  const odd = `record fields { ${each((word) => `%${word}: u8,`)} }
    variant cases { ${each((word) => `%${word}(option<u8>),`)} }
    ${each((word) => `f-${word}: func(%${word}: fields) -> result<cases, string>;`)}`;
  const { files, warnings } = guest(
    `package demo:names@1.0.0;
     interface functions { ${each((word) => `%${word}: func(%${word}: string);`)} }
     interface resources { ${each((word) => `resource %${word} { constructor(%${word}: u8); %${word}: func(); }`)} resource all-statics { ${each((word) => `%${word}: static func() -> all-statics;`)} } }
     interface values { ${odd} }
     interface users { use resources.{%map, error as failure}; use values.{fields, cases as %record}; f: func(m: %map, e: failure, r: %record) -> fields; }
     world names {
       use values.{fields};
       import functions; export functions; import resources; export resources; import values; export values; import users; export users;
       import demo:other/log@1.0.0; import demo:other/log@2.0.0; export demo:other/log@1.0.0; export demo:other/log@2.0.0;
       ${each((word) => `import %${word}: func(x: fields); export %${word}: func();`)}
     }
     package demo:other@1.0.0 { interface log { f: func(); } }
     package demo:other@2.0.0 { interface log { f: func() -> u8; } }`,
  );
  expect(warnings).toContainEqual(expect.stringContaining('a method `then`'));
  const index = fileOf(files, 'index.ts');
  expect(index).toContain("readonly 'demo:other/log@1.0.0': DemoOther100LogExports;");
  expect(index).toContain('readonly functions: DemoNamesFunctionsExports;');
  const made = workspace();
  made.write(files);
  expect(compile(made.path)).toEqual([]);
});

test.each([
  [
    'names that meet',
    'interface i { a1: func(); a-1: func(); } world w { import i; }',
    '`a1` and `a-1` are both `a1` to ComponentizeJS',
  ],
  [
    'fields that meet',
    'interface i { record r { a1: u8, a-1: u8 } f: func(r: r); } world w { import i; }',
    '`a1` and `a-1` are both `a1` to ComponentizeJS',
  ],
  [
    'thenables',
    'interface i { resource r { then: func(); } } world w { export i; }',
    'objects with a method `then` are taken for promises by ComponentizeJS, and waited for',
  ],
  [
    'a second constructor',
    'interface i { resource r { %constructor: func(); } } world w { import i; }',
    'ComponentizeJS cannot make a class that has `demo:a/i#[method]r.constructor`',
  ],
  [
    'maps',
    'world w { import f: func(x: map<string, u8>); }',
    '`f` uses a map, which ComponentizeJS does not know',
  ],
  [
    'fixed lengths',
    'world w { import f: func() -> list<list<u8, 4>>; }',
    '`f` uses a fixed-length-list, which ComponentizeJS does not know',
  ],
  [
    'classes of globals',
    'interface i { resource promise { f: func(); } } world w { export i; }',
    'ComponentizeJS takes the class of exported resource `promise` for the global `Promise`',
  ],
  [
    'two classes',
    'interface i { resource r { f: func(); } } interface j { resource r { f: func(); } } world w { export i; export j; }',
    'ComponentizeJS makes no component with two exported resources `r`: there is one in `demo:a/i` too',
  ],
])('%s are generated with a warning that has a place', (_, text, message) => {
  const { files, diagnostics } = generate(worldOf(`package demo:a; ${text}`), guestTarget, {}, GENERATOR);
  expect(files).not.toEqual([]);
  expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'guest-limit', message }]);
  expect(diagnostics[0]!.span).toBeDefined();
});

test('async functions are located problems', () => {
  const text = 'package demo:a; interface i { f: async func(); } world w { import i; }';
  const { files, diagnostics } = generate(worldOf(text), guestTarget, {}, GENERATOR);
  expect(files).toEqual([]);
  expect(diagnostics).toMatchObject([{ code: 'unsupported-async', span: expect.anything() }]);
});

test('WASI 0.2 compiles', () => {
  const { files } = guest(
    `package demo:all;
     world all { include wasi:cli/command@0.2.12; include wasi:http/proxy@0.2.12; }
     ${wasiPackages()}`,
    'all',
  );
  expect(fileOf(files, 'imports.d.ts')).toContain("declare module 'wasi:sockets/tcp@0.2.12' {");
  expect(fileOf(files, 'index.ts')).toContain('readonly incomingHandler: WasiHttpIncomingHandlerExports;');
  const made = workspace();
  made.write(files);
  expect(compile(made.path)).toEqual([]);
});

/** The packages in `wit/`, each in braces behind a package of one's own. */
function wasiPackages(): string {
  const root = new URL('../../../../../wit/wasi/0.2.12/', import.meta.url);
  const nested = readdirSync(root).map((name) => {
    const folder = new URL(`${name}/`, root);
    const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const id = texts.map((text) => PACKAGE.exec(text)?.[1]).find((each) => each !== undefined);
    return `package ${id} {\n${texts.map((text) => text.replace(PACKAGE, '')).join('\n')}\n}`;
  });
  return nested.join('\n');
}

const PACKAGE = /^package ([^;]+);$/m;
