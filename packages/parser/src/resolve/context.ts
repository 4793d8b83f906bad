/** What the passes share: drafts of the model while it grows, the scopes of names, the packages already done. */
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import type {
  Interface,
  Package,
  PackageName,
  PrimitiveKind,
  PrimitiveType,
  Stability,
  Type,
  TypeDefinition,
  WitFunction,
  World,
  WorldItem,
} from '../model/index.ts';
import type { Span } from '../source.ts';
import type {
  DocsNode,
  IdNode,
  IncludeNode,
  InterfaceItemNode,
  InterfaceNode,
  TopLevelItemNode,
  WorldNode,
} from '../syntax/ast.ts';

/** A part of the model before it is finished. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** Everything that one call of `resolve` knows. */
export interface Context {
  /** What is wrong with a package by itself; it comes before everything that takes other packages to see. */
  readonly report: Report;
  /** What takes other packages or the active features to see. */
  readonly reportLink: Report;
  /** "Did you mean", for the first mistakes only: on a text with very many it would take too long. */
  readonly hint: (name: string, candidates: () => Iterable<string>) => string | undefined;
  readonly features: ReadonlySet<string>;
  readonly allFeatures: boolean;
  /** The packages that are finished, by their id. */
  readonly packages: Map<string, PackageScope>;
  /** The ids of all packages that were given, finished or not. */
  readonly known: ReadonlySet<string>;
  /** Behind a feature that is not active. */
  readonly excludedTypes: Set<TypeDefinition>;
  readonly excludedInterfaces: Set<Interface>;
  /** What an alias stands for in the end. */
  readonly roots: Map<TypeDefinition, Type>;
  /** Definitions that contain a `borrow`. */
  readonly borrowing: Set<TypeDefinition>;
  /** The model's arrays, in the order of the reference's arenas. */
  readonly types: Draft<TypeDefinition>[];
  readonly interfaces: Draft<Interface>[];
  readonly worlds: Draft<World>[];
  /** The imports and exports of all worlds so far. */
  readonly worldItems: { count: number };
}

/** A package as collected from its files, before anything is resolved. */
export interface PackageSource {
  readonly name: PackageName;
  readonly nameSpan: Span;
  readonly docs: DocsNode | undefined;
  readonly files: readonly FileItems[];
  /** What is wrong with it by itself. */
  readonly diagnostics: Diagnostic[];
  /** Names that may have been defined in what could not be parsed. */
  readonly lostNames: ReadonlySet<string> | 'all';
  /** It was asked for, not a dependency. */
  readonly isMain: boolean;
}

export interface Mention {
  readonly kind: 'interface' | 'world';
  readonly span: Span;
}

/** The items of one file, or of one `package a:b { … }`. */
export interface FileItems {
  readonly items: readonly TopLevelItemNode[];
}

/** A package while it is resolved, and after. */
export interface PackageScope {
  readonly context: Context;
  readonly source: PackageSource;
  readonly package: Draft<Package>;
  /** Its interfaces and worlds by name, gated ones too. */
  readonly items: Map<string, ItemDraft>;
  readonly files: FileScope[];
  /** Its interfaces in the order of the arena, inline ones last. */
  readonly interfaces: InterfaceDraft[];
  readonly worlds: WorldDraft[];
  /** Its types in the order of the arena, gated ones too. */
  readonly types: Draft<TypeDefinition>[];
  /** One definition for each structure that is written in place. */
  readonly anonymous: Map<string, Draft<TypeDefinition>>;
  readonly numbers: Map<TypeDefinition, number>;
  /** What the first mention of a foreign item takes it for, by its path. */
  readonly mentions: ReadonlyMap<string, Mention>;
  /** Names of items that were already reported as missing. */
  readonly unknownItems: Set<IdNode>;
  /** Packages that were already reported as missing. */
  readonly missing: Set<string>;
}

export type ItemDraft = InterfaceDraft | WorldDraft;

/** The names that one file sees: its own items and its top-level `use`s. */
export interface FileScope {
  readonly package: PackageScope;
  readonly items: readonly TopLevelItemNode[];
  readonly names: Map<string, FileName>;
}

/** `target` is `undefined` when it was not found, which has been reported. */
export interface FileName {
  readonly span: Span;
  /** The name of the target: for a `use … as …` not the same. */
  readonly path: Span;
  target: ItemDraft | undefined;
  readonly isForeign: boolean;
}

export interface InterfaceDraft {
  readonly kind: 'interface';
  readonly node: InterfaceNode | undefined;
  readonly file: FileScope;
  readonly definition: Draft<Interface>;
  readonly scope: Scope;
  readonly functions: Draft<WitFunction>[];
  excluded: boolean;
}

export interface WorldDraft {
  readonly kind: 'world';
  readonly node: WorldNode;
  readonly file: FileScope;
  readonly definition: Draft<World>;
  readonly scope: Scope;
  imports: WorldItems;
  exports: WorldItems;
  readonly includes: IncludeDraft[];
  excluded: boolean;
}

/** Imports or exports: plain names by their name, others by their interface. */
export type WorldItems = Map<string | Interface, WorldItem>;

export interface IncludeDraft {
  readonly node: IncludeNode;
  readonly world: WorldDraft;
  readonly stability: Stability | undefined;
}

/** The names of an interface or a world. */
export interface Scope {
  readonly names: Map<string, ScopeEntry>;
  /** Lower-case names, to find those that differ in case only. */
  readonly folded: Map<string, string>;
  /** Where a type is named that is not there. */
  readonly unknown: Set<IdNode>;
  /** It is part of a cycle: not all of its names may be known. */
  incomplete: boolean;
}

export type ScopeEntry =
  | { readonly kind: 'type'; readonly definition: Draft<TypeDefinition>; readonly span: Span }
  | { readonly kind: 'function'; readonly span: Span };

/** The items of an interface, wherever they stand. */
export interface InterfaceItems {
  readonly items: readonly InterfaceItemNode[];
}

export function newScope(): Scope {
  return { names: new Map(), folded: new Map(), unknown: new Set(), incomplete: false };
}

/** Whether a name that is not found may have been lost with something that could not be parsed. */
export function isLost({ source }: PackageScope, name: string): boolean {
  return source.lostNames === 'all' || source.lostNames.has(name);
}

/** One object per primitive type. */
export const primitives: { readonly [Kind in PrimitiveKind]: PrimitiveType } = {
  bool: { kind: 'bool' },
  u8: { kind: 'u8' },
  u16: { kind: 'u16' },
  u32: { kind: 'u32' },
  u64: { kind: 'u64' },
  s8: { kind: 's8' },
  s16: { kind: 's16' },
  s32: { kind: 's32' },
  s64: { kind: 's64' },
  f32: { kind: 'f32' },
  f64: { kind: 'f64' },
  char: { kind: 'char' },
  string: { kind: 'string' },
  'error-context': { kind: 'error-context' },
};

/** Stands for a type that could not be resolved, which has been reported; it never reaches a model. */
export const unresolved: PrimitiveType = { kind: 'bool' };

/** What is behind the aliases of `type`, in constant time. */
export function rootOf(context: Context, type: Type): Type {
  return type.kind === 'type-definition' ? (context.roots.get(type) ?? type) : type;
}
