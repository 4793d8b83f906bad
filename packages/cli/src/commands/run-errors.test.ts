/** Runs a plain libc program whose standard streams fail: it says by which errno. */
import { spawn, type StdioOptions } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const wittle = fileURLToPath(new URL('../../bin/wittle.js', import.meta.url));
const program = fileURLToPath(new URL('../../../../examples/guest-c/programs/errors.wasm', import.meta.url));
const patience = 60_000;

function start(stdio: StdioOptions, options: string[], ...args: string[]) {
  const child = spawn(process.execPath, [wittle, 'run', program, ...options, '--', ...args], {
    stdio,
    timeout: patience - 5000,
  });
  const told = new Promise<string>((resolve) => {
    let text = '';
    child.stderr!.on('data', (data) => (text += String(data)));
    child.on('close', () => resolve(text));
  });
  return { child, told };
}

/** What the program says with this file in the place of a stream. */
async function withFile(path: string, flags: string, stream: 0 | 1, options: string[], ...args: string[]) {
  const file = openSync(path, flags);
  const stdio: StdioOptions = stream === 0 ? [file, 'ignore', 'pipe'] : ['ignore', file, 'pipe'];
  const { told } = start(stdio, options, ...args);
  closeSync(file);
  return told;
}

/** A file that nothing fits in. */
const testOfFull = existsSync('/dev/full') ? test : test.skip;
/** Elsewhere a directory cannot be opened like a file. */
const testOfDirectory = process.platform === 'win32' ? test.skip : test;

describe.each([[[]], [['--blocking', 'worker']]])('with the options %j', (options) => {
  testOfFull(
    'output that finds no room is ENOSPC, each time (where there is /dev/full)',
    async () => {
      expect(await withFile('/dev/full', 'w', 1, options, 'write')).toBe(
        'write: No space left on device\nwrite again: No space left on device\nputs: No space left on device\n',
      );
    },
    patience,
  );

  testOfFull(
    'so is what is appended to a file (where there is /dev/full)',
    async () => {
      const { told } = start(
        ['ignore', 'ignore', 'pipe'],
        [...options, '--dir', '/dev::/dev'],
        'append',
        '/dev/full',
      );
      expect(await told).toBe('open: fine\nwrite: No space left on device\n');
    },
    patience,
  );

  testOfDirectory(
    'a directory as input is EISDIR (not on Windows)',
    async () => {
      expect(await withFile(tmpdir(), 'r', 0, options, 'read')).toBe('read: Is a directory\n');
    },
    patience,
  );

  test(
    'output that nobody reads is EPIPE',
    async () => {
      const { child, told } = start(['pipe', 'pipe', 'pipe'], options, 'write');
      child.stdout!.once('close', () => child.stdin!.end()).destroy();
      expect(await told).toBe('write: Broken pipe\nwrite again: Broken pipe\nputs: Broken pipe\n');
    },
    patience,
  );
});
