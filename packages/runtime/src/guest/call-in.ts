/** A function of the implementation as a core function: lifts the arguments, calls it, lowers what comes back. */
import { payloadOf } from '../errors.ts';
import { flatValues } from '../flat-values.ts';
import type { CoreCallee, CoreValue, FunctionType } from '../function-type.ts';
import { onStack } from '../jspi.ts';
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
import { functionResult } from '../types/result.ts';
import type { Tagged } from '../types/variant.ts';
import { endBorrowed } from './handles.ts';
import { failure, freeAll, lowering, type GuestInstance } from './instance.ts';

/**
 * The core function over `call`, which returns the value, or for a `result` the ok value, and throws the error value
 * (by itself, or as the payload of a ComponentError). Any other error is a trap, as is a value of the wrong shape.
 *
 * A promise is waited for by the function under `onStack`, which gives one of the core result; others trap.
 */
export function callIn(
  cx: GuestInstance,
  type: FunctionType,
  mayWait: boolean,
  call: (args: unknown[]) => unknown,
): CoreCallee {
  const { name, result } = type;
  const params = flatValues(
    type.params.map((param) => param.type),
    [],
    MAX_FLAT_PARAMS,
  );
  const isResult = result?.kind === 'result';
  const lowered = result && functionResult(result);
  const isArea = result !== undefined && result.flat.length > MAX_FLAT_RESULTS;
  const at = `${name} → result`;

  const lower = (value: unknown): CoreValue | void => {
    if (lowered === undefined) return;
    const core: CoreValue[] = [0];
    const blocks = lowering(cx, () => {
      if (!isArea) return lowered.lower(cx, value, core, 0, at);
      const area = cx.realloc!(0, 0, lowered.alignment, lowered.size);
      core[0] = area;
      lowered.store(cx, area, value, at);
    });
    if (isArea) cx.results.set(core[0] as number, blocks);
    return core[0]!;
  };
  const returned = (value: unknown): CoreValue | void =>
    lower(isResult ? ({ tag: 'ok', val: value } satisfies Tagged) : value);
  const thrown = (error: unknown): CoreValue | void => {
    // The host's own failure is no error value, even if it has a payload.
    if (!isResult || cx.lost !== undefined) throw error;
    return lower({ tag: 'err', val: payloadOf(error) } satisfies Tagged);
  };
  /** Ends the call, however it went. */
  const settle = (end: () => CoreValue | void, borrowed: GuestInstance['borrowed']): CoreValue | void => {
    try {
      const core = end();
      if (cx.waitsFor !== undefined)
        throw new Error(`it returned while ${cx.waitsFor}, which it called, had not`);
      endBorrowed(borrowed);
      return core;
    } catch (error) {
      throw failure(cx, name, error);
    } finally {
      cx.running--;
    }
  };

  const callee =
    (waits: boolean) =>
    (...core: CoreValue[]): unknown => {
      cx.running++;
      const previous = cx.borrowed;
      const borrowed: GuestInstance['borrowed'] = [];
      cx.borrowed = borrowed;
      let value: unknown;
      try {
        dropForgotten(cx);
        const args = params.lift(cx, core);
        if (params.spilled) cx.allocator.free((core[0] as number) >>> 0);
        value = call(args);
      } catch (error) {
        return settle(() => thrown(error), borrowed);
      } finally {
        cx.borrowed = previous;
      }
      if (!(value instanceof Promise)) return settle(() => returned(value), borrowed);
      if (waits) {
        return value.then(
          (given: unknown) => settle(() => returned(given), borrowed),
          (error: unknown) => settle(() => thrown(error), borrowed),
        );
      }
      // It is not going to be waited for; its failure must not count as unhandled.
      value.catch(() => {});
      return settle(() => {
        throw new Error(
          `it returned a promise, and ${mayWait ? 'was called so that it cannot wait' : 'cannot wait'}`,
        );
      }, borrowed);
    };
  return Object.assign(callee(false), mayWait ? { [onStack]: () => callee(true) } : {}) as CoreCallee;
}

/** `post-return` of a function whose result is in memory. */
export function postReturn(cx: GuestInstance): (area: number) => void {
  return (area) => {
    const blocks = cx.results.get(area >>> 0);
    if (blocks === undefined) return;
    cx.results.delete(area >>> 0);
    freeAll(cx, blocks);
  };
}

/** Handles whose objects are gone: now that the guest may call out, it drops them. */
function dropForgotten({ forgotten }: GuestInstance): void {
  if (forgotten.length > 0) for (const cell of forgotten.splice(0)) cell.of.drop(cell);
}
