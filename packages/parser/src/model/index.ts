/** The resolved model: readonly data, references instead of ids. */

// Packages
export { packageId } from './package.ts';
export type { Model, Package, PackageName, SemanticVersion } from './package.ts';

// Interfaces and worlds
export { interfaceId } from './interface.ts';
export type { Interface } from './interface.ts';
export type { World, WorldFunction, WorldInterface, WorldItem, WorldType } from './world.ts';

// Functions
export type { FunctionRole, Param, WitFunction } from './function.ts';

// Types
export { resolveAlias } from './type.ts';
export type {
  AliasShape,
  BorrowShape,
  Case,
  EnumShape,
  Field,
  FixedLengthListShape,
  FlagsShape,
  FutureShape,
  Label,
  ListShape,
  MapShape,
  OptionShape,
  OwnShape,
  PrimitiveKind,
  PrimitiveType,
  RecordShape,
  ResourceShape,
  ResultShape,
  StreamShape,
  TupleShape,
  Type,
  TypeDefinition,
  TypeShape,
  VariantShape,
} from './type.ts';

// Gates
export type { Stability, Stable, Unstable } from './stability.ts';
