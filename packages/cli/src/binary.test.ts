import { expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { binary, filesIn, folder } from '../test/command-line.ts';

const cwd = folder({
  'package/one.wit': 'package a:one;\nworld w { export f: func(); }\n',
  'bad.wit': 'package a:one;\nworld {}\n',
});

function spawned(...argv: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...argv], {
    cwd,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

test('generates into the working directory, with paths as they were given', () => {
  const { code, stdout, stderr } = spawned('generate', 'package', '-o', 'out');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^generated \d+ files \(\d+ lines\) for a:one\/w into out\/ in \d+ ms\n$/);
  expect(filesIn(join(cwd, 'out'))['index.ts']).toMatch(/world a:one\/w, from package\.\n/);
  expect(readdirSync(cwd).toSorted()).toEqual(['bad.wit', 'out', 'package']);
});

test('mistakes go to standard error, with exit code 1', () => {
  const { code, stdout, stderr } = spawned('generate', 'bad.wit', '-o', 'other');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^bad\.wit:2:7: error\[/);
});

test('a report is on standard output', () => {
  const { code, stdout, stderr } = spawned('check', 'bad.wit', 'package');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/^bad\.wit:2:7: error\[/);
});

test('a reader that goes away is no reason for a stack trace', async () => {
  const child = spawn(process.execPath, [binary, 'resolve', 'wasi:http'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += String(chunk);
  });
  child.stdout.destroy();
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(stderr).toBe('');
});

test('a reader that takes its time gets all of it', async () => {
  const child = spawn(process.execPath, [binary, 'resolve', 'wasi:http'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  expect(text.length).toBeGreaterThan(200_000);
  expect(JSON.parse(text)).toHaveProperty('worlds');
});

(existsSync('/dev/full') ? test : test.skip)('output that finds no room is a mistake', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [binary, 'resolve', 'wasi:http'], {
    cwd,
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect([status, stderr]).toEqual([1, 'error: cannot write the output: no space is left on the device\n']);
});

test('compiled code need not be kept', () => {
  const { status, stdout } = spawnSync(process.execPath, [binary, 'check', 'package'], {
    cwd,
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('no mistakes')]);
});
