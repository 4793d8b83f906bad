/** `canon lower` of what `canon lift` made in another component: a call from one into the other. Spec: `canon_lift`, `canon_lower`. */
import { callScope, takeBack, type CallScope } from '../call-scope.ts';
import { endLends } from '../types/borrow.ts';
import { spread } from '../flat-values.ts';
import { flattenRecord, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
import {
  flattenFunctionType,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
  type LiftedFunction,
} from '../function-type.ts';
import {
  ComponentInstance,
  enterAll,
  enteringSet,
  leaveAll,
  mayLeave,
  refuseEnter,
  reselect,
  runPost,
  select,
  selectable,
  stillEntered,
  trapBorrows,
} from '../instance.ts';
import { canSuspend, promising, suspend, suspendable } from '../jspi.ts';
import { escaped } from '../trap.ts';
import { transfers, transferValues } from './transfer.ts';

/**
 * A component's function as a core function for the modules of another instance, which numbers the resources of `type`.
 * Values pass from memory to memory; nothing becomes a JavaScript value. A failure makes the caller dead, and the callee
 * if it was already entered.
 */
export function canonFuse(
  lifted: LiftedFunction,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): CoreCallee {
  const call = fuse(lifted, type, options, cx);
  const callee = spread(lifted.callee, flattenFunctionType(lifted.type, 'lift').params.length);
  return (...core) => {
    try {
      const calling = call.begin(core);
      let result: CoreValue | void;
      try {
        result = callee(calling.core);
      } catch (error) {
        throw call.fail(calling, error);
      }
      return call.end(calling, result);
    } catch (error) {
      throw escaped(error);
    }
  };
}

/**
 * As {@link canonFuse}, for a callee that may have to wait: a caller that was entered in a way that can wait is suspended
 * meanwhile. `lifted.callee` must be a function that a core module itself exports.
 */
export function canonFuseSuspending(
  lifted: LiftedFunction,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): CoreCallee {
  const atOnce = canonFuse(lifted, type, options, cx);
  if (!canSuspend()) return atOnce;
  const call = fuse(lifted, type, options, cx);
  const { params, results } = flattenFunctionType(type, 'lower');
  const { instance } = lifted;
  const callee = promising(lifted.callee) as (...core: CoreValue[]) => Promise<CoreValue | void>;
  const zero = results[0] === 'i64' ? 0n : 0;
  const later = (...core: CoreValue[]): CoreValue | void => {
    if (!cx.maySuspend) return atOnce(...core);
    const calling = call.begin(core);
    instance.maySuspend = true;
    const ended = callee(...calling.core).then(
      (result) => call.end(calling, result),
      (error: unknown) => {
        throw escaped(call.fail(calling, error));
      },
    );
    return suspend(cx, ended, type.name, zero);
  };
  return suspendable(cx, true, '', type.name, params, results[0], later, false) as CoreCallee;
}

/** What one call is in the middle of. */
export interface Calling {
  readonly core: CoreValue[];
  /** Where the caller wants a result that is not flat. */
  readonly area: number | undefined;
  readonly scope: CallScope | undefined;
  /** What the callee was before, for it may be inside of a call already: then its caller is inside of it. */
  readonly state: number;
  readonly maySuspend: boolean;
}

/** The parts of a call. */
export interface Fused {
  /** Lowers the arguments and enters the callee. */
  readonly begin: (core: CoreValue[]) => Calling;
  /** Lowers the result and leaves the callee. */
  readonly end: (calling: Calling, result: CoreValue | void) => CoreValue | undefined;
  /** The callee threw. */
  readonly fail: (calling: Calling, error: unknown) => unknown;
}

/** Prepares a call from `caller` to a function of another component. */
export function fuse(
  { type: own, options: lift, instance }: LiftedFunction,
  type: FunctionType,
  options: CanonicalOptions,
  caller: ComponentInstance,
): Fused {
  // What is selected is one memory, and a component that calls itself may use two.
  const cx = caller === instance ? Object.assign(new ComponentInstance(''), caller) : caller;
  const lower = selectable(cx, options);
  const theirOwn = selectable(instance, lift);
  const find = transfers();
  const types = type.params.map((param) => param.type);
  const width = flattenRecord(types).length;
  const spills = width > MAX_FLAT_PARAMS;
  const passParams = transferValues(
    types,
    own.params.map((param) => param.type),
    spills,
    find,
  );
  const [from, to] = own.result === undefined ? [[], []] : [[own.result], [type.result!]];
  const returnsArea = flattenRecord(from).length > MAX_FLAT_RESULTS;
  const passResult = transferValues(from, to, returnsArea, find);
  const areaAt = spills ? 1 : width;
  const postReturn = lift.postReturn as ((result: CoreValue | void) => void) | undefined;
  const hasHandles = types.some((param) => param.hasHandles);
  const entered = enteringSet(instance, caller);

  const fail = ({ maySuspend }: Calling, error: unknown): unknown => {
    instance.state = 3;
    instance.maySuspend = maySuspend;
    caller.state = 3;
    leaveAll(entered);
    return error;
  };

  return {
    begin(core) {
      mayLeave(caller);
      const { maySuspend, scope: outer } = instance;
      const { scope: inner } = cx;
      const scope = hasHandles ? callScope() : undefined;
      const area = returnsArea ? Number(core[areaAt]) >>> 0 : undefined;
      const mine = select(cx, lower);
      const theirs = select(instance, theirOwn);
      let state = 3;
      try {
        enterAll(entered);
        ({ state } = instance);
        if (state === 2 || state === 3) refuseEnter(instance);
        cx.scope = scope;
        instance.scope = scope;
        passParams(cx, instance, core, undefined);
      } catch (error) {
        caller.state = 3;
        // If the callee is not to blame, it goes on: it has not been told of its arguments yet.
        if (instance.state === state) {
          if (scope !== undefined) takeBack(instance, scope.lowered);
          leaveAll(entered);
        } else leaveAll(entered.slice(1));
        throw error;
      } finally {
        cx.scope = inner;
        instance.scope = outer;
        reselect(instance, theirs);
        reselect(cx, mine);
      }
      if (core.length !== areaAt) core.length = areaAt;
      instance.state = 1;
      instance.maySuspend = false;
      return { core, area, scope, state, maySuspend };
    },
    end(calling, result) {
      const { area, scope, state, maySuspend } = calling;
      const core = result === undefined ? [] : [result];
      try {
        stillEntered(instance);
        if (scope !== undefined && scope.borrows !== 0) trapBorrows();
        const theirs = select(instance, theirOwn);
        const mine = select(cx, lower);
        passResult(instance, cx, core, area);
        reselect(cx, mine);
        reselect(instance, theirs);
        if (postReturn !== undefined) runPost(instance, postReturn, result);
      } catch (error) {
        throw fail(calling, error);
      }
      instance.state = state;
      instance.maySuspend = maySuspend;
      leaveAll(entered);
      if (scope !== undefined) endLends(scope.lent);
      return returnsArea ? undefined : core[0];
    },
    fail,
  };
}
