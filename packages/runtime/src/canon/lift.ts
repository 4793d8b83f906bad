/** `canon lift`: a core function as a JavaScript function. Spec: `canon_lift`. */
import { callScope, takeBack } from '../call-scope.ts';
import { CoreValueIterator, type CoreValue } from '../core-value-iterator.ts';
import { ComponentError } from '../errors.ts';
import { flatValues, liftFlatValues, lowerFlatValues, type FlatValues } from '../flat-values.ts';
import type { CanonicalOptions, CoreCallee, FunctionType } from '../function-type.ts';
import {
  endAsync,
  endBorrows,
  enterAsyncLowered,
  enterLowered,
  leave,
  mayEnter,
  post,
  select,
  stillEntered,
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
  return (...args) => {
    mayEnter(cx);
    const { borrows } = cx;
    const flat = start(lifted, args);
    enterLowered(cx);
    return unwrap(lifted, resolve(lifted, callee(...flat) as CoreValue | undefined, borrows));
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
  return async (...args) => {
    mayEnter(cx);
    const { borrows } = cx;
    const flat = start(lifted, args);
    enterAsyncLowered(cx);
    let core: unknown;
    try {
      core = await call(...flat);
    } finally {
      endAsync(cx);
    }
    return unwrap(lifted, resolve(lifted, core as CoreValue | undefined, borrows));
  };
}

interface Lifted {
  readonly type: FunctionType;
  readonly options: CanonicalOptions;
  readonly cx: ComponentInstance;
  readonly params: FlatValues;
  readonly result: FlatValues;
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
  };
}

/** Lowers the arguments. The instance is not entered yet: what fails here leaves it as it was. Spec: `Task.start`. */
function start({ cx, options, params }: Lifted, args: readonly unknown[]): CoreValue[] {
  const { borrows, scope } = cx;
  const previous = select(cx, options);
  const mine = callScope();
  cx.scope = mine;
  cx.borrows = 0;
  try {
    return lowerFlatValues(cx, params, args, undefined);
  } catch (error) {
    takeBack(cx, mine.lowered);
    cx.borrows = borrows;
    throw error;
  } finally {
    cx.scope = scope;
    select(cx, previous);
  }
}

/** Lifts the result and ends the call. `borrows` are those of a call that is still lowering its arguments. */
function resolve({ cx, options, result }: Lifted, core: CoreValue | undefined, borrows: number): unknown {
  stillEntered(cx);
  const previous = select(cx, options);
  const flat = core === undefined ? [] : [core];
  const [value] = liftFlatValues(cx, result, new CoreValueIterator(flat));
  endBorrows(cx);
  cx.borrows = borrows;
  if (options.postReturn === undefined) leave(cx);
  else post(cx, options.postReturn, core as CoreValue);
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
