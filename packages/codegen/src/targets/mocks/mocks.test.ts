/** Doubles do what tests ask for, and keep account; random values are valid. */
import { readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { caseNames } from '../../../test/cases.ts';
import { compile } from '../../../test/compile.ts';
import { echoGuest } from '../../../test/echo.ts';
import {
  fileOf,
  generated,
  GENERATOR,
  Workspace,
  worldOf,
  type Any,
  type Glue,
  thrownBy,
} from '../../../test/generate.ts';
import { inProcess, type InProcess } from '../../../test/in-process.ts';
import { anyShape, witOf } from '../../../test/random-types.ts';
import { generate, mocksTarget, type GeneratedFile, type MocksOptions } from '../../index.ts';

const FAST_CHECK = realpathSync(new URL('../../../../../node_modules/fast-check', import.meta.url));

const workspaces: Workspace[] = [];
afterAll(() => workspaces.forEach((each) => each.remove()));

/** A workspace in which fast-check is found, too. */
function workspace(): Workspace {
  const made = new Workspace();
  workspaces.push(made);
  symlinkSync(FAST_CHECK, join(made.path, 'node_modules/fast-check'));
  return made;
}

function mocks(text: string, options: Partial<MocksOptions> = {}): readonly GeneratedFile[] {
  const given = { importSuffix: '.ts', ...options } as const;
  const { files, diagnostics } = generate(worldOf(text), mocksTarget, given, GENERATOR);
  expect(diagnostics).toEqual([]);
  return files;
}

function under(folder: string, files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  return files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

/** Host glue and mocks, side by side in a new directory; gives the directory. */
function write(made: Workspace, text: string, options: Partial<MocksOptions> = {}): string {
  const { arbitraries: _, ...shapes } = options;
  return made.write([
    ...under('bindings', generated(worldOf(text), shapes)),
    ...under('mocks', mocks(text, options)),
  ]);
}

const shop = `package demo:shop@1.0.0;
  interface db {
    record row { id: u64, name: option<string> }
    variant failure { busy, bad(string) }
    resource connection {
      constructor(url: string);
      query: func(sql: string) -> result<list<row>, failure>;
      share: static func(other: borrow<connection>) -> connection;
    }
    resource opaque;
    resource cursor { next: func() -> option<row>; all: static func() -> list<cursor>; }
    connect: func(url: string) -> result<connection, failure>;
    both: func() -> tuple<connection, list<connection>>;
    count: func() -> u8;
    %to-string: func() -> string;
    hidden: func() -> opaque;
  }
  interface clock { wait: func(ns: u64) -> u32; }
  world shop {
    import db; import clock;
    import say: func(text: string) -> u32;
    export go: func(what: string) -> string;
    export cart: interface { use db.{row}; total: func(rows: list<row>, factor: f32) -> u64; empty: func(); }
  }`;

describe('a double', () => {
  let directory: string;
  let errors: Any;
  beforeAll(async () => {
    const made = workspace();
    errors = await made.runtime();
    const glue = { glue: '../in-process/host' };
    directory = made.write([...inProcess(worldOf(shop)), ...under('mocks', mocks(shop, glue))]);
  });

  /** A guest, in process, that does one thing with what it imports; and the double. */
  async function run(overrides: object, act: (imports: Any) => unknown): Promise<Any> {
    const { instantiateGuest } = (await import(join(directory, 'instantiate.ts'))) as InProcess;
    const { mockHost } = (await import(join(directory, 'mocks/mocks.ts'))) as Any;
    const host = mockHost(overrides);
    const guest = (imports: Any): object => ({
      go: () => String(act(imports)),
      cart: { total: () => 1n, empty() {} },
    });
    const exports = instantiateGuest(guest, host.imports);
    return { host, go: () => exports.go('') };
  }

  test('does what its overrides do, and keeps account of what the guest asked and got', async () => {
    const { host, go } = await run(
      { 'demo:shop/db': { count: () => 7 }, say: (text: string) => text.length },
      (imports) => `${imports['demo:shop/db'].count()} ${imports.say('hello')}`,
    );
    expect(go()).toBe('7 5');
    const calls = [
      {
        interface: 'demo:shop/db',
        function: 'count',
        self: undefined,
        arguments: [],
        outcome: 'returned',
        result: 7,
      },
      {
        interface: '$root',
        function: 'say',
        self: undefined,
        arguments: ['hello'],
        outcome: 'returned',
        result: 5,
      },
    ];
    expect(host.calls).toEqual(calls);
    expect(host.callsTo('$root', 'say')).toEqual([calls[1]]);
    host.reset();
    expect(host.calls).toEqual([]);
  });

  test('fails, with the function by name, where it has no override', async () => {
    const { host, go } = await run({ 'demo:shop/db': {} }, (imports) => imports['demo:shop/db'].count());
    const error = thrownBy(go);
    const root = error.cause ?? error;
    expect(root).toBeInstanceOf(errors.NotImplemented);
    expect(root.message).toBe('demo:shop/db.count is not implemented');
    expect(host.calls).toMatchObject([{ function: 'count', outcome: 'threw', error: root }]);
  });

  test('is lifted and lowered: a wrong value is an error that names its place', async () => {
    const { go } = await run({ 'demo:shop/db': { count: () => 256 } }, (imports) =>
      imports['demo:shop/db'].count(),
    );
    const error = thrownBy(go);
    expect((error.cause ?? error).message).toBe('demo:shop/db.count → result: expected u8, got number 256');
  });

  test('throws error values to the guest', async () => {
    const override = {
      connect: () => {
        throw { tag: 'bad', val: 'url' };
      },
    };
    const { host, go } = await run({ 'demo:shop/db': override }, (imports) => {
      try {
        return imports['demo:shop/db'].connect('x');
      } catch (error) {
        return JSON.stringify((error as Any).payload);
      }
    });
    expect(go()).toBe('{"tag":"bad","val":"url"}');
    expect(host.calls).toMatchObject([{ outcome: 'threw', error: { tag: 'bad', val: 'url' } }]);
  });

  test('has classes for resources: some methods of them, state of their own, and drops', async () => {
    class Connection {
      readonly #rows: object[];
      constructor(url: string) {
        this.#rows = [{ id: BigInt(url.length), name: url }];
      }
      query(): object[] {
        return this.#rows;
      }
      [Symbol.dispose](): void {
        this.#rows.length = 0;
      }
    }
    const db = {
      Connection,
      connect: (url: string) => new Connection(url),
      both: () => [new Connection('a'), [new Connection('bc')]],
    };
    const { host, go } = await run({ 'demo:shop/db': db }, (imports) => {
      const { Connection: Given, connect, both } = imports['demo:shop/db'];
      const made = new Given('made');
      const [first, [second]] = both();
      const ids = [made, connect('url'), first, second].map((each) => each.query('q')[0].id);
      made[Symbol.dispose]();
      return ids.join();
    });
    expect(go()).toBe('4,3,1,2');
    const queries = Array.from({ length: 4 }, () => 'Connection.query');
    expect(host.calls.map((call: Any) => call.function)).toEqual([
      'new Connection',
      'both',
      'connect',
      ...queries,
      'drop Connection',
    ]);
    for (const query of host.callsTo('demo:shop/db', 'Connection.query')) {
      expect(query).toMatchObject({ self: expect.any(Connection), arguments: ['q'], outcome: 'returned' });
    }
    const [dropped] = host.callsTo('demo:shop/db', 'drop Connection');
    expect(dropped.self).toBeInstanceOf(Connection);
    expect(dropped.self.query()).toEqual([]);
  });

  test.each([
    [
      'a class with some methods',
      { Connection: class {} },
      (db: Any) => new db.Connection('x').query(''),
      'connection.query',
    ],
    [
      'a class with no statics',
      { Connection: class {} },
      (db: Any) => db.Connection.share(new db.Connection('')),
      'connection.share',
    ],
    ['no class', {}, (db: Any) => new db.Connection('x'), 'connection.constructor'],
    ['a name that every object has', {}, (db: Any) => db.toString(), 'to-string'],
  ])('with %s fails for what is missing', async (_, own, act, name) => {
    const { go } = await run({ 'demo:shop/db': own }, (imports) => act(imports['demo:shop/db']));
    const error = thrownBy(go);
    expect((error.cause ?? error).message).toBe(`demo:shop/db.${name} is not implemented`);
  });

  test('can be called by other code than guests, every value through a memory', async () => {
    const { mockHost } = (await import(join(directory, 'mocks/mocks.ts'))) as Any;
    class Connection {
      readonly #url: string;
      constructor(url: string) {
        this.#url = url;
      }
      query(sql: string): object[] {
        if (sql === '') throw { tag: 'busy' };
        return [{ id: BigInt(sql.length), name: this.#url }];
      }
    }
    const overrides = {
      'demo:shop/db': { Connection, connect: (url: string) => new Connection(url), count: () => 300 },
      say: (text: string) => text.length,
    };
    const host = mockHost(overrides);
    const { say, 'demo:shop/db': db } = host.checked;
    expect(host.checked.say).toBe(say);
    expect(say('four')).toBe(4);
    expect(thrownBy(() => say(4)).message).toBe('say → text: expected string, got number 4');
    const connection = db.connect('url');
    expect(connection).toBeInstanceOf(db.Connection);
    expect([connection.query('q'), new db.Connection('new').query('qq')]).toEqual([
      [{ id: 1n, name: 'url' }],
      [{ id: 2n, name: 'new' }],
    ]);
    const error = thrownBy(() => connection.query(''));
    expect(error).toBeInstanceOf(errors.ComponentError);
    expect(error.payload).toEqual({ tag: 'busy' });
    expect(host.calls.map((call: Any) => call.function)).toEqual([
      'say',
      'connect',
      'Connection.query',
      'new Connection',
      'Connection.query',
      'Connection.query',
    ]);
    expect(thrownBy(() => db.count()).message).toContain(
      'demo:shop/db.count → result: expected u8, got number 300',
    );
    const { cause } = thrownBy(() => mockHost().checked['demo:shop/clock'].wait(1n));
    expect(cause).toBeInstanceOf(errors.NotImplemented);
  });

  test('waits for promises, and says how they ended', async () => {
    const { mockHost } = (await import(join(directory, 'mocks/mocks.ts'))) as Any;
    const host = mockHost({
      'demo:shop/clock': {
        wait: async (ns: bigint) => {
          if (ns === 0n) throw new Error('no time');
          return Promise.resolve(Number(ns));
        },
      },
    });
    const { wait } = host.imports['demo:shop/clock'];
    const [first, second] = [wait(5n), wait(0n)];
    expect(host.calls.map((call: Any) => call.outcome)).toEqual(['waiting', 'waiting']);
    await expect(first).resolves.toBe(5);
    await expect(second).rejects.toThrow('no time');
    expect(host.calls).toMatchObject([
      { arguments: [5n], outcome: 'returned', result: 5 },
      { outcome: 'threw', error: { message: 'no time' } },
    ]);
  });

  test.each([
    [
      'an interface',
      { 'demo:shop/dbb': {} },
      /no `demo:shop\/dbb` to override in world demo:shop\/shop; there is `demo:shop\/db`/,
    ],
    [
      'a function',
      { 'demo:shop/db': { conect: () => 1 } },
      /no `conect` to override in demo:shop\/db; there is `Connection`/,
    ],
    ['no function', { 'demo:shop/db': { count: 1 } }, /demo:shop\/db\.count in demo:shop\/db is no function/],
    ['no class', { 'demo:shop/db': { Connection: {} } }, /demo:shop\/db Connection is no class/],
    ['no object', { 'demo:shop/db': 1 }, /demo:shop\/db is no object/],
  ])('refuses an override that fits nothing: %s', async (_, overrides, message) => {
    const { mockHost } = (await import(join(directory, 'mocks/mocks.ts'))) as Any;
    expect(() => mockHost(overrides)).toThrow(message);
  });
});

test('overrides and calls are typed', () => {
  const made = workspace();
  write(made, shop);
  const source = `
import { ComponentError } from '@wittle/runtime';
import { instantiate } from './world-1/bindings/index.ts';
import { mockHost } from './world-1/mocks/mocks.ts';
import { demoShopDbConnectResult, demoShopDbRow, exportedCartTotalArguments, type Resources } from './world-1/mocks/arbitraries.ts';
class Connection { readonly #url: string; constructor(url: string) { this.#url = url; } query(sql: string) { return [{ id: BigInt(sql.length + this.#url.length) }]; } }
class Unrelated { readonly #secret = 1; get(): number { return this.#secret; } }
export const host = mockHost({
  'demo:shop/db': { Connection, connect: (url) => new Connection(url.trim()), count: () => 1, Opaque: Unrelated },
  say: (text) => text.length,
});
export const none = mockHost();
export const some = mockHost({ 'demo:shop/db': { Connection: class { constructor(_url: string) { throw new ComponentError('x'); } } } });
export async function run(): Promise<bigint[]> {
  const { go } = await instantiate(new Uint8Array(), host.imports);
  go('');
  const [first] = host.callsTo('demo:shop/db', 'Connection.query');
  if (first?.outcome === 'returned') return [first.result[0]!.id, BigInt(first.arguments[0].length), BigInt(first.self.query('').length)];
  for (const call of host.calls) {
    if (call.function === 'new Connection') call.arguments[0].trim();
    if (call.interface === '$root' && call.outcome === 'returned') call.result.toFixed();
    if (call.outcome === 'threw') void call.error;
  }
  return [];
}
export const shares: number = host.callsTo('demo:shop/db', 'Connection.share').length;
const [next] = host.callsTo('demo:shop/db', 'Cursor.next');
export const row: bigint | undefined = next?.outcome === 'returned' ? next.result?.id : next?.self.next()?.id;
export const everything: boolean = host.calls.some((call) => call.function === 'Cursor.all' && call.outcome === 'returned' && call.result[0]?.next()?.name === '');
export const drops: number = host.callsTo('demo:shop/db', 'drop Opaque').length;
export function connections(of: Resources): unknown {
  return [demoShopDbRow, exportedCartTotalArguments, demoShopDbConnectResult(of)];
}
mockHost({ 'demo:shop/db': { count: () => 'x' } }); // ERROR
mockHost({ 'demo:shop/db': { counts: () => 1 } }); // ERROR
mockHost({ 'demo:shop/dbs': {} }); // ERROR
mockHost({ 'demo:shop/db': { connect: (url: number) => new Connection(String(url)) } }); // ERROR
mockHost({ 'demo:shop/db': { Connection: class { query(sql: number) { return [{ id: BigInt(sql) }]; } } } }); // ERROR
mockHost({ 'demo:shop/db': { Connection: class { constructor(_url: number) {} } } }); // ERROR
mockHost({ say: 1 }); // ERROR
host.callsTo('demo:shop/db', 'Connection.close'); // ERROR
host.callsTo('demo:shop/dbs', 'count'); // ERROR
host.callsTo('demo:shop/db', 'say'); // ERROR
host.callsTo('demo:shop/db', 'Cursor.first'); // ERROR
host.callsTo('demo:shop/db', 'new Cursor'); // ERROR
export const result: string | undefined = next?.outcome === 'returned' ? next.result : undefined; // ERROR
export const wrong: string = host.callsTo('demo:shop/db', 'count')[0]!.arguments[0]; // ERROR
demoShopDbConnectResult({}); // ERROR
`;
  writeFileSync(join(made.path, 'user.ts'), source);
  const found = compile(made.path, { isolatedDeclarations: false, skipLibCheck: true });
  const lines = found.map((line) => Number(/^user\.ts\((\d+),/.exec(line)?.[1] ?? NaN));
  const expected = source
    .split('\n')
    .flatMap((line, index) => (line.includes('// ERROR') ? [index + 1] : []));
  expect([...new Set(lines)]).toEqual(expected);
});

const SHAPES: readonly Partial<MocksOptions>[] = [
  {},
  { results: 'return', variants: 'kind', readonly: true, brands: true },
  { variants: 'kind' },
  { results: 'return', readonly: true },
];

test('doubles and arbitraries of all recorded worlds, in every shape, compile under every strict flag', () => {
  const made = workspace();
  const root = new URL('../../../test/cases/', import.meta.url);
  for (const [index, name] of caseNames().entries()) {
    const text = readFileSync(new URL(`${name}/input.wit`, root), 'utf8');
    write(made, text, SHAPES[index % SHAPES.length]);
  }
  expect(compile(made.path)).toEqual([]);
});

test('random values of every type pass through a guest as they are', async () => {
  const made = workspace();
  const worlds = fc.sample(fc.array(anyShape, { minLength: 6, maxLength: 6 }), { seed: 5, numRuns: 12 });
  let passed = 0;
  for (const [index, shapes] of worlds.entries()) {
    const declarations = new Map<string, string>();
    const functions = shapes.map((shape, f) => {
      const type = witOf(shape, declarations);
      return `f${f}: func(x: ${type}) -> tuple<${type}>;`;
    });
    const names = [...declarations.keys()];
    const use = names.length === 0 ? '' : `use types.{${names.join(', ')}};`;
    const text = `package demo:random;
      interface types { ${[...declarations.values()].join('\n')} }
      interface echo { ${use} ${functions.join('\n')} }
      world random { import echo; export echo; }`;
    const directory = write(made, text, { variants: index % 2 === 0 ? 'tag' : 'kind' });
    const { instantiateSync } = (await import(join(directory, 'bindings/index.ts'))) as Glue;
    const values = (await import(join(directory, 'mocks/arbitraries.ts'))) as Record<
      string,
      fc.Arbitrary<[Any]>
    >;
    const { mockHost } = (await import(join(directory, 'mocks/mocks.ts'))) as Any;
    const results = shapes.map(() => [] as unknown[]);
    const overrides = Object.fromEntries(
      shapes.map((_, f) => [
        `f${f}`,
        (x: unknown) => {
          // What comes in is valid for what goes out, and so are the values of the other arbitrary.
          const [other] = fc.sample(values[`demoRandomEchoF${f}Result`]!, {
            numRuns: 1,
            seed: results[f]!.length,
          });
          results[f]!.push(x);
          return results[f]!.length % 2 === 0 ? other : [x];
        },
      ]),
    );
    const { echo } = instantiateSync(
      echoGuest(worldOf(text)),
      mockHost({ 'demo:random/echo': overrides }).imports,
    );
    const same = Object.fromEntries(shapes.map((_, f) => [`f${f}`, (x: unknown) => [x]]));
    const direct = mockHost({ 'demo:random/echo': same }).checked['demo:random/echo'];
    for (const f of shapes.keys()) {
      const inputs = fc.sample(values[`exportedDemoRandomEchoF${f}Arguments`]!, { numRuns: 20, seed: f });
      for (const [at, args] of inputs.entries()) {
        const [back] = echo[`f${f}`](...args);
        if (at % 2 === 0) expect(back).toEqual(args[0]);
        expect(results[f]![at]).toEqual(args[0]);
        expect(direct[`f${f}`](...args)).toEqual(args);
        passed++;
      }
    }
  }
  expect(passed).toBe(12 * 6 * 20);
});

test('there are no arbitraries where there are no values, or where they are not wanted', () => {
  const paths = (text: string, options: Partial<MocksOptions> = {}): readonly string[] =>
    mocks(text, options).map(({ path }) => path);
  expect(paths('package demo:a; world w { export f: func(); }')).toEqual(['mocks.ts', 'world.ts']);
  expect(paths(shop)).toEqual(['arbitraries.ts', 'mocks.ts', 'world.ts']);
  expect(paths(shop, { arbitraries: false })).toEqual(['mocks.ts', 'world.ts']);
  expect(fileOf(mocks(shop), 'arbitraries.ts')).toContain(
    `/** Values of \`row\` of \`demo:shop/db\`. */
export const demoShopDbRow: fc.Arbitrary<Row> = fc.record(
  {
    id: fc.bigInt({ min: 0n, max: 18446744073709551615n }),
    name: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  },
  plain,
);
`,
  );
});

test('what is wrong is said, and nothing is made', () => {
  const world = worldOf('package demo:a; interface i { f: async func(); } world w { import i; }');
  const { files, diagnostics } = generate(
    world,
    mocksTarget,
    { glue: '/etc', defaultShapes: ['demo:a/j'] },
    GENERATOR,
  );
  expect(files).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual([
    'invalid-option',
    'unknown-interface',
    'unsupported-async',
  ]);
});
