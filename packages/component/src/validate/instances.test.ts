/** Instances: what is given must be what is asked for. */
import { describe, expect, test } from '@jest/globals';
import {
  aliased,
  bag,
  builtin,
  canon,
  core,
  declared,
  exported,
  func,
  imported,
  index,
  instantiated,
  memory,
  moduleType,
  nested,
  of,
  outer,
  own,
  problemOf,
  record,
  resource,
  scopeType,
  subResource,
  type,
  validComponent,
  type CoreExtern,
} from '../../test/definitions.ts';
import type { Item } from '../binary/definition.ts';

describe('arguments', () => {
  const asksFor = (...items: readonly Item[]): Item => nested(...items);
  const needsF = asksFor(func(), imported('f', of({ function: 0 })));
  const hasF = [func(), imported('f', of({ function: 0 }))];

  test.each<[string, readonly Item[], string]>([
    [
      'are found by name',
      [...hasF, needsF, instantiated(0, { f: ['function', 0], more: ['function', 0] })],
      '',
    ],
    ['must be there', [needsF, instantiated(0)], 'missing import named `f`'],
    [
      'must be of the sort',
      [needsF, bag({}), instantiated(0, { f: ['instance', 0] })],
      'type mismatch for import `f`: expected function, found instance',
    ],
    [
      'must have the same parameters',
      [func(['u8']), imported('f', of({ function: 0 })), needsF, instantiated(0, { f: ['function', 0] })],
      'type mismatch for import `f`: expected number of members 0, found 1',
    ],
    [
      'must agree on what may block',
      [
        func([], undefined, true),
        imported('f', of({ function: 0 })),
        needsF,
        instantiated(0, { f: ['function', 0] }),
      ],
      'type mismatch for import `f`: expected sync function',
    ],
    [
      'are compared by the structure of types',
      [record('a'), nested(record('a'), imported('t', of({ type: 0 }))), instantiated(0, { t: ['type', 0] })],
      '',
    ],
    [
      'may not have other fields',
      [record('a'), nested(record('b'), imported('t', of({ type: 0 }))), instantiated(0, { t: ['type', 0] })],
      'type mismatch for import `t`: expected name b, found a',
    ],
    [
      'may not be core functions',
      [needsF, instantiated(0, { f: ['core function', 0] })],
      'a core function cannot be here',
    ],
    [
      'are of things that are there',
      [needsF, instantiated(0, { f: ['function', 7] })],
      'function index out of bounds: 7',
    ],
  ])('%s', (_title, items, problem) => {
    expect(problemOf(...items)).toBe(problem);
  });
});

describe('resources', () => {
  // Asks for a resource `r`, and a function that gives one.
  const user = nested(
    imported('r', subResource),
    own(0),
    func([], index(1)),
    imported('f', of({ function: 2 })),
  );
  const instanceType = scopeType(
    'instance',
    declared('r', subResource),
    own(0),
    func([], index(1)),
    declared('f', of({ function: 2 })),
  );
  const two = [instanceType, imported('a', of({ instance: 0 })), imported('b', of({ instance: 0 })), user];

  test('that belong together fit', () => {
    const parts = [aliased('type', 0, 'r'), aliased('function', 0, 'f')];
    expect(problemOf(...two, ...parts, instantiated(0, { r: ['type', 1], f: ['function', 0] }))).toBe('');
  });

  test('of two instances are not the same', () => {
    const parts = [aliased('type', 0, 'r'), aliased('function', 1, 'f')];
    expect(problemOf(...two, ...parts, instantiated(0, { r: ['type', 1], f: ['function', 0] }))).toMatch(
      /resource types are not the same/,
    );
  });

  test('of two instances of one component are not the same', () => {
    const maker = nested(resource, exported('r', 'type', 0));
    const same = nested(imported('a', subResource), imported('b', of({ type: 0 })));
    const parts = [aliased('type', 0, 'r'), aliased('type', 1, 'r')];
    const items = [maker, same, instantiated(0), instantiated(0), ...parts];
    expect(problemOf(...items, instantiated(1, { a: ['type', 0], b: ['type', 0] }))).toBe('');
    expect(problemOf(...items, instantiated(1, { a: ['type', 0], b: ['type', 1] }))).toBe(
      'type mismatch for import `b`: resource types are not the same',
    );
  });

  test('that are handed through are still local', () => {
    const through = nested(imported('x', subResource), exported('y', 'type', 0));
    const items = [resource, through, instantiated(0, { x: ['type', 0] }), aliased('type', 0, 'y')];
    expect(problemOf(...items, canon({ kind: 'resource.rep', type: index(1) }))).toBe('');
  });

  test('that come out of an instance are not local', () => {
    const items = [nested(resource, exported('r', 'type', 0)), instantiated(0), aliased('type', 0, 'r')];
    expect(problemOf(...items, canon({ kind: 'resource.drop', type: index(0) }))).toBe('');
    expect(problemOf(...items, canon({ kind: 'resource.new', type: index(0) }))).toBe(
      'type 0 is not a local resource',
    );
  });

  test('in types that use what was given are the given ones', () => {
    const whole = validComponent(
      imported('x', subResource),
      nested(
        imported('r', subResource),
        own(0),
        type({ kind: 'list', element: index(1) }),
        exported('l', 'type', 2),
      ),
      instantiated(0, { r: ['type', 0] }),
      exported('l', 'instance', 0),
    );
    const [first] = whole.facts;
    const list = whole.type.exports.get('l')?.type;
    if (first?.kind !== 'extern' || list?.kind !== 'instance') throw new Error('no facts');
    expect(list.exports.get('l')?.type).toMatchObject({
      type: { element: { resource: { identity: first.resources[0]!.identity } } },
    });
  });
});

