/** `canon lift`: a core function as a JavaScript function. Spec: `canon_lift`. */
import { callScope, reuseScope, takeBack, type CallScope } from '../call-scope.ts';
import { ComponentError } from '../errors.ts';
import { flatValues, spread, type FlatValues } from '../flat-values.ts';
import type { CanonicalOptions, CoreCallee, CoreValue, FunctionType } from '../function-type.ts';
import {
  check,
  endAsync,
  enter,
  enterAll,
  enterAsyncLowered,
  enteringSet,
  enterLowered,
  isOwn,
  leave,
  leaveAll,
  mayEnter,
  post,
  reselect,
  select,
  selectable,
  trapBorrows,
  type ComponentInstance,
  type LiftLowerOptions,
} from '../instance.ts';
import { canSuspend, promising } from '../jspi.ts';
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
import type { Tagged } from '../types/variant.ts';
import type { ValueType } from '../types/value-type.ts';

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
  const call = lifted(callee, type, options, cx);
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
  const params = flatParams(type);
  const end = resolver(type, options, cx);
  const own = selectable(cx, options);
  const hasHandles = params.types.some((param) => param.hasHandles);
  const call = spread(canSuspend() ? (promising(callee) as unknown as CoreCallee) : callee, params.width);
  const around = enteringSet(cx, undefined).slice(1);
  return async (...args) => {
    enterAll(around);
    try {
      mayEnter(cx);
      const scope = hasHandles ? callScope() : undefined;
      const core: CoreValue[] = [];
      start(cx, own, scope, params, args, core);
      enterAsyncLowered(cx);
      let result: unknown;
      try {
        result = await call(core);
      } finally {
        endAsync(cx);
      }
      return end(result as CoreValue | void, scope);
    } finally {
      leaveAll(around);
    }
  };
}

/** How the parameters of a function pass. */
export function flatParams({ name, params }: FunctionType): FlatValues {
  return flatValues(
    params.map((param) => param.type),
    params.map((param) => `${name} → ${param.name}`),
    MAX_FLAT_PARAMS,
  );
}

/**
 * Lowers the arguments. The instance is not entered yet: what fails here leaves it as it was. Host code may run in the
 * middle of this, and call other functions. Spec: `Task.start`.
 */
export function start(
  cx: ComponentInstance,
  options: LiftLowerOptions,
  mine: CallScope | undefined,
  params: FlatValues,
  args: readonly unknown[],
  core: CoreValue[],
): void {
  const { scope } = cx;
  const previous = cx.options;
  if (previous !== options) select(cx, options);
  cx.scope = mine;
  cx.lowering++;
  try {
    params.lower(cx, args, core);
  } catch (error) {
    if (mine !== undefined) takeBack(cx, mine.lowered);
    throw error;
  } finally {
    cx.lowering--;
    cx.scope = scope;
    reselect(cx, previous);
  }
}

/**
 * One closure for each number and kind of parameters, for the optimizer knows what it sees: nothing is allocated for a
 * call, and there are no loops, when its parameters are few and small.
 */
