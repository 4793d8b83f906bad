/**
 * The types of components, with every index looked up. Explainer.md: "Type Definitions".
 *
 * Types are compared by structure, except resources, which are compared by identity. Where a type is imported or
 * exported, a new object begins that is equal to the old one, so that a name can be told apart from what it names;
 * `aliasOf` leads back. Objects are shared and never change.
 */
import type { PrimitiveKind } from '@wittle/parser';
import type {
  ComponentDefinition,
  CoreFunctionType,
  CoreGlobalType,
  CoreMemoryType,
  CoreTableType,
  ExternName,
} from '../binary/definition.ts';

// Value types

/** Spec: `valtype`, `defvaltype`. */
export type ValueType =
  | PrimitiveType
  | RecordType
  | VariantType
  | ListType
  | FixedLengthListType
  | TupleType
  | FlagsType
  | EnumType
  | OptionType
  | ResultType
  | HandleType
  | StreamType
  | MapType;

interface Aliased<T> {
  /** The type that this one was imported or exported as; `undefined` where a type is defined. */
  readonly aliasOf?: T;
}

export interface PrimitiveType extends Aliased<PrimitiveType> {
  readonly kind: PrimitiveKind;
}
export interface RecordType extends Aliased<RecordType> {
  readonly kind: 'record';
  readonly fields: readonly { readonly name: string; readonly type: ValueType }[];
}
export interface VariantType extends Aliased<VariantType> {
  readonly kind: 'variant';
  readonly cases: readonly { readonly name: string; readonly type: ValueType | undefined }[];
}
export interface ListType extends Aliased<ListType> {
  readonly kind: 'list';
  readonly element: ValueType;
}
export interface FixedLengthListType extends Aliased<FixedLengthListType> {
  readonly kind: 'fixed-length-list';
  readonly element: ValueType;
  readonly length: number;
}
export interface TupleType extends Aliased<TupleType> {
  readonly kind: 'tuple';
  readonly types: readonly ValueType[];
}
export interface FlagsType extends Aliased<FlagsType> {
  readonly kind: 'flags';
  readonly labels: readonly string[];
}
export interface EnumType extends Aliased<EnumType> {
  readonly kind: 'enum';
  readonly labels: readonly string[];
}
export interface OptionType extends Aliased<OptionType> {
  readonly kind: 'option';
  readonly type: ValueType;
}
export interface ResultType extends Aliased<ResultType> {
  readonly kind: 'result';
  readonly ok: ValueType | undefined;
  readonly err: ValueType | undefined;
}
export interface HandleType extends Aliased<HandleType> {
  readonly kind: 'own' | 'borrow';
  readonly resource: ResourceType;
}
export interface StreamType extends Aliased<StreamType> {
  readonly kind: 'stream' | 'future';
  readonly element: ValueType | undefined;
}
export interface MapType extends Aliased<MapType> {
  readonly kind: 'map';
  readonly key: ValueType;
  readonly value: ValueType;
}

// Resources

/**
 * A resource type. The identity is `identity`: two objects stand for the same resource when theirs are the same object
 * (compare with `sameResource`).
 */
export interface ResourceType extends Aliased<ResourceType> {
  readonly kind: 'resource';
  readonly identity: ResourceIdentity;
}

/** `defined` is there for a resource that this component defines itself. */
export interface ResourceIdentity {
  /** For messages; the name under which it was first imported, exported or reached. */
  readonly name: string | undefined;
  readonly defined: { readonly hasDestructor: boolean; readonly rep: 'i32' | 'i64' } | undefined;
}

// Functions, instances, components, modules

/** Spec: `functype`. */
export interface FunctionType {
  readonly kind: 'function';
  readonly async: boolean;
  readonly params: readonly { readonly name: string; readonly type: ValueType }[];
  readonly result: ValueType | undefined;
}

/** What is under a name: the type of an import or export. Spec: `externtype`. */
export interface Extern {
  readonly name: ExternName;
  readonly type: ExternType;
}

export type ExternType =
  | FunctionType
  | InstanceType
  | ComponentType
  | CoreModuleType
  | { readonly kind: 'type'; readonly type: AnyType }
  | { readonly kind: 'value'; readonly type: ValueType };

/** What a type index can stand for. */
export type AnyType = ValueType | ResourceType | FunctionType | InstanceType | ComponentType;

/** By name, in order. */
export type Externs = ReadonlyMap<string, Extern>;

/**
 * Spec: `instancetype`. `resources` are those that are abstract in it, each with the path of export names that leads to
 * it: an instance of this type has resources of its own for them. It is empty for the type of an instance that is
 * there, whose resources are known.
 */
export interface InstanceType {
  readonly kind: 'instance';
  readonly exports: Externs;
  readonly resources: readonly ResourcePath[];
}

/**
 * Spec: `componenttype`. Instantiating it binds `importedResources` (paths start with the import's name) to what is
 * given, and makes `exportedResources` (paths start with the export's name) anew.
 */
export interface ComponentType {
  readonly kind: 'component';
  readonly imports: Externs;
  readonly exports: Externs;
  readonly importedResources: readonly ResourcePath[];
  readonly exportedResources: readonly ResourcePath[];
}

export interface ResourcePath {
  readonly path: readonly string[];
  readonly identity: ResourceIdentity;
}

/** Spec: `core:moduletype`. */
export interface CoreModuleType {
  readonly kind: 'core module';
  /** By module name and field name. */
  readonly imports: ReadonlyMap<string, ReadonlyMap<string, CoreExternType>>;
  readonly exports: ReadonlyMap<string, CoreExternType>;
}

/** Spec: `core:externtype`. References to defined types are canonical: equal types have equal `heap` texts. */
export type CoreExternType =
  | { readonly kind: 'function'; readonly type: CoreFunctionType }
  | { readonly kind: 'table'; readonly type: CoreTableType }
  | { readonly kind: 'memory'; readonly type: CoreMemoryType }
  | { readonly kind: 'global'; readonly type: CoreGlobalType }
  | { readonly kind: 'tag'; readonly type: CoreFunctionType };

// What validation found

/** A component that is valid, and what linking needs to know of it beyond its definition. */
export interface ValidComponent {
  readonly definition: ComponentDefinition;
  readonly type: ComponentType;
  /** One per item of the definition, at the same place. */
  readonly facts: readonly ItemFacts[];
}

/** What validation found out about an item; `none` where the definition says it all. */
export type ItemFacts =
  /** `core module`. */
  | { readonly kind: 'core module'; readonly type: CoreModuleType }
  /** `component`. */
  | { readonly kind: 'component'; readonly component: ValidComponent }
  /** `canon lift`, `canon lower`; `memory` is the type of addresses in the memory, if there is one. */
  | { readonly kind: 'function'; readonly type: FunctionType; readonly memory: 'i32' | 'i64' | undefined }
  /** A type item that defines a resource; `canon resource.…`. */
  | { readonly kind: 'resource'; readonly type: ResourceType }
  /** A built-in on a stream or future type, and `task.return`. */
  | { readonly kind: 'value type'; readonly type: ValueType | undefined }
  /**
   * `import`, `instance` and `export`: the resources that begin here. A path leads from the thing that is imported,
   * instantiated or exported to the resource; it is empty when the thing is the resource.
   */
  | { readonly kind: 'extern'; readonly type: ExternType; readonly resources: readonly ResourcePath[] }
  | { readonly kind: 'none' };
