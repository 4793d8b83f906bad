import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { bumpRealloc, op, wasmModule, type ModuleText } from '../test/wasm-module.ts';
import { LinkError } from './index.ts';
import { ComponentInstance } from './instance.ts';
import { suspend } from './jspi.ts';
import { waiting } from './abi/waiting.ts';
import {
  compatible,
  findHost,
  type CoreExports,
  type CoreInterface,
  type CoreWorld,
  type InstantiateOptions,
} from './core-world.ts';
import { instantiateCore, instantiateCoreSync, type ModuleSource } from './link.ts';

const nothing: CoreWorld<CoreExports> = {
  imports: [],
  exports: {},
  needsRealloc: false,
  given: {},
  lift: (core) => core,
  waiting,
};

const answer: ModuleText = {
  memory: 1,
  globals: [1024],
  functions: [bumpRealloc, { export: 'answer', results: ['i32'], body: op.i32(42) }],
};

function instantiate(
  text: ModuleText,
  world: Partial<CoreWorld<CoreExports>> = {},
  options: InstantiateOptions = {},
): CoreExports {
  return instantiateCoreSync(
    new ComponentInstance('demo'),
    wasmModule(text),
    { ...nothing, ...world },
    options,
  );
}

/** The problems that linking ends with. */
function problems(
  text: ModuleText,
  world: Partial<CoreWorld<CoreExports>> = {},
  options: InstantiateOptions = {},
): readonly string[] {
  try {
    instantiate(text, world, options);
  } catch (error) {
    if (error instanceof LinkError) return error.problems;
    throw error;
  }
  return [];
}

const get = (exports: CoreExports, name: string): (() => unknown) => exports.get(name);

describe('what a module can be given as', () => {
  const bytes = wasmModule(answer);
  const run = async (source: ModuleSource): Promise<unknown> => {
    const cx = new ComponentInstance('demo');
    const exports = await instantiateCore(
      cx,
      source,
      { ...nothing, exports: { answer: 1 }, needsRealloc: true },
      {},
    );
    expect([cx.state, cx.u8.length]).toEqual([0, 65536]);
    return get(exports, 'answer')();
  };

  test('is bytes, a module, a response, an address, or a promise of one', async () => {
    expect(await run(bytes)).toBe(42);
    expect(await run(bytes.buffer)).toBe(42);
    expect(await run(new Uint8Array([0, ...bytes, 0]).subarray(1, -1))).toBe(42);
    expect(await run(new WebAssembly.Module(bytes))).toBe(42);
    expect(await run(Promise.resolve(bytes))).toBe(42);
    expect(await run(new Response(bytes))).toBe(42);
    expect(await run(new URL(`data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}`))).toBe(
      42,
    );
    const folder = await mkdtemp(join(tmpdir(), 'wittle-'));
    await writeFile(join(folder, 'a.wasm'), bytes);
    expect(await run(pathToFileURL(join(folder, 'a.wasm')))).toBe(42);
    await rm(folder, { recursive: true });
  });

  test.each<[string, unknown, RegExp]>([
    [
      'text',
      'AGFzbQ==',
      /the module must be bytes, a WebAssembly\.Module, a URL, a Response, or a compiled component/,
    ],
    ['nothing', undefined, /the module must be bytes/],
    ['no bytes', new Uint8Array(0), /the module is not WebAssembly: it does not start with/],
    ['other bytes', new TextEncoder().encode('<!doctype html>'), /the module is not WebAssembly/],
    [
      'a component',
      new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]),
      /these are the bytes of a component: give what `compile` of @wittle\/component makes of them/,
    ],
    ['a broken module', wasmModule(answer).slice(0, -3), /the module is not valid: /],
    [
      'a module of another version',
      new Uint8Array([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]),
      /the module is not valid: /,
    ],
    [
      'a response that failed',
      new Response('', { status: 404, statusText: 'Not Found' }),
      /failed: 404 Not Found/,
    ],
  ])('is not %s', async (_, source, message) => {
    await expect(run(source as ModuleSource)).rejects.toThrow(message);
    await expect(run(source as ModuleSource)).rejects.toThrow(/^cannot instantiate world demo:\n {2}- /);
    if (!(source instanceof Response)) {
      const cx = new ComponentInstance('demo');
      expect(() => instantiateCoreSync(cx, source as Uint8Array<ArrayBuffer>, nothing, {})).toThrow(
        LinkError,
      );
    }
  });
});

