/** The program's arguments and environment. Preview 1: `args_*`, `environ_*`. */
import type { Context } from '../context.ts';
import { errno } from '../errno.ts';
import type { GuestMemory } from '../memory.ts';
import type { Functions } from '../signatures.ts';

type Group = Pick<Functions, 'args_get' | 'args_sizes_get' | 'environ_get' | 'environ_sizes_get'>;

/** Both lists are asked for once and then stay: a guest that has sized its buffer gets what fits. */
export function argsEnvironFunctions({ host, memory }: Context): Group {
  const environment = host['wasi:cli/environment'];
  let args: Uint8Array[] | undefined;
  let environ: Uint8Array[] | undefined;
  const getArgs = () => (args ??= environment.getArguments().map(terminated));
  const getEnviron = () =>
    (environ ??= environment.getEnvironment().map(([name, value]) => terminated(`${name}=${value}`)));
  return {
    /** Writes the arguments, each ended by a zero byte, into a buffer, and the pointers to them into an array. */
    args_get: (argv, buffer) => storeStrings(memory, getArgs(), argv, buffer),
    /** Writes how many arguments there are and how many bytes they take with their zero bytes. */
    args_sizes_get: (count, size) => storeSizes(memory, getArgs(), count, size),
    /** Writes the variables as `NAME=value`, each ended by a zero byte, and the pointers to them. */
    environ_get: (pointers, buffer) => storeStrings(memory, getEnviron(), pointers, buffer),
    /** Writes how many variables there are and how many bytes they take with their zero bytes. */
    environ_sizes_get: (count, size) => storeSizes(memory, getEnviron(), count, size),
  };
}

const encoder = new TextEncoder();

function terminated(text: string): Uint8Array {
  return encoder.encode(`${text}\0`);
}

function storeStrings(
  memory: GuestMemory,
  strings: readonly Uint8Array[],
  pointers: number,
  buffer: number,
): number {
  memory.check(pointers, strings.length * 4);
  memory.check(buffer, sizeOf(strings));
  let at = buffer;
  for (const [index, string] of strings.entries()) {
    memory.storeU32(pointers + index * 4, at);
    memory.store(at, string);
    at += string.length;
  }
  return errno.success;
}

function storeSizes(
  memory: GuestMemory,
  strings: readonly Uint8Array[],
  countPointer: number,
  sizePointer: number,
): number {
  memory.check(countPointer, 4);
  memory.check(sizePointer, 4);
  memory.storeU32(countPointer, strings.length);
  memory.storeU32(sizePointer, sizeOf(strings));
  return errno.success;
}

function sizeOf(strings: readonly Uint8Array[]): number {
  return strings.reduce((size, string) => size + string.length, 0);
}
