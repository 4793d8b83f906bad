/** Names that mean something to JavaScript, to TypeScript, to file systems or to the glue are names like any other. */
import { realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { GeneratedFile } from '../src/index.ts';
import { compile } from './compile.ts';
import { echoGuest } from './echo.ts';
import { everyTarget } from './every-target.ts';
import { fileOf, generated, Workspace, worldOf, type Any } from './generate.ts';
import { loadInProcess } from './in-process.ts';
import { i32, WasmModule } from './wasm.ts';
import { askAll, planOf, wordHost } from './word-hosts.ts';
import { namedWorlds, wordWorlds, type WordWorld } from './word-worlds.ts';
import { WORDS } from './words.ts';

const FAST_CHECK = realpathSync(new URL('../../../node_modules/fast-check', import.meta.url));
const workspace = new Workspace();
afterAll(() => workspace.remove());

/** What generated code is made of in different ways, where a target has a choice. */
const CHOICES = [
  {},
  { results: 'return', readonly: true },
  { variants: 'kind', readonly: true, brands: true, mayBlock: ['*'] },
  { results: 'return', variants: 'kind' },
] as const;

/** Words for places where each costs much. */
const FEW = WORDS.filter(
  (word, index) =>
    index % 9 === 0 ||
    /^(?:con|aux|nul|com1|lpt1|then|default|type|index|host|imports|exports|constructor|prototype|a-?1|b-?22-c)$/.test(
      word,
    ),
);
const MUCH = /^(?:packages|inline|renamed|resources|world-types|uses)$/;
const worldsOf = (unique: string): readonly WordWorld[] => [
  ...wordWorlds(unique).filter(({ title }) => !MUCH.test(title)),
  ...wordWorlds(unique, FEW).filter(({ title }) => MUCH.test(title)),
];

describe('every name works in every place', () => {
  const inherited = Object.getOwnPropertyNames(Object.prototype);
  afterAll(() => expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(inherited));

  test('of the output of every target, in every profile: it compiles under every strict flag', () => {
    const programs: Program[] = [];
    for (const [at, choice] of CHOICES.entries()) {
      const worlds =
        at === 0
          ? [...worldsOf('a'), ...namedWorlds('a', FEW.slice(0, 20))]
          : wordWorlds(`a${at}`, at === 1 ? WORDS : FEW).filter(({ title }) =>
              /^(?:fields|cases|types)$/.test(title),
            );
      for (const { text } of worlds) {
        addTo(programs, everyTarget(worldOf(text), choice));
      }
    }
    const errors = programs.flatMap((program) => compile(program.workspace.path));
    for (const program of programs) program.workspace.remove();
    expect(errors).toEqual([]);
  }, 300_000);

  /** What is compiled together: no module may be declared twice. */
  interface Program {
    readonly workspace: Workspace;
    readonly modules: Set<string>;
  }

  function addTo(programs: Program[], files: readonly GeneratedFile[]): void {
    const declared = files.flatMap(({ contents }) =>
      [...contents.matchAll(/^declare module ('.*')/gm)].map((match) => match[1]!),
    );
    let program = programs.find(({ modules }) => !declared.some((module) => modules.has(module)));
    if (program === undefined) {
      programs.push((program = { workspace: new Workspace(), modules: new Set() }));
      symlinkSync(FAST_CHECK, join(program.workspace.path, 'node_modules/fast-check'));
    }

    for (const module of declared) program.modules.add(module);
    program.workspace.write(files);
  }

  describe.each(worldsOf('b'))('as $title: what has it passes as what it is', ({ text }) => {
    const world = worldOf(text);
    const plan = planOf(world);

    test('through a guest in process', async () => {
      const { instantiateGuest } = await loadInProcess(workspace, world);
      const exports = instantiateGuest((imports: object) => imports, wordHost(plan));
      const { asked, wrong } = askAll(plan, exports);
      expect(wrong).toEqual([]);
      expect(asked).toBeGreaterThan(0);
    });

    if (plan.resources.length > 0) return;
    test('through WebAssembly', async () => {
      const { instantiate } = await workspace.load(world);
      const { asked, wrong } = askAll(plan, await instantiate(echoGuest(world), wordHost(plan)));
      expect(wrong).toEqual([]);
      expect(asked).toBeGreaterThan(0);
    });
  });
});

describe('names that meet', () => {
  /** What differs in WIT and is alike in camel case, without versions, or to a file system; and what is there twice. */
  const text = `package demo:meet;
    interface api-1 { resource r1 { constructor(); m1: func(x: u32) -> u32; m-1: func(x: u32) -> u32; s1: static func(x: u32) -> u32; s-1: static func(x: u32) -> u32; }
      resource r-1 { constructor(); m: func(x: u32) -> u32; } record t1 { f1: u8, f-1: u8, f-1-b: u8, f1-b: u8 } record t-1 { a: u8 }
      r: func(x: u32) -> u32; f: func(x: t1) -> t1; g: func(x: t-1) -> t-1; f1: func(x: u32) -> u32; f-1: func(x: u32) -> u32; }
    interface api1 { use api-1.{r1, r-1 as r2, t1 as t-1}; f: func(x: t-1) -> t-1; pass: func(x: r1) -> r2; }
    world w {
      import api-1; export api-1; import api1; export api1;
      import renamed: api-1; export renamed: api-1; import re-1: api1; export re1: api-1;
      import one:two-three/four; export one:two-three/four; import one-two:three/four; export one-two:three/four;
      import ONE:two-three/four; export ONE:two-three/four;
      import v:v/v@1.0.0; export v:v/v@1.0.0; import v:v/v@2.0.0; export v:v/v@2.0.0; import v:v/v@2.0.0-a-1; export v:v/v@2.0.0-a1;
      import a1: interface { f: func(x: u32) -> u32; } import a-1: func(x: u32) -> u32;
      export a1: interface { f: func(x: u32) -> u32; } export a-1: func(x: u32) -> u32;
      import b-1: interface { f: func(x: u32) -> u32; } import b1: func(x: u32) -> u32;
      export b-1: interface { f: func(x: u32) -> u32; } export b1: func(x: u32) -> u32;
      import four: func(x: u32) -> u32; export four: func(x: u32) -> u32;
      use api1.{t-1 as t1, r1};
    }
    ${['one:two-three', 'one-two:three', 'ONE:two-three'].map((name) => `package ${name} { interface four { resource r { constructor(); } f: func(x: u32) -> u32; } }`).join('\n')}
    ${['1.0.0', '2.0.0', '2.0.0-a-1', '2.0.0-a1'].map((version) => `package v:v@${version} { interface v { resource v1; v: func(x: u32) -> u32; } }`).join('\n')}`;

  test('are told apart by every target', () => {
    const own = new Workspace();
    symlinkSync(FAST_CHECK, join(own.path, 'node_modules/fast-check'));
    const files = everyTarget(worldOf(text));
    expect(new Set(files.map(({ path }) => path.toLowerCase())).size).toBe(files.length);
    own.write(files);
    expect(compile(own.path)).toEqual([]);
    own.remove();
  });

  test('are told apart by guests and hosts', async () => {
    const world = worldOf(
      text
        .replaceAll(/(?:import|export) v:v[^;]*-a-?1;/g, '')
        .replace('import re-1: api1;', '')
        .replace('export re1: api-1;', ''),
    );
    const plan = planOf(world);
    const { instantiateGuest } = await loadInProcess(workspace, world);
    const exports = instantiateGuest((imports: object) => imports, wordHost(plan));
    const { asked, wrong } = askAll(plan, exports);
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(20);
  });
});

test('nothing that is generated for `then` is called by whoever awaits it', async () => {
  const world = worldOf(
    `package demo:then; interface then { resource res { constructor(); then: func(); then-then: static func(); }
      resource other { then: static func(); } then: func(); }
      world w { import then; export then; import other: interface { then: func(); } export other: interface { then: func(); }
        import main: func(); export main: func(); }`,
  );
  const files = everyTarget(world).filter(({ path }) => !path.endsWith('.d.ts'));
  const own = new Workspace();
  symlinkSync(FAST_CHECK, join(own.path, 'node_modules/fast-check'));
  const directory = own.write(files);
  const modules = await Promise.all(files.map(({ path }) => import(join(directory, path)) as Promise<Any>));
  expect(modules.filter((each) => typeof each.then === 'function')).toEqual([]);
  const { instantiateGuest } = modules[files.findIndex(({ path }) => path === 'guest/instantiate.ts')]!;
  const exports = await instantiateGuest((imports: object) => imports, wordHost(planOf(world)));
  const then = exports['demo:then/then'];
  const parts = [then, exports.other, then.Res, then.Other, new then.Res()];
  for (const part of parts) expect(await part).toBe(part);
  own.remove();
});

test('an exported function `then` does not make the instance a promise', async () => {
  const { instantiate } = await workspace.load(
    'package a:b; world w { export then: func() -> u32; export i: interface { then: func() -> u32; } }',
  );
  const module = new WasmModule();
  module.memory(1);
  for (const name of ['then', 'i#then']) module.func(name, { params: [], results: ['i32'] }, i32(5));
  const exports: Any = await instantiate(module.bytes(), {});
  expect(exports.then).toBe(undefined);
  expect(exports.then_()).toBe(5);
  expect(exports.i.then).toBe(undefined);
  expect(exports.i.then_()).toBe(5);
});

describe('statics that functions have too', () => {
  test('keep their own meaning', async () => {
    const { instantiate } = await workspace.load(
      'package a:b; interface i { resource r { name: static func() -> u32; length: static func() -> u32; prototype: static func() -> u32; call: static func() -> u32; } } world w { export i; }',
    );
    const module = new WasmModule();
    module.memory(1);
    for (const [index, name] of ['name', 'length', 'prototype', 'call'].entries()) {
      module.func(`a:b/i#[static]r.${name}`, { params: [], results: ['i32'] }, i32(index));
    }
    const { i } = await instantiate(module.bytes(), {});
    expect([i.R.name(), i.R.length(), i.R.prototype_(), i.R.call()]).toEqual([0, 1, 2, 3]);
  });
});

test('the same interface under several names has its own types each time', async () => {
  const world = worldOf(
    'package a:b; interface i { resource r { constructor(); n: func() -> u32; } use-it: func(x: borrow<r>) -> u32; } world w { import i; import other: i; export f: func() -> u32; }',
  );
  const files = generated(world);
  expect(fileOf(files, 'imports/other.ts')).toContain('export interface R {');
  const { instantiateSync } = await workspace.load(world);
  const module = new WasmModule();
  const none = { params: [], results: ['i32'] } as const;
  const one = module.import('a:b/i', '[constructor]r', none);
  const use = module.import('other', 'use-it', { params: ['i32'], results: ['i32'] });
  module.memory(1);
  module.func('f', none, [0x10, one, 0x10, use]);
  class R {
    n(): number {
      return 1;
    }
  }
  const host = { R, useIt: () => 1 };
  const { f } = instantiateSync(module.bytes(), { 'a:b/i': host, other: host });
  expect(() => f()).toThrow('used with the wrong type');
});
