/** Canonical definitions: options, and the signatures of core functions. */
import { describe, expect, test } from '@jest/globals';
import {
  builtin,
  canon,
  core,
  func,
  imported,
  index,
  lastFacts,
  memory,
  moduleType,
  of,
  problemOf,
  resource,
  subResource,
  type,
  type CoreExtern,
  type Signature,
} from '../../test/definitions.ts';
import type { AsyncCanon, AsyncCanonKind, CanonOption, CoreValueType, Item } from '../binary/definition.ts';

const realloc: Signature = [['i32', 'i32', 'i32', 'i32'], ['i32']];
const option = (kind: CanonOption['kind'], at: number = 0): CanonOption => ({ kind, ...index(at) });
const inMemory = [option('memory'), option('realloc')];

/** Lifts core function `f`, where there is a memory and `realloc` as core function 0. */
function lift(
  f: Signature,
  as: Item,
  options: readonly CanonOption[],
  more: Record<string, CoreExtern> = {},
): string {
  return problemOf(
    ...core({ realloc, mem: memory(), f, ...more }),
    as,
    canon({ kind: 'lift', callee: index(1), options, type: index(0) }),
  );
}

/** The signature of the core function that is the last of `items`, found by importing it with another one. */
function signatureOf(...items: readonly Item[]): string {
  const functions = items.filter(
    (item) => item.kind === 'canon' || (item.kind === 'alias' && item.alias.sort === 'core function'),
  );
  const instance = (expression: Extract<Item, { kind: 'core instance' }>['expression']): Item => ({
    kind: 'core instance',
    offset: 0,
    expression,
  });
  const before = items.filter((item) => item.kind === 'core instance').length;
  const types = items.filter((item) => item.kind === 'core type').length;
  const modules = items.filter((item) => item.kind === 'import' && item.type.kind === 'core module').length;
  const problem = problemOf(
    ...items,
    moduleType({}, { 'm.f': [['v128'], []] }),
    imported('importer', of({ 'core module': types })),
    instance({ kind: 'exports', exports: [{ name: 'f', sort: 'function', ...index(functions.length - 1) }] }),
    instance({ kind: 'instantiate', module: index(modules), args: [{ name: 'm', ...index(before) }] }),
  );
  return /found function (.*)$/.exec(problem)?.[1] ?? problem;
}

describe('lifting', () => {
  test.each<[string, Signature, Item, readonly CanonOption[], string]>([
    ['takes flat values', [['i32', 'f32'], ['i64']], func(['u8', 'f32'], 's64'), [], ''],
    ['takes text as two numbers', [['i32', 'i32'], []], func(['string']), inMemory, ''],
    [
      'needs memory for text',
      [['i32', 'i32'], []],
      func(['string']),
      [],
      'canonical option `memory` is required',
    ],
    [
      'needs room for text',
      [['i32', 'i32'], []],
      func(['string']),
      [option('memory')],
      'canonical option `realloc` is required',
    ],
    ['needs no room for text that comes out', [[], ['i32']], func([], 'string'), [option('memory')], ''],
    [
      'takes many parameters as one',
      [['i32'], []],
      func(Array.from({ length: 17 }, () => 'u8' as const)),
      inMemory,
      '',
    ],
    [
      'takes functions with these parameters only',
      [['i32'], []],
      func(),
      [],
      'core function: expected [] -> [], found [i32] -> []',
    ],
    [
      'takes functions with these results only',
      [[], ['i64']],
      func([], 'u32'),
      [],
      'core function: expected [] -> [i32], found [] -> [i64]',
    ],
    [
      'asynchronously is for asynchronous functions',
      [[], []],
      func(),
      [option('async')],
      'canonical option `async` requires an async function type',
    ],
    ['asynchronously gives nothing', [[], []], func([], 'u32', true), [option('async')], ''],
    [
      'has a callback only asynchronously',
      [[], []],
      func(),
      [option('callback')],
      'canonical option `callback` requires `async`',
    ],
    [
      'has room in a memory only',
      [[], []],
      func(),
      [option('realloc')],
      'canonical option `realloc` requires `memory`',
    ],
    [
      'has one encoding',
      [[], []],
      func(),
      [option('utf8'), option('utf16')],
      'canonical option `utf16` conflicts with `utf8`',
    ],
    [
      'has an option once',
      [[], []],
      func(),
      [option('memory'), option('memory')],
      'canonical option `memory` conflicts with `memory`',
    ],
    [
      'cleans up after what the function gave',
      [[], ['i32']],
      func([], 'u32'),
      [option('post-return')],
      '`post-return`: expected [i32] -> [], found [i32 i32 i32 i32] -> [i32]',
    ],
  ])('%s', (_title, f, as, options, problem) => {
    expect(lift(f, as, options)).toBe(problem);
  });

  test('takes a fitting `post-return` and callback', () => {
    expect(lift([[], ['i32']], func([], 'u32'), [option('post-return', 2)], { post: [['i32'], []] })).toBe(
      '',
    );
    const callback: Signature = [['i32', 'i32', 'i32'], ['i32']];
    expect(
      lift([[], ['i32']], func([], 'u32', true), [option('async'), option('callback', 2)], { callback }),
    ).toBe('');
  });

  test('does not use shared memory', () => {
    const items = [...core({ f: [[], []], mem: memory({ maximum: 1n, shared: true }) }), func()];
    const lifted = canon({ kind: 'lift', callee: index(0), options: [option('memory')], type: index(0) });
    expect(problemOf(...items, lifted)).toBe('mismatch in the shared flag of a memory');
  });
});

