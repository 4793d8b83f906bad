/** Preview 1 for one core module, made of one host's Preview 2 interfaces. */
import type { CoreAdapter, CoreGuest, CoreImport } from '@wittle/runtime';
import type { Context } from './context.ts';
import { DescriptorTable, type InputEntry, type OutputEntry } from './descriptors.ts';
import { Failure } from './errno.ts';
import { argsEnvironFunctions } from './functions/args-environ.ts';
import { badfdFunctions, badfdInterface, type Descriptors } from './functions/badfd.ts';
import { clockFunctions } from './functions/clock.ts';
import { fdFunctions } from './functions/fd.ts';
import { pathFunctions } from './functions/path.ts';
import { pollFunctions } from './functions/poll.ts';
import { processFunctions } from './functions/process.ts';
import { randomFunctions } from './functions/random.ts';
import { sockFunctions } from './functions/sock.ts';
import { GuestMemory } from './memory.ts';
import type { Droppable, Preview2 } from './preview2.ts';
import { moduleName, signatures, type FunctionName, type Functions, type Signature } from './signatures.ts';
import { isPromise } from './wait.ts';

/** How the adapter behaves; every member may be left out. */
export interface AdapterOptions {
  /**
   * How many descriptors a guest can have, standard streams, preopened directories and reserved numbers included; a
   * call that needs one more gives `mfile`. From 3 to 1,048,576. Default: 4096.
   */
  readonly maximumDescriptors?: number;
  /**
   * What `fd_close` does on a number reserved with `adapter_open_badfd`: free it, or answer `badf` and leave that to
   * `adapter_close_badfd`, as Wasmtime's published adapter does. Default: `release`.
   */
  readonly closeReserved?: 'release' | 'badf';
}

/** What serves one instance: core functions, and the same descriptors as an interface. */
export interface Adapter extends CoreAdapter {
  /** `wittle:adapter/descriptors`, for a component that keeps numbers of its own; the core functions' table. */
  readonly descriptors: Descriptors;
}

/**
 * The core functions of `wasi_snapshot_preview1` for one instance, and its `_start` as `wasi:cli/run`.
 *
 * A pointer that leads out of the guest's memory makes a call answer `fault`. What the host throws beside the errors
 * that its interfaces declare goes through: its own mistakes, and the end of the program.
 * @throws RangeError for an option out of its range, or more preopened directories than descriptors.
 */
export function createAdapter(host: Preview2, options: AdapterOptions = {}): Adapter {
  const { maximumDescriptors = 4096, closeReserved = 'release' } = options;
  if (!Number.isInteger(maximumDescriptors) || maximumDescriptors < 3 || maximumDescriptors > 0x10_0000) {
    throw new RangeError(
      `maximumDescriptors: expected a whole number from 3 to 1048576, got ${maximumDescriptors}`,
    );
  }
  if (closeReserved !== 'release' && closeReserved !== 'badf') {
    throw new RangeError(`closeReserved: expected 'release' or 'badf', got ${String(closeReserved)}`);
  }
  const descriptors = openDescriptors(host, maximumDescriptors);
  return {
    descriptors: badfdInterface(descriptors),
    imports: (guest: CoreGuest) => {
      const memory = new GuestMemory(guest);
      const functions = adapterFunctions({ host, memory, descriptors, closeReserved });
      const names = Object.keys(signatures) as FunctionName[];
      return {
        [moduleName]: Object.fromEntries(names.map((name) => [name, coreImport(name, functions[name])])),
      };
    },
    exports: (core) => {
      const start = core['_start'];
      return typeof start === 'function' ? { 'wasi:cli/run@0.2.12#run': start } : {};
    },
  };
}

/** Every function of the table: one that is missing does not compile. */
function adapterFunctions(context: Context): Functions {
  return {
    ...argsEnvironFunctions(context),
    ...clockFunctions(context),
    ...fdFunctions(context),
    ...pathFunctions(context),
    ...pollFunctions(context),
    ...processFunctions(context),
    ...randomFunctions(context),
    ...sockFunctions(context),
    ...badfdFunctions(context),
  };
}

