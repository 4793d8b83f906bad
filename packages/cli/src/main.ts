/** The command line: finds the command, loads its code, and turns whatever happens into output and an exit code. */
import type { Argv } from 'yargs';
import { Failure, failure } from './failure.ts';
import { processIo, type Io } from './io.ts';
import type { Command } from './options.ts';
import { version } from './version.ts';

/**
 * Runs `wittle` with these arguments and gives the exit code: 0, or 1 for anything wrong with the input, or the
 * guest's own for `run`. Never throws. Each command's code is loaded when it is asked for.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof Failure) {
      io.stderr(`${error.message}\n`);
    } else {
      const own = argv.slice(0, [...argv, '--'].indexOf('--'));
      io.stderr(`${internalError(error, own.includes('--verbose'))}\n`);
    }
    return 1;
  }
}

interface Entry {
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<Command<unknown>>;
}

const entries: readonly Entry[] = [
  {
    usage: 'generate <wit>',
    summary: 'Generate typed TypeScript for a world',
    load: async () => (await import('./commands/generate.ts')).generate as Command<unknown>,
  },
  {
    usage: 'check <wit..>',
    summary: 'Say everything that is wrong with WIT',
    load: async () => (await import('./commands/check.ts')).check as Command<unknown>,
  },
  {
    usage: 'resolve <wit>',
    summary: 'Print the resolved model as JSON',
    load: async () => (await import('./commands/resolve.ts')).resolve as Command<unknown>,
  },
  {
    usage: 'run <module>',
    summary: 'Run a core module that uses WASI',
    load: async () => (await import('./commands/run.ts')).run as Command<unknown>,
  },
];

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const { default: createYargs } = await import('yargs');
  let exitCode = 0;
  let yargs: Argv = createYargs([], io.cwd)
    .scriptName('wittle')
    .usage('$0 <command>: WIT in, typed TypeScript out, and it runs.')
    .options({
      quiet: { alias: 'q', description: 'Say nothing when all is well', type: 'boolean', global: true },
      verbose: { description: 'Show the stack of an internal error', type: 'boolean', global: true },
    })
    .parserConfiguration({
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
    })
    .locale('en')
    .wrap(100)
    .version(version())
    .help()
    .alias('help', 'h')
    .demandCommand(1, 'a command is missing')
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? usageFailure(argv, message ?? 'the command line makes no sense');
    });
  for (const { usage, summary, load } of entries) {
    yargs = yargs.command({
      command: usage,
      describe: summary,
      builder: async (inner: Argv) => (await load()).declare(inner),
      handler: async (args) => {
        exitCode = await (await load()).run(args, io);
      },
    }) as Argv;
  }
  // The callback gets what yargs would print: help and version.
  await yargs.parseAsync([...argv], {}, (_error, _args, output) => {
    if (output !== '') io.stdout(`${output}\n`);
  });
  return exitCode;
}

function usageFailure(argv: readonly string[], message: string): Failure {
  const command = entries.map(({ usage }) => usage.split(' ')[0]!).find((name) => name === argv[0]);
  const help = command === undefined ? 'wittle --help' : `wittle ${command} --help`;
  return failure(
    message
      .trim()
      .replace(/\n+/g, '; ')
      .replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
    `\`${help}\` says what there is`,
  );
}

function internalError(error: unknown, isVerbose: boolean): string {
  const details = isVerbose || (process.env['WITTLE_DEBUG'] ?? '') !== '';
  const [line] = String(error instanceof Error ? error.message : error).split('\n');
  const stack = details && error instanceof Error ? `\n${error.stack}` : '';
  const more = details ? '' : ' (--verbose shows where)';
  return `internal error: ${line}; this is a mistake in wittle, please report it${more}${stack}`;
}
