/** Names that mean something to JavaScript, to TypeScript or to the glue are names like any other. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { echoGuest } from './echo.ts';
import { compile } from './compile.ts';
import { fileOf, generated, Workspace, worldOf, type Any } from './generate.ts';
import { i32, WasmModule } from './wasm.ts';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const words = // Reserved words of JavaScript and TypeScript, and names that they give a meaning
  (
    'abstract any arguments as asserts async await bigint boolean break case catch class const constructor continue ' +
    'debugger declare default delete do else enum eval export extends false finally for from function get global if ' +
    'implements import in infer instanceof interface is keyof let module namespace never new null number object of out ' +
    'override package private protected prototype public readonly require return satisfies set static string super ' +
    'switch symbol this throw true try type typeof undefined unique unknown using var void while with yield ' +
    // Properties that every object, function or promise has
    'then catch finally name length call apply bind caller to-string value-of has-own-property is-prototype-of ' +
    'to-locale-string property-is-enumerable ' +
    // What the glue calls things
    'host imports exports versioned-imports instantiate instantiate-sync lift link lift-exports core-imports cx p q v n i at ' +
    'list map entry key bits0 index error promise result lifted failed args self handles account core ret lent payload ' +
    'value tag scope given instance done fail post core-run post-run note-handle take-back handle u32 s64 f32 bool char ' +
    // Globals, and names of the runtime
    'array big-int math json date error type-error map number object promise proxy set string symbol weak-map uint8-array ' +
    'float64-array array-like component-error component-instance core-exports core-interface guest-cell resource-handle ' +
    'module-source instantiate-options check enter leave trap alloc bad within guest load-u32 lift-own ' +
    // Upper case, and words that begin with a digit
    'URL A1-b2 a-1 a1 b-22-c b22-c x-YZ'
  )
    .split(' ')
    .filter(
      (word, index, all) => all.findIndex((other) => other.toLowerCase() === word.toLowerCase()) === index,
    );

const id = (word: string): string => `%${word}`;
const each = (text: (word: string, index: number) => string): string => words.map(text).join('\n');

describe('every name works everywhere', () => {
  const text = `package demo:names;
    interface fields { record all { ${each((word) => `${id(word)}: u8,`)} } f: func(x: all) -> all; g: func(x: list<all>) -> list<all>; }
    interface flagged { flags low { ${words.slice(0, 32).map(id).join(', ')} } ${each((word, index) => (index % 9 === 0 ? `flags f-${word} { ${id(word)}, other${index} }` : ''))} f: func(x: low) -> low; }
    interface cases {
      enum all { ${words.map(id).join(', ')} }
      variant some { ${each((word, index) => `${id(word)}${index % 2 === 0 ? '(u8)' : ''},`)} }
      f: func(x: all) -> all; g: func(x: some) -> some; h: func(x: list<some>) -> list<some>;
    }
    interface params { ${each((word, index) => `f${index}x: func(${id(word)}: string, other${index}: option<u32>) -> result<string, u32>;`)} }
    interface functions { ${each((word) => `${id(word)}: func(x: u32) -> u32;`)} }
    interface typed { ${each((word, index) => `${['record', 'variant', 'enum', 'flags'][index % 4]} ${id(word)} { a${index % 4 === 0 ? ': string' : ''} }`)}
      ${each((word, index) => `fn${index}x: func(x: ${id(word)}, y: list<${id(word)}>) -> option<${id(word)}>;`)} }
    world names {
      import fields; export fields; import flagged; export flagged; import cases; export cases;
      import params; export params; import functions; export functions; import typed; export typed;
    }`;
  const world = worldOf(text);
  const echo = new Proxy({}, { get: () => (x: unknown) => x });
  const interfaces = ['fields', 'flagged', 'cases', 'params', 'functions', 'typed'];
  const imports = Object.fromEntries(interfaces.map((name) => [`demo:names/${name}`, echo]));

  test('as fields, flags, cases, parameters, functions and types', async () => {
    const { instantiate } = await workspace.load(world);
    const api = await instantiate(echoGuest(world), imports);
    const record = Object.fromEntries(words.map((word, index) => [keyOf(word), index % 256]));
    expect(api.fields.f(record)).toEqual(record);
    expect(api.fields.g([record, record])).toEqual([record, record]);
    const low = Object.fromEntries(words.slice(0, 32).map((word, index) => [keyOf(word), index % 3 === 0]));
    expect(api.flagged.f(low)).toEqual(low);
    for (const [index, word] of words.entries()) {
      const value = index % 2 === 0 ? { tag: word, val: 7 } : { tag: word };
      expect(api.cases.f(word)).toBe(word);
      expect(api.cases.g(value)).toEqual(value);
      expect(api.params[`f${index}x`](word, index)).toBe(word);
      expect(api.functions[keyOf(word)](index)).toBe(index);
    }
    expect(api.cases.h([{ tag: words[0], val: 1 }])).toEqual([{ tag: words[0], val: 1 }]);
  });

  /** Only names with a boundary before a digit that would meet another keep it. */
  function keyOf(word: string): string {
    const apart: Readonly<Record<string, string>> = { 'a-1': 'a_1', 'b-22-c': 'b_22C', 'b22-c': 'b22C' };
    const lower = word.toLowerCase();
    return (
      (Object.hasOwn(apart, lower) ? apart[lower] : undefined) ??
      lower.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    );
  }

  test('and compile strictly, with resources, interfaces, packages and worlds of those names', () => {
    const own = new Workspace();
    own.write(generated(world));
    const resources = each(
      (
        word,
        index,
      ) => `resource ${id(word)} { constructor(${id(word)}: u8); ${id(words[(index + 1) % words.length]!)}: func(${id(word === 'self' ? 'me' : word)}: string) -> u32;
        ${id(words[(index + 2) % words.length]!)}: static func() -> result<${id(word)}, ${id(word)}>; }`,
    );
    const members = each((word, index) => `m${index}x: func(x: borrow<${id(word)}>, y: list<${id(word)}>);`);
    own.write(
      generated(
        worldOf(`package demo:res; interface r { ${resources} ${members} } world w { import r; export r; }`),
      ),
    );
    const methods = `resource all { constructor(); ${each((word) => `${id(word)}: func(x: string) -> u32;`)} }
      resource statics { ${each((word) => `${id(word)}: static func(x: string) -> u32;`)} }`;
    own.write(
      generated(worldOf(`package demo:res; interface r { ${methods} } world w { import r; export r; }`)),
    );
    for (const word of words.filter((_, index) => index % 12 === 0)) {
      own.write(
        generated(
          worldOf(`package ${id(word)}:${id(word)}; interface ${id(word)} { resource r; f: func(x: r); }
            world w-${word.replace(/^[^a-zA-Z]/, 'x')} { import ${id(word)}; export ${id(word)}; }`),
        ),
      );
    }
    // In a world itself: functions both ways, and inline interfaces.
    own.write(
      generated(
        worldOf(
          `package demo:root; world w { ${each((word) => `import ${id(word)}: func(x: string) -> string;`)} ${each((word) => `export ${id(word)}: func(x: string) -> string;`)} }`,
        ),
      ),
    );
    own.write(
      generated(
        worldOf(
          `package demo:root; world w { ${each((word) => `import ${id(word)}: interface { f: func(x: string); }`)} ${each((word) => `export ${id(word)}: interface { record ${id(word)} { a: u8 } f: func(x: ${id(word)}) -> string; }`)} }`,
        ),
      ),
    );
    expect(compile(own.path)).toEqual([]);
    own.remove();
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
  expect(exports.i.then()).toBe(5);
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
