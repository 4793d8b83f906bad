import { describe, expect, test } from '@jest/globals';
import createYargs from 'yargs';
import type { Argv, Options } from 'yargs';
import { choice, list, parserConfiguration, repeated, text, type Command } from './options.ts';
import { readPlainArguments } from './plain-arguments.ts';

const globals: Readonly<Record<string, Options>> = { quiet: { alias: 'q', type: 'boolean' } };
const command: Command<unknown> = {
  declare: (yargs) =>
    yargs
      .positional('wit', { type: 'string' })
      .options({
        check: { type: 'boolean' },
        json: { type: 'boolean', default: true },
        format: choice('format', 'How', ['pretty', 'json']),
        out: text('out', 'Where', { alias: 'o' }),
        'time-limit': text('time-limit', 'How long'),
        features: list('Which', { alias: 'f' }),
        'allow-net': repeated('What'),
      })
      .example('$0', 'An example')
      .epilogue('The end') as Argv<unknown>,
  run: () => 0,
};
const names = ['wit', 'check', 'json', 'format', 'out', 'time-limit', 'features', 'allow-net', 'quiet', '--'];

/** What yargs gives, set up as the command line sets it up; nothing when it complains. */
async function byYargs(positional: string, argv: readonly string[]): Promise<object | undefined> {
  let found: Readonly<Record<string, unknown>> | undefined;
  const yargs = createYargs([])
    .options(globals)
    .parserConfiguration(parserConfiguration)
    .strict()
    .exitProcess(false)
    .fail(() => {
      throw new Error('it complains');
    })
    .command({
      command: `$0 ${positional}`,
      describe: 'A command',
      builder: command.declare,
      handler: (args) => {
        found = args;
      },
    });
  await yargs.parseAsync([...argv], {}, () => {}).catch(() => undefined);
  return found && definedIn(found);
}

function definedIn(args: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(names.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])));
}

const plain: readonly (readonly [string, readonly string[]])[] = [
  ['[wit]', []],
  ['[wit]', ['a.wit']],
  ['<wit>', ['a.wit', '--check', '-q']],
  ['<wit>', ['--check', 'a.wit']],
  ['<wit>', ['a.wit', '-o', 'out']],
  ['<wit>', ['a.wit', '--out=out=1']],
  ['<wit>', ['a.wit', '-qo', 'out']],
  ['<wit>', ['a.wit', '--out', '1', '--time-limit', '0x10']],
  ['<wit>', ['1', '--format', 'json']],
  ['<wit>', ['a.wit', '--features', 'a,b', '--features=c', '-f', 'd']],
  ['<wit>', ['--allow-net', 'connect=a:1,listen=b:2', 'a.wit', '--allow-net=all']],
  ['<wit..>', ['a.wit', '--check', 'b.wit']],
  ['<wit>', ['a.wit', '--', '--check', 'x', '', '--', '1']],
  ['[wit]', ['--check', '--']],
];

describe('a plain command line', () => {
  test.each(plain)('%s: %j is read as yargs reads it', async (positional, argv) => {
    const read = readPlainArguments(command, globals, positional, argv);
    expect(read).toBeDefined();
    expect(definedIn(read!)).toEqual(await byYargs(positional, argv));
  });
});

test.each([
  ['<wit>', []],
  ['<wit>', ['a.wit', 'b.wit']],
  ['<wit>', ['a.wit', '--help']],
  ['<wit>', ['a.wit', '--bogus']],
  ['<wit>', ['a.wit', '--constructor', 'x']],
  ['<wit>', ['a.wit', '--no-check']],
  ['<wit>', ['a.wit', '--check=false']],
  ['<wit>', ['a.wit', '--check', 'false']],
  ['<wit>', ['a.wit', '--check', '--check']],
  ['<wit>', ['a.wit', '--timeLimit', '1']],
  ['<wit>', ['a.wit', '-o=out']],
  ['<wit>', ['a.wit', '-oout']],
  ['<wit>', ['a.wit', '-']],
  ['<wit>', ['a.wit', '-o']],
  ['<wit>', ['a.wit', '-o', '--check']],
  ['<wit>', ['a.wit', '--out', '']],
  ['<wit>', ['a.wit', '--out="out"']],
  ['<wit>', ['a.wit', '--out', 'a', '--out', 'b']],
  ['<wit>', ['']],
  ['<wit..>', []],
])('%s: %j is left to yargs', (positional, argv) => {
  expect(readPlainArguments(command, globals, positional, argv)).toBeUndefined();
});

test('what an option refuses is said in the same words', () => {
  expect(() => readPlainArguments(command, globals, '<wit>', ['a.wit', '--format', 'xml'])).toThrow(
    /--format cannot be `xml`/,
  );
});
