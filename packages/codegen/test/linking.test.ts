/** What fits together, and what is said when it does not. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Workspace, type Any, type Glue } from './generate.ts';
import { call, i32, WasmModule, type Signature } from './wasm.ts';

const workspace = new Workspace();
const { LinkError } = await workspace.runtime();
afterAll(() => workspace.remove());

const wit = `package demo:link@0.2.12;
  interface log { resource sink { constructor(); write: func(x: u32); open: static func() -> sink; } level: func() -> u32; unused: func(); }
  interface api { run: func() -> u32; text: func(s: string); }
  world w { import log; import root: func() -> u32; export api; }`;

let glue: Glue;
beforeAll(async () => {
  glue = await workspace.load(wit);
});

const nothing: Signature = { params: [], results: [] };
const number: Signature = { params: [], results: ['i32'] };

interface Parts {
  readonly imports?: readonly (readonly [module: string, name: string, signature: Signature])[];
  readonly exports?: readonly string[];
  readonly realloc?: boolean;
  readonly version?: string;
}

/** A guest that calls its last import from `run`. */
function guest({
  imports = [],
  exports = ['run', 'text'],
  realloc = true,
  version = '0.2.12',
}: Parts): Uint8Array<ArrayBuffer> {
  const module = new WasmModule();
  for (const [from, name, signature] of imports) module.import(from, name, signature);
  module.memory(1);
  if (realloc) module.bumpRealloc();
  const calls = imports.length > 0 && imports.at(-1)![2] === number;
  for (const name of exports) {
    const signature: Signature = name === 'run' ? number : { params: ['i32', 'i32'], results: [] };
    const body = name !== 'run' ? [] : calls ? call(imports.length - 1) : i32(0);
    module.func(`demo:link/api@${version}#${name}`, signature, body);
  }
  return module.bytes();
}

class Sink {
  static open(): Sink {
    return new Sink();
  }
  write(): void {}
}
const log = { Sink, level: () => 3, unused: () => {} };

function problemsOf(module: unknown, imports: object): readonly string[] {
  try {
    glue.instantiateSync(module, imports);
  } catch (error) {
    expect(error).toBeInstanceOf(LinkError);
    return (error as Any).problems;
  }
  throw new Error('it fits');
}

describe('versions', () => {
  const imports = (version: string): Parts['imports'] => [[`demo:link/log${version}`, 'level', number]];
  test.each(['@0.2.12', '@0.2.0', '@0.2.99'])('a module made for %s fits a world at 0.2.12', (version) => {
    const module = guest({ imports: imports(version)!, version: version.slice(1) });
    for (const key of ['demo:link/log', 'demo:link/log@0.2.12', 'demo:link/log@0.2.3']) {
      const { api } = glue.instantiateSync(module, { [key]: log });
      expect(api.run()).toBe(3);
    }
  });

  test.each(['@0.3.0', '@1.0.0', '@0.2.0-rc.1'])('a module made for %s does not', (version) => {
    const module = guest({ imports: imports(version)! });
    expect(problemsOf(module, { 'demo:link/log': log })).toEqual([
      `the module imports \`level\` of \`demo:link/log${version}\`, which the world does not import (it imports demo:link/log@0.2.12, $root)`,
    ]);
  });

  test('exports are there by the interface, with and without its package', () => {
    const exports = glue.instantiateSync(guest({}), {});
    expect(exports.api).toBe(exports['demo:link/api']);
  });
});

