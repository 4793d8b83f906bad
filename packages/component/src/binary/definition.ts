/**
 * A component as its binary has it: definitions in their order, indices as they stand. Nothing is looked up here; that
 * is validation's work. Binary.md: "Component Definitions". Offsets count bytes from the beginning of the file.
 */
import type { PrimitiveKind } from '@wittle/parser';
import type { ByteArray } from '@wittle/runtime';

/** A component, at the root or inside another. */
export interface ComponentDefinition {
  /** Where its preamble begins. */
  readonly offset: number;
  /** In the order of the binary: every item may refer only to what comes before it. */
  readonly items: readonly Item[];
}

export type Item =
  | CoreModuleItem
  | CoreInstanceItem
  | CoreTypeItem
  | ComponentItem
  | InstanceItem
  | AliasItem
  | TypeItem
  | CanonItem
  | StartItem
  | ImportItem
  | ExportItem
  | ValueItem
  | CustomItem;

// Sorts and indices

/** Spec: `core:sort`. */
export type CoreSort = 'function' | 'table' | 'memory' | 'global' | 'tag' | 'type' | 'module' | 'instance';

/** Spec: `sort`. */
export type Sort = `core ${CoreSort}` | 'function' | 'value' | 'type' | 'component' | 'instance';

/** An index into the index space that its context says, and where it is written. */
export interface Index {
  readonly index: number;
  readonly offset: number;
}

/** Spec: `sortidx`. */
export interface SortIndex extends Index {
  readonly sort: Sort;
}

/** The name of an import or export with its attributes. Spec: `nameattributes`. */
export interface ExternName {
  readonly name: string;
  readonly offset: number;
  /** The interface that an instance under a plain name implements. */
  readonly implements: string | undefined;
  /** What follows the version in `name`. */
  readonly versionSuffix: string | undefined;
  readonly externalId: string | undefined;
  /** There when an attribute is given more than once, which is not valid; the last one stands above. */
  readonly hasRepeatedAttribute?: true;
}

// Core modules, instances and types

/** A core module, not read any further. */
export interface CoreModuleItem {
  readonly kind: 'core module';
  readonly offset: number;
  readonly bytes: ByteArray;
}

/** Spec: `core:instance`. */
export interface CoreInstanceItem {
  readonly kind: 'core instance';
  readonly offset: number;
  readonly expression: CoreInstantiate | CoreInlineExports;
}

export interface CoreInstantiate {
  readonly kind: 'instantiate';
  readonly module: Index;
  /** `index` is that of a core instance. */
  readonly args: readonly (Index & { readonly name: string })[];
}

export interface CoreInlineExports {
  readonly kind: 'exports';
  readonly exports: readonly (Index & { readonly name: string; readonly sort: CoreSort })[];
}

/** Spec: `core:type`. */
export interface CoreTypeItem {
  readonly kind: 'core type';
  readonly offset: number;
  readonly definition: CoreTypeDefinition;
}

/** A module type, or types of core WebAssembly: a recursive group gives a type for each of its members. */
export type CoreTypeDefinition = CoreModuleTypeDefinition | CoreRecursiveTypes;

/** Spec: `core:rectype`. A type outside a group is a group of one. */
export interface CoreRecursiveTypes {
  readonly kind: 'recursive types';
  readonly types: readonly CoreSubtype[];
}

/** Spec: `core:subtype`. Type indices inside are those of the index space that the group is defined in. */
export interface CoreSubtype {
  readonly final: boolean;
  readonly supertypes: readonly number[];
  readonly type: CoreCompositeType;
}

/** Spec: `core:comptype`. */
export type CoreCompositeType =
  | CoreFunctionType
  | { readonly kind: 'struct'; readonly fields: readonly CoreFieldType[] }
  | { readonly kind: 'array'; readonly element: CoreFieldType };

export interface CoreFunctionType {
  readonly kind: 'function';
  readonly params: readonly CoreValueType[];
  readonly results: readonly CoreValueType[];
}

export interface CoreFieldType {
  readonly type: CoreValueType | 'i8' | 'i16';
  readonly mutable: boolean;
}

/** Spec: `core:valtype`. */
export type CoreValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | CoreReferenceType;

/** `heap` is the name of an abstract heap type (`func`, `extern`, `any`, …), or the index of a defined type. */
export interface CoreReferenceType {
  readonly nullable: boolean;
  readonly heap: string | number;
}

/** Spec: `core:moduletype`. Its type indices are those of its own, initially empty, index space. */
export interface CoreModuleTypeDefinition {
  readonly kind: 'module';
  readonly declarations: readonly CoreModuleDeclaration[];
}

export type CoreModuleDeclaration =
  | {
      readonly kind: 'import';
      readonly offset: number;
      readonly module: string;
      readonly name: string;
      readonly type: CoreExternDeclaration;
    }
  | { readonly kind: 'type'; readonly offset: number; readonly definition: CoreRecursiveTypes }
  /** An outer alias of a core type. */
  | { readonly kind: 'alias'; readonly offset: number; readonly scopes: number; readonly index: number }
  | {
      readonly kind: 'export';
      readonly offset: number;
      readonly name: string;
      readonly type: CoreExternDeclaration;
    };

