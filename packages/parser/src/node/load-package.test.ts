/** Packages from disk: files, directories, `deps/`, folders searched by name. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageId } from '../model/index.ts';
import { loadPackage, type LoadOptions } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'wittle-parser-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;

function tree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = join(root, `${count++}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

function load(path: string, options?: LoadOptions): { packages: string[] | undefined; codes: string[] } {
  const { model, diagnostics } = loadPackage(path, options);
  return {
    packages: model?.packages.map(({ name }) => packageId(name)),
    codes: diagnostics.map(({ code }) => code),
  };
}

describe('a package in binary form', () => {
  const magic = new Uint8Array([0, 0x61, 0x73, 0x6d]);
  // Stands for the decoder: it only has to be asked, and its texts to be used.
  const decode: LoadOptions['decode'] = (bytes) =>
    bytes.length > 4
      ? { wit: undefined, problem: { message: 'too long', offset: 4 } }
      : {
          wit: {
            package: { text: 'package c:d; interface x { use e:f/y.{t}; }' },
            needs: [
              {
                package: { namespace: 'e', name: 'f', version: undefined },
                name: 'y',
                text: 'package e:f; interface y { type t = u8; }',
              },
            ],
          },
          problem: undefined,
        };

  test('is read where it is asked for, with what it needs', () => {
    const path = join(tree({ 'c.wasm': magic }), 'c.wasm');
    expect(load(path, { decode })).toEqual({ packages: ['e:f', 'c:d'], codes: [] });
  });

  test('is read among the dependencies, and a package in full is better than what it needs', () => {
    const path = tree({
      'a.wit': 'package a:b; interface i { use c:d/x.{t}; use e:f/z.{u}; }',
      'deps/c.wasm': magic,
      'deps/e.wit': 'package e:f; interface y { type t = u8; } interface z { type u = u8; }',
    });
    expect(load(path, { decode })).toEqual({ packages: ['e:f', 'c:d', 'a:b'], codes: [] });
  });

  test('is a diagnostic when it is broken', () => {
    const path = join(tree({ 'c.wasm': new Uint8Array([...magic, 1]) }), 'c.wasm');
    expect(load(path, { decode })).toEqual({ packages: undefined, codes: ['invalid-binary'] });
    expect(loadPackage(path, { decode }).diagnostics[0]!.message).toBe(`${path}, byte 4: too long`);
  });
});

describe('a package from disk', () => {
  test('is one file', () => {
    const path = join(tree({ 'a.wit': 'package a:b;' }), 'a.wit');
    expect(load(path)).toEqual({ packages: ['a:b'], codes: [] });
  });

  test('is all files of a directory with its dependencies, folders and files', () => {
    const path = tree({
      'a.wit': 'package a:b; interface i { use c:d/x.{t}; use e:f/y.{u}; }',
      'b.wit': 'interface j {}',
      'notes.txt': 'not WIT',
      'deps/one/x.wit': 'package c:d;\ninterface x { type t = u8; }',
      'deps/two.wit': 'package e:f;\ninterface y { type u = u8; }',
    });
    expect(load(path)).toEqual({ packages: ['c:d', 'e:f', 'a:b'], codes: [] });
    expect(loadPackage(path).files).toHaveLength(4);
  });

  test('finds dependencies by name in folders', () => {
    const library = tree({
      'money/types.wit': 'interface types { use c:base/x.{t}; }',
      'money/world.wit': '// Money.\npackage c:money@1.0.0;',
      'base/x.wit': '/* Base. */\npackage c:base;\ninterface x { type t = u8; }',
      'unused/broken.wit': 'package c:unused; interface {',
    });
    const path = tree({ 'a.wit': 'package a:b; interface i { use c:money/types@1.0.0.{t}; }' });
    expect(load(path, { packages: [library] })).toEqual({
      packages: ['c:base', 'c:money@1.0.0', 'a:b'],
      codes: [],
    });
    expect(load(path)).toEqual({ packages: undefined, codes: ['unknown-package'] });
  });

  test('finds dependencies with a function', () => {
    const path = tree({ 'a.wit': 'package a:b; interface i { use c:d/x.{t}; }' });
    const sources = [{ name: 'memory', text: 'package c:d; interface x { type t = u8; }' }];
    const packages: LoadOptions['packages'] = ({ name }) => (name === 'd' ? sources : undefined);
    expect(load(path, { packages })).toEqual({ packages: ['c:d', 'a:b'], codes: [] });
  });

  test('may have links that lead in circles', () => {
    const path = tree({ 'a.wit': 'package a:b;', 'deps/c/c.wit': 'package c:d;' });
    symlinkSync(path, join(path, 'deps/c/deps'));
    expect(load(path)).toEqual({ packages: ['a:b', 'c:d'], codes: [] });
  });
});

describe('what cannot be read is a diagnostic', () => {
  test.each<readonly [string, Readonly<Record<string, string | Uint8Array>>, string]>([
    ['a directory without WIT', { 'a.txt': '' }, 'no-wit-files'],
    ['a dependency without WIT', { 'a.wit': 'package a:b;', 'deps/c/x.txt': '' }, 'no-wit-files'],
    ['a binary package', { 'a.wit': 'package a:b;', 'deps/c.wasm': '' }, 'binary-package'],
    ['a file that is not UTF-8', { 'a.wit': new Uint8Array([0xff, 0xfe]) }, 'invalid-utf8'],
  ])('%s', (_, files, code) => {
    expect(load(tree(files))).toEqual({ packages: undefined, codes: [code] });
  });

  test('more files than a directory may have', () => {
    const path = tree({ 'a.wit': 'package a:b;' });
    for (let index = 0; index < 10_000; index++) writeFileSync(join(path, `${index}.wit`), '');
    expect(load(path)).toEqual({ packages: undefined, codes: ['too-many-files'] });
  });

  test('links that lead in circles', () => {
    const path = tree({ 'a.wit': 'package a:b;', 'deps/c/x.wit': 'package c:d;' });
    symlinkSync(path, join(path, 'deps/loop'));
    symlinkSync(join(path, 'deps'), join(path, 'deps/c/deps'));
    expect(load(path)).toEqual({ packages: undefined, codes: ['duplicate-package'] });
  });

  test('a path that is not there', () => {
    expect(load(join(root, 'nowhere'))).toEqual({ packages: undefined, codes: ['unreadable-file'] });
  });

  test('a link to itself', () => {
    const path = tree({ 'a.wit': 'package a:b;' });
    symlinkSync(join(path, 'b.wit'), join(path, 'b.wit'));
    expect(load(path).codes).toEqual(['unreadable-file']);
  });
});
