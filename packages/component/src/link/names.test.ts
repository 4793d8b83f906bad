import { describe, expect, test } from '@jest/globals';
import * as generated from '../../../codegen/src/typescript/names.ts';
import { WASI_BLOCKING as generatedBlocking } from '../../../codegen/src/world/blocking.ts';
import { WASI_BLOCKING } from './blocking.ts';
import {
  className,
  fullName,
  functionKey,
  functionLabel,
  functionName,
  memberKey,
  scopeNames,
  staticKey,
} from './names.ts';

const NAMES = [
  ...[
    'a',
    'start-bind',
    'TCP-socket',
    'a1',
    'a-1',
    'b-1',
    'x-2y',
    'then',
    'new',
    'constructor',
    'prototype',
    'name',
  ],
  ...[
    'map',
    'readonly-map',
    'array',
    'host',
    'exports',
    'uint8-array',
    'big-int64-array',
    'int64-array',
    'u-int8-array',
    'promise',
  ],
  ...['type-error', 'float16-array', 'number', 'bigint', 'big-int', 'to-string', 'class', 'object', 'symbol'],
];

describe('names in JavaScript', () => {
  test.each([
    ['fields', memberKey, generated.propertyKey],
    ['methods', functionKey, generated.methodKey],
    ['statics', staticKey, generated.staticKey],
    ['functions', functionKey, generated.functionKey],
    ['classes', className, generated.typeName],
  ])('of %s are those of generated code', (_, ours, theirs) => {
    const expected = [...generated.scopeNames(NAMES, theirs)].map(([name, key]) => [
      name,
      generated.bareKey(key),
    ]);
    expect([...scopeNames(NAMES, ours)]).toEqual(expected);
  });

  test('the functions of WASI that may wait are those of generated code', () => {
    expect(WASI_BLOCKING.toSorted()).toEqual(generatedBlocking.toSorted());
  });

  test('a function of a resource is told by its name', () => {
    expect(functionName('[method]tcp-socket.start-bind')).toEqual({
      role: 'method',
      resource: 'tcp-socket',
      name: 'start-bind',
    });
    expect(functionName('[constructor]fields')).toEqual({
      role: 'constructor',
      resource: 'fields',
      name: '',
    });
    expect(functionName('poll')).toEqual({ role: 'function', resource: '', name: 'poll' });
  });

  test('labels leave the version out', () => {
    expect(functionLabel('wasi:io/poll@0.2.3', '[method]pollable.block')).toBe('wasi:io/poll.pollable.block');
    expect(functionLabel('wasi:http/types@0.2.3', '[constructor]fields')).toBe(
      'wasi:http/types.fields.constructor',
    );
    expect(functionLabel('', 'run')).toBe('run');
  });

  test.each([
    ['a:b/c@0.2', '.7', 'a:b/c@0.2.7'],
    ['a:b/c@1', '.2.3-rc.1', 'a:b/c@1.2.3-rc.1'],
    ['a:b/c@1', undefined, 'a:b/c@1.0.0'],
    ['a:b/c@0.2', undefined, 'a:b/c@0.2.0'],
    ['a:b/c@0.2.1', undefined, 'a:b/c@0.2.1'],
    ['a:b/c', undefined, 'a:b/c'],
    ['plain-2', undefined, 'plain-2'],
  ])('the version of %s with suffix %s is all of it', (name, versionSuffix, expected) => {
    expect(fullName({ name, versionSuffix, offset: 0, implements: undefined, externalId: undefined })).toBe(
      expected,
    );
  });
});
