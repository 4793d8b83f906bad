/** Which imports are ours. */
import { expect, test } from '@jest/globals';
import { parseRequest, partSpecifier } from './request.ts';

test('parts of a file are found again by their specifiers', () => {
  const request = { path: '/a/shop.wit', world: 'demo:shop/shop@1.0.0', part: undefined };
  const specifier = partSpecifier(request, 'imports/wasi/io@0.2.0/$root.js');
  expect(specifier).toBe('./shop.wit?wittle=imports:wasi:io@0.2.0:$root.js&world=demo%3Ashop%2Fshop%401.0.0');
  expect(parseRequest(specifier)).toEqual({
    path: './shop.wit',
    world: 'demo:shop/shop@1.0.0',
    part: 'imports/wasi/io@0.2.0/$root.js',
  });
});

test.each(['a.ts', 'a.wit.ts', 'a.wit?raw', 'a.wasm?init', 'a.wasm?world=w&url', 'wit', 'a.wit#x'])(
  '%s is not ours',
  (id) => {
    expect(parseRequest(id)).toBeUndefined();
  },
);

test('what another plug-in has made up is not ours', () => {
  expect(parseRequest('\0shop.wasm')).toBeUndefined();
});
