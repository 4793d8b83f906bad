/** What of the host a guest gets: the options that `run` and `serve` share. */
import type { ProgramLimits } from '@wittle/component';
import type { Options } from 'yargs';
import { createWasi, defaultLimits, type WasiOptions } from '@wittle/wasi';
import { directoryGrants } from './directory-grants.ts';
import { failure } from './failure.ts';
import type { Io } from './io.ts';
import { networkGrants } from './network-grants.ts';
import { repeated, text, type GlobalArgs, type ListOption, type TextOption } from './options.ts';

export interface GrantArgs extends GlobalArgs {
  readonly 'allow-net': readonly string[] | undefined;
  readonly dir: readonly string[] | undefined;
  readonly env: readonly string[] | undefined;
  readonly 'inherit-env': boolean | undefined;
  readonly cwd: string | undefined;
  readonly timezone: string | undefined;
  readonly limit: readonly string[] | undefined;
}

/** Limits of what a program allocates: not the host's to keep. */
const programLimits: Readonly<Record<keyof ProgramLimits, true>> = { memory: true, tableElements: true };

function limitNames(): string[] {
  return [...Object.keys(programLimits), ...Object.keys(defaultLimits)];
}

/** For yargs. */
export const grantOptions: {
  readonly 'allow-net': ListOption;
  readonly dir: ListOption;
  readonly env: ListOption;
  readonly 'inherit-env': Options & { readonly type: 'boolean' };
  readonly cwd: TextOption;
  readonly timezone: TextOption;
  readonly limit: ListOption;
} = {
  'allow-net': repeated(
    'What of the network is allowed: `all`, or `connect=…,listen=…,resolve=…`; may be repeated',
  ),
  dir: repeated(
    'A directory for the guest, with all that is in it: `HOST`, `HOST::GUEST` or `HOST::GUEST::ro`; may be repeated',
  ),
  env: repeated(
    "A variable of the guest's environment: `NAME=VALUE`, or `NAME` for the value that it has here, if any; may be repeated",
  ),
  'inherit-env': { description: 'The guest gets the environment of this process', type: 'boolean' },
  cwd: text('cwd', 'What the guest takes for its working directory: a path as the guest knows it'),
  timezone: text(
    'timezone',
    'The time zone of local time: `UTC` (default), `host` or a name (`Europe/Berlin`)',
  ),
  limit: repeated(
    `A bound of what the guest may hold: \`NAME=NUMBER\`, as \`files=100\` or \`memory=256m\` (k, m and g are powers of 1024); may be repeated. Names: ${limitNames().join(', ')}`,
  ),
};

/** For the end of a help text. */
export const grantsEpilogue: string = `--allow-net: entries of one kind are separated by commas until the next kind= comes. connect takes addresses, ranges (10.0.0.0/8:*) and names, which may then be looked up; listen takes addresses; resolve takes names (*.example.com).

--limit: memory is bytes of all memories of a guest together, tableElements what its tables hold; beyond them it cannot allocate. handles are those of each component instance; one more is a trap. Sizes are in bytes, linger in milliseconds.`;

/** What the options grant, as options of the host; throws a `Failure` for what makes no sense. */
export function grantsOf(args: GrantArgs, io: Io): WasiOptions {
  const network = networkGrants(args['allow-net'] ?? []);
  const preopens = directoryGrants(args.dir ?? [], io.cwd);
  const guest: WasiOptions = {
    ...(network && { network }),
    preopens,
    limits: limitsOf(args).host,
    ...(args.cwd !== undefined && { cwd: args.cwd }),
    ...(args.timezone !== undefined && { timezone: args.timezone }),
  };
  try {
    createWasi(guest).dispose();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw failure(
      error.message
        .replace(/^network\.(\w+): /, '--allow-net $1=')
        .replace(/^preopens\['(.*?)'\]: /, '--dir for `$1`: ')
        .replace(
          /^limits\.(\w+) does not exist;.*/,
          `--limit $1 does not exist; there are ${limitNames().join(', ')}`,
        )
        .replace(/^timezone /, '--timezone '),
    );
  }
  const inherited = args['inherit-env'] ? process.env : {};
  const env = { ...inherited, ...Object.fromEntries((args.env ?? []).flatMap(readVariable)) };
  const told = new Set<string>();
  return {
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...guest,
    onDenied: ({ message }) => {
      if (args.quiet || told.has(message)) return;
      told.add(message);
      io.stderr(`wittle: ${message}\n`);
    },
  };
}

/** What `--limit` says of the program itself; throws a `Failure` for what makes no sense. */
export function programLimitsOf(args: Pick<GrantArgs, 'limit'>): ProgramLimits {
  return limitsOf(args).program;
}

/** The last word on each holds. */
function limitsOf(args: Pick<GrantArgs, 'limit'>): {
  readonly host: Readonly<Record<string, number>>;
  readonly program: ProgramLimits;
} {
  const given = (args.limit ?? []).map(readLimit);
  const those = (ofProgram: boolean): Record<string, number> =>
    Object.fromEntries(given.filter(([name]) => Object.hasOwn(programLimits, name) === ofProgram));
  return { host: those(false), program: those(true) };
}

function readLimit(text: string): readonly [name: string, value: number] {
  const [, name, digits, unit = ''] = /^([A-Za-z]+)=(\d+)([kmg]?)$/i.exec(text) ?? [];
  if (name === undefined) {
    throw failure(
      `--limit \`${text}\` is not a limit`,
      'write it as `NAME=NUMBER`: `--limit files=100`, `--limit memory=256m`',
    );
  }
  const value = Number(digits) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ');
  if (!Number.isSafeInteger(value) || value < 1)
    throw failure(`--limit ${name} is a whole number greater than 0, not ${digits}${unit}`);
  return [name, value];
}

/** Without a value it is this process's; one that is not set here stays as it is. */
function readVariable(text: string): readonly (readonly [string, string])[] {
  const [, name, value] = /^([^=\0]+)(?:=([^\0]*))?$/s.exec(text) ?? [];
  if (name === undefined) {
    throw failure(
      `--env \`${text}\` is not a variable`,
      'write it as `NAME=VALUE`, or `NAME` for its value in this environment; --inherit-env gives all of it',
    );
  }
  const given = value ?? process.env[name];
  return given === undefined ? [] : [[name, given]];
}
