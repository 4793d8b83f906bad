/** The core function type behind a WIT function. Spec: `flatten_functype`. */
import type { Type, TypeDefinition, WitFunction } from '@wittle/parser';
import { resolveAlias } from '@wittle/parser';
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

/** What a function gives: the type of its result, or of the `ok` case when it can fail. */
export interface FunctionResult {
  /** `undefined`: nothing. */
  readonly value: Type | undefined;
  /** The function's result is a `result`; `error` is its error type, if any. */
  readonly fails: boolean;
  readonly error: Type | undefined;
}

export function resultOf(of: WitFunction): FunctionResult {
  const type = of.result === undefined ? undefined : resolveAlias(of.result);
  if (type?.kind === 'type-definition' && type.shape.kind === 'result') {
    return { value: type.shape.ok, fails: true, error: type.shape.err };
  }
  return { value: of.result, fails: false, error: undefined };
}

/** The parameters without a method's `self`. */
export function ownParams(of: WitFunction): WitFunction['params'] {
  return of.role.kind === 'method' ? of.params.slice(1) : of.params;
}

/** The handle that a type is, if it is one. */
export function handleOf(
  type: Type,
): { readonly kind: 'own' | 'borrow'; readonly resource: TypeDefinition } | undefined {
  const behind = resolveAlias(type);
  if (behind.kind !== 'type-definition') return undefined;
  const { shape } = behind;
  return shape.kind === 'own' || shape.kind === 'borrow' ? shape : undefined;
}
