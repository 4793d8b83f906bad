/** The syntax tree of WIT: one node type per production, each with its span. Names as written, nothing resolved. */
import type { Source, Span } from '../source.ts';

/** Any node; `kind` tells which. */
export type AstNode =
  | WitFileNode
  | PackageDeclarationNode
  | TopLevelItemNode
  | PackageNameNode
  | IdNode
  | VersionNode
  | DocsNode
  | AttributeNode
  | UsePathNode
  | InterfaceItemNode
  | WorldItemNode
  | ExternTargetNode
  | UseNameNode
  | RenameNode
  | FieldNode
  | CaseNode
  | LabelNode
  | ResourceFunctionNode
  | FunctionTypeNode
  | ParamNode
  | TypeNode;

/** A whole file. WIT.md: "Top-level items". */
export interface WitFileNode {
  readonly kind: 'wit-file';
  readonly span: Span;
  readonly source: Source;
  /** `package a:b;` at the top, when it is there. */
  readonly package: PackageDeclarationNode | undefined;
  readonly items: readonly TopLevelItemNode[];
  /** Something between the items could not be read and was skipped. */
  readonly incomplete: boolean;
  /** The words in all that was skipped, as what they named is missing; `all` when nothing of the file was read. */
  readonly lostNames: ReadonlySet<string> | 'all';
}

/** An item at the top level of a file or of a `package a:b { … }`. */
export type TopLevelItemNode = TopLevelUseNode | InterfaceNode | WorldNode | NestedPackageNode;

/** `package a:b@1.0.0`. */
export interface PackageDeclarationNode {
  readonly kind: 'package-declaration';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly name: PackageNameNode;
}

/** `package a:b { … }`. */
export interface NestedPackageNode {
  readonly kind: 'nested-package';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly name: PackageNameNode;
  readonly items: readonly TopLevelItemNode[];
  readonly incomplete: boolean;
}

/** `a:b@1.0.0`. */
export interface PackageNameNode {
  readonly kind: 'package-name';
  readonly span: Span;
  readonly namespace: IdNode;
  readonly name: IdNode;
  readonly version: VersionNode | undefined;
}

/** An identifier without its `%`; the span includes it. */
export interface IdNode {
  readonly kind: 'id';
  readonly span: Span;
  readonly name: string;
}

/** A semantic version as it is written. */
export interface VersionNode {
  readonly kind: 'version';
  readonly span: Span;
  readonly version: string;
}

/** The comments before an item, as text without comment marks: all of them, `///` or not, up to its first gate. */
export interface DocsNode {
  readonly kind: 'docs';
  readonly span: Span;
  readonly text: string;
}

/** `@since(…)` and the like, before an item. WIT.md: "Feature Gates". */
export type AttributeNode = SinceNode | UnstableNode | DeprecatedNode | ExternalIdNode;

/** `@since(version = 1.0.0)`. */
export interface SinceNode {
  readonly kind: 'since';
  readonly span: Span;
  readonly version: VersionNode;
}
/** `@unstable(feature = a)`. */
export interface UnstableNode {
  readonly kind: 'unstable';
  readonly span: Span;
  readonly feature: IdNode;
}
/** `@deprecated(version = 1.0.0)`. */
export interface DeprecatedNode {
  readonly kind: 'deprecated';
  readonly span: Span;
  readonly version: VersionNode;
}
/** `@external-id("…")`. */
export interface ExternalIdNode {
  readonly kind: 'external-id';
  readonly span: Span;
  /** The string with its escapes decoded. */
  readonly id: string;
}

/** `use a:b/c as d;` at the top level. */
export interface TopLevelUseNode {
  readonly kind: 'top-level-use';
  readonly span: Span;
  readonly attributes: readonly AttributeNode[];
  readonly path: UsePathNode;
  readonly as: IdNode | undefined;
}

