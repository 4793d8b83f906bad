/**
 * WIT text in, a resolved model out.
 *
 * `parse` turns one source into an AST, `resolve` turns the ASTs of packages into a model. Both are pure and report
 * every mistake they find as located diagnostics. Reading a directory from disk is `@wittle/parser/node`.
 *
 * @packageDocumentation
 */

// Sources
export { positionAt } from './source.ts';
export type { Position, Source, Span } from './source.ts';

// Text to syntax tree
export { parse } from './syntax/parse.ts';

// Text to text
export { format } from './syntax/print.ts';

// Sources to model
export { resolve } from './resolve/resolve.ts';
export type { Resolution, ResolveInput, ResolveOptions } from './resolve/resolve.ts';
export { selectWorld } from './resolve/select-world.ts';
export type { WorldSelection } from './resolve/select-world.ts';

// Diagnostics
export { hasErrors } from './diagnostics/diagnostic.ts';
export { closest, suggestion } from './diagnostics/closest.ts';
export type { Diagnostic, RelatedPlace, Severity } from './diagnostics/diagnostic.ts';
export type { DiagnosticArguments, DiagnosticCode } from './diagnostics/codes.ts';
export {
  diagnosticsJson,
  githubAnnotations,
  renderDiagnostic,
  renderDiagnostics,
} from './diagnostics/render.ts';
export type { DiagnosticJson, PlaceJson } from './diagnostics/render.ts';

// Walking over trees and models
export { visitAst } from './syntax/visit.ts';
export type { AstVisitor } from './syntax/visit.ts';
export { visitModel } from './model/visit.ts';
export type { ModelVisitor } from './model/visit.ts';

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

// The syntax tree
export type {
  AstNode,
  AttributeNode,
  CaseNode,
  DeprecatedNode,
  DocsNode,
  EnumNode,
  ExternFunctionNode,
  ExternInterfaceNode,
  ExternNode,
  ExternPathNode,
  ExternTargetNode,
  ExternalIdNode,
  FieldNode,
  FlagsNode,
  FunctionNode,
  FunctionTypeNode,
  FutureTypeNode,
  HandleTypeNode,
  IdNode,
  IncludeNode,
  InterfaceItemNode,
  InterfaceNode,
  LabelNode,
  ListTypeNode,
  MapTypeNode,
  NamedTypeNode,
  NestedPackageNode,
  OptionTypeNode,
  PackageDeclarationNode,
  PackageNameNode,
  ParamNode,
  PrimitiveName,
  PrimitiveTypeNode,
  RecordNode,
  RenameNode,
  ResourceFunctionNode,
  ResourceNode,
  ResultTypeNode,
  SinceNode,
  StreamTypeNode,
  TopLevelItemNode,
  TopLevelUseNode,
  TupleTypeNode,
  TypeAliasNode,
  TypeDefinitionNode,
  TypeNode,
  UnstableNode,
  UseNameNode,
  UseNode,
  UsePathNode,
  VariantNode,
  VersionNode,
  WitFileNode,
  WorldItemNode,
  WorldNode,
} from './syntax/ast.ts';
