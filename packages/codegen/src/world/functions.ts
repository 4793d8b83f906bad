/** What a function takes and gives, as programs see it. */
import { resolveAlias, type Type, type TypeDefinition, type WitFunction } from '@wittle/parser';
import type { Shapes } from '../typescript/shapes.ts';

/** What a function gives: the type of its result, or of the `ok` case when it throws the other. */
export interface FunctionResult {
  /** `undefined`: nothing. */
  readonly value: Type | undefined;
  /** The function throws `ComponentError` for the `err` case of its result; `error` is its error type, if any. */
  readonly fails: boolean;
  readonly error: Type | undefined;
}

/** A constructor can only give its object: whatever the shapes, it throws. */
export function resultOf(of: WitFunction, { results }: Shapes): FunctionResult {
  const type = of.result === undefined ? undefined : resolveAlias(of.result);
  const throws = results === 'throw' || of.role.kind === 'constructor';
  if (throws && type?.kind === 'type-definition' && type.shape.kind === 'result') {
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