/** `c` or `a:b/c@1.0.0`. */
export interface UsePathNode {
  readonly kind: 'use-path';
  readonly span: Span;
  /** `undefined` for a name of this package. */
  readonly package: PackageNameNode | undefined;
  readonly name: IdNode;
}

/** `interface x { … }`. */
export interface InterfaceNode {
  readonly kind: 'interface';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly name: IdNode;
  readonly items: readonly InterfaceItemNode[];
  readonly incomplete: boolean;
}

/** What an interface may contain. */
export type InterfaceItemNode = UseNode | TypeDefinitionNode | FunctionNode;

/** `world x { … }`. */
export interface WorldNode {
  readonly kind: 'world';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly name: IdNode;
  readonly items: readonly WorldItemNode[];
  readonly incomplete: boolean;
}

/** What a world may contain. */
export type WorldItemNode = ExternNode | UseNode | TypeDefinitionNode | IncludeNode;

/** `import …` or `export …`. */
export interface ExternNode {
  readonly kind: 'extern';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly direction: 'import' | 'export';
  readonly target: ExternTargetNode;
}

/** What an `import` or `export` names. */
export type ExternTargetNode = ExternPathNode | ExternFunctionNode | ExternInterfaceNode;

/** `a:b/c` alone, or with a label: `x: a:b/c`. */
export interface ExternPathNode {
  readonly kind: 'extern-path';
  readonly label: IdNode | undefined;
  readonly path: UsePathNode;
}
/** `x: func()`. */
export interface ExternFunctionNode {
  readonly kind: 'extern-function';
  readonly label: IdNode;
  readonly type: FunctionTypeNode;
}
/** `x: interface { … }`. */
export interface ExternInterfaceNode {
  readonly kind: 'extern-interface';
  readonly label: IdNode;
  readonly items: readonly InterfaceItemNode[];
  readonly incomplete: boolean;
}

/** `include a with { b as c }`. */
export interface IncludeNode {
  readonly kind: 'include';
  readonly span: Span;
  readonly attributes: readonly AttributeNode[];
  readonly path: UsePathNode;
  readonly names: readonly RenameNode[];
}

/** `use a.{b, c as d};`. */
export interface UseNode {
  readonly kind: 'use';
  readonly span: Span;
  readonly attributes: readonly AttributeNode[];
  readonly path: UsePathNode;
  readonly names: readonly UseNameNode[];
}

/** `b` or `b as c`. */
export interface UseNameNode {
  readonly kind: 'use-name';
  readonly span: Span;
  readonly name: IdNode;
  readonly as: IdNode | undefined;
}

/** `b as c`. */
export interface RenameNode {
  readonly kind: 'rename';
  readonly span: Span;
  readonly name: IdNode;
  readonly as: IdNode;
}

/** A definition of a type, in an interface or a world. */
export type TypeDefinitionNode =
  TypeAliasNode | RecordNode | FlagsNode | VariantNode | EnumNode | ResourceNode;

interface DefinitionNode {
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly name: IdNode;
}
/** `type a = t;`. */
export interface TypeAliasNode extends DefinitionNode {
  readonly kind: 'type-alias';
  readonly type: TypeNode;
}
/** `record r { a: u32 }`. */
export interface RecordNode extends DefinitionNode {
  readonly kind: 'record';
  readonly fields: readonly FieldNode[];
}
/** `flags f { a, b }`. */
export interface FlagsNode extends DefinitionNode {
  readonly kind: 'flags';
  readonly flags: readonly LabelNode[];
}
/** `variant v { a, b(u32) }`. */
export interface VariantNode extends DefinitionNode {
  readonly kind: 'variant';
  readonly cases: readonly CaseNode[];
}
/** `enum e { a, b }`. */
export interface EnumNode extends DefinitionNode {
  readonly kind: 'enum';
  readonly cases: readonly LabelNode[];
}
/** `resource r;` or `resource r { … }`. */
export interface ResourceNode extends DefinitionNode {
  readonly kind: 'resource';
  readonly functions: readonly ResourceFunctionNode[];
  readonly incomplete: boolean;
}

