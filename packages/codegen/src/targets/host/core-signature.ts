/** The core function type behind a WIT function. Spec: `flatten_functype`. */
import type { WitFunction } from '@wittle/parser';
import { flatten, flattenAll, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, type CoreType } from '../../layout.ts';

export interface CoreSignature {
  readonly params: readonly CoreType[];
  readonly result: CoreType | undefined;
  /** The parameters are one pointer to all of them. */
  readonly spilled: boolean;
  /** The result is in memory: a guest gives a pointer to it, a host is given one. */
  readonly viaMemory: boolean;
}

/** As the guest exports it; what it imports takes a pointer for a result in memory instead of giving it. */
export function coreSignature(of: WitFunction): CoreSignature {
  const flat = flattenAll(of.params.map((param) => param.type));
  const spilled = flat.length > MAX_FLAT_PARAMS;
  const results = of.result === undefined ? [] : flatten(of.result);
  const viaMemory = results.length > MAX_FLAT_RESULTS;
  return { params: spilled ? ['i32'] : flat, result: viaMemory ? 'i32' : results[0], spilled, viaMemory };
}
