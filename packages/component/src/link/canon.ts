/** Core functions by canonical definitions, as an instantiation has them. Binary.md: "Canonical Definitions". */
import { mayLeave, trap, trapOnThrow } from '@wittle/runtime/abi';
import {
  canonBackpressure,
  canonContextGet,
  canonContextSet,
  canonFuse,
  canonFuseAsync,
  canonFuseSuspending,
  canonLower,
  canonLowerAsync,
  canonLowerSuspending,
  canonResourceDrop,
  canonResourceNew,
  canonResourceRep,
  canonTaskCancel,
  canonTaskReturn,
  endsTask,
  inTask,
  waits,
  type CanonicalOptions,
  type ComponentInstance,
  type CoreCallee,
  type FunctionType,
  type LiftedFunction,
  type StringEncoding,
  type ValueType,
} from '@wittle/runtime/types';
import type { AsyncCanon } from '../binary/definition.ts';
import { at, isLifted, type Frame, type FunctionValue, type HostFunction, type Linking } from './frame.ts';

/** `canonopt`s; what is an index is one of core memories or core functions. */
export interface Options {
  readonly stringEncoding: StringEncoding;
  readonly memory?: number;
  readonly realloc?: number;
  readonly 'post-return'?: number;
  readonly async?: boolean;
  readonly callback?: number;
}

/** `hasTasks`: calls have something of their own in this component. */
export function optionsIn(frame: Frame, options: Options, hasTasks: boolean): CanonicalOptions {
  const callee = <F>(index: number | undefined): F | undefined =>
    index === undefined ? undefined : at<F>(frame, 'core function', index);
  const realloc = callee<CoreCallee>(options.realloc);
  return {
    stringEncoding: options.stringEncoding,
    memory: options.memory === undefined ? undefined : at(frame, 'core memory', options.memory),
    realloc: (hasTasks && realloc ? allocator(frame, realloc) : realloc) as CanonicalOptions['realloc'],
    postReturn: callee(options['post-return']),
    async: options.async === true,
    callback: callee(options.callback),
  };
}

const allocators = new WeakMap<CoreCallee, CoreCallee>();

/** One for each, for allocators are compared. */
function allocator({ cx }: Frame, realloc: CoreCallee): CoreCallee {
  let found = allocators.get(realloc);
  if (found === undefined) allocators.set(realloc, (found = inTask(cx, realloc)));
  return found;
}

/** Spec: `canon_lift`; `isAsync` is of the type, not of the options. */
export function lift(
  { cx, linking: { canon, plain } }: Frame,
  callee: CoreCallee,
  type: FunctionType,
  options: CanonicalOptions,
  hasTasks: boolean,
  isAsync: boolean,
): LiftedFunction {
  const lifted = { callee, type, options, instance: cx };
  if (!hasTasks) return lifted;
  canon?.other();
  if (options.async === true) return lifted;
  const { postReturn } = options;
  const goesOn = postReturn !== undefined;
  lifted.callee = inTask(cx, callee, { async: isAsync ? 'an async function' : undefined, goesOn });
  if (plain.has(callee)) plain.add(lifted.callee);
  if (goesOn) lifted.options = { ...options, postReturn: endsTask(cx, postReturn) };
  return lifted;
}

/** Spec: `canon_lower`; a function of another component is called without JavaScript values in between. */
export function lower(
  { cx, linking }: Frame,
  callee: FunctionValue,
  type: FunctionType,
  options: CanonicalOptions,
): CoreCallee {
  const { canon, plain, suspends, waiting } = linking;
  if (canon !== undefined) {
    if (options.async === true) canon.other();
    return canon.lower(callee, options, cx);
  }
  if (options.async === true) {
    const core = lowerAsync(callee, type, options, cx);
    plain.add(core);
    return core;
  }
  const mayWait = isLifted(callee) ? canWait(callee, linking) : suspends && callee.mayBlock;
  if (mayWait) waiting.add(cx);
  const core = isLifted(callee)
    ? callee.options.async === true
      ? canonFuseAsync(callee, type, options, cx, mayWait)
      : (mayWait ? canonFuseSuspending : canonFuse)(callee, type, options, cx)
    : (mayWait ? canonLowerSuspending : canonLower)(
        mayWait || !suspends
          ? callee.call
          : atOnce(callee, () => {
              throw new Error(`${callee.name} would have to wait, and is not named in options.mayBlock`);
            }),
        { ...type, name: callee.name },
        options,
        cx,
      );
  if (!mayWait) plain.add(core);
  return core;
}

/** With `async`. */
function lowerAsync(
  callee: FunctionValue,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): CoreCallee {
  const core = isLifted(callee)
    ? (callee.options.async === true ? canonFuseAsync : canonFuse)(callee, type, options, cx)
    : canonLower(
        atOnce(callee, () => waits(callee.name)),
        { ...type, name: callee.name },
        options,
        cx,
      );
  return canonLowerAsync(core, type, options, cx);
}

/** Where others may wait, a promise of a function that may not would be taken for one that is waited for. */
function atOnce({ call }: HostFunction, refuse: () => never): HostFunction['call'] {
  return (...args) => {
    const value = call(...args);
    if (!(value instanceof Promise)) return value;
    // It is not going to be waited for; its failure must not count as unhandled.
    value.catch(() => {});
    return refuse();
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

/** Built-ins that would have to wait, or need others that do, trap when they are called and not before. */
export function asyncBuiltIn(
  { cx, linking: { canon, plain } }: Frame,
  { kind, context }: Pick<AsyncCanon, 'kind' | 'context'>,
  result: ValueType | undefined,
  options: CanonicalOptions,
): CoreCallee {
  canon?.other();
  const make = (): CoreCallee => {
    switch (kind) {
      case 'context.get':
        return canonContextGet(context!.type as 'i32' | 'i64', context!.slot, cx);
      case 'context.set':
        return canonContextSet(context!.slot, cx) as CoreCallee;
      case 'backpressure.inc':
      case 'backpressure.dec':
        return canonBackpressure(kind === 'backpressure.inc' ? 1 : -1, cx);
      case 'task.return':
        return canonTaskReturn(result, options, cx);
      case 'task.cancel':
        return canonTaskCancel(cx);
      default:
        return trapOnThrow(cx, () => {
          mayLeave(cx);
          return trap(`\`${kind}\` was called, which cannot be run: component model async cannot wait yet`);
        });
    }
  };
  const core = make();
  plain.add(core);
  return core;
}
