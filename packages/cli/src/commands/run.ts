/** `wittle run`: runs a core module as a program, with as much of the host as the options grant. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { LinkError, Trap } from '@wittle/runtime';
import { createWasi, runCommand, WasiTrap, type RunOptions } from '@wittle/wasi';
import { failure, reasonOf } from '../failure.ts';
import type { Io } from '../io.ts';
import { networkGrants } from '../network-grants.ts';
import { repeated, type Command, type GlobalArgs } from '../options.ts';

interface RunArgs extends GlobalArgs {
  readonly module: string;
  readonly 'allow-net': readonly string[] | undefined;
  readonly dir: readonly string[] | undefined;
  readonly env: readonly string[] | undefined;
  readonly 'inherit-env': boolean | undefined;
  readonly '--'?: readonly string[];
}

/** The guest's exit code is ours; a trap is one line and 1. */
export const run: Command<RunArgs> = {
  declare: (yargs) =>
    yargs
      .positional('module', {
        description: 'A core module (.wasm) that imports wasi_snapshot_preview1 or wasi:*@0.2.x',
        type: 'string',
        demandOption: true,
      })
      .options({
        'allow-net': repeated(
          'What of the network is allowed: `all`, or `connect=…,listen=…,resolve=…`; may be repeated',
        ),
        dir: repeated('A directory for the guest; this version has no file system'),
        env: repeated("A variable of the guest's environment: `NAME=VALUE`; may be repeated"),
        'inherit-env': { description: 'The guest gets the environment of this process', type: 'boolean' },
      })
      .example('$0 tool.wasm -- --flag value', 'What stands behind -- is for the guest')
      .example('$0 echo.wasm --allow-net listen=127.0.0.1:8080', 'Listening on one address and port')
      .example(
        '$0 get.wasm --allow-net connect=example.com:443,127.0.0.1:*',
        'Connecting to a name and an address, at any port of the latter',
      )
      .epilogue(
        "--allow-net: entries of one kind are separated by commas until the next kind= comes. connect takes addresses, ranges (10.0.0.0/8:*) and names, which may then be looked up; listen takes addresses; resolve takes names (*.example.com). Exit code: the guest's; 1 for a trap.",
      ),
  run: async (args, io) => {
    if ((args.dir ?? []).length > 0) {
      throw failure(
        '--dir: this version has no file system for guests',
        'run it without --dir; standard input and output, clocks, random numbers and the network are there',
      );
    }
    const options = optionsOf(args, io);
    const module = await loadModule(args.module, io);
    try {
      return await runCommand(module, options);
    } catch (error) {
      throw guestFailure(args.module, error);
    }
  },
};

function optionsOf(args: RunArgs, io: Io): RunOptions {
  const network = networkGrants(args['allow-net'] ?? []);
  try {
    createWasi({ ...(network && { network }) }).dispose();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw failure(error.message.replace(/^network\.(\w+): /, '--allow-net $1='));
  }
  const inherited = args['inherit-env'] ? process.env : {};
  const env = { ...inherited, ...Object.fromEntries((args.env ?? []).map(readVariable)) };
  const told = new Set<string>();
  return {
    args: [basename(args.module), ...(args['--'] ?? []).map(String)],
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    stdin: 'inherit',
    ...(network && { network }),
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

async function loadModule(path: string, io: Io): Promise<WebAssembly.Module> {
  const hint = 'give a core module in binary form, as compilers make it for wasm32-wasi targets';
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(resolve(io.cwd, path));
  } catch (error) {
    throw failure(`cannot read ${path}: ${reasonOf(error)}`, hint);
  }
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '\0asm') {
    throw failure(`${path} is not WebAssembly: it does not start with \\0asm`, hint);
  }
  if (bytes[6] === 1) {
    throw failure(`${path} is a component; this version runs core modules only, components come later`, hint);
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    const reason = (error as Error).message.replace(/^WebAssembly\.compile\(\): /, '');
    throw failure(`${path} is not a valid module: ${reason}`);
  }
}

// What is left is a mistake of ours and stays as it is.
function guestFailure(path: string, error: unknown): unknown {
  if (error instanceof LinkError) {
    const problems = error.problems.map((problem) => `\n  - ${problem}`).join('');
    return failure(
      `cannot run ${path}:${problems}`,
      'a module can import wasi_snapshot_preview1 and the interfaces of WASI 0.2, and exports `_start`',
    );
  }
  return isTrap(error) ? failure(`${path} trapped: ${error.message}`) : error;
}

function isTrap(error: unknown): error is Error {
  return (
    error instanceof Trap ||
    error instanceof WasiTrap ||
    error instanceof WebAssembly.RuntimeError ||
    // The stack has no more room: the engine's words are `Maximum call stack size exceeded`.
    (error instanceof RangeError && error.message.includes('call stack'))
  );
}
