/** Options of canonical definitions. CanonicalABI.md: "`canonopt` Validation". */
import type { CanonOption, CoreFunctionType, Index } from '../binary/definition.ts';
import { expectSignature } from './core-subtype.ts';
import { check, fail } from './invalid.ts';
import type { Pointer } from './layout.ts';
import type { Scope } from './scope.ts';

export interface Options {
  /** The type of addresses in the memory, when there is one. */
  readonly memory: Pointer | undefined;
  readonly realloc: CoreFunctionType | undefined;
  readonly async: boolean;
  readonly postReturn: CoreFunctionType | undefined;
  readonly callback: CoreFunctionType | undefined;
}

/** Fails where options are there twice, conflict, or refer to what they cannot. */
export function readOptions(scope: Scope, options: readonly CanonOption[]): Options {
  const found = new Map<string, CanonOption>();
  for (const option of options) {
    const { kind, offset } = option;
    const key = /^utf|^latin/.test(kind) ? 'encoding' : kind;
    const previous = found.get(key)?.kind;
    if (previous !== undefined) fail(`canonical option \`${kind}\` conflicts with \`${previous}\``, offset);
    found.set(key, option);
  }
  const index = (kind: string): Index | undefined => found.get(kind) as Index | undefined;
  const callee = (kind: string): CoreFunctionType | undefined => {
    const at = index(kind);
    return at && scope.at('core function', at);
  };
  const at = index('memory');
  const memory = at && memoryAt(scope, at);
  const realloc = callee('realloc');
  if (realloc !== undefined) {
    if (memory === undefined) return fail('canonical option `realloc` requires `memory`');
    expectSignature('`realloc`', realloc, `[${memory} ${memory} ${memory} ${memory}] -> [${memory}]`);
  }
  const postReturn = callee('post-return');
  const callback = callee('callback');
  const async = found.has('async');
  check(async || callback === undefined, 'canonical option `callback` requires `async`');
  check(!async || postReturn === undefined, 'canonical option `post-return` conflicts with `async`');
  return { memory, realloc, async, postReturn, callback };
}

/** The type of addresses in a memory that can be an option. */
export function memoryAt(scope: Scope, index: Index): Pointer {
  const { address, shared } = scope.at('core memory', index);
  check(!shared, 'mismatch in the shared flag of a memory', index.offset);
  return address;
}

/** Fails unless there is a memory. */
export function requireMemory({ memory }: Options): void {
  check(memory !== undefined, 'canonical option `memory` is required');
}

/** Fails unless there is a memory and a way to get some of it. */
export function requireRealloc(options: Options): void {
  requireMemory(options);
  check(options.realloc !== undefined, 'canonical option `realloc` is required');
}
