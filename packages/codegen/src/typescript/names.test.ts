/** How WIT names are spelled. */
import { expect, test } from '@jest/globals';
import {
  bareKey,
  camelCase,
  draftCases,
  fileName,
  functionKey,
  givenKey,
  isInherited,
  member,
  methodKey,
  parameterName,
  pascalCase,
  propertyKey,
  scopeNames,
  staticKey,
  typeName,
} from './names.ts';

test.each([
  ['start-bind', 'startBind', 'StartBind'],
  ['URL', 'url', 'Url'],
  ['get-URL-of-x', 'getUrlOfX', 'GetUrlOfX'],
  ['ipv6', 'ipv6', 'Ipv6'],
  ['a1-b2', 'a1B2', 'A1B2'],
  ['sha-256', 'sha256', 'Sha256'],
  ['x', 'x', 'X'],
])('%s is %s, and %s as a type', (name, camel, pascal) => {
  expect(camelCase(name)).toBe(camel);
  expect(pascalCase(name)).toBe(pascal);
});

test('names of one scope that would meet keep their boundary before a digit', () => {
  expect([...scopeNames(['a1', 'a-1', 'sha-256'], propertyKey)]).toEqual([
    ['a1', 'a1'],
    ['a-1', 'a_1'],
    ['sha-256', 'sha256'],
  ]);
  expect([...scopeNames(['v1-2-3', 'v1-23', 'v123'], typeName).values()]).toEqual([
    'V1_2_3',
    'V1_23',
    'V123',
  ]);
});

test('only names that would mean something else are changed', () => {
  expect(['delete', 'then', 'constructor', 'prototype', 'new'].map(propertyKey)).toEqual([
    'delete',
    'then',
    'constructor',
    'prototype',
    'new',
  ]);
  expect(['delete', 'then', 'constructor', 'new'].map(functionKey)).toEqual([
    'delete',
    'then_',
    'constructor',
    "['new']",
  ]);
  expect(['delete', 'then', 'constructor', 'new'].map(methodKey)).toEqual([
    'delete',
    'then_',
    "['constructor']",
    "['new']",
  ]);
  expect(['name', 'then', 'constructor', 'prototype', 'new'].map(staticKey)).toEqual([
    'name',
    'then_',
    "['constructor']",
    'prototype_',
    "['new']",
  ]);
  expect(['delete', 'then', 'new'].map(givenKey)).toEqual(['delete', 'then', "['new']"]);
  expect(['default', 'x', 'arguments', 'string'].map(parameterName)).toEqual([
    'default_',
    'x',
    'arguments_',
    'string',
  ]);
  expect(['map', 'readonlyMap', 'uint8Array', 'host', 'error', 'url'].map(typeName)).toEqual([
    'Map_',
    'ReadonlyMap_',
    'Uint8Array_',
    'Host_',
    'Error',
    'Url',
  ]);
});

test('a key in brackets is accessed by them', () => {
  expect([member('write'), member("['new']")]).toEqual(['.write', "['new']"]);
  expect([bareKey('write'), bareKey("['new']")]).toEqual(['write', 'new']);
});

test('what every object has says nothing about what was given', () => {
  expect(['constructor', 'toString', 'then', 'name'].map(isInherited)).toEqual([true, true, false, false]);
});

test('cases have capitals in the draft of a JavaScript API, and acronyms are as they are written', () => {
  expect(draftCases(['none', 'not-found', 'XML-http', 'TCP-v4', 'a1-2-3', 'x'])).toEqual([
    'None',
    'NotFound',
    'XMLHttp',
    'TCPV4',
    'A123',
    'X',
  ]);
});

test('cases that would meet keep their boundaries', () => {
  expect(draftCases(['a1', 'a-1', 'b-c', 'BC', 'd'])).toEqual(['A1', 'A_1', 'B_C', 'BC', 'D']);
});

test('files have names that every system has', () => {
  const names = ['con', 'AUX', 'com1', 'nul@1.0.0', 'console', 'com', 'lpt10', 'default'];
  expect(names.map(fileName)).toEqual([
    'con_',
    'AUX_',
    'com1_',
    'nul@1.0.0',
    'console',
    'com',
    'lpt10',
    'default',
  ]);
  expect(fileName('a'.repeat(300))).toBe(`${'a'.repeat(100)}_`);
});