describe('a LinkError names everything that does not fit', () => {
  const level = ['demo:link/log@0.2.12', 'level', number] as const;
  const cases: readonly (readonly [string, Parts, object, readonly string[]])[] = [
    [
      'a missing interface',
      { imports: [level] },
      {},
      ['no implementation of `demo:link/log@0.2.12` was given in `imports`'],
    ],
    [
      'a missing function',
      { imports: [level] },
      { 'demo:link/log': { Sink } },
      ['the implementation of `demo:link/log@0.2.12` has no function `level`'],
    ],
    [
      'a missing function of the world',
      { imports: [['$root', 'root', number]] },
      {},
      ['the implementation of `$root` has no function `root`'],
    ],
    [
      'a missing class, method and static',
      {
        imports: [
          ['demo:link/log@0.2.12', '[constructor]sink', number],
          ['demo:link/log@0.2.12', '[method]sink.write', { params: ['i32', 'i32'], results: [] }],
          ['demo:link/log@0.2.12', '[static]sink.open', number],
        ],
      },
      { 'demo:link/log': {} },
      [
        'the implementation of `demo:link/log@0.2.12` has no function `Sink`',
        'the implementation of `demo:link/log@0.2.12` has no method `Sink.prototype.write`',
        'the implementation of `demo:link/log@0.2.12` has no method `Sink.open`',
      ],
    ],
    [
      'a class without a method',
      { imports: [['demo:link/log@0.2.12', '[method]sink.write', { params: ['i32', 'i32'], results: [] }]] },
      { 'demo:link/log': { Sink: class {} } },
      ['the implementation of `demo:link/log@0.2.12` has no method `Sink.prototype.write`'],
    ],
    ['missing exports', { exports: ['run'] }, {}, ['the module does not export `demo:link/api@0.2.12#text`']],
    [
      'a missing allocator',
      { realloc: false },
      {},
      ['the module exports no `cabi_realloc`, which is needed to pass strings or lists to it'],
    ],
    [
      'an unknown function',
      { imports: [['demo:link/log@0.2.12', 'leve', number]] },
      { 'demo:link/log': log },
      ['the module imports `leve` of `demo:link/log@0.2.12`, which `demo:link/log@0.2.12` does not have'],
    ],
    [
      'Preview 1',
      { imports: [['wasi_snapshot_preview1', 'proc_exit', { params: ['i32'], results: [] }]] },
      {},
      [
        'the module imports `proc_exit` of `wasi_snapshot_preview1`: pass a Preview 1 adapter in `options.adapter`',
      ],
    ],
    [
      'several at once',
      {
        imports: [
          ['env', 'a', nothing],
          ['$root', 'root', number],
        ],
        exports: [],
      },
      {},
      [
        'the module imports `a` of `env`, which the world does not import (it imports demo:link/log@0.2.12, $root)',
        'the implementation of `$root` has no function `root`',
        'the module does not export `demo:link/api@0.2.12#run`',
        'the module does not export `demo:link/api@0.2.12#text`',
      ],
    ],
  ];
  test.each(cases)('%s', (_, parts, imports, problems) => {
    expect(problemsOf(guest(parts), imports)).toEqual(problems);
  });

  test('only what the module imports must be implemented', () => {
    expect(
      glue.instantiateSync(guest({ imports: [level] }), { 'demo:link/log': { level: () => 9 } }).api.run(),
    ).toBe(9);
  });
});

describe('what is no core module', () => {
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      'a component',
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
      /these are the bytes of a component: give what `compile` of @wittle\/component makes of them/,
    ],
    ['text', new TextEncoder().encode('(module (memory 1))'), /not WebAssembly/],
    ['nothing', new Uint8Array(0), /not WebAssembly/],
    ['a broken module', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99), /the module is not valid/],
  ];
  test.each(cases)('%s is refused with a reason', async (_, bytes, message) => {
    await expect(glue.instantiate(bytes, {})).rejects.toThrow(message);
    expect(() => glue.instantiateSync(bytes, {})).toThrow(message);
  });

  test('a module may come as bytes, compiled, or as a promise of either', async () => {
    const bytes = guest({});
    for (const source of [bytes, bytes.buffer, new WebAssembly.Module(bytes), Promise.resolve(bytes)]) {
      expect((await glue.instantiate(source, {})).api.run()).toBe(0);
    }
  });
});
