/** Skeletons compile with the glue that they are for, run, and say what is missing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { caseNames } from '../../../test/cases.ts';
import { compile } from '../../../test/compile.ts';
import { fileOf, generated, GENERATOR, Workspace, worldOf, type Glue } from '../../../test/generate.ts';
import { anyShape, witOf } from '../../../test/random-types.ts';
import { call, i32, WasmModule } from '../../../test/wasm.ts';
import { generate, stubsTarget, type GeneratedFile, type StubsOptions } from '../../index.ts';

const workspaces: Workspace[] = [];
afterAll(() => workspaces.forEach((each) => each.remove()));

function workspace(): Workspace {
  const made = new Workspace();
  workspaces.push(made);
  return made;
}

function stubs(text: string, options: Partial<StubsOptions> = {}): readonly GeneratedFile[] {
  const { files, diagnostics } = generate(
    worldOf(text),
    stubsTarget,
    { importSuffix: '.ts', ...options },
    GENERATOR,
  );
  expect(diagnostics).toEqual([]);
  return files;
}

/** Host glue and stubs of a world, side by side in a new directory of the workspace; gives the directory. */
function write(made: Workspace, text: string, options: Partial<StubsOptions> = {}): string {
  const under = (folder: string, files: readonly GeneratedFile[]): readonly GeneratedFile[] =>
    files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
  const glue = generated(worldOf(text), options);
  return made.write([...under('bindings', glue), ...under('stubs', stubs(text, options))]);
}

const shop = `package demo:shop@1.0.0;
  /// Rows of tables.
  interface db {
    record row { id: u64, name: option<string> }
    /// Speaks to a database.
    resource connection {
      constructor(url: string);
      /// Asks.
      ///
      /// Answers come in order.
      query: func(sql: string, %new: bool) -> result<list<row>, string>;
      share: static func(other: borrow<connection>) -> connection;
    }
    connect: func(url: string) -> result<connection, u8>;
    %class: func();
    wait: func(ns: u64) -> u32;
  }
  interface only-types { enum e { a } }
  world shop {
    import db; import only-types;
    import say: func(text: string);
    export start: func(which: u32);
  }`;

test('a skeleton reads as a person would begin it', () => {
  const files = stubs(shop, { mayBlock: ['demo:shop/db#wait'], importSuffix: '.js' });
  expect(files.map((file) => [file.path, file.isTemplate])).toEqual([
    ['imports/$root.ts', true],
    ['imports/demo/shop/db.ts', true],
    ['index.ts', true],
  ]);
  expect(fileOf(files, 'imports/demo/shop/db.ts')).toBe(
    `// Stubs for world demo:shop/shop, begun by wittle test: implement what throws NotImplemented.
// This file is yours: once you change it, generating leaves it as it is.

import { NotImplemented } from '@wittle/runtime';
import type {
  Connection as ConnectionContract,
  Host,
  Row,
} from '../../../../bindings/imports/demo/shop/db.js';

/** Speaks to a database. */
export class Connection implements ConnectionContract {
  constructor(url: string) {
    throw new NotImplemented('demo:shop/db.connection.constructor', [url]);
  }

  static share(other: Connection): Connection {
    throw new NotImplemented('demo:shop/db.connection.share', [other]);
  }

  /**
   * Asks.
   *
   * Answers come in order.
   * @throws {ComponentError<string>}
   */
  query(sql: string, new_: boolean): Row[] {
    throw new NotImplemented('demo:shop/db.connection.query', [sql, new_]);
  }

  /** Called when the guest drops its last handle: release what the object holds. */
  [Symbol.dispose](): void {}
}

/**
 * The host's implementation of \`demo:shop/db\`.
 *
 * Rows of tables.
 */
export const db: Host = {
  Connection,

  /** @throws {ComponentError<number>} */
  connect(url: string): Connection {
    throw new NotImplemented('demo:shop/db.connect', [url]);
  },

  class(): void {
    throw new NotImplemented('demo:shop/db.class');
  },

  wait(ns: bigint): number | Promise<number> {
    throw new NotImplemented('demo:shop/db.wait', [ns]);
  },
};
`,
  );
  expect(fileOf(files, 'index.ts')).toBe(
    `// Stubs for world demo:shop/shop, begun by wittle test: implement what throws NotImplemented.
// This file is yours: once you change it, generating leaves it as it is.

import type { Imports } from '../bindings/index.js';
import { root } from './imports/$root.js';
import { db } from './imports/demo/shop/db.js';

/** What world \`demo:shop/shop\` imports: the second argument of \`instantiate\`. */
export const imports: Imports = { 'demo:shop/db': db, ...root };
`,
  );
});

test('skeletons of all recorded worlds, in every shape, compile under every strict flag', () => {
  const made = workspace();
  const shapes: readonly Partial<StubsOptions>[] = [
    {},
    { results: 'return', variants: 'kind', readonly: true, brands: true },
    { mayBlock: ['*'], brands: true },
    { results: 'return', mayBlock: ['*'] },
  ];
  const root = new URL('../../../test/cases/', import.meta.url);
  const texts = caseNames().map((name) => readFileSync(new URL(`${name}/input.wit`, root), 'utf8'));
  for (const [index, text] of texts.entries()) write(made, text, shapes[index % shapes.length]);
  const worlds = fc.sample(fc.array(anyShape, { minLength: 8, maxLength: 8 }), { seed: 3, numRuns: 12 });
  for (const [index, each] of worlds.entries()) {
    const declarations = new Map<string, string>();
    const functions = each.map(
      (shape, f) => `f${f}: func(x: ${witOf(shape, declarations)}) -> result<${witOf(shape, declarations)}>;`,
    );
    const text = `package demo:random; interface api { ${[...declarations.values()].join('\n')} ${functions.join('\n')} } world w { import api; }`;
    write(made, text, shapes[index % shapes.length]);
  }
  expect(compile(made.path)).toEqual([]);
});

