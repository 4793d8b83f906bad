/** `canon lower`: a JavaScript function as a core function. Spec: `canon_lower`. */
import { callScope, endScope, reuseScope, takeBack, type CallScope } from '../call-scope.ts';
import { payloadOf } from '../errors.ts';
import { flatValues, type FlatValues } from '../flat-values.ts';
import {
  flattenFunctionType,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
} from '../function-type.ts';
import {
  check,
  mayLeave,
  poison,
  reselect,
  select,
  selectable,
  type ComponentInstance,
} from '../instance.ts';
import { canSuspend, suspend, suspendable } from '../jspi.ts';
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
import { functionResult } from '../types/result.ts';
import type { ValueType } from '../types/value-type.ts';
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
  const call = callee as (...args: unknown[]) => unknown;
  const { result } = type;
  const { types, width, spilled, lift } = flatParams(type);
  const own = selectable(cx, options);
  const { returned, thrown, isArea } = resolver(type, options, cx);
  const fails = result?.kind === 'result';
  const [first, second] = types;
  const one = first?.liftCore;
  const two = second?.liftCore;
  // As in `canon lift`, a closure for each of the most frequent shapes.
  const hasHandles = types.some((param) => param.hasHandles) || result?.hasHandles;
  if (!spilled && !fails && !hasHandles) {
    if (first === undefined) {
      return (area) => {
        mayLeave(cx);
        try {
          return returned(call(), area, undefined);
        } catch (error) {
          cx.state = 3;
          throw error;
        }
      };
    }
    if (types.length === 1 && one !== undefined) {
      const isPair = width === 2;
      return (a, b, c) => {
        mayLeave(cx);
        try {
          const previous = cx.options;
          if (previous !== own) select(cx, own);
          const value = one(cx, a!, b!);
          reselect(cx, previous);
          return returned(call(value), isPair ? c : b, undefined);
        } catch (error) {
          cx.state = 3;
          throw error;
        }
      };
    }
    if (types.length === 2 && width === 2 && one !== undefined && two !== undefined) {
      return (a, b, area) => {
        mayLeave(cx);
        try {
          return returned(call(one(cx, a!, 0), two(cx, b!, 0)), area, undefined);
        } catch (error) {
          cx.state = 3;
          throw error;
        }
      };
    }
  }
  if (types.length === 2 && width === 2 && !spilled && !fails && one !== undefined && two !== undefined) {
    // Nothing else runs in the instance meanwhile, so that a lend counts only for what moves in the same call, and for
    // what the host sees of a component's own.
    const lendsOne = first!.kind === 'borrow' && !second!.hasHandles && !result?.hasHandles;
    const number = first!.count;
    let free: CallScope | undefined;
    return (a, b, area) => {
      mayLeave(cx);
      try {
        const mine =
          lendsOne && cx.resources[number]!.destructor === undefined ? undefined : (free ?? callScope());
        if (mine !== undefined) free = undefined;
        const { scope } = cx;
        cx.scope = mine;
        const x = one(cx, a!, 0);
        const y = two(cx, b!, 0);
        cx.scope = scope;
        const value = call(x, y);
        const given = returned(value, area, mine);
        if (mine !== undefined && !(value instanceof Promise)) free = reuseScope(mine);
        return given;
      } catch (error) {
        cx.state = 3;
        throw error;
      }
    };
  }
  // The guest may call the function again while it waits: then this is in use.
  let free: CallScope | undefined;
  return (...core) => {
    mayLeave(cx);
    try {
      const mine = hasHandles ? (free ?? callScope()) : undefined;
      free = undefined;
      const area = isArea ? core[width] : undefined;
      const { scope } = cx;
      const previous = select(cx, own);
      cx.scope = mine;
      const args = lift(cx, core);
      cx.scope = scope;
      reselect(cx, previous);
      let value: unknown;
      try {
        value = call(...args);
      } catch (error) {
        // What is no error value goes on.
        if (!fails) throw error;
        return thrown(error, area, mine);
      }
      const given = returned(value, area, mine);
      if (mine !== undefined && !(value instanceof Promise)) free = reuseScope(mine);
      return given;
    } catch (error) {
      cx.state = 3;
      throw error;
    }
  };
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

