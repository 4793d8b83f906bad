/**
 * WIT text in, a resolved model out.
 *
 * `parse` turns one source into an AST, `resolve` turns the ASTs of packages into a model. Both are pure and report
 * every mistake they find as located diagnostics. Reading a directory from disk is `@wittle/parser/node`.
 *
 * @packageDocumentation
 */

// Sources
export type { Position, Source, Span } from './source.ts';

// The resolved model
export { interfaceId, packageId, resolveAlias } from './model/index.ts';
export type {
  AliasShape,
  BorrowShape,
  Case,
  EnumShape,
  Field,
  FixedLengthListShape,
  FlagsShape,
  FunctionRole,
  FutureShape,
  Interface,
  Label,
  ListShape,
  MapShape,
  Model,
  OptionShape,
  OwnShape,
  Package,
  PackageName,
  Param,
  PrimitiveKind,
  PrimitiveType,
  RecordShape,
  ResourceShape,
  ResultShape,
  SemanticVersion,
  Stability,
  Stable,
  StreamShape,
  TupleShape,
  Type,
  TypeDefinition,
  TypeShape,
  Unstable,
  VariantShape,
  WitFunction,
  World,
  WorldFunction,
  WorldInterface,
  WorldItem,
  WorldType,
} from './model/index.ts';
