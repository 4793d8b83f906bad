/** `wittle fmt`: which files it lays out, and what it says. */
import { expect, test } from '@jest/globals';
import { filesIn, folder, wittle } from '../../test/command-line.ts';

const crooked = 'package a:b;interface i{f:func();}\n';
const straight = 'package a:b;\ninterface i {\n  f: func();\n}\n';

test('files of a directory are laid out, those of its dependencies are not', async () => {
  const cwd = folder({
    'wit/a.wit': crooked,
    'wit/more/b.wit': straight,
    'wit/deps/c.wit': crooked,
    'wit/notes.txt': 'x',
  });
  expect(await wittle(cwd, 'fmt', 'wit')).toEqual({
    code: 0,
    stdout: 'wit/a.wit\n1 file of 2 changed\n',
    stderr: '',
  });
  expect(filesIn(cwd)).toMatchObject({ 'wit/a.wit': straight, 'wit/deps/c.wit': crooked });
  expect(await wittle(cwd, 'fmt', 'wit', '--check')).toMatchObject({ code: 0 });
});

test('a check writes nothing and fails', async () => {
  const cwd = folder({ 'a.wit': crooked });
  expect(await wittle(cwd, 'fmt', 'a.wit', '--check')).toEqual({
    code: 1,
    stdout: 'a.wit\n1 file of 1 would change\n',
    stderr: '',
  });
  expect(filesIn(cwd)).toEqual({ 'a.wit': crooked });
});

test('a file with errors stays as it is, the others are laid out', async () => {
  const cwd = folder({ 'a.wit': 'package a:b;interface i{', 'b.wit': crooked });
  const { code, stderr } = await wittle(cwd, 'fmt', '.', '--quiet');
  expect(code).toBe(1);
  expect(stderr).toContain('error[unexpected-token]');
  expect(filesIn(cwd)).toEqual({ 'a.wit': 'package a:b;interface i{', 'b.wit': straight });
});

test.each([
  ['nowhere', 'error: cannot format nowhere: there is no such file or directory\n'],
  ['empty', 'error: no .wit files in empty\n'],
])('%s is an error', async (name, stderr) => {
  const cwd = folder({ 'empty/notes.txt': '' });
  expect(await wittle(cwd, 'fmt', name)).toEqual({ code: 1, stdout: '', stderr });
});
