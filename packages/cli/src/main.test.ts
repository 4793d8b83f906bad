import { describe, expect, test } from '@jest/globals';
import { folder, wittle } from '../test/command-line.ts';
import { main } from './main.ts';

const cwd = folder();

describe('help and version', () => {
  test('the help lists the commands', async () => {
    const { code, stdout } = await wittle(cwd, '--help');
    expect(code).toBe(0);
    for (const command of ['generate', 'check', 'resolve', 'run'])
      expect(stdout).toContain(`wittle ${command}`);
  });

  test.each(['generate', 'check', 'resolve', 'run'])('the help of %s has examples', async (command) => {
    const { code, stdout } = await wittle(cwd, command, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(`wittle ${command} ${command === 'generate' ? '[' : '<'}`);
    expect(stdout).toContain('Examples:');
  });

  test('the version is that of the package', async () => {
    expect(await wittle(cwd, '--version')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
  });
});

describe('a command line that makes no sense', () => {
  test.each([
    [[], 'error: a command is missing\n  hint: `wittle --help` says what there is\n'],
    [['gnerate'], 'error: there is no command `gnerate`\n  hint: did you mean `generate`?\n'],
    [
      ['check'],
      'error: an argument is missing: wittle check <wit..>\n  hint: `wittle check --help` says what there is\n',
    ],
    [
      ['check', 'a.wit', '--bogus'],
      'error: unknown argument: bogus\n  hint: `wittle check --help` says what there is\n',
    ],
    [
      ['check', 'a.wit', '--format', 'xml'],
      'error: --format cannot be `xml`\n  hint: there is `pretty`, `json`, `github`\n',
    ],
    [['check', 'a.wit', '--format', 'json', '--format', 'json'], 'error: --format is given more than once\n'],
    [
      ['resolve', 'a.wit', 'b.wit'],
      'error: unknown argument: b.wit\n  hint: `wittle resolve --help` says what there is\n',
    ],
    [
      ['generate', 'a.wit', '-o'],
      'error: not enough arguments following: o\n  hint: `wittle generate --help` says what there is\n',
    ],
    [
      ['generate', 'a.wit', '-o', 'out', '--target', 'hots'],
      'error[unknown-target]: there is no target `hots`\n  hint: did you mean `host`?\n',
    ],
  ])('%j says what to do', async (argv, message) => {
    expect(await wittle(cwd, ...argv)).toEqual({ code: 1, stdout: '', stderr: message });
  });
});

describe('a mistake of ours', () => {
  const failing = async (...argv: readonly string[]): Promise<string> => {
    let stderr = '';
    const code = await main(argv, {
      stdout: () => {
        throw new Error('the sink is full');
      },
      stderr: (text) => {
        stderr += text;
      },
      cwd,
    });
    expect(code).toBe(1);
    return stderr;
  };

  test('is one line', async () => {
    expect(await failing('check', 'wasi:io')).toBe(
      'internal error: the sink is full; this is a mistake in wittle, please report it (--verbose shows where)\n',
    );
  });

  test('shows its stack when asked to', async () => {
    expect(await failing('check', 'wasi:io', '--verbose')).toMatch(
      /^internal error: the sink is full; .*it\nError: .*\n +at /,
    );
  });
});