/** Spec: `core:externtype`, with type indices. */
export type CoreExternDeclaration =
  | { readonly kind: 'function'; readonly type: number }
  | { readonly kind: 'table'; readonly type: CoreTableType }
  | { readonly kind: 'memory'; readonly type: CoreMemoryType }
  | { readonly kind: 'global'; readonly type: CoreGlobalType }
  | { readonly kind: 'tag'; readonly type: number };

export interface CoreLimits {
  readonly minimum: bigint;
  readonly maximum: bigint | undefined;
  readonly shared: boolean;
  /** The type of its addresses. */
  readonly address: 'i32' | 'i64';
}

export interface CoreTableType extends CoreLimits {
  readonly element: CoreReferenceType;
}

export interface CoreMemoryType extends CoreLimits {
  /** The logarithm of the size of a page, 16 unless said otherwise. */
  readonly pageSize: number;
}

export interface CoreGlobalType {
  readonly type: CoreValueType;
  readonly mutable: boolean;
}

// Components and instances

export interface ComponentItem {
  readonly kind: 'component';
  readonly offset: number;
  readonly definition: ComponentDefinition;
}

/** Spec: `instance`. */
export interface InstanceItem {
  readonly kind: 'instance';
  readonly offset: number;
  readonly expression: Instantiate | InlineExports;
}

export interface Instantiate {
  readonly kind: 'instantiate';
  readonly component: Index;
  readonly args: readonly (SortIndex & { readonly name: string })[];
}

export interface InlineExports {
  readonly kind: 'exports';
  readonly exports: readonly { readonly name: ExternName; readonly item: SortIndex }[];
}

// Aliases

export interface AliasItem {
  readonly kind: 'alias';
  readonly offset: number;
  readonly alias: Alias;
}

/** Spec: `alias`. `export` of an instance, `core export` of a core instance. */
export type Alias =
  | {
      readonly kind: 'export' | 'core export';
      readonly sort: Sort;
      readonly instance: number;
      readonly name: string;
    }
  | { readonly kind: 'outer'; readonly sort: Sort; readonly scopes: number; readonly index: number };

// Types

export interface TypeItem {
  readonly kind: 'type';
  readonly offset: number;
  readonly definition: TypeDefinition;
}

/** Spec: `deftype`. */
export type TypeDefinition =
  ValueTypeDefinition | FunctionTypeDefinition | ScopeTypeDefinition | ResourceTypeDefinition;

/** Spec: `valtype`: a primitive, or the index of a definition. */
export type ValueTypeReference = PrimitiveKind | Index;

export interface LabelledType {
  readonly name: string;
  readonly offset: number;
  readonly type: ValueTypeReference;
}

export interface LabelledCase {
  readonly name: string;
  readonly offset: number;
  readonly type: ValueTypeReference | undefined;
}

/** Spec: `labellit`. */
export interface Label {
  readonly name: string;
  readonly offset: number;
}

/** Spec: `defvaltype`. */
export type ValueTypeDefinition =
  | { readonly kind: 'primitive'; readonly primitive: PrimitiveKind }
  | { readonly kind: 'record'; readonly fields: readonly LabelledType[] }
  | { readonly kind: 'variant'; readonly cases: readonly LabelledCase[] }
  | { readonly kind: 'list'; readonly element: ValueTypeReference }
  | { readonly kind: 'fixed-length-list'; readonly element: ValueTypeReference; readonly length: number }
  | { readonly kind: 'tuple'; readonly types: readonly ValueTypeReference[] }
  | { readonly kind: 'flags'; readonly labels: readonly Label[] }
  | { readonly kind: 'enum'; readonly labels: readonly Label[] }
  | { readonly kind: 'option'; readonly type: ValueTypeReference }
  | {
      readonly kind: 'result';
      readonly ok: ValueTypeReference | undefined;
      readonly err: ValueTypeReference | undefined;
    }
  | { readonly kind: 'own'; readonly resource: Index }
  | { readonly kind: 'borrow'; readonly resource: Index }
  | { readonly kind: 'stream'; readonly element: ValueTypeReference | undefined }
  | { readonly kind: 'future'; readonly element: ValueTypeReference | undefined }
  | { readonly kind: 'map'; readonly key: ValueTypeReference; readonly value: ValueTypeReference };

/** Spec: `functype`. */
export interface FunctionTypeDefinition {
  readonly kind: 'function';
  readonly async: boolean;
  readonly params: readonly LabelledType[];
  readonly result: ValueTypeReference | undefined;
}

/** Spec: `componenttype`, `instancetype`; the latter has no imports. */
export interface ScopeTypeDefinition {
  readonly kind: 'component' | 'instance';
  readonly declarations: readonly Declaration[];
}