test('names that mean something to the skeleton or to JavaScript are names like any other', () => {
  const made = workspace();
  const words = (
    'host not-implemented imports index root class new then constructor prototype name arguments thing thing-contract ' +
    'promise symbol static default delete this'
  ).split(' ');
  const each = (text: (word: string) => string): string => words.map(text).join('\n');
  write(
    made,
    `package demo:names;
     ${each((word) => `interface %${word} { resource %${word} { constructor(%${word}: u8); x: func(%${word}: u8); } %${word}-f: func(); }`)}
     interface resources {
       ${each((word) => `resource %${word} { %${word}: func(%${word}: list<%${word}>) -> %${word}; }`)}
       resource statics { ${each((word) => `%${word}: static func();`)} }
       ${each((word) => `f-${word}: func(%${word}: u8);`)}
     }
     world names {
       ${each((word) => `import %${word};`)}
       import resources; import demo:other/root@1.0.0; import demo:other/root@2.0.0;
       import own-name: interface { f: func(); }
       import %function: func(%function: u8);
     }
     package demo:other@1.0.0 { interface root { f: func(); } }
     package demo:other@2.0.0 { interface root { f: func(x: u8); } }`,
  );
  expect(compile(made.path)).toEqual([]);
});

describe('a guest that calls what is missing', () => {
  const made = workspace();
  const options = { mayBlock: ['demo:shop/db#wait'] };
  const directory = write(made, shop, options);

  /** Calls one of the imports, by its number. */
  function guest(): Uint8Array<ArrayBuffer> {
    const wasm = new WasmModule();
    const unary = { params: ['i32'], results: [] } as const;
    const db = 'demo:shop/db@1.0.0';
    const say = wasm.import('$root', 'say', { params: ['i32', 'i32'], results: [] });
    const make = wasm.import(db, '[constructor]connection', { params: ['i32', 'i32'], results: ['i32'] });
    const connect = wasm.import(db, 'connect', { params: ['i32', 'i32', 'i32'], results: [] });
    const wait = wasm.import(db, 'wait', { params: ['i64'], results: ['i32'] });
    wasm.memory(1);
    wasm.bumpRealloc();
    const bodies = [
      [...i32(0), ...i32(0), ...call(say)],
      [...i32(0), ...i32(0), ...call(make), 0x1a],
      [...i32(0), ...i32(0), ...i32(64), ...call(connect)],
      [0x42, 7, ...call(wait), 0x1a],
    ];
    const cases = bodies.flatMap((body, index) => [
      ...[0x20, 0, ...i32(index), 0x46, 0x04, 0x40],
      ...body,
      0x0b,
    ]);
    wasm.func('start', unary, cases);
    return wasm.bytes();
  }

  test.each([
    [0, 'say', ['']],
    [1, 'demo:shop/db.connection.constructor', ['']],
    [2, 'demo:shop/db.connect', ['']],
    [3, 'demo:shop/db.wait', [7n]],
  ])('ends with an error that names it (%#)', async (which, functionName, args) => {
    const { NotImplemented } = await made.runtime();
    const { instantiate } = (await import(join(directory, 'bindings/index.ts'))) as Glue;
    const { imports } = (await import(join(directory, 'stubs/index.ts'))) as { readonly imports: object };
    const { start } = await instantiate(guest(), imports);
    const error: unknown = await start(which).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotImplemented);
    expect(error).toMatchObject({
      name: 'NotImplemented',
      message: `${functionName} is not implemented`,
      functionName,
      arguments: args,
    });
  });
});

test('glue may be anywhere but in the same directory', () => {
  const import_ = (glue: string): string =>
    /from '(.*)';/.exec(fileOf(stubs(shop, { glue, importSuffix: '' }), 'index.ts'))![1]!;
  expect(import_('../../generated/')).toBe('../../generated/index');
  expect(import_('./glue')).toBe('./glue/index');
  expect(import_('a/../../b')).toBe('../b/index');
  expect(import_('..\\glue')).toBe('../glue/index');
  for (const glue of ['', '.', 'a/..', '/etc', 'C:\\glue', 'a\nb']) {
    const { files, diagnostics } = generate(worldOf(shop), stubsTarget, { glue }, GENERATOR);
    expect([files, diagnostics.map(({ code }) => code)]).toEqual([[], ['invalid-option']]);
  }
});

test('a world that imports nothing has nothing to implement', () => {
  const made = workspace();
  write(made, 'package demo:a; world w { export f: func(); }');
  write(made, 'package demo:a; interface i { enum e { a } } world w { import i; }');
  writeFileSync(
    join(made.path, 'use.ts'),
    "import { imports } from './world-1/stubs/index.ts';\nvoid imports;\n",
  );
  expect(compile(made.path)).toEqual([]);
});

test('what is wrong with the world or the options is said, and nothing is made', () => {
  const world = worldOf('package demo:a; interface i { f: async func(); } world w { import i; }');
  const { files, diagnostics } = generate(
    world,
    stubsTarget,
    { mayBlock: ['demo:a/i#g'], defaultShapes: ['demo:a/j'] },
    GENERATOR,
  );
  expect(files).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual([
    'unknown-function',
    'unknown-interface',
    'unsupported-async',
  ]);
});
