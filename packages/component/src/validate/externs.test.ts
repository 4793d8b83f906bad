/** Imports and exports: what they may refer to, and what begins with them. */
import { describe, expect, test } from '@jest/globals';
import {
  aliased,
  bag,
  declared,
  exported,
  func,
  imported,
  index,
  instantiated,
  lastFacts,
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
} from '../../test/definitions.ts';
import type { Item } from '../binary/definition.ts';

describe('types need names that are seen from outside', () => {
  // What makes a record visible, and the index of the type that is.
  const list = (of: number): Item => type({ kind: 'list', element: index(of) });
  test.each<[string, readonly Item[], string]>([
    [
      'a function uses a record without a name',
      [record('x'), func([], index(0)), imported('f', of({ function: 1 }))],
      'function not valid to be used as import',
    ],
    [
      'a function uses a record that was imported',
      [record('x'), imported('r', of({ type: 0 })), func([], index(1)), imported('f', of({ function: 2 }))],
      '',
    ],
    [
      'an import uses what was exported',
      [record('x'), exported('r', 'type', 0), func([], index(1)), imported('f', of({ function: 2 }))],
      'function not valid to be used as import',
    ],
    [
      'an export uses what is exported later',
      [
        resource,
        own(0),
        func([], index(1)),
        scopeType('component', outer('type', 1, 2), declared('f', of({ function: 0 }))),
      ],
      'function not valid to be used as export',
    ],
    [
      'a list of a record without a name',
      [record('x'), list(0), exported('l', 'type', 1)],
      'type not valid to be used as export',
    ],
    [
      'a list of a record with a name',
      [record('x'), exported('r', 'type', 0), list(1), exported('l', 'type', 2)],
      '',
    ],
    [
      'an instance type that is only defined',
      [scopeType('instance', record('x'), func([], index(0)), declared('f', of({ function: 1 })))],
      '',
    ],
    [
      'an instance of such a type',
      [
        scopeType('instance', record('x'), func([], index(0)), declared('f', of({ function: 1 }))),
        imported('i', of({ instance: 0 })),
      ],
      'instance not valid to be used as import',
    ],
    [
      'a component type, at once',
      [scopeType('component', record('x'), func([], index(0)), declared('f', of({ function: 1 })))],
      'function not valid to be used as export',
    ],
    [
      'a type that an exported instance gives a name',
      [
        record('x'),
        bag({ r: ['type', 0] }),
        exported('i', 'instance', 0),
        aliased('type', 1, 'r'),
        list(1),
        exported('l', 'type', 2),
      ],
      '',
    ],
    [
      'a type that an instance has which is not exported',
      [record('x'), bag({ r: ['type', 0] }), aliased('type', 0, 'r'), list(1), exported('l', 'type', 2)],
      'type not valid to be used as export',
    ],
    [
      'a component that uses what its parent imports',
      [
        record('x'),
        imported('r', of({ type: 0 })),
        nested(outer('type', 1, 1), func([], index(0)), imported('f', of({ function: 1 }))),
      ],
      'function not valid to be used as import',
    ],
  ])('%s', (_title, items, problem) => {
    expect(problemOf(...items)).toBe(problem);
  });
});

describe('resources begin', () => {
  test('where one is imported', () => {
    const facts = lastFacts(imported('r', subResource));
    expect(facts).toMatchObject({
      kind: 'extern',
      resources: [{ path: [], identity: { name: 'r', defined: undefined } }],
    });
  });

  test('but not where one is imported that is equal to another', () => {
    expect(lastFacts(imported('r', subResource), imported('s', of({ type: 0 })))).toMatchObject({
      resources: [],
    });
  });

  test('anew in every instance that is imported with one type', () => {
    const { facts, type: whole } = validComponent(
      scopeType(
        'instance',
        declared('r', subResource),
        scopeType('instance', declared('s', subResource)),
        declared('i', of({ instance: 1 })),
      ),
      imported('a', of({ instance: 0 })),
      imported('b', of({ instance: 0 })),
    );
    const begun = facts.slice(1).flatMap((each) => (each.kind === 'extern' ? each.resources : []));
    expect(begun.map(({ path }) => path)).toEqual([['r'], ['i', 's'], ['r'], ['i', 's']]);
    expect(new Set(begun.map(({ identity }) => identity)).size).toBe(4);
    expect(whole.importedResources.map(({ path }) => path)).toEqual([
      ['a', 'r'],
      ['a', 'i', 's'],
      ['b', 'r'],
      ['b', 'i', 's'],
    ]);
  });

  test('where one is defined; exports of it are the same', () => {
    const { facts, type: whole } = validComponent(
      resource,
      exported('r', 'type', 0),
      exported('s', 'type', 0),
    );
    const [defined, first] = facts;
    if (defined?.kind !== 'resource' || first?.kind !== 'extern') throw new Error('no facts');
    expect(defined.type.identity.defined).toEqual({ hasDestructor: false, rep: 'i32' });
    expect(first.resources).toEqual([]);
    expect(first.type).toEqual({ kind: 'type', type: { ...defined.type, aliasOf: defined.type } });
    expect(whole.exportedResources).toEqual([{ path: ['r'], identity: defined.type.identity }]);
  });

  test('where an export makes one abstract', () => {
    const { type: whole } = validComponent(
      resource,
      exported('r', 'type', 0),
      exported('s', 'type', 0, subResource),
    );
    expect(whole.exportedResources.map(({ path }) => path)).toEqual([['r'], ['s']]);
  });

  test('in every instance of a component', () => {
    const facts = lastFacts(nested(resource, exported('r', 'type', 0)), instantiated(0));
    expect(facts).toMatchObject({
      kind: 'extern',
      resources: [{ path: ['r'], identity: { defined: undefined } }],
    });
  });
});

describe('resources stay inside', () => {
  test('when nothing exports them', () => {
    expect(validComponent(resource).type.exportedResources).toEqual([]);
  });

  test('unless a name is exported too', () => {
    const uses = scopeType('instance', outer('type', 1, 0), declared('r', of({ type: 0 })));
    expect(problemOf(resource, uses, imported('i', of({ instance: 1 })))).toBe(
      'a local resource is in imports',
    );
  });
});

describe('exports with a type of their own', () => {
  const f = [func(), imported('f', of({ function: 0 }))];
  const empty = scopeType('instance');
  const withF = scopeType('instance', func(), declared('f', of({ function: 0 })));

  test('may hide what an instance has', () => {
    const items = [
      ...f,
      bag({ f: ['function', 0] }),
      empty,
      exported('i', 'instance', 0, of({ instance: 1 })),
    ];
    expect(validComponent(...items).type.exports.get('i')?.type).toMatchObject({
      kind: 'instance',
      exports: new Map(),
    });
  });

  test('may not add anything', () => {
    expect(problemOf(bag({}), withF, exported('i', 'instance', 0, of({ instance: 0 })))).toBe(
      'type mismatch in ascribed type: missing export named `f`',
    );
  });

  test('must be of the same sort', () => {
    expect(problemOf(...f, empty, exported('i', 'function', 0, of({ instance: 1 })))).toMatch(
      /expected instance, found function/,
    );
  });
});

test('the type of an import must be of its sort', () => {
  expect(problemOf(record('a'), imported('f', of({ function: 0 })))).toBe(
    'type index 0 is not of kind function',
  );
  expect(problemOf(func(), imported('i', of({ instance: 0 })))).toBe('type index 0 is not of kind instance');
});
