/** `wittle run`: runs a component or core module as a program, with as much of the host as the options grant. */
import { basename } from 'node:path';
import type { Component } from '@wittle/component';
import { runCommand, type RunOptions } from '@wittle/wasi';
import { failure } from '../failure.ts';
import { grantOptions, grantsEpilogue, grantsOf, programLimitsOf, type GrantArgs } from '../grants.ts';
import type { Io } from '../io.ts';
import { text, type Command, type GlobalArgs } from '../options.ts';
import { guestFailure, isStandard, loadProgram, type Program } from '../program.ts';
import { compilingFor, waitingOf, waitingOptions, type WaitingArgs } from '../waiting.ts';

interface RunArgs extends GlobalArgs, GrantArgs, WaitingArgs {
  readonly program: string;
  readonly invoke: string | undefined;
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
        ...waitingOptions('Seconds after which the guest is ended; it runs in a worker then'),
        ...grantOptions,
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

${grantsEpilogue}

Exit code: the guest's; 1 for a trap, when the time is up, and for a function whose result is an err.`,
      ),
  run: async (args, io) => {
    const options: RunOptions = {
      ...grantsOf(args, io),
      args: [basename(args.program), ...(args['--'] ?? []).map(String)],
      stdin: 'inherit',
      trapMissing: isStandard,
      ...waitingOf(args),
    };
    const program = await loadProgram(args.program, io, {
      ...compilingFor(options),
      limits: programLimitsOf(args),
    });
    try {
      if (args.invoke !== undefined)
        return await invokeFunction(program, args.invoke, args.program, options, io);
      if (!(program instanceof WebAssembly.Module)) await requireCommand(program, args.program);
      return await runCommand(program, options);
    } catch (error) {
      throw guestFailure(
        args.program,
        error,
        'a program can import the interfaces of WASI 0.2, and exports `wasi:cli/run`; a core module can also import wasi_snapshot_preview1, and exports `_start`',
      );
    }
  },
};

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