describe('components as arguments', () => {
  const takes = (...needed: readonly Item[]): readonly Item[] => [
    nested(scopeType('component', ...(needed as never[])), imported('c', of({ component: 0 }))),
  ];
  const give = (...items: readonly Item[]): readonly Item[] => [
    nested(...items),
    instantiated(0, { c: ['component', 1] }),
  ];
  const importF = [func(), imported('f', of({ function: 0 }))];

  test('may import less', () => {
    expect(problemOf(...takes(...importF), ...give())).toBe('');
  });

  test('may not import more', () => {
    expect(problemOf(...takes(), ...give(...importF))).toBe(
      'type mismatch for import `c`: missing import named `f`',
    );
  });

  test('give back resources that are made of those they take', () => {
    const declarations = [imported('x', subResource), declared('y', of({ type: 0 }))] as never[];
    const items = [imported('x', subResource), exported('y', 'type', 0)];
    expect(problemOf(...takes(...declarations), ...give(...items))).toBe('');
    expect(
      problemOf(
        ...takes(...declarations),
        ...give(imported('x', subResource), resource, exported('y', 'type', 1)),
      ),
    ).toMatch(/resource types are not the same/);
  });
});

describe('core instances', () => {
  // An instance of a module with the export `x` of `given`, for one that imports it as `needed`.
  const link = (given: CoreExtern, needed: CoreExtern): string => {
    const instance = (module: number, args: readonly number[]): Item => ({
      kind: 'core instance',
      offset: 0,
      expression: {
        kind: 'instantiate',
        module: index(module),
        args: args.map((each) => ({ name: 'm', ...index(each) })),
      },
    });
    return problemOf(
      moduleType({ x: given }),
      moduleType({}, { 'm.x': needed }),
      imported('a', of({ 'core module': 0 })),
      imported('b', of({ 'core module': 1 })),
      instance(0, []),
      instance(1, [0]),
    );
  };
  const table = (element: string, minimum: bigint, maximum?: bigint): CoreExtern => ({
    kind: 'table',
    type: { minimum, maximum, shared: false, address: 'i32', element: { nullable: true, heap: element } },
  });

  test.each<[string, CoreExtern, CoreExtern, string]>([
    ['the same function', [['i32'], ['f64']], [['i32'], ['f64']], ''],
    ['another function', [['i32'], []], [[], []], 'expected function [] -> [], found function [i32] -> []'],
    ['a memory that is larger', memory({ minimum: 2n }), memory(), ''],
    ['a memory that is smaller', memory(), memory({ minimum: 2n }), 'mismatch in memory limits'],
    ['a memory without a maximum', memory(), memory({ maximum: 2n }), 'mismatch in memory limits'],
    [
      'a memory that is not shared',
      memory({ maximum: 2n }),
      memory({ maximum: 2n, shared: true }),
      'mismatch in the shared flag of a memory',
    ],
    [
      'a memory of another kind',
      memory({ address: 'i64' }),
      memory(),
      'expected memory with pages of 2^16 at i32, found memory with pages of 2^16 at i64',
    ],
    ['a table within limits', table('func', 2n, 3n), table('func', 1n, 3n), ''],
    [
      'a table of other elements',
      table('extern', 1n),
      table('func', 1n),
      'expected table of (ref null func) at i32, found table of (ref null extern) at i32',
    ],
  ])('take %s', (_title, given, needed, problem) => {
    expect(link(given, needed)).toBe(problem && `type mismatch in argument \`m\` \`x\`: ${problem}`);
  });

  test('have names once', () => {
    const item: Item = {
      kind: 'core instance',
      offset: 0,
      expression: {
        kind: 'exports',
        exports: [0, 0].map((at) => ({ name: 'f', sort: 'function', ...index(at) })),
      },
    };
    expect(problemOf(builtin('thread.index'), item)).toMatch(/conflicts with previous name/);
  });

  test('have exports that aliases find', () => {
    expect(problemOf(...core({ f: [[], []] }), aliased('core function', 0, 'g'))).toBe(
      'core instance 0 has no export named `g`',
    );
    expect(problemOf(...core({ f: [[], []] }), aliased('core memory', 0, 'f'))).toBe(
      'export `f` for core instance 0 is not a core memory',
    );
  });
});

describe('aliases of what is outside', () => {
  test.each<[string, readonly Item[], string]>([
    ['find types in components around', [record('a'), nested(nested(outer('type', 2, 0)))], ''],
    [
      'find only what is there already',
      [nested(outer('type', 1, 0)), record('a')],
      'type index out of bounds: 0',
    ],
    ['stay inside the component', [outer('type', 1, 0)], 'invalid outer alias count of 1'],
    [
      'do not take resources into components',
      [resource, own(0), nested(outer('type', 1, 1))],
      'the outer type refers to resources',
    ],
    ['take resources into types', [resource, scopeType('component', outer('type', 1, 0))], ''],
    [
      'do not take resources into a type inside a component',
      [resource, nested(scopeType('component', outer('type', 2, 0)))],
      'the outer type refers to resources',
    ],
    [
      'take types with resources of their own anywhere',
      [scopeType('component', imported('r', subResource)), nested(outer('type', 1, 0))],
      '',
    ],
    [
      'find types only, in types',
      [nested(), scopeType('instance', outer('component', 1, 0))],
      'aliases in types may only refer to types or instances',
    ],
  ])('%s', (_title, items, problem) => {
    expect(problemOf(...items)).toBe(problem);
  });
});
