/** `canon lower`, without `async`, of what `canon lift` made with `async` in another component. */
import { fuse } from '../canon/fuse.ts';
import { transfers, transferValues } from '../canon/transfer.ts';
import {
  flattenFunctionType,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
  type LiftedFunction,
} from '../function-type.ts';
import { ComponentInstance, reselect, select } from '../instance.ts';
import { canSuspend, promising, suspend, suspendable } from '../jspi.ts';
import { flattenRecord, MAX_FLAT_PARAMS } from '../layout.ts';
import { storeCore } from './core-values.ts';
import { runTask } from './run.ts';

/**
 * As `canonFuse`; the result passes when the callee gives it, and the callee goes on then. If `mayWait`, a caller that
 * was entered in a way that can wait is suspended meanwhile; the callee must be a function that a core module itself
 * exports then.
 */
export function canonFuseAsync(
  lifted: LiftedFunction,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
  mayWait: boolean = false,
): CoreCallee {
  const { callee, type: own, options: lift, instance } = lifted;
  const call = fuse(
    { ...lifted, type: { ...own, result: undefined } },
    { ...type, result: undefined },
    options,
    cx,
  );
  const [from, to] = own.result === undefined ? [[], []] : [[own.result], [type.result!]];
  const width = flattenRecord(from).length;
  const isSpilled = width > MAX_FLAT_PARAMS;
  const pass = transferValues(from, to, isSpilled, transfers());
  const paramsWidth = flattenRecord(own.params.map((param) => param.type)).length;
  const areaAt = paramsWidth > MAX_FLAT_PARAMS ? 1 : paramsWidth;
  // As in `fuse`.
  const caller = cx === instance ? Object.assign(new ComponentInstance(''), cx) : cx;

  const passResult = (core: CoreValue[], area: number): void => {
    const theirs = select(instance, lift);
    const mine = select(caller, options);
    pass(instance, caller, core, area);
    if (width > 1 && !isSpilled) storeCore(caller, area, to, core);
    reselect(caller, mine);
    reselect(instance, theirs);
  };

  /** Calls the core function, or what stands for it on a stack that can be suspended. */
  const start = (core: CoreValue[], calls: Callee, suspends: boolean): Promise<Given> | Given => {
    const area = Number(core[areaAt] ?? 0) >>> 0;
    const calling = call.begin(core);
    instance.maySuspend = suspends;
    let given: Given;
    const fail = (error: unknown): never => {
      throw call.fail(calling, error);
    };
    const end = (): Given => {
      call.end(calling, undefined);
      return given;
    };
    try {
      const ended = runTask(lifted, calls, calling.core, calling.scope, (result) => {
        passResult(result, area);
        if (width === 1) [given] = result;
      });
      if (ended !== undefined) return ended.catch(fail).then(end);
    } catch (error) {
      fail(error);
    }
    return end();
  };
  const atOnce: CoreCallee = (...core) => start(core, callee, false) as Given;
  if (!mayWait || !canSuspend()) return atOnce;
  const later = promising(callee) as Callee;
  const { params, results } = flattenFunctionType(type, 'lower');
  const zero = results[0] === 'i64' ? 0n : 0;
  const attempt: CoreCallee = (...core) =>
    cx.maySuspend
      ? suspend(cx, start(core, later, true) as Promise<CoreValue>, type.name, zero)
      : atOnce(...core);
  return suspendable(cx, true, '', type.name, params, results[0], attempt, false) as CoreCallee;
}

type Callee = Parameters<typeof runTask>[1];
type Given = CoreValue | undefined;
