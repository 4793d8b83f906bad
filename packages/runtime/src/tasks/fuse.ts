/** `canon lower`, without `async`, of what `canon lift` made with `async` in another component. */
import { fuse } from '../canon/fuse.ts';
import { transfers, transferValues } from '../canon/transfer.ts';
import type {
  CanonicalOptions,
  CoreCallee,
  CoreValue,
  FunctionType,
  LiftedFunction,
} from '../function-type.ts';
import { ComponentInstance, reselect, select } from '../instance.ts';
import { flattenRecord, MAX_FLAT_PARAMS } from '../layout.ts';
import { storeCore } from './core-values.ts';
import { runTask } from './run.ts';

/** As `canonFuse`; the result passes when the callee gives it, and the callee goes on then. */
export function canonFuseAsync(
  lifted: LiftedFunction,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
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

  return (...core) => {
    const area = Number(core[areaAt] ?? 0) >>> 0;
    const calling = call.begin(core);
    let given: CoreValue | undefined;
    try {
      void runTask(lifted, callee, calling.core, calling.scope, (result) => {
        passResult(result, area);
        if (width === 1) [given] = result;
      });
    } catch (error) {
      throw call.fail(calling, error);
    }
    call.end(calling, undefined);
    return given;
  };
}