function lifted(
  callee: CoreCallee,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): (...args: unknown[]) => unknown {
  const params = flatParams(type);
  const { types, width, spilled } = params;
  const [at = '', at1 = '', at2 = ''] = type.params.map((param) => `${type.name} → ${param.name}`);
  const end = resolver(type, options, cx);
  const own = selectable(cx, options);
  const hasHandles = types.some((param) => param.hasHandles);
  const [lower, lower1, lower2] = types.map((param) => param.lowerCore);
  if (types.length === 0) {
    return () => {
      enter(cx);
      return end(callee(), undefined);
    };
  }
  if (types.length === width && !spilled && !hasHandles) {
    // Nothing of this needs memory.
    if (width === 1 && lower !== undefined) {
      return (a) => {
        const x = lower(cx, a, at);
        enter(cx);
        return end(callee(x), undefined);
      };
    }
    if (width === 2 && lower !== undefined && lower1 !== undefined) {
      return (a, b) => {
        const x = lower(cx, a, at);
        const y = lower1(cx, b, at1);
        enter(cx);
        return end(callee(x, y), undefined);
      };
    }
    if (width === 3 && lower !== undefined && lower1 !== undefined && lower2 !== undefined) {
      return (a, b, c) => {
        const x = lower(cx, a, at);
        const y = lower1(cx, b, at1);
        const z = lower2(cx, c, at2);
        enter(cx);
        return end(callee(x, y, z), undefined);
      };
    }
  }
  let freeScope: CallScope | undefined;
  if (types.length === width && width <= 2 && hasHandles && lower && (width === 1 || lower1)) {
    const next = lower1 ?? lowerNothing;
    // A method of the guest's own: it gets the rep, and there is no handle.
    const isMethod = types[0]!.kind === 'borrow' && types[1]?.hasHandles !== true;
    const number = types[0]!.count;
    return (a, b) => {
      mayEnter(cx);
      const mine = isMethod && isOwn(cx, cx.resources[number]!) ? undefined : (freeScope ?? callScope());
      if (mine !== undefined) freeScope = undefined;
      const { scope } = cx;
      cx.scope = mine;
      let x: CoreValue;
      let y: CoreValue;
      try {
        x = lower(cx, a, at);
        y = next(cx, b, at1);
      } catch (error) {
        if (mine !== undefined) takeBack(cx, mine.lowered);
        throw error;
      } finally {
        cx.scope = scope;
      }
      enterLowered(cx);
      const value = end(width === 1 ? callee(x) : callee(x, y), mine);
      if (mine !== undefined) freeScope = reuseScope(mine);
      return value;
    };
  }
  if (types.length === 1 && width === 2 && lower !== undefined && types[0]!.parts.every(isSimple)) {
    return (a) => {
      mayEnter(cx);
      const previous = cx.options;
      if (previous !== own) select(cx, own);
      const x = lower(cx, a, at);
      const y = cx.second;
      reselect(cx, previous);
      enterLowered(cx);
      return end(callee(x, y), undefined);
    };
  }
  const call = spread(callee, width);
  // A getter of an argument may call the function again: then these are in use.
  let free: CoreValue[] | undefined;
  return (...args) => {
    mayEnter(cx);
    const core = free ?? Array.from<CoreValue>({ length: width }).fill(0);
    free = undefined;
    const mine = hasHandles ? (freeScope ?? callScope()) : undefined;
    freeScope = undefined;
    start(cx, own, mine, params, args, core);
    enterLowered(cx);
    const result = call(core);
    free = core;
    const value = end(result, mine);
    if (mine !== undefined) freeScope = reuseScope(mine);
    return value;
  };
}

function lowerNothing(): number {
  return 0;
}

/** Lowering it runs no code of the host. */
function isSimple(type: ValueType | undefined): boolean {
  return type === undefined || (type.parts.length === 0 && type.kind !== 'flags' && !type.hasHandles);
}

/** Lifts the result, ends the call, and returns or throws. */
function resolver(
  { result }: FunctionType,
  { postReturn, ...options }: CanonicalOptions,
  cx: ComponentInstance,
): (core: CoreValue | void, scope: CallScope | undefined) => unknown {
  const after = postReturn as ((result: CoreValue | void) => void) | undefined;
  if (result === undefined) {
    return (core, scope) => {
      if (scope !== undefined && scope.borrows !== 0) trapBorrows();
      if (after === undefined) leave(cx);
      else post(cx, after, core);
    };
  }
  const own = selectable(cx, options);
  const isResult = result.kind === 'result';
  const { size, alignment, load, flat, liftCore } = result;
  if (flat.length === 1 && !isResult && liftCore !== undefined && after === undefined) {
    return (core, scope) => {
      const value = liftCore(cx, core as CoreValue, 0);
      if (scope !== undefined && scope.borrows !== 0) trapBorrows();
      leave(cx);
      return value;
    };
  }
  const isFlat = flat.length <= MAX_FLAT_RESULTS;
  const mask = alignment - 1;
  return (core, scope) => {
    const previous = cx.options;
    if (previous !== own) select(cx, own);
    let value: unknown;
    if (isFlat) value = result.lift(cx, [core as CoreValue], 0);
    else {
      const p = (core as number) >>> 0;
      check(cx, p, size, mask);
      value = load(cx, p);
    }
    if (scope !== undefined && scope.borrows !== 0) trapBorrows();
    if (after === undefined) leave(cx);
    else post(cx, after, core);
    reselect(cx, previous);
    return isResult ? unwrap(value as Tagged) : value;
  };
}

/** A result is returned or thrown, once the instance has been left. */
export function unwrap({ tag, val }: Tagged): unknown {
  if (tag === 'err') throw new ComponentError(val);
  return val;
}
