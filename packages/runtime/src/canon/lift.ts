/** `canon lift`: a core function as a JavaScript function. Spec: `canon_lift`. */
import { callScope, takeBack, type CallScope } from '../call-scope.ts';
import { ComponentError } from '../errors.ts';
import { flatValues, liftFlatValues, lowerFlatValues, type FlatValues } from '../flat-values.ts';
import type { CanonicalOptions, CoreCallee, CoreValue, FunctionType } from '../function-type.ts';
import {
  endAsync,
  enterAll,
  enterAsyncLowered,
  enteringSet,
  enterLowered,
  leave,
  leaveAll,
  mayEnter,
  post,
  select,
  stillEntered,
  trapBorrows,
  type ComponentInstance,
} from '../instance.ts';
import { canSuspend, promising } from '../jspi.ts';
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
import type { Tagged } from '../types/variant.ts';

/**
 * A core function of an instance as a function that takes and returns JavaScript values. It throws ValueError for an
 * argument of the wrong shape (nothing has happened then), ComponentError for the error value of a `result`, and Trap.
 */
export function canonLift(
  callee: CoreCallee,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): (...args: unknown[]) => unknown {
  const lifted = prepare(type, options, cx);
  const call = (...args: unknown[]): unknown => {
    mayEnter(cx);
    const scope = lifted.hasHandles ? callScope() : undefined;
    const flat = start(lifted, scope, args);
    enterLowered(cx);
    return unwrap(lifted, resolve(lifted, scope, callee(...flat) as CoreValue | undefined));
  };
  const around = enteringSet(cx, undefined).slice(1);
  if (around.length === 0) return call;
  return (...args) => {
    enterAll(around);
    try {
      return call(...args);
    } finally {
      leaveAll(around);
    }
  };
}

/**
 * As {@link canonLift}, able to wait: host calls that are not ready suspend the guest, where the engine can do so. Gives
 * a promise; `callee` must be a function that the core module itself exports.
 */
export function canonLiftSuspending(
  callee: CoreCallee,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): (...args: unknown[]) => Promise<unknown> {
  const lifted = prepare(type, options, cx);
  const call = canSuspend() ? (promising(callee) as (...args: CoreValue[]) => Promise<unknown>) : callee;
  const around = enteringSet(cx, undefined).slice(1);
  return async (...args) => {
    mayEnter(cx);
    const scope = lifted.hasHandles ? callScope() : undefined;
    const flat = start(lifted, scope, args);
    enterAll(around);
    try {
      enterAsyncLowered(cx);
      let core: unknown;
      try {
        core = await call(...flat);
      } finally {
        endAsync(cx);
      }
      return unwrap(lifted, resolve(lifted, scope, core as CoreValue | undefined));
    } finally {
      leaveAll(around);
    }
  };
}

interface Lifted {
  readonly type: FunctionType;
  readonly options: CanonicalOptions;
  readonly cx: ComponentInstance;
  readonly params: FlatValues;
  readonly result: FlatValues;
  readonly hasHandles: boolean;
}

function prepare(type: FunctionType, options: CanonicalOptions, cx: ComponentInstance): Lifted {
  const { name, params, result } = type;
  return {
    type,
    options,
    cx,
    params: flatValues(
      params.map((param) => param.type),
      params.map((param) => `${name} → ${param.name}`),
      MAX_FLAT_PARAMS,
    ),
    result: flatValues(result === undefined ? [] : [result], [''], MAX_FLAT_RESULTS),
    hasHandles: params.some((param) => param.type.hasHandles),
  };
}

/** Lowers the arguments. The instance is not entered yet: what fails here leaves it as it was. Spec: `Task.start`. */
function start(
  { cx, options, params }: Lifted,
  mine: CallScope | undefined,
  args: readonly unknown[],
): CoreValue[] {
  const { scope } = cx;
  const previous = select(cx, options);
  cx.scope = mine;
  try {
    return lowerFlatValues(cx, params, args, undefined);
  } catch (error) {
    if (mine !== undefined) takeBack(cx, mine.lowered);
    throw error;
  } finally {
    cx.scope = scope;
    select(cx, previous);
  }
}

/** Lifts the result and ends the call. */
function resolve(
  { cx, options, result }: Lifted,
  mine: CallScope | undefined,
  core: CoreValue | undefined,
): unknown {
  stillEntered(cx);
  const previous = select(cx, options);
  const [value] = liftFlatValues(cx, result, core === undefined ? [] : [core]);
  if (mine !== undefined && mine.borrows !== 0) trapBorrows();
  if (options.postReturn === undefined) leave(cx);
  else post<CoreValue | void>(cx, options.postReturn as (result: CoreValue | void) => void, core);
  select(cx, previous);
  return value;
}

/** A result is returned or thrown, once the instance has been left. */
function unwrap({ type }: Lifted, value: unknown): unknown {
  if (type.result?.kind !== 'result') return value;
  const { tag, val } = value as Tagged;
  if (tag === 'err') throw new ComponentError(val);
  return val;
}
