/**
 * Component binaries: read, validated, linked and run; and what they declare, as WIT. Pure; no Node, no `eval`.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// Running components
export { compile, compileSync, ComponentBinaryError } from './component.ts';
export type { CompileOptions, Component, ComponentBytes, ComponentItem } from './component.ts';
export { instantiate, instantiateSync } from './instantiate.ts';
export type { AnyExports, Exported } from './instantiate.ts';
export type { InstantiateOptions } from './link/instance.ts';

// Bounds of what they allocate
export { LimitError, limitModule } from './limits.ts';
export type { ProgramLimits } from './limits.ts';

// Their types
export type {
  AnyType,
  ComponentType,
  CoreExternType,
  CoreModuleType,
  EnumType,
  Extern,
  Externs,
  ExternType,
  FixedLengthListType,
  FlagsType,
  FunctionType,
  HandleType,
  InstanceType,
  ListType,
  MapType,
  OptionType,
  PrimitiveType,
  RecordType,
  ResourceIdentity,
  ResourcePath,
  ResourceType,
  ResultType,
  StreamType,
  TupleType,
  ValueType,
  VariantType,
} from './validate/component-type.ts';
export type { ExternName } from './binary/definition.ts';

// What binaries declare, as WIT
export { decodeComponent, decodeWit, decodeWitPackage } from './decode/wit.ts';
export type { DecodedPackage, DecodedWit, NeededInterface, WitDecoding } from './decode/wit.ts';
export { printPackage } from './decode/print.ts';

// Binaries
export { isComponent } from './binary/sections.ts';
export type { BinaryProblem } from './binary/reader.ts';
