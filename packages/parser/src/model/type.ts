/** Value types and their definitions. WIT.md: "Item: types"; Explainer.md: "Type definitions". */
import type { Span } from '../source.ts';
import type { Interface } from './interface.ts';
import type { Stability } from './stability.ts';
import type { World } from './world.ts';

/** A type in use: a primitive, or a reference to a definition (named or anonymous). */
export type Type = PrimitiveType | TypeDefinition;

/** The names of the primitive types. */
export type PrimitiveKind =
  | 'bool'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 's8'
  | 's16'
  | 's32'
  | 's64'
  | 'f32'
  | 'f64'
  | 'char'
  | 'string'
  | 'error-context';

/** A type that needs no definition; compare `kind`. */
export interface PrimitiveType {
  readonly kind: PrimitiveKind;
}

/**
 * A definition: `name` is `undefined` for a type written in place (`list<u8>` as a parameter). A `use` or
 * `type a = b` makes a definition of its own whose shape is an {@link AliasShape}.
 */
export interface TypeDefinition {
  readonly kind: 'type-definition';
  readonly name: string | undefined;
  /** Where it was declared; `undefined` for anonymous types. */
  readonly owner: Interface | World | undefined;
  readonly shape: TypeShape;
  readonly docs: string;
  readonly stability: Stability | undefined;
  readonly externalId: string | undefined;
  readonly span: Span | undefined;
}

/** What a type is made of; `kind` tells which. */
export type TypeShape =
  | RecordShape
  | VariantShape
  | EnumShape
  | FlagsShape
  | TupleShape
  | OptionShape
  | ResultShape
  | ListShape
  | FixedLengthListShape
  | MapShape
  | ResourceShape
  | OwnShape
  | BorrowShape
  | StreamShape
  | FutureShape
  | AliasShape;

/** `record`: a value for each field. */
export interface RecordShape {
  readonly kind: 'record';
  readonly fields: readonly Field[];
}
/** A field of a record. */
export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly docs: string;
  readonly span: Span | undefined;
}
/** `variant`: one of several cases, some with a payload. */
export interface VariantShape {
  readonly kind: 'variant';
  readonly cases: readonly Case[];
}
/** A case of a variant; `type` is `undefined` for one without payload. */
export interface Case {
  readonly name: string;
  readonly type: Type | undefined;
  readonly docs: string;
  readonly span: Span | undefined;
}
/** `enum`: one of several labels. */
export interface EnumShape {
  readonly kind: 'enum';
  readonly cases: readonly Label[];
}
/** `flags`: any of several labels. */
export interface FlagsShape {
  readonly kind: 'flags';
  readonly flags: readonly Label[];
}
/** An enum case or a flag. */
export interface Label {
  readonly name: string;
  readonly docs: string;
  readonly span: Span | undefined;
}
/** `tuple<…>`. */
export interface TupleShape {
  readonly kind: 'tuple';
  readonly types: readonly Type[];
}
/** `option<t>`. */
export interface OptionShape {
  readonly kind: 'option';
  readonly type: Type;
}
/** `result<ok, err>`; either may be `undefined`. */
export interface ResultShape {
  readonly kind: 'result';
  readonly ok: Type | undefined;
  readonly err: Type | undefined;
}
/** `list<t>`. */
export interface ListShape {
  readonly kind: 'list';
  readonly element: Type;
}
/** `list<t, 4>`: always `length` elements. */
export interface FixedLengthListShape {
  readonly kind: 'fixed-length-list';
  readonly element: Type;
  readonly length: number;
}
/** `map<k, v>`; the key is a primitive. */
export interface MapShape {
  readonly kind: 'map';
  readonly key: Type;
  readonly value: Type;
}
/** `resource`: what handles are of. Its functions are those of the interface or world, by their `role`. */
export interface ResourceShape {
  readonly kind: 'resource';
}
/** `own<r>`; `resource` may be an alias of the resource, see `resolveAlias`. */
export interface OwnShape {
  readonly kind: 'own';
  readonly resource: TypeDefinition;
}
/** `borrow<r>`; `resource` may be an alias of the resource. */
export interface BorrowShape {
  readonly kind: 'borrow';
  readonly resource: TypeDefinition;
}
/** `stream<t>`, or `stream` without an element. */
export interface StreamShape {
  readonly kind: 'stream';
  readonly element: Type | undefined;
}
/** `future<t>`, or `future` without an element. */
export interface FutureShape {
  readonly kind: 'future';
  readonly element: Type | undefined;
}
/** Another name for `target`: a `use`, or `type a = b`. */
export interface AliasShape {
  readonly kind: 'alias';
  readonly target: Type;
}

/** The type behind any number of `use` and `type a = b` steps. */
export function resolveAlias(type: Type): Type {
  let at = type;
  while (at.kind === 'type-definition' && at.shape.kind === 'alias') at = at.shape.target;
  return at;
}
