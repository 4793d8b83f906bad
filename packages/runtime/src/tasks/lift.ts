/** `canon lift` with `async`, for the host. Spec: `canon_lift`. */
import { callScope } from '../call-scope.ts';
import { flatParams, start, unwrap } from '../canon/lift.ts';
import { flatValues } from '../flat-values.ts';
import type { CoreCallee, CoreValue, LiftedFunction } from '../function-type.ts';
import {
  endAsync,
  enterAll,
  enteringSet,
  enterLowered,
  leave,
  leaveAll,
  mayEnter,
  reselect,
  select,
  selectable,
} from '../instance.ts';
import { canSuspend, promising } from '../jspi.ts';
import { MAX_FLAT_PARAMS } from '../layout.ts';
import type { Tagged } from '../types/variant.ts';
import { runTask } from './run.ts';

/**
 * A function that takes JavaScript values and gives a promise, which is settled when the component's function has
 * ended. It rejects with what `canonLift` throws. If `suspends`, host calls that are not ready suspend the guest where
 * the engine can do so; the callee must be a function that the core module itself exports then.
 */
export function canonLiftAsync(
  lifted: LiftedFunction,
  suspends: boolean,
): (...args: unknown[]) => Promise<unknown> {
  const { type, options, instance: cx } = lifted;
  const params = flatParams(type);
  const results = flatValues(type.result === undefined ? [] : [type.result], [], MAX_FLAT_PARAMS);
  const own = selectable(cx, options);
  const hasHandles = params.types.some((param) => param.hasHandles);
  const mayWait = suspends && canSuspend();
  const callee = mayWait ? (promising(lifted.callee) as unknown as CoreCallee) : lifted.callee;
  const around = enteringSet(cx, undefined).slice(1);
  return async (...args) => {
    let value: unknown;
    enterAll(around);
    try {
      mayEnter(cx);
      const scope = hasHandles ? callScope() : undefined;
      const core: CoreValue[] = [];
      start(cx, own, scope, params, args, core);
      enterLowered(cx);
      cx.maySuspend = mayWait;
      try {
        const ended = runTask(lifted, callee, core, scope, (result) => {
          const previous = select(cx, own);
          [value] = results.lift(cx, result);
          reselect(cx, previous);
        });
        // A call that is over at once leaves the instance at once.
        if (ended !== undefined) await ended;
      } finally {
        endAsync(cx);
      }
      leave(cx);
    } finally {
      leaveAll(around);
    }
    return type.result?.kind === 'result' ? unwrap(value as Tagged) : value;
  };
}
