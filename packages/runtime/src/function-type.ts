/** A function's WIT type, and the core signature that follows from it. Spec: `FuncType`, `flatten_functype`. */
import type { CoreType } from './core-adapter.ts';
import type { ComponentInstance, LiftLowerOptions } from './instance.ts';
import { flattenRecord, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from './layout.ts';
import type { ValueType } from './types/value-type.ts';

/** A value as it passes between JavaScript and a core function: i64 as bigint, all others as number. */
export type CoreValue = number | bigint;

/** A parameter; its name is for messages. */
export interface Parameter {
  readonly name: string;
  readonly type: ValueType;
}

/** A function as components see it. */
export interface FunctionType {
  /** For messages: `demo:shop/cart.add`. */
  readonly name: string;
  readonly params: readonly Parameter[];
  /** `undefined` when there is none. A `result` is not returned as such: ok is returned, err thrown. */
  readonly result: ValueType | undefined;
}

/** A function as WebAssembly sees it. Spec: `CoreFuncType`. */
export interface CoreFunctionType {
  readonly params: readonly CoreType[];
  /** At most one. */
  readonly results: readonly CoreType[];
}

/** A core function: exported by a module, or given to one. */
export type CoreCallee = (...args: CoreValue[]) => CoreValue | void;

/** What a canonical function was defined with. Spec: `CanonicalOptions`. */
export interface CanonicalOptions extends LiftLowerOptions {
  /** For `canon lift`: takes what the core function returned. */
  readonly postReturn: ((...result: CoreValue[]) => void) | undefined;
  /** The function is lifted or lowered as one that may wait; false when it is not there. */
  readonly async?: boolean;
  /** For `canon lift` with `async`: takes events for a function that waits by returning. */
  readonly callback?: CoreCallee | undefined;
}

/** A function that one component gives to others: what `canon lift` defines. */
export interface LiftedFunction {
  readonly callee: CoreCallee;
  /** Resources are numbered as in `instance`. */
  readonly type: FunctionType;
  readonly options: CanonicalOptions;
  /** The instance whose function it is. */
  readonly instance: ComponentInstance;
}

/** The core function type that lifting takes or lowering gives. Spec: `flatten_functype`. */
export function flattenFunctionType(type: FunctionType, context: 'lift' | 'lower'): CoreFunctionType {
  let params = flattenRecord(type.params.map((param) => param.type));
  let results: readonly CoreType[] = type.result?.flat ?? [];
  if (params.length > MAX_FLAT_PARAMS) params = ['i32'];
  if (results.length > MAX_FLAT_RESULTS) {
    if (context === 'lower') params = [...params, 'i32'];
    results = context === 'lower' ? [] : ['i32'];
  }
  return { params, results };
}
