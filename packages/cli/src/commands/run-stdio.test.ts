/** Standard input and output as a shell connects them: files, pipes, terminals, and nothing. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { binary, folder, repository } from '../../test/command-line.ts';

const program = (name: string): Uint8Array =>
  fs.readFileSync(join(repository, 'packages/cli/test/programs', `${name}.wasm`));
const data = randomBytes(3_000_001);
const cwd = folder({ 'cat.wasm': program('cat'), 'flood.wasm': program('flood'), data });
const shell = process.platform === 'win32' ? describe.skip : describe;
const flood = Buffer.alloc(10 * 1024 * 1024, 200);

/** Runs a line of a shell in which `wittle run` is `$run`. */
function sh(line: string, input: Uint8Array = new Uint8Array(0)) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    cwd,
    input,
    env: { ...process.env, run: `"${process.execPath}" "${binary}" run` },
    maxBuffer: 1e9,
    timeout: 30_000,
  });
  return { code: status, stdout, stderr: String(stderr) };
}

shell.each(['auto', 'worker'])('with --blocking %s, a program', (blocking) => {
  const cat = `eval "$run" --blocking ${blocking} cat.wasm`;

  test('copies a file to a file, byte for byte', () => {
    expect(sh(`${cat} < data > copy`)).toMatchObject({ code: 0, stderr: '' });
    expect(fs.readFileSync(join(cwd, 'copy')).equals(data)).toBe(true);
  }, 30_000);

  test('copies a pipe to a pipe, byte for byte', () => {
    const { code, stdout, stderr } = sh(`cat | ${cat} | cat`, data);
    expect([code, stderr, stdout.equals(data)]).toEqual([0, '', true]);
  }, 30_000);

  test('finds an input at its end that is closed or empty', () => {
    expect(sh(`${cat} <&-`)).toMatchObject({ code: 0, stderr: '' });
    expect(sh(`${cat} < /dev/null`)).toMatchObject({ code: 0, stderr: '' });
    expect(sh(`${cat} <&- >&- 2>&-`).code).toBe(0);
  }, 30_000);

  test('is told that its input is a directory', () => {
    // EISDIR of Preview 1.
    expect(sh(`${cat} < .`)).toMatchObject({ code: 31, stderr: '' });
  }, 30_000);

  test('is told that nobody reads its output, and ends without a word of ours', () => {
    // EPIPE of Preview 1, of the output.
    const { stdout, stderr } = sh(`(${cat} < data; echo $? >&2) | head -c 3`);
    expect([stderr, stdout]).toEqual(['164\n', data.subarray(0, 3)]);
  }, 30_000);

  test('is told that there is no room for its output', () => {
    if (!fs.existsSync('/dev/full')) return;
    // ENOSPC of Preview 1, of the output.
    expect(sh(`${cat} < data > /dev/full`).code).toBe(151);
  }, 30_000);

  test('has written everything when it exits, however slowly it is read', async () => {
    const child = spawn(process.execPath, [binary, 'run', '--blocking', blocking, 'flood.wasm'], { cwd });
    const exited = once(child, 'exit');
    const chunks: Buffer[] = [];
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.length % 16 === 0) {
        child.stdout.pause();
        setTimeout(() => child.stdout.resume(), 10);
      }
    });
    await once(child.stdout, 'end');
    expect(await exited).toEqual([5, null]);
    expect(Buffer.concat(chunks).equals(flood)).toBe(true);
  }, 30_000);
});

shell('a terminal', () => {
  const { status } = spawnSync('script', ['-V']);
  (status === 0 && process.platform === 'linux' ? test : test.skip)(
    'is read line by line',
    () => {
      const { code, stdout } = sh(`script -qec "$run cat.wasm" /dev/null`, Buffer.from('one\ntwo\n\x04'));
      // The terminal repeats what is typed, and ends lines in its way.
      expect([code, String(stdout).replaceAll('\r', '')]).toEqual([
        0,
        expect.stringContaining('one\ntwo\none\ntwo\n'),
      ]);
    },
    30_000,
  );
});
