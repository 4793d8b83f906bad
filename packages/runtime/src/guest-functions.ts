/** Functions between a guest and its world: those it is given, and those it exports, able to wait where they may. */
import type { CoreType } from './core-adapter.ts';
import type { CoreExports, CoreFunction, CoreWorld, InstantiateOptions, Waiting } from './core-world.ts';
import { enter, post, trapOnThrow, type ComponentInstance } from './instance.ts';

type Call = (...args: never[]) => unknown;

/**
 * What a guest is given as one of its imports. `core` is the signature of a function that may wait; `direct` ones return
 * what they wait for, others have left it by `suspend`.
 */
export function guestFunction(
  cx: ComponentInstance,
  waiting: Pick<Waiting, 'canSuspend' | 'suspendable'> | undefined,
  { blocking }: InstantiateOptions,
  module: string,
  name: string,
  call: Call,
  core: { readonly params: readonly CoreType[]; readonly result: CoreType | undefined } | undefined,
  direct: boolean,
): () => unknown {
  if (core === undefined) return call as () => unknown;
  if (waiting === undefined) return atOnce(call, `\`${module}\` \`${name}\``) as () => unknown;
  const suspends = blocking !== 'none' && waiting.canSuspend();
  return waiting.suspendable(
    cx,
    suspends,
    module,
    name,
    core.params,
    core.result,
    call,
    direct,
  ) as () => unknown;
}

/** The same for a function of the world's imports. */
export function importFunction(
  cx: ComponentInstance,
  waiting: Pick<Waiting, 'canSuspend' | 'suspendable'> | undefined,
  options: InstantiateOptions,
  { name, host, call, mayBlock }: CoreFunction,
): () => unknown {
  // The others see to this themselves.
  const guarded: Call = host === undefined ? trapOnThrow(cx, call) : call;
  return guestFunction(cx, waiting, options, '', name, guarded, mayBlock, false);
}

/** In a world whose exports cannot wait. */
function atOnce(call: Call, what: string): Call {
  return (...args) => {
    const given = call(...args);
    if (!(given instanceof Promise)) return given;
    // It is not going to be waited for; its failure must not count as unhandled.
    given.catch(() => {});
    throw new Error(`${what} would have to wait, and nothing that this world exports can`);
  };
}

/** Says which of the world's exports are not among those that `find` knows. */
export function requireExports(
  { exports }: Pick<CoreWorld<unknown>, 'exports'>,
  find: (name: string) => string | undefined,
  problems: Set<string>,
): void {
  for (const name in exports) {
    if (exports[name] !== 0 && find(name) === undefined)
      problems.add(`the module does not export \`${name}\``);
  }
}

/** What a guest exports, by the names of the world. */
export interface GuestExports {
  readonly get: (name: string) => unknown;
  readonly post: (name: string) => unknown;
  readonly destructor: (name: string) => unknown;
}

/** The world's exports over the guest's. */
export function liftWorld<E>(
  cx: ComponentInstance,
  { lift, waiting }: CoreWorld<E>,
  { blocking }: InstantiateOptions,
  { get, post: postReturn, destructor }: GuestExports,
): E {
  const promising = blocking === 'none' ? undefined : waiting?.promising;
  return lift({
    get: (name) => get(name),
    getAsync: (name) => (promising === undefined ? get(name) : promising(get(name) as Call)),
    getFlat: (name) => withPost(cx, get(name) as Call, postReturn(name)),
    post: postReturn,
    destructor: (name) => destructor(name) ?? (() => {}),
  } as CoreExports);
}

/** A call and its `post-return`, during which the guest may not call out. */
function withPost(cx: ComponentInstance, call: Call, postReturn: unknown): Call {
  if (postReturn === undefined) return call;
  return (...args) => {
    const result = call(...args);
    post(cx, postReturn as (result: void) => void, result as void);
    enter(cx);
    return result;
  };
}
