/** A resolved function. WIT.md: "Item: `func`". */
import type { Span } from '../source.ts';
import type { Stability } from './stability.ts';
import type { Type, TypeDefinition } from './type.ts';

/** A function of an interface, of a resource or of a world. */
export interface WitFunction {
  readonly kind: 'function';
  /** The whole name with its annotation: `f`, `[method]tcp-socket.bind`, `[constructor]fields`. */
  readonly name: string;
  readonly role: FunctionRole;
  /** Declared with `async`. */
  readonly async: boolean;
  /** A method's first parameter is `self`, a borrow of its resource. */
  readonly params: readonly Param[];
  /** `undefined` when it gives nothing. A constructor gives `own<resource>` (or a `result` of it). */
  readonly result: Type | undefined;
  readonly docs: string;
  readonly stability: Stability | undefined;
  readonly externalId: string | undefined;
  readonly span: Span | undefined;
}

/** What a function is to a resource; `resource` is the one that it is declared in. */
export type FunctionRole =
  | { readonly kind: 'freestanding' }
  | { readonly kind: 'method'; readonly resource: TypeDefinition }
  | { readonly kind: 'static'; readonly resource: TypeDefinition }
  | { readonly kind: 'constructor'; readonly resource: TypeDefinition };

/** A parameter of a function. */
export interface Param {
  readonly name: string;
  readonly type: Type;
  readonly span: Span | undefined;
}
