/** Options of canonical definitions. CanonicalABI.md: "`canonopt` Validation". */
import type { CanonOption, CoreFunctionType, Index } from '../binary/definition.ts';
import { sameCoreTypes } from './core-subtype.ts';
import { check, fail } from './invalid.ts';
import type { Pointer } from './layout.ts';
import type { Scope } from './scope.ts';

export interface Options {
  /** The type of addresses in the memory, when there is one. */
  readonly memory: Pointer | undefined;
  readonly realloc: boolean;
  readonly async: boolean;
  readonly postReturn: CoreFunctionType | undefined;
  readonly callback: CoreFunctionType | undefined;
  /** Throws when there is none. */
  readonly requireMemory: (offset: number) => void;
  readonly requireRealloc: (offset: number) => void;
}

/** Throws where options are there twice, conflict, or refer to what they cannot. */
export function readOptions(scope: Scope, options: readonly CanonOption[], offset: number): Options {
  const found = new Map<string, CanonOption>();
  for (const option of options) {
    const isEncoding = /^utf|^latin/.test(option.kind);
    const key = isEncoding ? 'encoding' : option.kind;
    const previous = found.get(key);
    if (previous !== undefined) {
      const problem = isEncoding
        ? `canonical encoding option \`${previous.kind}\` conflicts with option \`${option.kind}\``
        : `canonical option \`${key}\` is specified more than once`;
      fail(problem, option.offset);
    }
    found.set(key, option);
  }
  const index = (kind: string): Index | undefined => found.get(kind) as Index | undefined;
  const callee = (kind: string): CoreFunctionType | undefined => {
    const at = index(kind);
    return at && scope.at('core function', at);
  };
  const memory = memoryOf(scope, index('memory'));
  const realloc = index('realloc');
  if (realloc !== undefined) {
    if (memory === undefined) {
      return fail('canonical option `realloc` requires `memory` to also be specified', realloc.offset);
    }
    const { params, results } = scope.at('core function', realloc);
    const fits = sameCoreTypes(params, [memory, memory, memory, memory]) && sameCoreTypes(results, [memory]);
    check(
      fits,
      'canonical option `realloc` uses a core function with an incorrect signature',
      realloc.offset,
    );
  }
  const async = found.has('async');
  const postReturn = callee('post-return');
  const callback = callee('callback');
  check(async || callback === undefined, 'cannot specify callback without async', offset);
  check(!async || postReturn === undefined, 'cannot specify post-return function in async', offset);
  const requireMemory = (at: number): void => check(memory !== undefined, required('memory'), at);
  const requireRealloc = (at: number): void => {
    requireMemory(at);
    check(realloc !== undefined, required('realloc'), at);
  };
  return {
    memory,
    realloc: realloc !== undefined,
    async,
    postReturn,
    callback,
    requireMemory,
    requireRealloc,
  };
}

function required(name: string): string {
  return `canonical option \`${name}\` is required`;
}

function memoryOf(scope: Scope, index: Index | undefined): Pointer | undefined {
  if (index === undefined) return undefined;
  const { address, shared } = scope.at('core memory', index);
  check(!shared, 'mismatch in the shared flag for memories', index.offset);
  return address;
}
