/** `canon lower`: a JavaScript function as a core function. Spec: `canon_lower`. */
import { callScope, endScope, takeBack, type CallScope } from '../call-scope.ts';
import { payloadOf } from '../errors.ts';
import { flatValues, liftFlatValues, lowerFlatValues, type FlatValues } from '../flat-values.ts';
import {
  flattenFunctionType,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
} from '../function-type.ts';
import { mayLeave, select, trapOnThrow, type ComponentInstance } from '../instance.ts';
import { canSuspend, suspend, suspendable } from '../jspi.ts';
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
import { functionResult } from '../types/result.ts';
import type { Tagged } from '../types/variant.ts';

/**
 * A JavaScript function as a core function for the modules of an instance. For a WIT `result` the function returns the
 * ok value and throws the error value (by itself, or as the payload of a ComponentError); any other error goes on to
 * whoever called the guest, and the instance cannot be entered again. A promise is a call that would have to wait: it
 * fails, unless the core function is from {@link canonLowerSuspending}.
 */
export function canonLower(
  callee: (...args: never[]) => unknown,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): CoreCallee {
  const { name, result } = type;
  const core = flattenFunctionType(type, 'lower');
  const lowered: Lowered = {
    type,
    options,
    cx,
    params: flatValues(
      type.params.map((param) => param.type),
      [],
      MAX_FLAT_PARAMS,
    ),
    result: flatValues(
      result === undefined ? [] : [functionResult(result)],
      [`${name} → result`],
      MAX_FLAT_RESULTS,
    ),
  };
  const zero = core.results[0] === undefined ? undefined : core.results[0] === 'i64' ? 0n : 0;
  const call = callee as (...args: unknown[]) => unknown;
  return trapOnThrow(cx, (...flat: CoreValue[]) => {
    mayLeave(cx);
    const scope = callScope();
    const args = start(lowered, scope, flat);
    const area = lowered.result.spilled ? Number(flat[lowered.params.width]) >>> 0 : undefined;
    let value: unknown;
    try {
      value = call(...args);
    } catch (thrown) {
      return resolve(lowered, scope, area, failure(type, thrown));
    }
    if (!(value instanceof Promise)) return resolve(lowered, scope, area, success(type, value));
    const later = value.then(
      trapOnThrow(cx, (settled: unknown) => resolve(lowered, scope, area, success(type, settled))),
      trapOnThrow(cx, (thrown: unknown) => resolve(lowered, scope, area, failure(type, thrown))),
    );
    return suspend(cx, later, name, zero) as CoreValue | void;
  });
}

/** As {@link canonLower}; where the engine can suspend the guest's stack, a promise is waited for. */
export function canonLowerSuspending(
  callee: (...args: never[]) => unknown,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): CoreCallee {
  const { params, results } = flattenFunctionType(type, 'lower');
  const call = canonLower(callee, type, options, cx);
  return suspendable(cx, canSuspend(), '', type.name, params, results[0], call, false) as CoreCallee;
}

interface Lowered {
  readonly type: FunctionType;
  readonly options: CanonicalOptions;
  readonly cx: ComponentInstance;
  readonly params: FlatValues;
  readonly result: FlatValues;
}

/** Lifts the arguments; handles that they borrow are lent until the call is over. */
function start({ cx, options, params }: Lowered, mine: CallScope, flat: readonly CoreValue[]): unknown[] {
  const { scope } = cx;
  const previous = select(cx, options);
  cx.scope = mine;
  const args = liftFlatValues(cx, params, flat);
  cx.scope = scope;
  select(cx, previous);
  return args;
}

/** Lowers the result and ends the call. Spec: `Subtask.resolve`. */
function resolve(
  { cx, options, result }: Lowered,
  mine: CallScope,
  area: number | undefined,
  value: unknown,
): CoreValue | undefined {
  const { scope } = cx;
  const previous = select(cx, options);
  cx.scope = mine;
  try {
    const [core] = lowerFlatValues(cx, result, [value], area);
    endScope(mine);
    return core;
  } catch (error) {
    takeBack(cx, mine.lowered);
    throw error;
  } finally {
    cx.scope = scope;
    select(cx, previous);
  }
}

/** What a function returned, as a value of its result type. */
function success({ result }: FunctionType, value: unknown): unknown {
  return result?.kind === 'result' ? ({ tag: 'ok', val: value } satisfies Tagged) : value;
}

/** What a function threw, as a value of its result type; anything but an error value is thrown on. */
function failure({ result }: FunctionType, thrown: unknown): unknown {
  if (result?.kind !== 'result') throw thrown;
  return { tag: 'err', val: payloadOf(thrown) } satisfies Tagged;
}
