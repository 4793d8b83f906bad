/** What of the host a guest gets: the options that `run` and `serve` share. */
import type { Options } from 'yargs';
import { createWasi, type WasiOptions } from '@wittle/wasi';
import { directoryGrants } from './directory-grants.ts';
import { failure } from './failure.ts';
import type { Io } from './io.ts';
import { networkGrants } from './network-grants.ts';
import { repeated, type GlobalArgs, type ListOption } from './options.ts';

export interface GrantArgs extends GlobalArgs {
  readonly 'allow-net': readonly string[] | undefined;
  readonly dir: readonly string[] | undefined;
  readonly env: readonly string[] | undefined;
  readonly 'inherit-env': boolean | undefined;
}

/** For yargs. */
export const grantOptions: {
  readonly 'allow-net': ListOption;
  readonly dir: ListOption;
  readonly env: ListOption;
  readonly 'inherit-env': Options & { readonly type: 'boolean' };
} = {
  'allow-net': repeated(
    'What of the network is allowed: `all`, or `connect=…,listen=…,resolve=…`; may be repeated',
  ),
  dir: repeated(
    'A directory for the guest, with all that is in it: `HOST`, `HOST::GUEST` or `HOST::GUEST::ro`; may be repeated',
  ),
  env: repeated("A variable of the guest's environment: `NAME=VALUE`; may be repeated"),
  'inherit-env': { description: 'The guest gets the environment of this process', type: 'boolean' },
};

/** For the end of a help text. */
export const grantsEpilogue: string =
  '--allow-net: entries of one kind are separated by commas until the next kind= comes. connect takes addresses, ranges (10.0.0.0/8:*) and names, which may then be looked up; listen takes addresses; resolve takes names (*.example.com).';

/** What the options grant, as options of the host; throws a `Failure` for what makes no sense. */
export function grantsOf(args: GrantArgs, io: Io): WasiOptions {
  const network = networkGrants(args['allow-net'] ?? []);
  const preopens = directoryGrants(args.dir ?? [], io.cwd);
  try {
    createWasi({ ...(network && { network }), preopens }).dispose();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw failure(
      error.message
        .replace(/^network\.(\w+): /, '--allow-net $1=')
        .replace(/^preopens\['(.*?)'\]: /, '--dir for `$1`: '),
    );
  }
  const inherited = args['inherit-env'] ? process.env : {};
  const env = { ...inherited, ...Object.fromEntries((args.env ?? []).map(readVariable)) };
  const told = new Set<string>();
  return {
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(network && { network }),
    preopens,
    onDenied: ({ message }) => {
      if (args.quiet || told.has(message)) return;
      told.add(message);
      io.stderr(`wittle: ${message}\n`);
    },
  };
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
