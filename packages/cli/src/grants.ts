/** What of the host a guest gets: the options that `run` and `serve` share. */
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
  env: repeated("A variable of the guest's environment: `NAME=VALUE`; may be repeated"),
  'inherit-env': { description: 'The guest gets the environment of this process', type: 'boolean' },
  cwd: text('cwd', 'What the guest takes for its working directory: a path as the guest knows it'),
  timezone: text(
    'timezone',
    'The time zone of local time: `UTC` (default), `host` or a name (`Europe/Berlin`)',
  ),
  limit: repeated(
    `A bound of what the guest may hold: \`NAME=NUMBER\`, with ${Object.keys(defaultLimits).join(', ')}; may be repeated`,
  ),
};

/** For the end of a help text. */
export const grantsEpilogue: string =
  '--allow-net: entries of one kind are separated by commas until the next kind= comes. connect takes addresses, ranges (10.0.0.0/8:*) and names, which may then be looked up; listen takes addresses; resolve takes names (*.example.com).';

/** What the options grant, as options of the host; throws a `Failure` for what makes no sense. */
export function grantsOf(args: GrantArgs, io: Io): WasiOptions {
  const network = networkGrants(args['allow-net'] ?? []);
  const preopens = directoryGrants(args.dir ?? [], io.cwd);
  const guest: WasiOptions = {
    ...(network && { network }),
    preopens,
    limits: Object.fromEntries((args.limit ?? []).map(readLimit)),
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
        .replace(/^limits\./, '--limit ')
        .replace(/^timezone /, '--timezone '),
    );
  }
  const inherited = args['inherit-env'] ? process.env : {};
  const env = { ...inherited, ...Object.fromEntries((args.env ?? []).map(readVariable)) };
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

function readLimit(text: string): readonly [name: string, value: number] {
  const [, name, digits] = /^([A-Za-z]+)=(\d+)$/.exec(text) ?? [];
  if (name === undefined) {
    throw failure(`--limit \`${text}\` is not a limit`, 'write it as `NAME=NUMBER`: `--limit files=100`');
  }
  return [name, Number(digits)];
}

function readVariable(text: string): readonly [string, string] {
  const [, name, value] = /^([^=\0]+)=([^\0]*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw failure(
      `--env \`${text}\` is not a variable`,
      'write it as `NAME=VALUE`, or give the guest all of this environment with --inherit-env',
    );
  }
  return [name, value];
}
