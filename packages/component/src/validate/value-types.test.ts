/** Definitions of value, function and resource types. */
import { describe, expect, test } from '@jest/globals';
import {
  func,
  index,
  label,
  own,
  problemOf,
  record,
  resource,
  scopeType,
  type,
} from '../../test/definitions.ts';
import type { Item, ValueTypeDefinition } from '../binary/definition.ts';

const labels = (...names: readonly string[]) => names.map((text) => ({ name: text, offset: 0 }));
const list = (element: number | 'u8' | 'u64' | 'string', length: number): ValueTypeDefinition => ({
  kind: 'fixed-length-list',
  element: typeof element === 'number' ? index(element) : element,
  length,
});

describe('types that are refused', () => {
  test.each<[string, readonly Item[], string]>([
    ['a record without fields', [record()], 'expected 1 to 10000 of a record field, found 0'],
    [
      'more than 32 flags',
      [type({ kind: 'flags', labels: labels(...Array.from({ length: 33 }, (_, i) => `f${i}`)) })],
      'expected 1 to 32 of a flag, found 33',
    ],
    ['a label without letters', [record('')], 'record field name `` is not in kebab case'],
    ['a label in camel case', [record('camelCase')], 'record field name `camelCase` is not in kebab case'],
    [
      'labels that differ in case only',
      [type({ kind: 'enum', labels: labels('a-b', 'A-b') })],
      'enum tag name `A-b` conflicts with previous name `a-b`',
    ],
    ['an index of no type', [type({ kind: 'list', element: index(0) })], 'type index out of bounds: 0'],
    [
      'a value of a function type',
      [func(), type({ kind: 'option', type: index(0) })],
      'type index 0 is not of kind value',
    ],
    ['a handle of what is no resource', [record('a'), own(0)], 'type index 0 is not of kind resource'],
    [
      'a borrow in a result, however deep',
      [
        resource,
        type({ kind: 'borrow', resource: index(0) }),
        type({ kind: 'list', element: index(1) }),
        func([], index(2)),
      ],
      'function result cannot contain a `borrow` type',
    ],
    [
      'a borrow in a stream',
      [resource, type({ kind: 'borrow', resource: index(0) }), type({ kind: 'stream', element: index(1) })],
      'stream cannot contain a `borrow` type',
    ],
    ['a stream of characters', [type({ kind: 'stream', element: 'char' })], '`stream<char>` is not valid'],
    ['a list of no length', [type(list('u8', 0))], 'a fixed-length list must have elements'],
    ['a list that is too large', [type(list('u8', 2 ** 28))], 'the type is too large'],
    [
      'a list that is too large with 64-bit pointers only',
      [type(list('string', 2 ** 24))],
      'the type is too large',
    ],
    [
      'a map by a list',
      [type(list('u8', 4)), type({ kind: 'map', key: index(0), value: 'u8' })],
      '`fixed-length-list` cannot be the type of a key',
    ],
    [
      'a resource of floats',
      [type({ kind: 'resource', rep: 'f32', destructor: undefined })],
      'the representation of a resource must be `i32` or `i64`',
    ],
    [
      'a resource in a type',
      [scopeType('instance', resource)],
      'resources can only be defined in components',
    ],
  ])('%s', (_title, items, problem) => {
    expect(problemOf(...items)).toBe(problem);
  });
});

describe('types that are taken', () => {
  test.each<[string, readonly Item[]]>([
    ['the largest list', [type(list('u8', 2 ** 28 - 1)), type(list('u64', 2 ** 25 - 1))]],
    [
      'a list of a type as large as types can be',
      [type(list('u8', 2 ** 28 - 1)), type({ kind: 'list', element: index(0) })],
    ],
    ['a borrow in a parameter', [resource, type({ kind: 'borrow', resource: index(0) }), func([index(1)])]],
    ['results of nothing', [type({ kind: 'result', ok: undefined, err: undefined })]],
    ['a map by text', [type({ kind: 'map', key: 'string', value: 'f64' })]],
    [
      'thirty-two flags',
      [type({ kind: 'flags', labels: labels(...Array.from({ length: 32 }, (_, i) => `f${i}`)) })],
    ],
    ['labels with digits and acronyms', [type({ kind: 'record', fields: [label('a1-2-B3-c')] })]],
  ])('%s', (_title, items) => {
    expect(problemOf(...items)).toBe('');
  });
});
