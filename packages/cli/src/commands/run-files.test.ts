/** Runs a plain libc program that works on files: under the command line, and over a directory in memory. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { MemoryDirectory, runCommand } from '@wittle/wasi';

const wittle = fileURLToPath(new URL('../../bin/wittle.js', import.meta.url));
const program = fileURLToPath(new URL('../../../../examples/guest-c/programs/files.wasm', import.meta.url));
const allRight = '11044 checks, 0 wrong\n';

test('a directory of the host serves stdio, descriptors and directories', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wittle-guest-'));
  try {
    const args = [wittle, 'run', program, '--dir', `${folder}::/`, '--env', 'NAME=value'];
    const output = await new Promise<string>((resolve) => {
      const child = execFile(process.execPath, args, (_, stdout, stderr) => resolve(stdout + stderr));
      child.stdin!.end('typed\n');
    });
    expect(output).toBe(allRight);
    expect(readdirSync(folder)).toEqual(['numbers.txt']);
    expect(readFileSync(join(folder, 'numbers.txt'), 'utf8')).toMatch(
      /^0 even\n1 odd\n(.|\n)*9999 odd\nend\n$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test('what a read-only directory denies is said once, with the option that would grant it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wittle-guest-'));
  const args = [wittle, 'run', program, '--dir', `${folder}::/data::ro`, '--dir', `${folder}::/::ro`];
  const errors = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, (_error, _stdout, stderr) => resolve(stderr)).stdin!.end();
  });
  rmSync(folder, { recursive: true });
  expect(errors.match(/^wittle: .*$/gm)).toEqual([
    "wittle: preopens['/'] is read-only; grant changes in it with --dir HOST::/",
  ]);
}, 60_000);

test('a directory in memory serves the same', async () => {
  const memory = new MemoryDirectory();
  let output = '';
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      output += String(chunk);
      done();
    },
  });
  const code = await runCommand(readFileSync(program), {
    preopens: { '/': memory },
    env: { NAME: 'value' },
    stdin: Readable.from(['typed\n']),
    stdout,
  });
  expect([code, output]).toEqual([0, allRight]);
  expect(memory.list()).toEqual(['numbers.txt']);
}, 60_000);

test('a read-only directory gives the program its errors', async () => {
  const memory = new MemoryDirectory();
  let output = '';
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      output += String(chunk);
      done();
    },
  });
  const code = await runCommand(readFileSync(program), {
    preopens: { '/': { directory: memory, readOnly: true } },
    stdout,
  }).catch(String);
  expect(output + String(code)).toMatch(/wrong: fopen w\+ .*not permitted|unreachable|RuntimeError/i);
  expect(memory.list()).toEqual([]);
}, 60_000);
