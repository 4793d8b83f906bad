/** The core function that a component function is lifted from or lowered to. Spec: `flatten_functype`. */
import { flattenRecord, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '@wittle/runtime/types';
import type { CoreFunctionType, CoreValueType } from '../binary/definition.ts';
import { requireMemory, requireRealloc, type Options } from './canon-options.ts';
import type { FunctionType, ValueType } from './component-type.ts';
import { layoutOf } from './layout.ts';
import { factsOf } from './type-facts.ts';

/** Spec: `MAX_FLAT_ASYNC_PARAMS`. */
const maxFlatAsyncParams = 4;

/** Fails where an option is missing that passing the values needs. */
export function coreSignature(
  { params: declared, result }: Pick<FunctionType, 'params' | 'result'>,
  options: Options,
  context: 'lift' | 'lower',
): CoreFunctionType {
  const isLift = context === 'lift';
  const pointer = options.memory ?? 'i32';
  const flatten = (types: readonly ValueType[]): readonly CoreValueType[] =>
    flattenRecord(types.map((each) => layoutOf(each, pointer)));
  // What is lowered into the component that has the memory needs room there.
  const [inward, outward] = isLift ? [requireRealloc, requireMemory] : [requireMemory, requireRealloc];

  let params = flatten(declared.map((param) => param.type));
  const maxParams = options.async && !isLift ? maxFlatAsyncParams : MAX_FLAT_PARAMS;
  const isIndirect = params.length > maxParams;
  if (isIndirect) params = [pointer];
  if (isIndirect || declared.some((param) => factsOf(param.type).memory)) inward(options);
  if (result !== undefined && factsOf(result).memory) outward(options);

  let results = flatten(result === undefined ? [] : [result]);
  const isReturned = isLift && options.async;
  if (results.length > (isReturned ? MAX_FLAT_PARAMS : options.async ? 0 : MAX_FLAT_RESULTS)) {
    requireMemory(options);
    if (!isLift) params = [...params, pointer];
    results = isLift ? [pointer] : [];
  }
  if (options.async) results = isLift && options.callback === undefined ? [] : ['i32'];
  return { kind: 'function', params, results };
}
