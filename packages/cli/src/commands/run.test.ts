import { describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { command, component, echoing, exiting, looping, preview1, trapping } from '../../test/modules.ts';
import { binary, folder, wittle } from '../../test/command-line.ts';

const cwd = folder({
  'ok.wasm': command([], []),
  'seven.wasm': exiting(7),
  'args.wasm': echoing('args'),
  'env.wasm': echoing('environ'),
  'trap.wasm': trapping(),
  'loop.wasm': looping(),
  'component.wasm': component,
  'broken.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0x77),
  'empty.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  'needy.wasm': command(
    [
      { module: 'env', name: 'emscripten_now', params: 0, results: 1 },
      preview1('proc_fork', 0),
      { module: 'wasi:io/poll@0.3.0', name: 'poll', params: 0, results: 0 },
      { module: 'wasi:clocks/monotonic-clock@0.2.0', name: 'then', params: 0, results: 1 },
    ],
    [],
  ),
  'text.wat': '(module)',
});

/** Runs the binary: the guest's standard output is the process's. */
function spawned(...argv: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const env = { ...process.env, FROM_OUTSIDE: 'yes' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, 'run', ...argv], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, stdout, stderr };
}

describe('a program', () => {
  test.each([
    ['ok.wasm', 0],
    ['seven.wasm', 7],
  ])('%s gives its exit code, %d', async (file, code) => {
    expect(await wittle(cwd, 'run', file)).toEqual({ code, stdout: '', stderr: '' });
  });

  test('gets its file name and what stands behind --', () => {
    const { code, stdout, stderr } = spawned('./args.wasm', '--', '--flag', 'a b', '1', '-x=y', '--', '');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\0')).toEqual(['args.wasm', '--flag', 'a b', '1', '-x=y', '--', '', '']);
  });

  test('gets the variables it is given, and no others', () => {
    expect(spawned('env.wasm').stdout).toBe('');
    expect(spawned('--env', 'A=1', '--env', 'B=x=y,z', '--env', 'C=', 'env.wasm').stdout).toBe(
      'A=1\0B=x=y,z\0C=\0',
    );
  });

  test('gets the environment of the process when told so, with changes', () => {
    const variables = spawned('env.wasm', '--inherit-env', '--env', 'A=1').stdout.split('\0');
    expect(variables).toContain('FROM_OUTSIDE=yes');
    expect(variables).toContain('A=1');
    expect(spawned('env.wasm', '--inherit-env', '--env', 'FROM_OUTSIDE=no').stdout.split('\0')).toContain(
      'FROM_OUTSIDE=no',
    );
  });

  test('that never ends is ended by SIGINT', async () => {
    const child = spawn(process.execPath, [binary, 'run', 'loop.wasm'], { cwd, stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(child.exitCode).toBe(null);
    child.kill('SIGINT');
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGINT');
  });

  test('ends although nobody closes its standard input', async () => {
    const child = spawn(process.execPath, [binary, 'run', 'seven.wasm'], {
      cwd,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});

describe('what cannot be run says what to do', () => {
  const module = 'hint: give a core module in binary form';
  test.each([
    [['nowhere.wasm'], 'error: cannot read nowhere.wasm: there is no such file or directory', module],
    [['.'], 'error: cannot read .: it is a directory', module],
    [['text.wat'], 'error: text.wat is not WebAssembly: it does not start with \\0asm', module],
    [
      ['component.wasm'],
      'error: component.wasm is a component; this version runs core modules only, components come later',
      module,
    ],
    [['broken.wasm'], 'error: broken.wasm is not a valid module: ', ''],
    [
      ['empty.wasm'],
      'error: cannot run empty.wasm:\n  - the module does not export `wasi:cli/run@',
      'exports `_start`',
    ],
    [['trap.wasm'], 'error: trap.wasm trapped: unreachable\n', ''],
    [
      ['ok.wasm', '--dir', '.'],
      'error: --dir: this version has no file system for guests',
      'run it without --dir',
    ],
    [
      ['ok.wasm', '--dir', '.::/'],
      'error: --dir: this version has no file system for guests',
      'run it without --dir',
    ],
    [['ok.wasm', '--env', 'A'], 'error: --env `A` is not a variable', 'write it as `NAME=VALUE`'],
    [['ok.wasm', '--env', '=A'], 'error: --env `=A` is not a variable', '--inherit-env'],
    [
      ['ok.wasm', '--allow-net', '127.0.0.1'],
      'error: --allow-net `127.0.0.1`: `127.0.0.1` does not say what it allows',
      'hint: it is `all`, or',
    ],
    [['ok.wasm', '--allow-net', 'connect=[::1'], 'error: --allow-net connect=`[::1` is not a grant: ', ''],
    [
      ['ok.wasm', '--allow-net', 'listen=example.com:80'],
      'error: --allow-net listen=`example.com:80` is not a grant: ',
      '',
    ],
    [['ok.wasm', 'a', 'b'], 'error: unknown arguments: a, b', 'what is for the guest stands behind `--`'],
    [['ok.wasm', '--flag'], 'error: unknown argument: flag', 'what is for the guest stands behind `--`'],
    [[], 'error: an argument is missing: wittle run <module>', 'wittle run --help'],
  ])('run %j', async (argv, message, hint) => {
    const { code, stdout, stderr } = await wittle(cwd, 'run', ...argv);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.slice(0, message.length)).toBe(message);
    expect(stderr).toContain(hint);
  });

  test('imports that nobody provides are named one by one', async () => {
    const { code, stderr } = await wittle(cwd, 'run', 'needy.wasm');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot run needy\.wasm:\n/);
    for (const name of [
      '`emscripten_now` of `env`',
      '`proc_fork` of `wasi_snapshot_preview1`',
      '`poll` of `wasi:io/poll@0.3.0`',
      '`then` of `wasi:clocks/monotonic-clock@0.2.0`',
    ]) {
      expect(stderr).toContain(`\n  - the module imports ${name}`);
    }
  });

  test('a trap is one line, with exit code 1', () => {
    expect(spawned('trap.wasm')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: trap.wasm trapped: unreachable\n',
    });
  });
});