describe('imports', () => {
  const importing = (module: string, name: string): ModuleText => ({
    imports: [{ module, name, results: ['i32'] }],
    functions: [{ export: 'run', results: ['i32'], body: op.call(0) }],
  });
  const poll = (host: object | undefined): CoreInterface => ({
    module: 'wasi:io/poll@0.2.12',
    host,
    functions: [
      { name: 'poll', host: ['poll'], call: () => 7 },
      { name: '[method]pollable.ready', host: ['Pollable', 'prototype', 'ready'], call: () => 8 },
      { name: '[resource-drop]pollable', host: undefined, call: () => 9 },
    ],
  });
  const host = {
    poll: () => [],
    Pollable: class {
      ready(): boolean {
        return true;
      }
    },
  };

  test.each([
    ['wasi:io/poll@0.2.12', 'poll', 7],
    ['wasi:io/poll@0.2.0', '[method]pollable.ready', 8],
    ['wasi:io/poll@0.2.99', '[resource-drop]pollable', 9],
  ])('%s %s is found, at any compatible version', (module, name, value) => {
    const exports = instantiate(importing(module, name), { imports: [poll(host)], exports: { run: 1 } });
    expect(get(exports, 'run')()).toBe(value);
  });

  test('that need nothing of a host do without one', () => {
    const exports = instantiate(importing('wasi:io/poll@0.2.0', '[resource-drop]pollable'), {
      imports: [poll(undefined)],
      exports: { run: 1 },
    });
    expect(get(exports, 'run')()).toBe(9);
  });

  test('that may wait are awaited in a call that can, and are called at once in any other', async () => {
    const cx = new ComponentInstance('demo');
    let waits = false;
    const imports: CoreInterface[] = [
      {
        module: 'm',
        host: { f: () => 1 },
        functions: [
          {
            name: 'f',
            host: ['f'],
            mayBlock: { params: [], result: 'i32' },
            call: () => (waits ? suspend(cx, Promise.resolve(7), 'f', 0) : 6),
          },
        ],
      },
    ];
    const exports = instantiateCoreSync(
      cx,
      wasmModule(importing('m', 'f')),
      { ...nothing, imports, exports: { run: 1 } },
      {},
    );
    expect(get(exports, 'run')()).toBe(6);
    waits = true;
    cx.maySuspend = true;
    expect(await exports.getAsync<() => Promise<number>>('run')()).toBe(7);
  });

  test('that are exact come before those that are compatible', () => {
    const older: CoreInterface = {
      module: 'a:b/c@1.0.0',
      host: undefined,
      functions: [{ name: 'f', host: undefined, call: () => 1 }],
    };
    const newer: CoreInterface = {
      module: 'a:b/c@1.2.0',
      host: undefined,
      functions: [{ name: 'f', host: undefined, call: () => 2 }],
    };
    const exports = instantiate(importing('a:b/c@1.2.0', 'f'), {
      imports: [older, newer],
      exports: { run: 1 },
    });
    expect(get(exports, 'run')()).toBe(2);
  });

  test.each<[string, ModuleText, CoreInterface[], string[]]>([
    [
      'an interface that the world does not import',
      importing('wasi:io/streams@0.2.0', 'read'),
      [poll(host)],
      [
        'the module imports `read` of `wasi:io/streams@0.2.0`, which the world does not import (it imports wasi:io/poll@0.2.12)',
      ],
    ],
    [
      'an interface, when the world imports none',
      importing('wasi:io/poll@0.2.0', 'poll'),
      [],
      [
        'the module imports `poll` of `wasi:io/poll@0.2.0`, which the world does not import (it imports nothing)',
      ],
    ],
    [
      'an incompatible version',
      importing('wasi:io/poll@0.3.0', 'poll'),
      [poll(host)],
      [
        'the module imports `poll` of `wasi:io/poll@0.3.0`, which the world does not import (it imports wasi:io/poll@0.2.12)',
      ],
    ],
    [
      'a function that the interface does not have',
      importing('wasi:io/poll@0.2.0', 'constructor'),
      [poll(host)],
      ['the module imports `constructor` of `wasi:io/poll@0.2.0`, which `wasi:io/poll@0.2.12` does not have'],
    ],
    [
      'Preview 1 without an adapter',
      importing('wasi_snapshot_preview1', 'fd_write'),
      [],
      [
        'the module imports `fd_write` of `wasi_snapshot_preview1`: pass a Preview 1 adapter in `options.adapter`',
      ],
    ],
    [
      'a name that objects have',
      importing('__proto__', 'toString'),
      [],
      ['the module imports `toString` of `__proto__`, which the world does not import (it imports nothing)'],
    ],
    [
      'an implementation that was not given',
      importing('wasi:io/poll@0.2.0', 'poll'),
      [poll(undefined)],
      ['no implementation of `wasi:io/poll@0.2.12` was given in `imports`'],
    ],
    [
      'an implementation without the function',
      importing('wasi:io/poll@0.2.0', 'poll'),
      [poll({ poll: 5 })],
      ['the implementation of `wasi:io/poll@0.2.12` has no function `poll`'],
    ],
    [
      'an implementation without the class',
      importing('wasi:io/poll@0.2.0', '[method]pollable.ready'),
      [poll({ poll: () => [] })],
      ['the implementation of `wasi:io/poll@0.2.12` has no method `Pollable.prototype.ready`'],
    ],
    [
      'a memory and a table',
      {
        otherImports: [
          { module: 'env', name: 'memory', descriptor: [2, 0, 1] },
          { module: 'env', name: 'table', descriptor: [1, 0x70, 0, 1] },
        ],
      },
      [],
      [
        'the module imports a memory, `env` `memory`; only functions can be given to it',
        'the module imports a table, `env` `table`; only functions can be given to it',
      ],
    ],
  ])('say what is missing: %s', (_, text, imports, expected) => {
    expect(problems(text, { imports })).toEqual(expected);
  });

  test('say all that is missing at once, and nothing twice', () => {
    const text: ModuleText = {
      imports: [
        { module: 'wasi:io/poll@0.2.0', name: 'poll', results: ['i32'] },
        { module: 'wasi:io/poll@0.2.0', name: '[method]pollable.ready', results: ['i32'] },
        { module: 'other', name: 'f' },
      ],
    };
    expect(problems(text, { imports: [poll(undefined)], exports: { run: 1 }, needsRealloc: true })).toEqual([
      'no implementation of `wasi:io/poll@0.2.12` was given in `imports`',
      'the module imports `f` of `other`, which the world does not import (it imports wasi:io/poll@0.2.12)',
      'the module exports no `cabi_realloc`, which is needed to pass strings or lists to it',
      'the module does not export `run`',
    ]);
  });
});

