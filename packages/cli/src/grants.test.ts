/** What options of the command line come to, and what is said of those that make no sense. */
import { describe, expect, test } from '@jest/globals';
import { command } from '../test/modules.ts';
import { folder, wittle } from '../test/command-line.ts';
import { grantsOf, programLimitsOf, type GrantArgs } from './grants.ts';

const cwd = folder({ 'ok.wasm': command([], []) });
const none: GrantArgs = {
  'allow-net': [],
  dir: [],
  env: [],
  'inherit-env': undefined,
  cwd: undefined,
  timezone: undefined,
  limit: [],
};

test('without options a guest gets nothing', () => {
  const { onDenied: _onDenied, ...grants } = grantsOf(none, { stdout: () => {}, stderr: () => {}, cwd });
  expect(grants).toEqual({ env: {}, preopens: {}, limits: {} });
});

test('limits, working directory and time zone are those of the host', () => {
  const args = { ...none, limit: ['files=100', 'sockets=2'], cwd: '/data', timezone: 'Europe/Berlin' };
  expect(grantsOf(args, { stdout: () => {}, stderr: () => {}, cwd })).toMatchObject({
    limits: { files: 100, sockets: 2 },
    cwd: '/data',
    timezone: 'Europe/Berlin',
  });
});

test('variables have the value given, or the one that they have here; the last word holds', () => {
  const names = ['WITTLE_HERE', 'WITTLE_NOT_HERE'] as const;
  const before = names.map((name) => process.env[name]);
  process.env['WITTLE_HERE'] = 'a=b';
  delete process.env['WITTLE_NOT_HERE'];
  const envOf = (...env: readonly string[]): unknown =>
    grantsOf({ ...none, env }, { stdout: () => {}, stderr: () => {}, cwd }).env;
  try {
    expect(envOf('WITTLE_HERE', 'WITTLE_NOT_HERE', 'X=1', 'EMPTY=')).toEqual({
      WITTLE_HERE: 'a=b',
      X: '1',
      EMPTY: '',
    });
    expect(envOf('WITTLE_HERE', 'WITTLE_HERE=c')).toEqual({ WITTLE_HERE: 'c' });
    expect(envOf('WITTLE_HERE=c', 'WITTLE_HERE')).toEqual({ WITTLE_HERE: 'a=b' });
    expect(envOf('WITTLE_NOT_HERE=d', 'WITTLE_NOT_HERE')).toEqual({ WITTLE_NOT_HERE: 'd' });
  } finally {
    names.forEach((name, index) => {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    });
  }
});

test('limits of what a program allocates are not the host’s; k, m and g are powers of 1024', () => {
  const limit = ['memory=5', 'memory=256m', 'files=1', 'tableElements=2k', 'bufferSize=3K', 'handles=1G'];
  expect(programLimitsOf({ limit })).toEqual({ memory: 256 * 1024 * 1024, tableElements: 2048 });
  expect(grantsOf({ ...none, limit }, { stdout: () => {}, stderr: () => {}, cwd }).limits).toEqual({
    files: 1,
    bufferSize: 3072,
    handles: 1024 ** 3,
  });
});

test('what is denied is said once', () => {
  const said: string[] = [];
  const { onDenied } = grantsOf(none, { stdout: () => {}, stderr: (text) => void said.push(text), cwd });
  const denial = { list: 'preopens', subject: '/a', protocol: undefined, message: 'no' } as const;
  onDenied?.(denial);
  onDenied?.(denial);
  expect(said).toEqual(['wittle: no\n']);
});

describe('what makes no sense is said', () => {
  test.each([
    [
      ['--limit', 'file=5'],
      '--limit file does not exist; there are memory, tableElements, sockets, bufferSize',
    ],
    [['--limit', 'files'], '--limit `files` is not a limit'],
    [['--limit', 'files=0'], '--limit files is a whole number greater than 0, not 0'],
    [['--limit', 'memory=banana'], '--limit `memory=banana` is not a limit'],
    [['--limit', 'memory=256mb'], 'write it as `NAME=NUMBER`: `--limit files=100`, `--limit memory=256m`'],
    [['--limit', 'memory=-1'], '--limit `memory=-1` is not a limit'],
    [['--limit', 'memory=0'], '--limit memory is a whole number greater than 0, not 0'],
    [['--limit', 'memory=0g'], '--limit memory is a whole number greater than 0, not 0g'],
    [['--limit', 'memory=9999999g'], '--limit memory is a whole number greater than 0, not 9999999g'],
    [['--limit', 'handles=0'], '--limit handles is a whole number greater than 0, not 0'],
    [['--limit', 'handles=all'], '--limit `handles=all` is not a limit'],
    [['--env', '=x'], '--env `=x` is not a variable'],
    [['--timezone', 'Mars'], `--timezone is 'UTC', 'host' or a name as in 'Europe/Berlin', not "Mars"`],
    [['--cwd', '/a', '--cwd', '/b'], '--cwd is given more than once'],
  ])('%j', async (options, message) => {
    for (const name of ['run', 'serve']) {
      const { code, stdout, stderr } = await wittle(cwd, name, 'ok.wasm', ...options);
      expect([name, code, stdout, stderr]).toEqual([name, 1, '', expect.stringContaining(message)]);
    }
  });
});