/** Spec: `resourcetype`. */
export interface ResourceTypeDefinition {
  readonly kind: 'resource';
  readonly rep: CoreValueType;
  /** A core function. */
  readonly destructor: Index | undefined;
}

/** Spec: `componentdecl`, `instancedecl`. */
export type Declaration =
  | CoreTypeItem
  | TypeItem
  | AliasItem
  | {
      readonly kind: 'import' | 'export';
      readonly offset: number;
      readonly name: ExternName;
      readonly type: ExternTypeDefinition;
    };

/** Spec: `externtype`. */
export type ExternTypeDefinition =
  | { readonly kind: 'core module' | 'function' | 'component' | 'instance'; readonly type: Index }
  /** `equals` for `(eq i)`; without it `(sub resource)`. */
  | { readonly kind: 'type'; readonly equals: Index | undefined }
  /** Spec: `valuebound`. */
  | { readonly kind: 'value'; readonly type: ValueTypeReference }
  | { readonly kind: 'value'; readonly equals: Index };

// Canonical functions

export interface CanonItem {
  readonly kind: 'canon';
  readonly offset: number;
  readonly canon: Canon;
}

/** Spec: `canon`. Every one but `lift` defines a core function. */
export type Canon =
  | {
      readonly kind: 'lift';
      readonly callee: Index;
      readonly options: readonly CanonOption[];
      readonly type: Index;
    }
  | { readonly kind: 'lower'; readonly callee: Index; readonly options: readonly CanonOption[] }
  | { readonly kind: 'resource.new' | 'resource.drop' | 'resource.rep'; readonly type: Index }
  | AsyncCanon;

/** The built-ins of the component model's own concurrency. What a kind does not have is not there, or empty. */
export interface AsyncCanon {
  readonly kind: AsyncCanonKind;
  /** A stream or future type, or a core function type for threads. */
  readonly type?: Index | undefined;
  /** For `task.return`. */
  readonly result?: ValueTypeReference | undefined;
  readonly options: readonly CanonOption[];
  /** The immediate `async`, `cancellable` or `shared`. */
  readonly flag: boolean;
  /** For `context.get` and `context.set`. */
  readonly context?: { readonly type: CoreValueType; readonly slot: number } | undefined;
  readonly memory?: Index | undefined;
  readonly table?: Index | undefined;
}

export type AsyncCanonKind =
  | 'backpressure.inc'
  | 'backpressure.dec'
  | 'task.return'
  | 'task.cancel'
  | 'context.get'
  | 'context.set'
  | 'subtask.cancel'
  | 'subtask.drop'
  | 'stream.new'
  | 'stream.read'
  | 'stream.write'
  | 'stream.cancel-read'
  | 'stream.cancel-write'
  | 'stream.drop-readable'
  | 'stream.drop-writable'
  | 'future.new'
  | 'future.read'
  | 'future.write'
  | 'future.cancel-read'
  | 'future.cancel-write'
  | 'future.drop-readable'
  | 'future.drop-writable'
  | 'error-context.new'
  | 'error-context.debug-message'
  | 'error-context.drop'
  | 'waitable-set.new'
  | 'waitable-set.wait'
  | 'waitable-set.poll'
  | 'waitable-set.drop'
  | 'waitable.join'
  | 'thread.index'
  | 'thread.new-indirect'
  | 'thread.resume-later'
  | 'thread.suspend'
  | 'thread.yield'
  | 'thread.suspend-then-resume'
  | 'thread.yield-then-resume'
  | 'thread.suspend-then-promote'
  | 'thread.yield-then-promote'
  | 'thread.spawn-ref'
  | 'thread.spawn-indirect'
  | 'thread.available-parallelism';

/** Spec: `canonopt`. */
export type CanonOption =
  | { readonly kind: 'utf8' | 'utf16' | 'latin1+utf16' | 'async'; readonly offset: number }
  | ({ readonly kind: 'memory' | 'realloc' | 'post-return' | 'callback' } & Index);

// Start, values, imports, exports, custom sections

/** Spec: `start`. */
export interface StartItem {
  readonly kind: 'start';
  readonly offset: number;
  readonly callee: Index;
  readonly args: readonly Index[];
  readonly results: number;
}

/** Spec: `value`; its bytes are not decoded. */
export interface ValueItem {
  readonly kind: 'value';
  readonly offset: number;
  readonly type: ValueTypeReference;
  readonly bytes: Uint8Array;
}

export interface ImportItem {
  readonly kind: 'import';
  readonly offset: number;
  readonly name: ExternName;
  readonly type: ExternTypeDefinition;
}

export interface ExportItem {
  readonly kind: 'export';
  readonly offset: number;
  readonly name: ExternName;
  readonly item: SortIndex;
  readonly type: ExternTypeDefinition | undefined;
}

export interface CustomItem {
  readonly kind: 'custom';
  readonly offset: number;
  readonly name: string;
  /** Where the contents begin. */
  readonly contentsOffset: number;
  readonly contents: Uint8Array;
}
