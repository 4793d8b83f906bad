/** `wittle run`: runs a component or core module as a program, with as much of the host as the options grant. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Component } from '@wittle/component';
import { canSuspend, LinkError, Trap } from '@wittle/runtime';
import { createWasi, runCommand, WasiTrap, type RunOptions } from '@wittle/wasi';
import { directoryGrants } from '../directory-grants.ts';
import { failure, reasonOf } from '../failure.ts';
import type { Io } from '../io.ts';
import { networkGrants } from '../network-grants.ts';
import { repeated, text, type Command, type GlobalArgs } from '../options.ts';

interface RunArgs extends GlobalArgs {
  readonly program: string;
  readonly invoke: string | undefined;
  readonly 'allow-net': readonly string[] | undefined;
  readonly dir: readonly string[] | undefined;
  readonly 'read-only-dir': readonly string[] | undefined;
  readonly env: readonly string[] | undefined;
  readonly 'inherit-env': boolean | undefined;
  readonly '--'?: readonly string[];
}

/** The guest's exit code is ours; a trap is one line and 1, and so is an `err` that a function gives. */
export const run: Command<RunArgs> = {
  declare: (yargs) =>
    yargs
      .positional('program', {
        description:
          'A component (.wasm), or a core module that imports wasi_snapshot_preview1 or wasi:*@0.2.x',
        type: 'string',
        demandOption: true,
      })
      .options({
        invoke: text(
          'invoke',
          'Call this exported function of a component and print its result: `name(arguments)`, values in WAVE',
        ),
        'allow-net': repeated(
          'What of the network is allowed: `all`, or `connect=…,listen=…,resolve=…`; may be repeated',
        ),
        dir: repeated(
          'A directory for the guest, with all that is in it: `HOST` or `HOST::GUEST`; may be repeated',
        ),
        'read-only-dir': repeated('The same, where the guest cannot change anything'),
        env: repeated("A variable of the guest's environment: `NAME=VALUE`; may be repeated"),
        'inherit-env': { description: 'The guest gets the environment of this process', type: 'boolean' },
      })
      .example('$0 tool.wasm -- --flag value', 'What stands behind -- is for the guest')
      .example("$0 --invoke 'add(1, 2)' math.wasm", 'Calling a function of any interface')
      .example(`$0 --invoke 'cart#total([{price: 3}])' shop.wasm`, 'Calling a function of that interface')
      .example('$0 echo.wasm --allow-net listen=127.0.0.1:8080', 'Listening on one address and port')
      .example(
        '$0 get.wasm --allow-net connect=example.com:443,127.0.0.1:*',
        'Connecting to a name and an address, at any port of the latter',
      )
      .example('$0 sort.wasm --dir ./data::/data -- /data/names.txt', 'A directory under another path')
      .epilogue(
        `--invoke: values are written as in 1, -2.5, true, "text", 'c', [1, 2], ("a", 1), {name: "a", size: 1}, {read, write} for flags, some(1), none, ok(1), err("no"), and cases by their names: circle(1.5). A function is named alone (add) or with its interface (cart#add, demo:shop/cart@1.2.0#add).

--allow-net: entries of one kind are separated by commas until the next kind= comes. connect takes addresses, ranges (10.0.0.0/8:*) and names, which may then be looked up; listen takes addresses; resolve takes names (*.example.com).

Exit code: the guest's; 1 for a trap, and for a function whose result is an err.`,
      ),
  run: async (args, io) => {
    const options = optionsOf(args, io);
    const program = await load(args.program, io);
    try {
      if (args.invoke !== undefined)
        return await invokeFunction(program, args.invoke, args.program, options, io);
      if (!(program instanceof WebAssembly.Module)) await requireCommand(program, args.program);
      return await runCommand(program, options);
    } catch (error) {
      throw guestFailure(args.program, error);
    }
  },
};

type Program = WebAssembly.Module | Component;

function optionsOf(args: RunArgs, io: Io): RunOptions {
  const network = networkGrants(args['allow-net'] ?? []);
  const preopens = directoryGrants(args.dir ?? [], args['read-only-dir'] ?? [], io.cwd);
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
    args: [basename(args.program), ...(args['--'] ?? []).map(String)],
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    stdin: 'inherit',
    ...(network && { network }),
    preopens,
    trapMissing: isStandard,
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

async function load(path: string, io: Io): Promise<Program> {
  const hint =
    'give a component or a core module in binary form, as compilers make them for wasm32-wasi targets';
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(resolve(io.cwd, path));
  } catch (error) {
    throw failure(`cannot read ${path}: ${reasonOf(error)}`, hint);
  }
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '\0asm') {
    throw failure(`${path} is not WebAssembly: it does not start with \\0asm`, hint);
  }
  // The layer: 0 for a core module.
  if (bytes[6] === 0) return compileModule(path, bytes);
  const { compile, ComponentBinaryError } = await import('@wittle/component');
  try {
    return await compile(bytes);
  } catch (error) {
    if (!(error instanceof ComponentBinaryError)) throw error;
    throw failure(`${path} is not a valid component: ${error.message}`);
  }
}

async function compileModule(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    const reason = (error as Error).message.replace(/^WebAssembly\.compile\(\): /, '');
    throw failure(`${path} is not a valid module: ${reason}`);
  }
}

/** A component that is no command may have functions all the same. */
async function requireCommand(component: Component, path: string): Promise<void> {
  if (component.exports.some(({ name }) => name.startsWith('wasi:cli/run@0.2.'))) return;
  const { signatures } = await import('../invocation.ts');
  const functions = signatures(component);
  throw failure(
    `${path} is not a command: it does not export \`wasi:cli/run@0.2\``,
    functions === '' ? undefined : `call a function of it: --invoke 'name(arguments)'; there is${functions}`,
  );
}

/** `--invoke`: the call is read before anything of the guest runs. */
async function invokeFunction(
  program: Program,
  call: string,
  path: string,
  options: RunOptions,
  io: Io,
): Promise<number> {
  if (program instanceof WebAssembly.Module) {
    throw failure(
      `--invoke needs a component, and ${path} is a core module: its functions know numbers only`,
      'run it without --invoke, or make a component of it',
    );
  }
  const { invoke, readInvocation } = await import('../invocation.ts');
  const invocation = readInvocation(call, program, path);
  return runCommand(program, {
    ...options,
    call: async (exports) => {
      const { text, isError } = await invoke(invocation, exports);
      if (text !== undefined) io.stdout(`${text}\n`);
      return isError ? 1 : 0;
    },
  });
}

/** What toolchains import whether it is used or not: that a function is not there is said when it is called. */
function isStandard(name: string): boolean {
  return /^wasi:[^@]*@0\.2\./.test(name);
}

// What is left is a mistake of ours and stays as it is.
function guestFailure(path: string, error: unknown): unknown {
  if (error instanceof LinkError) {
    const problems = error.problems.map((problem) => `\n  - ${problem}`).join('');
    return failure(
      `cannot run ${path}:${problems}`,
      'a program can import the interfaces of WASI 0.2, and exports `wasi:cli/run`; a core module can also import wasi_snapshot_preview1, and exports `_start`',
    );
  }
  const [, waits] = /^(.* would have to wait), /.exec(error instanceof Error ? error.message : '') ?? [];
  if (waits !== undefined && !canSuspend()) {
    return failure(
      `${path} cannot go on: ${waits}, and this Node has no JavaScript Promise Integration`,
      'run wittle on Node 24 or newer',
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