describe('lowering', () => {
  const lower = (as: Item, options: readonly CanonOption[]): readonly Item[] => [
    ...core({ realloc, mem: memory() }),
    as,
    imported('f', of({ function: 0 })),
    canon({ kind: 'lower', callee: index(0), options }),
  ];
  const tuple = type({ kind: 'tuple', types: ['u8', 'u8'] });

  test.each<[string, Item, readonly CanonOption[], string]>([
    ['passes flat values', func(['u8', 'f64'], 'f32'), [], '[i32 f64] -> [f32]'],
    ['gives text a place to go', func([], 'string'), inMemory, '[i32] -> []'],
    [
      'passes few values asynchronously',
      func(['u8', 'u8', 'u8', 'u8', 'u8'], 'u8', true),
      [...inMemory, option('async')],
      '[i32 i32] -> [i32]',
    ],
    [
      'gives any result a place to go asynchronously',
      func(['u64'], 'u8', true),
      [...inMemory, option('async')],
      '[i64 i32] -> [i32]',
    ],
    ['needs room for text', func([], 'string'), [option('memory')], 'canonical option `realloc` is required'],
    ['does not clean up', func(), [option('post-return')], '`lower` takes no `post-return` or `callback`'],
  ])('%s', (_title, as, options, signature) => {
    expect(signatureOf(...lower(as, options))).toBe(signature);
  });

  test('uses the addresses of the memory', () => {
    const items = core({ realloc: [['i64', 'i64', 'i64', 'i64'], ['i64']], mem: memory({ address: 'i64' }) });
    const lowered = canon({ kind: 'lower', callee: index(0), options: inMemory });
    expect(
      signatureOf(...items, func(['string'], 'string'), imported('f', of({ function: 0 })), lowered),
    ).toBe('[i64 i64 i64] -> []');
  });

  test('says what function it is of', () => {
    const facts = lastFacts(
      func(['u8']),
      imported('f', of({ function: 0 })),
      canon({ kind: 'lower', callee: index(0), options: [] }),
    );
    expect(facts).toMatchObject({
      kind: 'function',
      type: {
        kind: 'function',
        async: false,
        params: [{ name: 'p0', type: { kind: 'u8' } }],
        result: undefined,
      },
    });
  });

  test('refuses types that cannot be passed by values alone', () => {
    expect(
      problemOf(
        tuple,
        func([], index(0)),
        imported('f', of({ function: 1 })),
        canon({ kind: 'lower', callee: index(0), options: [] }),
      ),
    ).toBe('canonical option `memory` is required');
  });
});

