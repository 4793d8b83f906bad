import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folder, repository, wittle } from '../../test/command-line.ts';

const fixtures = join(repository, 'packages/component/test');
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, name)));

const cwd = folder({
  'tool.wasm': fixture('decode/versions/component.wasm'),
  'shop.wasm': fixture('shop.wasm'),
  'odd.wasm': fixture('decode/reject-component/component.wasm'),
  'short.wasm': fixture('decode/versions/component.wasm').subarray(0, 100),
  'module.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  'wit/a.wit':
    '/// All.\npackage a:b;\n/// Some.\ninterface i { use c:d/j.{t}; f: func(x: option<t>)->t; }\n',
  'wit/deps/c.wit': 'package c:d;\ninterface j { variant t { a(u8), b } }\n',
  'two.wit':
    'package a:b@1.0.0;\nworld w { @unstable(feature = x) import f: func(); export g: func(); }\npackage c:d { world v {} }\n',
});

test('the world of a component, with the interfaces of all packages', async () => {
  const stdout = readFileSync(join(fixtures, 'decode/versions/expected.wit'), 'utf8');
  expect(await wittle(cwd, 'wit', 'tool.wasm')).toEqual({ code: 0, stdout, stderr: '' });
});

test('a WIT package in binary form, with what it needs of others as it is in there', async () => {
  const { code, stdout, stderr } = await wittle(cwd, 'wit', 'shop.wasm');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\/\/\/ A shop\.\npackage demo:shop@1\.2\.0;\n/);
  expect(stdout).toContain('\npackage demo:money@0.2.0 {\n  interface types {\n');
});

test('WIT on disk, with its dependencies in the same text', async () => {
  const stdout = `/// All.
package a:b;

/// Some.
interface i {
  use c:d/j.{t};

  f: func(x: option<t>) -> t;
}

package c:d {
  interface j {
    variant t {
      a(u8),
      b,
    }
  }
}
`;
  expect(await wittle(cwd, 'wit', 'wit')).toEqual({ code: 0, stdout, stderr: '' });
});

test('features say what is in it', async () => {
  const wit = async (...argv: readonly string[]): Promise<string> =>
    (await wittle(cwd, 'wit', 'two.wit', ...argv)).stdout;
  const rest = '  export g: func();\n}\n\npackage c:d {\n  world v {}\n}\n';
  expect(await wit()).toBe(`package a:b@1.0.0;\n\nworld w {\n${rest}`);
  expect(await wit('--features', 'x')).toBe(
    `package a:b@1.0.0;\n\nworld w {\n  @unstable(feature = x)\n  import f: func();\n\n${rest}`,
  );
});

describe('-o', () => {
  test('writes a file that says the same as what it was made from', async () => {
    expect(await wittle(cwd, 'wit', 'wasi:http', '-o', 'http.wit')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(await wittle(cwd, 'fmt', 'http.wit', '--check')).toMatchObject({ code: 0 });
    const again = await wittle(cwd, 'wit', 'http.wit');
    expect(again).toEqual({ code: 0, stdout: readFileSync(join(cwd, 'http.wit'), 'utf8'), stderr: '' });
  });

  test('says why it cannot', async () => {
    expect(await wittle(cwd, 'wit', 'tool.wasm', '-o', 'nowhere/a.wit')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: cannot write nowhere/a.wit: there is no such file or directory\n',
    });
  });
});

describe('what is not WIT is located', () => {
  test.each([
    [
      'odd.wasm',
      'error[invalid-binary]: odd.wasm, byte 17: `c` is a component, which WIT cannot say of a world\n',
    ],
    ['short.wasm', 'error[invalid-binary]: short.wasm, byte 66: unexpected end\n'],
    [
      'module.wasm',
      'error[invalid-binary]: module.wasm, byte 4: this is a core module that does not say its world: it has no section `component-type`\n',
    ],
  ])('%s', async (name, stderr) => {
    expect(await wittle(cwd, 'wit', name)).toEqual({ code: 1, stdout: '', stderr });
    expect(await wittle(cwd, 'resolve', name)).toEqual({ code: 1, stdout: '', stderr });
    const checked = await wittle(cwd, 'check', name);
    expect({ ...checked, stdout: checked.stdout.replace(/checked.*\n/, '') }).toEqual({
      code: 1,
      stdout: stderr,
      stderr: '',
    });
  });

  test('fmt leaves binaries alone', async () => {
    expect(await wittle(cwd, 'fmt', 'tool.wasm')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: tool.wasm is WebAssembly, not WIT text\n  hint: `wittle wit tool.wasm` prints what it declares\n',
    });
  });
});