describe('adapters', () => {
  const text: ModuleText = {
    memory: 1,
    imports: [{ module: 'old', name: 'size', results: ['i32'] }],
    functions: [{ export: '_start', results: ['i32'], body: op.call(0) }],
  };

  test('give core functions that find the memory, and exports under another name', () => {
    const exports = instantiate(
      text,
      { exports: { 'wasi:cli/run@0.2.3#run': 1 } },
      {
        adapter: {
          imports: (guest) => ({
            old: {
              size: {
                params: [],
                results: ['i32'],
                mayBlock: false,
                call: () => guest.memory.buffer.byteLength,
              },
            },
          }),
          exports: (core) => ({ 'wasi:cli/run@0.2.12#run': core['_start']! }),
        },
      },
    );
    expect(get(exports, 'wasi:cli/run@0.2.3#run')()).toBe(65536);
  });

  test('say what they do not have', () => {
    const adapter = { imports: () => ({ old: {} }) };
    expect(problems(text, {}, { adapter })).toEqual([
      'the module imports `size` of `old`, which the adapter does not have',
    ]);
    const missing = {
      imports: () => ({
        old: { size: { params: [], results: ['i32'], mayBlock: false, call: () => 1 } as const },
      }),
      exports: () => ({}),
    };
    expect(problems(text, { exports: { run: 1 } }, { adapter: missing })).toEqual([
      'the module does not export `run`',
    ]);
  });

  test('may wait, with and without a way to', async () => {
    const adapter = {
      imports: () => ({
        old: { size: { params: [], results: ['i32'], mayBlock: true, call: async () => 5 } as const },
      }),
    };
    const cx = new ComponentInstance('demo');
    const waiting = instantiateCoreSync(
      cx,
      wasmModule(text),
      { ...nothing, exports: { _start: 1 } },
      { adapter },
    );
    cx.maySuspend = true;
    expect(await waiting.getAsync<() => Promise<number>>('_start')()).toBe(5);
    const plain = instantiate(text, { exports: { _start: 1 } }, { adapter, blocking: 'none' });
    expect(() => plain.getAsync<() => number>('_start')()).toThrow(
      '`old` `size` would have to wait, and this engine or this instance',
    );
  });
});