describe('resources', () => {
  const i64: Item = type({ kind: 'resource', rep: 'i64', destructor: undefined });
  test.each<['resource.new' | 'resource.drop' | 'resource.rep', Item, string]>([
    ['resource.new', resource, '[i32] -> [i32]'],
    ['resource.rep', i64, '[i32] -> [i64]'],
    ['resource.drop', i64, '[i32] -> []'],
    ['resource.drop', imported('r', subResource), '[i32] -> []'],
    ['resource.rep', imported('r', subResource), 'type 0 is not a local resource'],
    ['resource.drop', func(), 'type index 0 is not of kind resource'],
  ])('%s', (kind, of, signature) => {
    expect(signatureOf(of, canon({ kind, type: index(0) }))).toBe(signature);
  });

  test('have destructors that take their representation', () => {
    const destroyed = (f: Signature): string =>
      problemOf(...core({ f }), type({ kind: 'resource', rep: 'i32', destructor: index(0) }));
    expect(destroyed([['i32'], []])).toBe('');
    expect(destroyed([['i64'], []])).toBe('destructor: expected [i32] -> [], found [i64] -> []');
  });
});

describe('built-ins', () => {
  const stream = type({ kind: 'stream', element: 'string' });
  const future = type({ kind: 'future', element: undefined });
  const context = (storage: CoreValueType, slot: number): Partial<AsyncCanon> => ({
    context: { type: storage, slot },
  });
  test.each<[AsyncCanonKind, Partial<AsyncCanon>, readonly Item[], string]>([
    ['task.return', { result: 'string', options: [option('memory')] }, [], '[i32 i32] -> []'],
    ['task.return', { result: 'string' }, [], 'canonical option `memory` is required'],
    ['task.return', { options: inMemory }, [], '`task.return` takes `memory` and an encoding only'],
    ['context.get', context('i64', 1), [], '[] -> [i64]'],
    ['context.set', context('f32', 0), [], 'the type of `context.set` must be `i32` or `i64`'],
    ['context.get', context('i32', 2), [], '`context.get` has no slot 2'],
    [
      'context.get',
      context('i32', 0),
      [builtin('context.set', context('i64', 0))],
      'the type of `context.get` must be that of other contexts',
    ],
    ['stream.new', { type: index(0) }, [stream], '[] -> [i64]'],
    ['stream.new', { type: index(0) }, [future], 'type index 0 is not of kind stream'],
    ['stream.read', { type: index(0), options: inMemory }, [stream], '[i32 i32 i32] -> [i32]'],
    [
      'stream.read',
      { type: index(0), options: [option('memory')] },
      [stream],
      'canonical option `realloc` is required',
    ],
    ['stream.write', { type: index(0), options: [option('memory')] }, [stream], '[i32 i32 i32] -> [i32]'],
    ['future.write', { type: index(0) }, [future], '[i32 i32] -> [i32]'],
    ['error-context.new', {}, [], 'canonical option `memory` is required'],
    ['error-context.new', { options: [option('memory')] }, [], '[i32 i32] -> [i32]'],
    ['waitable-set.wait', { memory: index(0) }, [], '[i32 i32] -> [i32]'],
    ['waitable.join', {}, [], '[i32 i32] -> []'],
    ['thread.suspend-then-resume', {}, [], '[i32] -> [i32]'],
  ])('%s', (kind, parts, before, signature) => {
    expect(signatureOf(...core({ realloc, mem: memory() }), ...before, builtin(kind, parts))).toBe(signature);
  });

  test('threads begin in functions with one argument', () => {
    const start = (params: readonly CoreValueType[]): readonly Item[] => [
      {
        kind: 'core type',
        offset: 0,
        definition: {
          kind: 'recursive types',
          types: [{ final: true, supertypes: [], type: { kind: 'function', params, results: [] } }],
        },
      },
      builtin('thread.spawn-ref', { type: index(0) }),
    ];
    expect(signatureOf(...start(['i64']))).toMatch(/^\[\(ref null .*\) i64\] -> \[i32\]$/);
    expect(problemOf(...start(['f32']))).toBe('the parameter of a start function must be `i32` or `i64`');
  });
});
