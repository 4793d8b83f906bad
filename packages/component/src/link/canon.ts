/** Core functions by canonical definitions, as an instantiation has them. Binary.md: "Canonical Definitions". */
import { mayLeave, trap, trapOnThrow } from '@wittle/runtime/abi';
import {
  canonFuse,
  canonFuseSuspending,
  canonLower,
  canonLowerSuspending,
  canonResourceDrop,
  canonResourceNew,
  canonResourceRep,
  type CanonicalOptions,
  type CoreCallee,
  type FunctionType,
  type LiftedFunction,
  type StringEncoding,
} from '@wittle/runtime/types';
import { at, isLifted, type Frame, type FunctionValue, type HostFunction, type Linking } from './frame.ts';

/** `canonopt`s; what is an index is one of core memories or core functions. */
export interface Options {
  readonly stringEncoding: StringEncoding;
  readonly memory?: number;
  readonly realloc?: number;
  readonly 'post-return'?: number;
}

export function optionsIn(frame: Frame, options: Options): CanonicalOptions {
  const callee = <F>(index: number | undefined): F | undefined =>
    index === undefined ? undefined : at<F>(frame, 'core function', index);
  return {
    stringEncoding: options.stringEncoding,
    memory: options.memory === undefined ? undefined : at(frame, 'core memory', options.memory),
    realloc: callee(options.realloc),
    postReturn: callee(options['post-return']),
  };
}

/** Spec: `canon_lower`; a function of another component is called without JavaScript values in between. */
export function lower(
  { cx, linking }: Frame,
  callee: FunctionValue,
  type: FunctionType,
  options: CanonicalOptions,
): CoreCallee {
  const { canon, plain, suspends, waiting } = linking;
  if (canon !== undefined) return canon.lower(callee, options, cx);
  const waits = isLifted(callee) ? canWait(callee, linking) : suspends && callee.mayBlock;
  if (waits) waiting.add(cx);
  const core = isLifted(callee)
    ? (waits ? canonFuseSuspending : canonFuse)(callee, type, options, cx)
    : (waits ? canonLowerSuspending : canonLower)(
        waits || !suspends ? callee.call : atOnce(callee),
        { ...type, name: callee.name },
        options,
        cx,
      );
  if (!waits) plain.add(core);
  return core;
}

/** Where others may wait, a promise of a function that may not would be taken for one that is waited for. */
function atOnce({ name, call }: HostFunction): HostFunction['call'] {
  return (...args) => {
    const value = call(...args);
    if (!(value instanceof Promise)) return value;
    // It is not going to be waited for; its failure must not count as unhandled.
    value.catch(() => {});
    throw new Error(`${name} would have to wait, and is not named in options.mayBlock`);
  };
}

/** Whether a call can come to a host function that may wait. */
export function canWait(
  { callee, instance }: LiftedFunction,
  { suspends, waiting, unfinished, plain }: Linking,
): boolean {
  // What an instance can reach that is not finished is not known yet.
  return suspends && !plain.has(callee) && (waiting.has(instance) || unfinished.has(instance));
}

/** `resource` is the number in the plan. */
export function resourceFunction(
  { cx, resources, linking: { canon, plain } }: Frame,
  builtIn: 'new' | 'rep' | 'drop',
  resource: number,
): CoreCallee {
  if (canon !== undefined) return canon.resource(builtIn, resource, resources[resource]!, cx);
  const make = { new: canonResourceNew, rep: canonResourceRep, drop: canonResourceDrop }[builtIn];
  const core = make(resource, cx) as CoreCallee;
  plain.add(core);
  return core;
}

/** There are no tasks to hold back; every other built-in traps, when it is called and not before. */
export function asyncBuiltIn({ cx, linking: { canon } }: Frame, name: string): CoreCallee {
  canon?.other();
  if (name.startsWith('backpressure')) return () => {};
  return trapOnThrow(cx, () => {
    mayLeave(cx);
    return trap(`\`${name}\` was called, which cannot be run yet`);
  });
}
