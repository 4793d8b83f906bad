/** Components as a whole, and hostile ones: each ends in bounded time with what is wrong. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  aliased,
  bag,
  canon,
  core,
  declared,
  exported,
  func,
  imported,
  index,
  instantiated,
  name,
  nested,
  of,
  outer,
  problemOf,
  problemsOf,
  record,
  resource,
  scopeType,
  subResource,
  type,
  validComponent,
} from '../../test/definitions.ts';
import type { CoreSubtype, Item, TypeDefinition, ValueTypeReference } from '../binary/definition.ts';
import { readComponent } from '../binary/sections.ts';
import { validateComponent } from './validate.ts';

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

test('a WIT package in binary form is valid', () => {
  const bytes = new Uint8Array(readFileSync(new URL('../../test/shop.wasm', import.meta.url)));
  const { component, problems } = validateComponent(readComponent(bytes));
  expect(problems).toEqual([]);
  expect([...component!.type.exports.keys()]).not.toEqual([]);
});

test('a problem is where its item is, or the index that is wrong', () => {
  const at = (offset: number): Item => ({ ...record(), offset });
  expect(problemsOf([{ ...record('a'), offset: 20 }, at(30)])).toMatchObject([{ offset: 30 }]);
  const option: TypeDefinition = { kind: 'option', type: { index: 7, offset: 44 } };
  expect(problemsOf([{ kind: 'type', offset: 40, definition: option }])).toEqual([
    { message: 'type index out of bounds: 7', offset: 44 },
  ]);
});

test('a problem inside a component is a problem of the whole', () => {
  expect(problemOf(nested(nested(record())))).toMatch(/^expected 1 to/);
});

test('each item has facts', () => {
  const { facts } = validComponent(resource, nested(func()), func(), imported('f', of({ function: 1 })));
  expect(facts.map(({ kind }) => kind)).toEqual(['resource', 'component', 'none', 'extern']);
});

describe('core types', () => {
  const core = (...types: readonly Partial<CoreSubtype>[]): Item => {
    const whole = types.map((each) => ({
      final: true,
      supertypes: [],
      type: { kind: 'struct' as const, fields: [] },
      ...each,
    }));
    return { kind: 'core type', offset: 0, definition: { kind: 'recursive types', types: whole } };
  };
  const array = (heap: number): Partial<CoreSubtype> => ({
    type: { kind: 'array', element: { type: { nullable: true, heap }, mutable: false } },
  });

  test.each<[string, readonly Item[], string]>([
    ['may be recursive', [core(array(1), array(0))], ''],
    ['refer to what is there', [core(array(1))], 'core type index out of bounds: 1'],
    ['have supertypes that are open', [core({ final: false }), core({ supertypes: [0] })], ''],
    ['have no supertypes that are final', [core({}), core({ supertypes: [0] })], 'the supertype is final'],
    ['have no supertypes that come later', [core({ supertypes: [0] })], 'unknown type 0'],
    [
      'have supertypes of their kind',
      [
        core({ final: false }),
        core({ supertypes: [0], type: { kind: 'function', params: [], results: [] } }),
      ],
      'the supertype is of another kind',
    ],
  ])('%s', (_title, items, problem) => {
    expect(problemOf(...items)).toBe(problem);
  });

  test('have limits that can be', () => {
    const memory = (minimum: bigint, maximum?: bigint): string =>
      problemOf({
        kind: 'core type',
        offset: 0,
        definition: {
          kind: 'module',
          declarations: [
            {
              kind: 'export',
              offset: 0,
              name: 'm',
              type: {
                kind: 'memory',
                type: { minimum, maximum, shared: false, address: 'i32', pageSize: 16 },
              },
            },
          ],
        },
      });
    expect(memory(65536n)).toBe('');
    expect(memory(65537n)).toBe('memory size must be at most 65536');
    expect(memory(2n, 1n)).toBe('memory size must be at most 1');
  });
});

describe('values', () => {
  const value = (text: string, as: ValueTypeReference): Item => imported(text, { kind: 'value', type: as });
  const start = (args: readonly number[], results: number): Item => ({
    kind: 'start',
    offset: 0,
    callee: index(0),
    args: args.map(index),
    results,
  });
  const use = (at: number, text: string = 'v'): Item => exported(text, 'value', at);

  test.each<[string, readonly Item[], string]>([
    ['are used once', [value('a', 'u8'), use(0)], ''],
    ['are not left', [value('a', 'u8')], 'every value must be used'],
    ['are not used twice', [value('a', 'u8'), use(0), use(0, 'w')], 'a value cannot be used more than once'],
    ['may be left where only their types are', [scopeType('component', value('a', 'u8') as never)], ''],
    [
      'begin with what the start function gives',
      [func(['u8'], 'string'), imported('f', of({ function: 0 })), value('a', 'u8'), start([0], 1), use(1)],
      '',
    ],
    [
      'are of the type that the start function takes',
      [func(['u16']), imported('f', of({ function: 0 })), value('a', 'u8'), start([0], 0)],
      'value type mismatch for argument 0: expected u16, found u8',
    ],
    [
      'start one function only',
      [func(), imported('f', of({ function: 0 })), start([], 0), start([], 0)],
      'there is more than one start function',
    ],
    [
      'are not written in the component',
      [{ kind: 'value', offset: 0, type: 'u8', bytes: Uint8Array.of(7) }],
      'value definitions are not supported',
    ],
  ])('%s', (_title, items, problem) => {
    expect(problemOf(...items)).toBe(problem);
  });
});

describe('hostile components', () => {
  const tooLarge = 'type size exceeds the limit of 1000000';

  test('may define many types', () => {
    expect(problemOf(...many(100_000, () => type({ kind: 'list', element: 'u32' })))).toBe('');
  });

  test('may not double a type again and again', () => {
    const doubled = many(60, (i) => type({ kind: 'tuple', types: [index(i), index(i)] }));
    expect(problemOf(record('a'), ...doubled)).toBe(tooLarge);
  });

  test('may not double instances again and again', () => {
    const doubled = many(60, (i) => bag({ x: ['instance', i], y: ['instance', i] }));
    expect(problemOf(bag({}), ...doubled)).toBe(tooLarge);
  });

  test('may not double instance types again and again', () => {
    const doubled = many(60, (i) =>
      scopeType(
        'instance',
        outer('type', 1, i),
        declared('x', of({ instance: 0 })),
        declared('y', of({ instance: 0 })),
      ),
    );
    const problem = problemOf(scopeType('instance', declared('r', subResource)), ...doubled);
    expect([tooLarge, 'the component is too complex']).toContain(problem);
  });

  test('may not nest types without end', () => {
    const deep = many(1000, (i) => type({ kind: 'option', type: index(i) }));
    expect(problemOf(record('a'), ...deep)).toBe('type nesting is too deep');
    const instances = many(1000, (i) =>
      scopeType('instance', outer('type', 1, i), declared('x', of({ instance: 0 }))),
    );
    expect(problemOf(scopeType('instance'), ...instances)).toBe('type nesting is too deep');
  });

  test('may give a type many names, one after the other', () => {
    const names = many(30_000, (i) => imported(`a${i}`, of({ type: i })));
    const { type: whole } = validComponent(imported('r', subResource), ...names);
    expect(whole.importedResources).toHaveLength(1);
  });

  test('may not make many instances of what has many names', () => {
    const names = many(5000, (i) => exported(`a${i}`, 'type', i));
    const instances = many(900, () => instantiated(0, { r: ['type', 0] }));
    const problem = problemOf(resource, nested(imported('r', subResource), ...names), ...instances);
    expect(problem).toBe('the component is too complex');
  });

  test('may not have many instances', () => {
    expect(problemOf(...many(1001, () => bag({})))).toBe('there are too many instances');
  });

  test('may use a function with many cases often', () => {
    const option = type({ kind: 'option', type: 'u8' });
    const result = (i: number): Item => type({ kind: 'result', ok: index(i), err: index(i) });
    const lowered = canon({ kind: 'lower', callee: index(0), options: [{ kind: 'memory', ...index(0) }] });
    const items = [
      ...core({
        mem: {
          kind: 'memory',
          type: { minimum: 1n, maximum: undefined, shared: false, address: 'i32', pageSize: 16 },
        },
      }),
      option,
      ...many(17, result),
      func([], index(17)),
      imported('f', of({ function: 18 })),
    ];
    expect(problemOf(...items, ...many(20_000, () => lowered))).toBe('');
  });

  test.each([
    ['a label', `${'a-1'.repeat(100_000)}!`],
    ['a version', `a:b/c@1.0.0-${'1.'.repeat(100_000)}!`],
    ['a hash', `integrity=<${'sha256-a '.repeat(30_000)}!>`],
    ['a member', `[method]${'a'.repeat(100_000)}.`],
  ])('may not have %s that is long and wrong', (_what, text) => {
    const problem = problemOf(func(), imported(name(text), of({ function: 0 })));
    expect(problem).toMatch(/^import name/);
    expect(problem.length).toBeLessThan(500);
  });

  test('may not have component types that take as long to compare as they are', () => {
    const family = (first: number): Item[] =>
      many(16, (i) =>
        scopeType(
          'component',
          outer('type', 1, first + i),
          imported('a', of({ component: 0 })),
          declared('b', of({ component: 0 })),
        ),
      );
    const items = [scopeType('component'), ...family(0), scopeType('component'), ...family(17)];
    const takes = nested(outer('type', 1, 33), imported('c', of({ component: 0 })));
    const problem = problemOf(
      ...items,
      imported('c', of({ component: 16 })),
      takes,
      instantiated(1, { c: ['component', 0] }),
    );
    expect(['', 'the component is too complex']).toContain(problem);
  });
});

test('what is known of one component is not used for the next', () => {
  const items = [resource, exported('r', 'type', 0), aliased('type', 9, 'x')];
  expect(problemOf(...items)).toBe('instance index out of bounds: 9');
  expect(problemOf(...items.slice(0, 2))).toBe('');
});
