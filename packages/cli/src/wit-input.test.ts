import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folder, repository, wittle } from '../test/command-line.ts';

const foo = 'package a:foo;\ninterface types { type t = u8; }\n';
const cwd = folder({
  'one.wit': 'package a:one;\nworld w { import wasi:io/poll@0.2.12; }\n',
  'package/one.wit': 'package a:one;\nworld w { import a:foo/types; }\n',
  'package/deps/foo/types.wit': foo,
  'single/one.wit': 'package a:one;\nworld w { import a:foo/types; }\n',
  'single/deps/foo.wit': foo,
  'missing.wit': 'package a:one;\nworld w { import a:foo/types; import wasi:io/poll@0.2.6; }\n',
  'gated.wit':
    'package a:one@1.0.0;\n@unstable(feature = x)\ninterface i {}\nworld w { @unstable(feature = x) import i; }\n',
  'module.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  'disguised.wit': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  'notes.md': '# Notes',
  'latin1.wit': Uint8Array.of(0x2f, 0x2f, 0x20, 0xe9),
  'empty/readme.txt': '',
  'text.wasm': 'package a:b;',
  'tool.wasm': readFileSync(
    join(repository, 'packages/component/test/decode/import-and-export/component.wasm'),
  ),
  'dependency/one.wit': 'package a:one;\nworld w { import a:b/store; }\n',
  'dependency/deps/tool.wasm': readFileSync(
    join(repository, 'packages/component/test/decode/import-and-export/component.wasm'),
  ),
  'shop.wasm': readFileSync(join(repository, 'packages/component/test/shop.wasm')),
});

describe('what is taken', () => {
  test.each([
    ['a file, with dependencies among the shipped packages', 'one.wit'],
    ['a directory with a dependency in a folder', 'package'],
    ['a directory with a dependency in a file', 'single'],
    ['a package in binary form', 'shop.wasm'],
    ['a component', 'tool.wasm'],
    ['a shipped package', 'wasi:sockets'],
    ['a shipped package with its version', 'wasi:sockets@0.2.12'],
    ['a shipped package that is not of WASI', 'wittle:adapter'],
  ])('%s', async (_title, wit) => {
    expect(await wittle(cwd, 'check', wit)).toMatchObject({ code: 0, stderr: '' });
  });

  test('features, by name or all of them', async () => {
    const worlds = async (...argv: readonly string[]): Promise<unknown> => {
      const { stdout } = await wittle(cwd, 'resolve', 'gated.wit', ...argv);
      return Object.keys((JSON.parse(stdout) as { worlds: { imports: object }[] }).worlds[0]!.imports);
    };
    expect(await worlds()).toEqual([]);
    expect(await worlds('--features', 'y,x')).toEqual(['interface-0']);
    expect(await worlds('--features', 'y', '--features', 'x')).toEqual(['interface-0']);
    expect(await worlds('--all-features')).toEqual(['interface-0']);
  });
});

describe('what is not taken says what to do', () => {
  test.each([
    [
      'nowhere.wit',
      'error[unreadable-file]: cannot read nowhere.wit: there is no such file or directory',
      'a package that comes with wittle: `wasi:cli@',
    ],
    [
      'nowhere',
      'error[unreadable-file]: cannot read nowhere: there is no such file or directory',
      'give a .wit file, a directory',
    ],
    ['a\0b', 'error[unreadable-file]: cannot read a', 'without null bytes'],
    [
      'module.wasm',
      'error[invalid-binary]: module.wasm, byte 4: this is a core module that does not say its world: it has no section `component-type`',
      '',
    ],
    [
      'disguised.wit',
      'error[invalid-binary]: disguised.wit, byte 4: this is a core module that does not say its world: it has no section `component-type`',
      '',
    ],
    [
      'text.wasm',
      'error[binary-package]: text.wasm is neither a component nor a WIT package in binary form: they begin with \\0asm',
      'give a .wit file, a directory',
    ],
    ['notes.md', 'error[not-wit]: notes.md is not a .wit file', 'give a .wit file, a directory'],
    ['latin1.wit', 'error[invalid-utf8]: latin1.wit is not UTF-8 text', ''],
    [
      'dependency',
      'error[invalid-binary]: dependency/deps/tool.wasm, byte 115: this is a component, not a WIT package',
      '',
    ],
    ['empty', 'error[no-wit-files]: no .wit files in empty', ''],
    [
      'wasi:nothing',
      'error[unknown-package]: package `wasi:nothing` is neither on disk nor among those that come with wittle',
      'there is `wasi:cli@0.2.12`, `wasi:clocks@',
    ],
    [
      'wasi:io@0.2.6',
      'error[unknown-package]: package `wasi:io@0.2.6` is neither',
      'hint: there is `wasi:io@0.2.12`',
    ],
    [
      'wasi:io/imports@0.2.12',
      'error[unknown-package]: package `wasi:io/imports@0.2.12` is neither',
      'the world beside it: wasi:io@0.2.12 --world imports',
    ],
  ])('%s', async (wit, message, hint) => {
    const { code, stdout, stderr } = await wittle(cwd, 'resolve', wit);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr).toContain(hint);
  });

  test('a missing dependency names the place for it, and the version that is there', async () => {
    const { code, stderr } = await wittle(cwd, 'resolve', 'missing.wit');
    expect(code).toBe(1);
    expect(stderr).toContain('missing.wit:2:18: error[unknown-package]: package `a:foo` not found');
    expect(stderr).toContain('missing.wit:2:38: error[unknown-package]: package `wasi:io@0.2.6` not found');
    expect(stderr).toContain('hint: wittle comes with `wasi:io@0.2.12`');
    expect(stderr.match(/`deps\/`/g)).toHaveLength(2);
  });
});
