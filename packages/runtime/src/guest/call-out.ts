/** An imported function as the guest's code calls it: lowers the arguments, calls the core function, lifts the result. */
import { unwrap } from '../canon/lift.ts';
import { flatValues, spread } from '../flat-values.ts';
import type { CoreCallee, CoreValue, FunctionType } from '../function-type.ts';
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
import type { Tagged } from '../types/variant.ts';
import { freeAll, lose, lowering, type GuestInstance } from './instance.ts';

/**
 * The function over its core function. It throws ValueError for an argument of the wrong shape (nothing has happened
 * then) and ComponentError for the error value of a `result`; anything else that it throws is the host's, and the end of
 * the instance. It gives a promise where the core function does.
 */
export function callOut(
  cx: GuestInstance,
  { name, params, result }: FunctionType,
  callee: CoreCallee,
): (...args: unknown[]) => unknown {
  const values = flatValues(
    params.map((param) => param.type),
    params.map((param) => `${name} → ${param.name}`),
    MAX_FLAT_PARAMS,
  );
  const isArea = result !== undefined && result.flat.length > MAX_FLAT_RESULTS;
  const call = spread(callee, values.width + (isArea ? 1 : 0));
  const isResult = result?.kind === 'result';
  const finish = (core: CoreValue | void, area: number, blocks: readonly number[]): unknown => {
    freeAll(cx, blocks);
    if (result === undefined) return undefined;
    const value = isArea ? result.load(cx, area) : result.lift(cx, [core as CoreValue], 0);
    if (isArea) cx.allocator.free(area);
    return isResult ? unwrap(value as Tagged) : value;
  };
  return (...args) => {
    mayCall(cx, name);
    const core: CoreValue[] = [];
    const blocks = lowering(cx, () => {
      values.lower(cx, args, core);
      // A getter of an argument may have made another call, and not have waited for it.
      mayCall(cx, name);
    });
    const area = isArea ? cx.allocator.realloc(0, 0, result.alignment, result.size) : 0;
    if (isArea) core.push(area);
    let given: unknown;
    try {
      given = call(core);
    } catch (error) {
      throw lose(cx, error);
    }
    if (!(given instanceof Promise)) return finish(given as CoreValue | void, area, blocks);
    cx.waitsFor = name;
    return given.then(
      (settled) => {
        cx.waitsFor = undefined;
        return finish(settled as CoreValue | void, area, blocks);
      },
      (error: unknown) => {
        cx.waitsFor = undefined;
        throw lose(cx, error);
      },
    );
  };
}

/** The rules by which WebAssembly cannot but live: the guest's code runs only in calls, and not while it waits. */
export function mayCall({ name: world, running, waitsFor, lost }: GuestInstance, name: string): void {
  // It goes on being what ends the instance: `finally` is the only code that still runs.
  if (lost !== undefined) throw lost.error;
  if (running === 0)
    throw new Error(
      `${name} was called while no function of the guest ${world} runs: a component has no life of its own between calls`,
    );
  if (waitsFor !== undefined)
    throw new Error(
      `${name} was called while the guest ${world} waits for ${waitsFor}: a component waits for one call at a time`,
    );
}