/** Found once for all instances of a component. */
function flatParams({ params }: FunctionType): FlatValues {
  let found = flatParamsOf.get(params);
  if (found === undefined) {
    const types = params.map((param) => param.type);
    flatParamsOf.set(params, (found = flatValues(types, [], MAX_FLAT_PARAMS)));
  }
  return found;
}

const flatParamsOf = new WeakMap<FunctionType['params'], FlatValues>();

/** Ends a call with a value; gives the core result. `area` is where the guest wants a result that is not flat. */
type End = (value: unknown, area: CoreValue | undefined, scope: CallScope | undefined) => CoreValue | void;

interface Resolver {
  readonly returned: End;
  readonly thrown: End;
  readonly isArea: boolean;
}

/** How a call ends. Spec: `Subtask.resolve`. */
function resolver(
  { name, result }: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): Resolver {
  const own = selectable(cx, options);
  const at = `${name} → result`;
  const type = result && functionResult(result);
  const isArea = type !== undefined && type.flat.length > MAX_FLAT_RESULTS;
  const fails = result?.kind === 'result';
  const lowerCore = isArea || type === undefined ? undefined : oneCore(type);
  const zero = type === undefined || isArea ? undefined : type.flat[0] === 'i64' ? 0n : 0;

  const resolve = (
    value: unknown,
    area: CoreValue | undefined,
    mine: CallScope | undefined,
  ): CoreValue | void => {
    if (type === undefined) return mine && endScope(mine);
    const previous = cx.options;
    if (previous !== own) select(cx, own);
    const { scope } = cx;
    cx.scope = mine;
    cx.lowering++;
    try {
      let core: CoreValue | undefined;
      if (lowerCore !== undefined) core = lowerCore(cx, value, at);
      else {
        const p = (area as number) >>> 0;
        check(cx, p, type.size, type.alignment - 1);
        type.store(cx, p, value, at);
      }
      if (mine !== undefined) endScope(mine);
      return core;
    } catch (error) {
      if (mine !== undefined) takeBack(cx, mine.lowered);
      throw error;
    } finally {
      cx.lowering--;
      cx.scope = scope;
      reselect(cx, previous);
    }
  };
  const succeed: End = fails
    ? (val, area, scope) => resolve({ tag: 'ok', val } satisfies Tagged, area, scope)
    : resolve;
  const thrown: End = (error, area, scope) => {
    if (!fails) throw error;
    return resolve({ tag: 'err', val: payloadOf(error) } satisfies Tagged, area, scope);
  };
  /** What a promise goes on with: to the guest a wait that fails is a call that throws. */
  const settle =
    (end: End, area: CoreValue | undefined, scope: CallScope | undefined) =>
    (settled: unknown): CoreValue | void => {
      try {
        return end(settled, area, scope);
      } catch (error) {
        throw poison(cx, error);
      }
    };
  const flatOk = settle(succeed, undefined, undefined);
  const flatErr = settle(thrown, undefined, undefined);
  const returned: End = (value, area, scope) => {
    if (!(value instanceof Promise)) return succeed(value, area, scope);
    const later =
      area === undefined && scope === undefined
        ? value.then(flatOk, flatErr)
        : value.then(settle(succeed, area, scope), settle(thrown, area, scope));
    return suspend(cx, later, name, zero) as CoreValue | void;
  };
  return { returned, thrown, isArea };
}

/** `lower` of a type of one core value. */
function oneCore(type: ValueType): NonNullable<ValueType['lowerCore']> {
  if (type.lowerCore !== undefined) return type.lowerCore;
  return (cx, value, at) => {
    const core: CoreValue[] = [];
    type.lower(cx, value, core, 0, at);
    return core[0]!;
  };
}
