/** What is wrong with options is said at once. */
import { expect, test } from '@jest/globals';
import { checkOptions, type Options } from './options.ts';
import { wittle } from './vite.ts';

test.each<[wrong: object, message: string]>([
  [{ file: {} }, '@wittle/unplugin: unknown property `file` (did you mean `files`?)'],
  [{ types: 1 }, '@wittle/unplugin: types: must be boolean,string'],
  [
    { files: { 'a.wit': { wrld: 'w' } } },
    '@wittle/unplugin: files.a.wit: unknown property `wrld` (did you mean `world`?)',
  ],
  [
    { options: { results: 'throws' } },
    '@wittle/unplugin: options.results: must be one of "throw", "return" (did you mean `throw`?)',
  ],
  [{ options: { emit: 'js', readonly: 1 } }, '@wittle/unplugin: options: unknown property `emit` (there is '],
])('%j', (wrong, message) => {
  expect(() => checkOptions(wrong as Options)).toThrow(TypeError);
  expect(() => wittle(wrong as Options)).toThrow(message);
});

test('everything has a default', () => {
  expect(checkOptions()).toEqual({ files: {}, types: true });
});
