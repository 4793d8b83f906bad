import { describe, expect, test } from '@jest/globals';
import { folder, wittle } from '../../test/command-line.ts';

const cwd = folder({
  'good.wit': 'package a:good;\ninterface i { f: func(); }\n',
  'three.wit':
    'package a:three;\ninterface i { f: func(; }\ninterface j { g func(); }\ninterface k { h: fnc(); }\n',
  'names.wit': 'package a:names;\ninterface i { f: func(a: nothing); }\n',
  'one/root.wit': 'package a:one;\n',
  'one/deps/bad.wit': 'package a:bad;\ninterface i { f: func(a: nothing); }\n',
});

describe('pretty', () => {
  test('good WIT is one line', async () => {
    const { code, stdout, stderr } = await wittle(cwd, 'check', 'good.wit', 'wasi:io');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^checked \d files in \d+ ms: no mistakes\n$/);
  });

  test('good WIT is nothing when quiet', async () => {
    expect(await wittle(cwd, 'check', 'good.wit', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('three mistakes in the text are three', async () => {
    const { code, stdout } = await wittle(cwd, 'check', 'three.wit');
    expect(code).toBe(1);
    for (const place of ['three.wit:2:23', 'three.wit:3:17', 'three.wit:4:18'])
      expect(stdout).toContain(`${place}: error[`);
    expect(stdout).toMatch(/\nchecked 1 file in \d+ ms: 3 errors\n$/);
  });

  test('all mistakes of all inputs are there, those of missing files too', async () => {
    const { code, stdout } = await wittle(cwd, 'check', 'three.wit', 'names.wit', 'good.wit', 'nowhere.wit');
    expect(code).toBe(1);
    expect(stdout.match(/error\[/g)).toHaveLength(5);
    expect(stdout).toContain('names.wit:2:26: error[unknown-type]: type `nothing` not found');
    expect(stdout).toContain('error[unreadable-file]: cannot read nowhere.wit');
  });

  test('what several inputs have in common is said once', async () => {
    const { stdout } = await wittle(cwd, 'check', 'one', 'one');
    expect(stdout.match(/error\[/g)).toHaveLength(1);
  });
});

test('JSON is an array, and nothing else', async () => {
  const { code, stdout } = await wittle(cwd, 'check', 'names.wit', 'nowhere.wit', '--format', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      code: 'unknown-type',
      severity: 'error',
      message: 'type `nothing` not found',
      line: 2,
      column: 26,
      endLine: 2,
      endColumn: 33,
    },
    { code: 'unreadable-file' },
  ]);
  expect(await wittle(cwd, 'check', 'good.wit', '--format', 'json')).toEqual({
    code: 0,
    stdout: '[]\n',
    stderr: '',
  });
});

test('annotations are one line each', async () => {
  const { code, stdout } = await wittle(cwd, 'check', 'names.wit', '--format', 'github');
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^::error file=[^,]*names\.wit,line=2,endLine=2,col=26,endColumn=33,title=unknown-type::type `nothing` not found.*\nchecked 1 file in \d+ ms: 1 error\n$/,
  );
});
