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
  });

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
