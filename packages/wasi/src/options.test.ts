/** What is said of options that make no sense, before anything runs. */
import { describe, expect, test } from '@jest/globals';
import { createWasi, httpListener, runCommand } from './index.ts';

const program = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

describe('an option that does not exist', () => {
  const message = /^the option preopen does not exist; there are args, env, cwd, stdin, .*preopens/;

  test('is named by createWasi', () => {
    expect(() => createWasi({ preopen: { '/': '.' } } as never)).toThrow(message);
    expect(() => createWasi({ timeLimit: 5 } as never)).toThrow(/^the option timeLimit does not exist/);
  });

  test('is named by runCommand, which has more', async () => {
    await expect(runCommand(program, { preopen: { '/': '.' } } as never)).rejects.toThrow(message);
    await expect(runCommand(program, { timelimit: 5 } as never)).rejects.toThrow(
      /, timeLimit, trapMissing, call$/,
    );
  });

  test('is named by httpListener at once', () => {
    const listener = (options: object) => () => httpListener(() => ({ handle: () => {} }), options);
    expect(listener({ preopen: { '/': '.' } })).toThrow(message);
    expect(listener({ onfailure: () => {} })).toThrow(
      /^the option onfailure does not exist; .*, onFailure, maxInstanceReuseCount$/,
    );
    expect(listener({ network: { connect: ['x y'] } })).toThrow(/`x y` is not a grant/);
    expect(listener({ onFailure: () => {}, args: ['a'] })).not.toThrow();
  });
});

test.each([
  [{ args: 'a b' }, 'args is an array of strings'],
  [{ args: ['a\0b'] }, 'args is an array of strings without NUL'],
  [{ args: [1] }, 'args is an array of strings'],
  [{ env: { A: 1 } }, 'env is an object of strings'],
  [{ env: 'A=1' }, 'env is an object of strings'],
  [{ cwd: 5 }, 'cwd is a string'],
  [{ stdin: 'inherited' }, "stdin is 'inherit', 'ignore' or a Node Readable"],
  [{ stdin: { read: 1 } }, 'stdin is'],
  [{ stdout: new Uint8Array(1) }, "stdout is 'inherit', 'ignore' or a Node Writable"],
  [{ preopens: ['./data'] }, 'preopens is an object of directories'],
  [{ preopens: { '/': { directory: '.', readonly: true } } }, "preopens['/'].readonly does not exist"],
  [{ preopens: { '/': { directory: '.', readOnly: 'yes' } } }, "preopens['/'].readOnly is true or false"],
  [{ preopens: { '/': { readOnly: true } } }, "preopens['/']: a directory is a path of the host"],
  [{ preopens: { '/': null } }, "preopens['/']: a directory is a path of the host"],
  [{ network: true }, "network is 'all' or { connect, listen, resolve }"],
  [{ onDenied: 'log' }, 'onDenied is a function'],
  [{ limits: 5 }, 'limits is an object'],
  [{ clock: Date }, 'clock is an object with monotonic() and wall()'],
  [{ random: 4 }, 'random is a function'],
  [{ lendBytes: 1 }, 'lendBytes is true or false'],
])('%j is a TypeError that says what the option is', (options, message) => {
  const make = (): unknown => createWasi(options as never);
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ name: 'TypeError' }));
});

test('an option that is undefined is left out', () => {
  createWasi({
    args: undefined,
    stdin: undefined,
    preopens: undefined,
    limits: undefined,
  } as never).dispose();
});

test('limits of what a program allocates are set where it is compiled', () => {
  for (const name of ['memory', 'tableElements'])
    expect(() => createWasi({ limits: { [name]: 65_536 } })).toThrow(
      new TypeError(
        `limits.${name} is set when a program is compiled: by \`compile\` or \`limitModule\` of @wittle/component`,
      ),
    );
});

test('blocking is one of three words', async () => {
  await expect(runCommand(program, { blocking: 'auto' as never })).rejects.toThrow(
    `the option blocking is 'jspi', 'worker' or 'none', not "auto"`,
  );
});