describe('exports', () => {
  const text: ModuleText = {
    functions: [
      { export: 'demo:a/b@1.2.0#f', results: ['i32'], body: op.i32(1) },
      { export: 'cabi_post_demo:a/b@1.2.0#f', params: ['i32'], body: [] },
      { export: 'demo:a/b@2.0.0#f', results: ['i32'], body: op.i32(2) },
      { export: 'plain', results: ['i32'], body: op.i32(3) },
      { export: 'demo:a/b@1.2.0#[dtor]r', params: ['i32'], body: [] },
    ],
  };

  test('are found by name, at any compatible version', () => {
    const names = ['demo:a/b@1.0.0#f', 'demo:a/b@2.5.0#f', 'plain'];
    const exports = instantiate(text, { exports: Object.fromEntries(names.map((name) => [name, 1])) });
    expect(names.map((name) => get(exports, name)())).toEqual([1, 2, 3]);
    expect(exports.post('demo:a/b@1.0.0#f')).toBeInstanceOf(Function);
    expect(exports.post('plain')).toBeUndefined();
    expect(exports.destructor('demo:a/b@1.0.0#r')(1)).toBeUndefined();
    expect(exports.destructor('demo:a/b@1.0.0#other')(1)).toBeUndefined();
  });

  test('that are missing are named', () => {
    expect(
      problems(text, { exports: { 'demo:a/b@3.0.0#f': 1, 'demo:a/b@1.2.0#g': 1, toString: 1 } }),
    ).toEqual([
      'the module does not export `demo:a/b@3.0.0#f`',
      'the module does not export `demo:a/b@1.2.0#g`',
      'the module does not export `toString`',
    ]);
  });

  test('that are no functions are missing', () => {
    expect(problems({ memory: 1, memoryExport: 'run' }, { exports: { run: 1 } })).toEqual([
      'the module does not export `run`',
    ]);
  });
});

describe('instantiation', () => {
  test('runs the start function and `_initialize` before anything can be called', () => {
    const log: string[] = [];
    const imports: CoreInterface[] = [
      {
        module: 'm',
        host: undefined,
        functions: ['start', 'init'].map((name) => ({
          name,
          host: undefined,
          call: () => void log.push(name),
        })),
      },
    ];
    instantiate(
      {
        imports: [
          { module: 'm', name: 'start' },
          { module: 'm', name: 'init' },
        ],
        functions: [{ body: op.call(0) }, { export: '_initialize', body: op.call(1) }],
        start: 2,
      },
      { imports },
    );
    expect(log).toEqual(['start', 'init']);
  });

  test('that traps leaves an instance that cannot be entered', () => {
    const cx = new ComponentInstance('demo');
    const bytes = wasmModule({ functions: [{ body: op.unreachable }], start: 0 });
    expect(() => instantiateCoreSync(cx, bytes, nothing, {})).toThrow(WebAssembly.RuntimeError);
    expect(cx.state).not.toBe(0);
  });
});

describe('versions', () => {
  test.each([
    ['a:b/c@0.2.0', 'a:b/c@0.2.12', true],
    ['a:b/c@1.0.0', 'a:b/c@1.9.3', true],
    ['a:b/c@0.0.1', 'a:b/c@0.0.1', true],
    ['a:b/c@0.2.0#f', 'a:b/c@0.2.1#f', true],
    ['a:b/c@1.0.0+build', 'a:b/c@1.0.1', true],
    ['a:b/c@0.2.0#f', 'a:b/c@0.2.1#g', false],
    ['a:b/c@0.2.0', 'a:b/c@0.3.0', false],
    ['a:b/c@0.2.0', 'a:b/d@0.2.0', false],
    ['a:b/c@0.2.0', 'a:x/c@0.2.0', false],
    ['a:b/c@1.0.0', 'a:b/c@2.0.0', false],
    ['a:b/c@0.0.1', 'a:b/c@0.0.2', false],
    ['a:b/c@1.0.0-rc.1', 'a:b/c@1.0.0', false],
    ['a:b/c@1.0.0-rc.1', 'a:b/c@1.0.0-rc.2', false],
    ['a:b/c', 'a:b/c@1.0.0', false],
    ['a:b/c@1.0', 'a:b/c@1.0.0', false],
    ['a:b/c@10.0.0', 'a:b/c@1.0.0', false],
  ])('%s and %s: %p', (one, other, expected) => {
    expect(compatible(one, other)).toBe(expected);
    expect(compatible(other, one)).toBe(expected);
  });

  test('an implementation is found with its version, without or with a compatible one, the exact one first', () => {
    const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    expect(findHost({ 'a:b/c': a }, 'a:b/c@1.0.0')).toBe(a);
    expect(findHost({ 'a:b/c@1.5.0': a }, 'a:b/c@1.0.0')).toBe(a);
    expect(findHost({ 'a:b/c': a, 'a:b/c@1.0.0': b, 'a:b/c@1.5.0': c }, 'a:b/c@1.0.0')).toBe(b);
    expect(findHost({ 'a:b/c': a, 'a:b/c@2.0.0': b }, 'a:b/c@1.0.0')).toBe(a);
    expect(findHost({ 'a:b/c@2.0.0': b }, 'a:b/c@1.0.0')).toBeUndefined();
    expect(findHost({ 'a:b/c': 'no object' }, 'a:b/c')).toBeUndefined();
    expect(findHost({}, 'constructor')).toBeUndefined();
    const namespace = Object.assign(() => {}, { f: () => 1 });
    expect(findHost({ 'a:b/c': namespace }, 'a:b/c')).toBe(namespace);
  });
});