/** `a: u32` in a record. */
export interface FieldNode {
  readonly kind: 'field';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly name: IdNode;
  readonly type: TypeNode;
}
/** `a` or `a(u32)` in a variant. */
export interface CaseNode {
  readonly kind: 'case';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly name: IdNode;
  readonly type: TypeNode | undefined;
}
/** An enum case or a flag. */
export interface LabelNode {
  readonly kind: 'label';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly name: IdNode;
}

/** `f: func()` of an interface. */
export interface FunctionNode {
  readonly kind: 'function';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly name: IdNode;
  readonly type: FunctionTypeNode;
}

/** A function inside a resource. A constructor's `name` is its keyword. */
export interface ResourceFunctionNode {
  readonly kind: 'resource-function';
  readonly span: Span;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly role: 'method' | 'static' | 'constructor';
  readonly name: IdNode;
  readonly type: FunctionTypeNode;
}

/** `async func(a: u32) -> u32`. */
export interface FunctionTypeNode {
  readonly kind: 'function-type';
  /** From `func` on, without `async`. */
  readonly span: Span;
  readonly async: boolean;
  readonly params: readonly ParamNode[];
  readonly result: TypeNode | undefined;
}

/** `a: u32` in a parameter list. */
export interface ParamNode {
  readonly kind: 'param';
  readonly span: Span;
  readonly name: IdNode;
  readonly type: TypeNode;
}

/** A type in use; `kind` tells which. */
export type TypeNode =
  | PrimitiveTypeNode
  | NamedTypeNode
  | TupleTypeNode
  | ListTypeNode
  | OptionTypeNode
  | ResultTypeNode
  | MapTypeNode
  | HandleTypeNode
  | FutureTypeNode
  | StreamTypeNode;

/** The keywords of the primitive types. */
export type PrimitiveName =
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

/** A primitive type. */
export interface PrimitiveTypeNode {
  readonly kind: 'primitive-type';
  readonly span: Span;
  readonly name: PrimitiveName;
}
/** A type by its name. */
export interface NamedTypeNode {
  readonly kind: 'named-type';
  readonly span: Span;
  readonly id: IdNode;
}
/** `tuple<t, u>`. */
export interface TupleTypeNode {
  readonly kind: 'tuple-type';
  readonly span: Span;
  readonly types: readonly TypeNode[];
}
/** `list<T>`, or `list<T, 4>` with a length. */
export interface ListTypeNode {
  readonly kind: 'list-type';
  readonly span: Span;
  readonly element: TypeNode;
  readonly length: number | undefined;
}
/** `option<t>`. */
export interface OptionTypeNode {
  readonly kind: 'option-type';
  readonly span: Span;
  readonly type: TypeNode;
}
/** `result<ok, err>`, `result<_, err>`, `result<ok>` or `result`. */
export interface ResultTypeNode {
  readonly kind: 'result-type';
  readonly span: Span;
  readonly ok: TypeNode | undefined;
  readonly err: TypeNode | undefined;
}
/** `map<k, v>`. */
export interface MapTypeNode {
  readonly kind: 'map-type';
  readonly span: Span;
  readonly key: TypeNode;
  readonly value: TypeNode;
}
/** `own<r>` or `borrow<r>`. */
export interface HandleTypeNode {
  readonly kind: 'handle-type';
  readonly span: Span;
  readonly mode: 'own' | 'borrow';
  readonly resource: IdNode;
}
/** `future<t>` or `future`. */
export interface FutureTypeNode {
  readonly kind: 'future-type';
  readonly span: Span;
  readonly element: TypeNode | undefined;
}
/** `stream<t>` or `stream`. */
export interface StreamTypeNode {
  readonly kind: 'stream-type';
  readonly span: Span;
  readonly element: TypeNode | undefined;
}
