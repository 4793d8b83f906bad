/** The command line: finds the command, loads its code, and turns whatever happens into output and an exit code. */
import type { Argv, Options } from 'yargs';
import { Failure, failure } from './failure.ts';
import { processIo, type Io } from './io.ts';
import { parserConfiguration, type Command } from './options.ts';
import { readPlainArguments } from './plain-arguments.ts';
import { version } from './version.ts';

export { isWritten } from './io.ts';

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

/** Whether the command that the arguments name executes programs. */
export function executes(argv: readonly string[]): boolean {
  return entryOf(argv)?.executes ?? false;
}

/** Loads the code of the command that the arguments name. Never throws: what is wrong with it is for `main` to say. */
export async function load(argv: readonly string[]): Promise<void> {
  await entryOf(argv)
    ?.load()
    .catch(() => undefined);
}

interface Entry {
  readonly name: string;
  readonly positional: string;
  readonly summary: string;
  readonly load: () => Promise<Command<unknown>>;
  /** It gives the time of the process to programs of others. */
  readonly executes?: true;
}

const entries: readonly Entry[] = [
  {
    name: 'generate',
    positional: '[wit]',
    summary: 'Generate typed TypeScript for a world, or by a configuration',
    load: async () => (await import('./commands/generate.ts')).generate as Command<unknown>,
  },
  {
    name: 'check',
    positional: '<wit..>',
    summary: 'Say everything that is wrong with WIT',
    load: async () => (await import('./commands/check.ts')).check as Command<unknown>,
  },
  {
    name: 'fmt',
    positional: '<wit..>',
    summary: 'Lay WIT files out',
    load: async () => (await import('./commands/fmt.ts')).fmt as Command<unknown>,
  },
  {
    name: 'resolve',
    positional: '<wit>',
    summary: 'Print the resolved model as JSON',
    load: async () => (await import('./commands/resolve.ts')).resolve as Command<unknown>,
  },
  {
    name: 'wit',
    positional: '<wit>',
    summary: 'Print as WIT what a component or package declares',
    load: async () => (await import('./commands/wit.ts')).wit as Command<unknown>,
  },
  {
    name: 'run',
    positional: '<program>',
    summary: 'Run a component or core module that uses WASI',
    load: async () => (await import('./commands/run.ts')).run as Command<unknown>,
    executes: true,
  },
  {
    name: 'serve',
    positional: '<component>',
    summary: 'Answer HTTP requests with a component',
    load: async () => (await import('./commands/serve.ts')).serve as Command<unknown>,
    executes: true,
  },
];

function commandIndex(argv: readonly string[]): number {
  return argv.findIndex((each) => !each.startsWith('-'));
}

function entryOf(argv: readonly string[]): Entry | undefined {
  return entries.find(({ name }) => name === argv[commandIndex(argv)]);
}

// yargs gets one command only, as its default: for commands of its own it would lay out the help text each time.
async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const at = commandIndex(argv);
  const entry = entryOf(argv);
  if (entry === undefined && at >= 0) {
    const { suggestion } = await import('@wittle/parser');
    const names = entries.map(({ name }) => name);
    throw failure(`there is no command \`${argv[at]}\``, suggestion(argv[at]!, names));
  }
  if (entry === undefined) {
    const yargs = await createYargs(entry, io);
    for (const { name, positional, summary } of entries) yargs.command(`${name} ${positional}`, summary);
    yargs
      .usage('$0 <command>: WIT in, typed TypeScript out, and it runs.')
      .demandCommand(1, 'a command is missing');
    yargs.epilogue('$0 <command> --help shows examples.');
    return parse(yargs, argv, io);
  }
  const command = await entry.load();
  const rest = argv.toSpliced(at, 1);
  const plain = readPlainArguments(command, globalOptions, entry.positional, rest);
  if (plain !== undefined) return command.run(plain, io);
  let exitCode = 0;
  const yargs = await createYargs(entry, io);
  yargs.command({
    command: `$0 ${entry.positional}`,
    describe: entry.summary,
    builder: command.declare,
    handler: async (args) => {
      exitCode = await command.run(args, io);
    },
  });
  await parse(yargs, rest, io);
  return exitCode;
}

// The callback gets what yargs would print: help and version.
async function parse(yargs: Argv, argv: readonly string[], io: Io): Promise<number> {
  await yargs.parseAsync([...argv], {}, (_error, _args, output) => {
    if (output !== '') io.stdout(`${output}\n`);
  });
  return 0;
}

const globalOptions: Readonly<Record<string, Options>> = {
  quiet: { alias: 'q', description: 'Say nothing when all is well', type: 'boolean' },
  verbose: { description: 'Show the stack of an internal error', type: 'boolean' },
};

async function createYargs(entry: Entry | undefined, io: Io): Promise<Argv> {
  const { default: create } = await import('yargs');
  return create([], io.cwd)
    .scriptName(entry === undefined ? 'wittle' : `wittle ${entry.name}`)
    .options(globalOptions)
    .parserConfiguration(parserConfiguration)
    .locale('en')
    .wrap(100)
    .version(version())
    .help()
    .alias('help', 'h')
    .strict()
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // A YError is what yargs makes of an option's own complaint; the message is the same.
      throw error !== undefined && error.name !== 'YError' ? error : usageFailure(entry, message ?? '');
    });
}

// In words that say what to do; `message` is what yargs says, or one of our own options.
function usageFailure(entry: Entry | undefined, message: string): Failure {
  if (message.startsWith('error: ')) return new Failure(message);
  const command = entry === undefined ? 'wittle' : `wittle ${entry.name}`;
  const help = `\`${command} --help\` says what there is`;
  if (entry !== undefined && message.startsWith('Not enough non-option')) {
    return failure(`an argument is missing: ${command} ${entry.positional}`, help);
  }
  const text = message
    .trim()
    .replace(/\n+/g, '; ')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  if (entry?.name === 'run' && text.startsWith('unknown arg')) {
    return failure(text, 'what is for the guest stands behind `--`: wittle run tool.wasm -- --flag value');
  }
  return failure(text, help);
}

function internalError(error: unknown, isVerbose: boolean): string {
  const details = isVerbose || (process.env['WITTLE_DEBUG'] ?? '') !== '';
  const [line] = String(error instanceof Error ? error.message : error).split('\n');
  const stack = details && error instanceof Error ? `\n${error.stack}` : '';
  const more = details ? '' : ' (--verbose shows where)';
  return `internal error: ${line}; this is a mistake in wittle, please report it${more}${stack}`;
}
