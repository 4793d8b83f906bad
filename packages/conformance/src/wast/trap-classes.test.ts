import { expect, test } from '@jest/globals';
import { compareTraps } from './trap-classes.ts';

test.each([
  ['unreachable', 'unreachable', 'same class'],
  ['wasm trap: unaligned pointer', 'unaligned pointer: 1 is not a multiple of 4', 'same class'],
  ['unknown handle index 3', 'unknown handle index 3', 'same class'],
  ['unknown handle index 3', 'unknown handle index 4', 'other class'],
  ['unknown handle index', 'unknown handle index 4', 'same class'],
  ['unreachable', 'memory access out of bounds', 'other class'],
  ['cannot leave component instance', 'unreachable', 'other class'],
  ['a text of tomorrow', 'unreachable', 'no class'],
  ['a text of tomorrow', '`thread.yield` was called, which cannot be run yet', 'other class'],
])('%s and %s: %s', (expected, actual, agreement) => {
  expect(compareTraps(expected, actual)).toBe(agreement);
});
