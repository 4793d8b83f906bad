/** `canon lower` with `async`, for calls that end without waiting. Spec: `canon_lower`. */
import type { CanonicalOptions, CoreCallee, FunctionType } from '../function-type.ts';
import { mayLeave, reselect, select, selectable, trapOnThrow, type ComponentInstance } from '../instance.ts';
import { flattenRecord, MAX_FLAT_PARAMS } from '../layout.ts';
import { loadCore, storeCore } from './core-values.ts';

/** Spec: `MAX_FLAT_ASYNC_PARAMS`. */
const MAX_FLAT_ASYNC_PARAMS = 4;

/** Spec: `Subtask.State.RETURNED`. */
const RETURNED = 2;

/**
 * Makes of the core function that lowers a function without `async` the one that does so with it: fewer parameters are
 * flat, every result goes to memory, and what is returned is the state of the call.
 */
export function canonLowerAsync(
  lowered: CoreCallee,
  { params, result }: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
): CoreCallee {
  const types = params.map((param) => param.type);
  const width = flattenRecord(types).length;
  const spills = width > MAX_FLAT_ASYNC_PARAMS;
  const own = selectable(cx, options);
  return trapOnThrow(cx, (...core) => {
    mayLeave(cx);
    const area = Number(core[spills ? 1 : width]) >>> 0;
    let given = core;
    if (spills && width <= MAX_FLAT_PARAMS) {
      const previous = select(cx, own);
      given = [...loadCore(cx, (core[0] as number) >>> 0, types), area];
      reselect(cx, previous);
    }
    const value = lowered(...given);
    if (result?.flat.length === 1) {
      const previous = select(cx, own);
      storeCore(cx, area, [result], [value!]);
      reselect(cx, previous);
    }
    return RETURNED;
  });
}
