/** Programs from disk: components and core modules, and what becomes of their failures. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CompileOptions, Component } from '@wittle/component';
import { canSuspend, LinkError, Trap } from '@wittle/runtime';
import { TimeLimitError, WasiTrap } from '@wittle/wasi';
import { failure, reasonOf } from './failure.ts';
import type { Io } from './io.ts';

/** A compiled program. */
export type Program = WebAssembly.Module | Component;

/** Reads and compiles a program; throws a `Failure` for what is none. */
export async function loadProgram(path: string, io: Io, options: CompileOptions = {}): Promise<Program> {
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
  const isModule = bytes[6] === 0;
  if (isModule && (options.limits === undefined || Object.keys(options.limits).length === 0))
    return compileModule(path, bytes);
  const { compile, ComponentBinaryError, LimitError, limitModule } = await import('@wittle/component');
  try {
    if (isModule) return await compileModule(path, limitModule(bytes, options.limits!));
    return await compile(bytes, options);
  } catch (error) {
    if (error instanceof LimitError)
      throw failure(
        `${path} cannot be held to its limits: ${error.message.replaceAll('limits.', '--limit ')}`,
      );
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

/** What toolchains import whether it is used or not: that a function is not there is said when it is called. */
export function isStandard(name: string): boolean {
  return /^wasi:[^@]*@0\.2\./.test(name);
}

/**
 * A guest's failure as a `Failure`; `hint` says what a program may import and export. What is left is a mistake of ours
 * and stays as it is.
 */
export function guestFailure(path: string, error: unknown, hint: string): unknown {
  if (error instanceof LinkError) {
    const problems = error.problems.map((problem) => `\n  - ${problem}`).join('');
    return failure(`cannot run ${path}:${problems}`, hint);
  }
  if (error instanceof TimeLimitError) {
    return failure(`${path} was ended: it ran for longer than ${error.limit / 1000} s, the --time-limit`);
  }
  const [, waits, reason] =
    /^(.* would have to wait), (and this engine )?/.exec(error instanceof Error ? error.message : '') ?? [];
  if (waits !== undefined && reason !== undefined) {
    return canSuspend()
      ? failure(`${path} cannot go on: ${waits}, and may not`, 'leave out --blocking')
      : failure(
          `${path} cannot go on: ${waits}, and this Node has no JavaScript Promise Integration`,
          'run wittle on Node 24 or newer',
        );
  }
  if (!isTrap(error)) return error;
  const isFull = error.message.startsWith('handle table is full');
  return failure(
    `${path} trapped: ${error.message}`,
    isFull ? 'it drops none, or needs more: --limit handles=NUMBER' : undefined,
  );
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
