/** The core function that a component function is lifted from or lowered to. Spec: `flatten_functype`. */
import { flattenRecord, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '@wittle/runtime/types';
import type { CoreFunctionType, CoreValueType } from '../binary/definition.ts';
import type { Options } from './canon-options.ts';
import type { FunctionType, ValueType } from './component-type.ts';
import { layoutOf } from './layout.ts';
import { factsOf } from './type-facts.ts';

/** Spec: `MAX_FLAT_ASYNC_PARAMS`. */
const maxFlatAsyncParams = 4;

/** Throws where an option is missing that passing the values needs. */
export function coreSignature(
  type: FunctionType,
  options: Options,
  context: 'lift' | 'lower',
  offset: number,
): CoreFunctionType {
  const isLift = context === 'lift';
  const pointer = options.memory ?? 'i32';
  const flatten = (types: readonly ValueType[]): readonly CoreValueType[] =>
    flattenRecord(types.map((each) => layoutOf(each, pointer)));
  const hasMemory = (each: ValueType): boolean => factsOf(each, offset).memory;
  const result = type.result === undefined ? [] : [type.result];

  let params = flatten(type.params.map((param) => param.type));
  const maxParams = options.async && !isLift ? maxFlatAsyncParams : MAX_FLAT_PARAMS;
  const isIndirect = params.length > maxParams;
  if (isIndirect) params = [pointer];
  if (isIndirect || type.params.some((param) => hasMemory(param.type))) {
    if (isLift) options.requireRealloc(offset);
    else options.requireMemory(offset);
  }
  if (result.some(hasMemory)) {
    if (isLift) options.requireMemory(offset);
    else options.requireRealloc(offset);
  }

  let results = flatten(result);
  if (isLift && options.async) {
    if (results.length > MAX_FLAT_PARAMS) options.requireMemory(offset);
    results = options.callback === undefined ? [] : ['i32'];
  } else {
    if (results.length > (options.async ? 0 : MAX_FLAT_RESULTS)) {
      options.requireMemory(offset);
      if (!isLift) params = [...params, pointer];
      results = isLift ? [pointer] : [];
    }
    if (options.async) results = ['i32'];
  }
  return { kind: 'function', params, results };
}