/** The standard streams as 0, 1 and 2, then the preopened directories. */
function openDescriptors(host: Preview2, limit: number): DescriptorTable {
  const stdin: InputEntry = {
    kind: 'stdin',
    open: () => host['wasi:cli/stdin'].getStdin(),
    isTerminal: () => isThere(host['wasi:cli/terminal-stdin']?.getTerminalStdin()),
    flags: 0,
  };
  const stdout: OutputEntry = {
    kind: 'stdout',
    open: () => host['wasi:cli/stdout'].getStdout(),
    isTerminal: () => isThere(host['wasi:cli/terminal-stdout']?.getTerminalStdout()),
    flags: 0,
    unflushed: false,
  };
  const stderr: OutputEntry = {
    kind: 'stderr',
    open: () => host['wasi:cli/stderr'].getStderr(),
    isTerminal: () => isThere(host['wasi:cli/terminal-stderr']?.getTerminalStderr()),
    flags: 0,
    unflushed: false,
  };
  const directories = host['wasi:filesystem/preopens']?.getDirectories() ?? [];
  if (directories.length + 3 > limit) {
    throw new RangeError(
      `${directories.length} preopened directories and the standard streams exceed maximumDescriptors (${limit})`,
    );
  }
  const table = new DescriptorTable(limit);
  for (const entry of [stdin, stdout, stderr]) table.add(entry);
  const encoder = new TextEncoder();
  for (const [descriptor, path] of directories) {
    table.add({ kind: 'directory', descriptor, path: encoder.encode(path), flags: 0 });
  }
  return table;
}

function isThere(terminal: Droppable | undefined): boolean {
  terminal?.[Symbol.dispose]?.();
  return terminal !== undefined;
}

const table = signatures satisfies Readonly<Record<FunctionName, Signature>>;

type Value = number | bigint;
type AnyFunction = (...values: (Value | undefined)[]) => number | Promise<number>;

/** The door of every function: makes i32 unsigned on the way in, and a `Failure` an error number on the way out. */
function coreImport(name: FunctionName, implementation: Functions[FunctionName]): CoreImport {
  const { params, results, mayBlock = false }: Signature = table[name];
  return { params, results, call: door(params.join(), implementation as AnyFunction), mayBlock };
}

/** A door for parameters of these types. Those of what programs call all the time are made to measure. */
function door(params: string, run: AnyFunction): (...values: never[]) => number | Promise<number> {
  switch (params) {
    case 'i32,i32,i32,i32':
      return (a: number, b: number, c: number, d: number) => {
        try {
          return outcome(run(a >>> 0, b >>> 0, c >>> 0, d >>> 0));
        } catch (thrown) {
          return errnoOf(thrown);
        }
      };
    case 'i32,i64,i32':
      return (a: number, b: bigint, c: number) => {
        try {
          return outcome(run(a >>> 0, b, c >>> 0));
        } catch (thrown) {
          return errnoOf(thrown);
        }
      };
    default:
      // As many parameters as the longest signature has: cheaper than an array of arguments.
      return (
        a?: Value,
        b?: Value,
        c?: Value,
        d?: Value,
        e?: Value,
        f?: Value,
        g?: Value,
        h?: Value,
        i?: Value,
      ) => {
        try {
          return outcome(
            run(
              unsigned(a),
              unsigned(b),
              unsigned(c),
              unsigned(d),
              unsigned(e),
              unsigned(f),
              unsigned(g),
              unsigned(h),
              unsigned(i),
            ),
          );
        } catch (thrown) {
          return errnoOf(thrown);
        }
      };
  }
}

function outcome(code: number | Promise<number>): number | Promise<number> {
  return isPromise(code) ? code.then(undefined, errnoOf) : code;
}

/** No i32 of Preview 1 is signed. */
function unsigned(value: Value | undefined): Value | undefined {
  return typeof value === 'number' ? value >>> 0 : value;
}

function errnoOf(thrown: unknown): number {
  if (thrown instanceof Failure) return thrown.errno;
  throw thrown;
}
