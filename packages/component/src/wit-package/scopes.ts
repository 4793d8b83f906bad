/**
 * Component and instance types with their indices looked up. Explainer.md: "Index Spaces". Where a type is imported or
 * exported a new type begins that stands for the old one, so that WIT's names can be found again.
 */
import type {
  Alias,
  Declaration,
  ExternName,
  ExternTypeDefinition,
  FunctionTypeDefinition,
  Index,
  ScopeTypeDefinition,
  TypeDefinition,
  TypeItem,
  ValueTypeDefinition,
} from '../binary/definition.ts';
import { MalformedBinary } from '../binary/reader.ts';

export type Entity = ValueEntity | ResourceEntity | FunctionEntity | ScopeEntity;

/** A type that values have. Its indices are those of `scope`. */
export interface ValueEntity {
  readonly kind: 'value';
  readonly definition: ValueTypeDefinition;
  readonly scope: Scope;
  readonly aliasOf: NamedEntity | undefined;
}
export interface ResourceEntity {
  readonly kind: 'resource';
  readonly aliasOf: NamedEntity | undefined;
}
export interface FunctionEntity {
  readonly kind: 'function';
  readonly definition: FunctionTypeDefinition;
  readonly scope: Scope;
}
/** A component or instance type; each use of it makes its types anew. */
export interface ScopeEntity {
  readonly kind: 'component' | 'instance';
  readonly definition: ScopeTypeDefinition;
  readonly outer: Scope;
}

/** What can have a name in WIT. */
export type NamedEntity = ValueEntity | ResourceEntity;

/** What a component or instance has under a name. */
export type Extern =
  | { readonly kind: 'type'; readonly name: ExternName; readonly entity: NamedEntity }
  | { readonly kind: 'function'; readonly name: ExternName; readonly entity: FunctionEntity }
  | { readonly kind: 'instance' | 'component'; readonly name: ExternName; readonly scope: Scope };

/** The index spaces of a component, component type or instance type, and what it imports and exports. */
export interface Scope {
  readonly outer: Scope | undefined;
  readonly types: Entity[];
  readonly instances: Scope[];
  readonly imports: Extern[];
  readonly exports: Extern[];
  readonly exportsByName: Map<string, Extern>;
  /** Declarations that may still be looked at, for all scopes of a binary together. */
  readonly budget: { left: number };
}

/** Types can be used many times over: so many declarations are looked at, then the binary is given up. */
export const maxDeclarations: number = 1_000_000;

export function newScope(outer: Scope | undefined): Scope {
  const budget = outer?.budget ?? { left: maxDeclarations };
  return { outer, types: [], instances: [], imports: [], exports: [], exportsByName: new Map(), budget };
}

/** Looks up what a component or instance type declares. Throws `MalformedBinary`. */
export function openScope({ definition, outer }: ScopeEntity): Scope {
  const scope = newScope(outer);
  const names = { import: new Set<string>(), export: new Set<string>() };
  for (const declaration of definition.declarations) {
    if (scope.budget.left-- <= 0) throw new MalformedBinary('there are too many types', declaration.offset);
    declare(scope, declaration, names);
  }
  return scope;
}

/** Enters a definition into the type index space. */
export function defineType(scope: Scope, { definition, offset }: TypeItem): void {
  scope.types.push(entityOf(scope, definition, offset));
}

/** The type at an index. Throws `MalformedBinary`. */
export function typeAt(scope: Scope, { index, offset }: Index): Entity {
  const found = scope.types[index];
  if (found === undefined) throw new MalformedBinary(`there is no type ${index}`, offset);
  return found;
}

function entityOf(scope: Scope, definition: TypeDefinition, offset: number): Entity {
  switch (definition.kind) {
    case 'function':
      return { kind: 'function', definition, scope };
    case 'component':
    case 'instance':
      return { kind: definition.kind, definition, outer: scope };
    case 'resource':
      return { kind: 'resource', aliasOf: undefined };
    // Records, flags and tuples without members are in no specification, but WIT has them and so do its binaries.
    case 'variant':
      if (definition.cases.length === 0) throw new MalformedBinary('a variant must have a case', offset);
      break;
    case 'enum':
      if (definition.labels.length === 0) throw new MalformedBinary('an enum must have a case', offset);
      break;
  }
  return { kind: 'value', definition, scope, aliasOf: undefined };
}

function declare(
  scope: Scope,
  declaration: Declaration,
  names: { readonly import: Set<string>; readonly export: Set<string> },
): void {
  switch (declaration.kind) {
    case 'core type':
      throw new MalformedBinary('a WIT package has no core types', declaration.offset);
    case 'type':
      defineType(scope, declaration);
      return;
    case 'alias':
      declareAlias(scope, declaration.alias, declaration.offset);
      return;
    case 'import':
    case 'export': {
      const { name, type, kind, offset } = declaration;
      if (names[kind].has(name.name))
        throw new MalformedBinary(`two ${kind}s are called \`${name.name}\``, offset);
      names[kind].add(name.name);
      const found = declareExtern(scope, name, type);
      (kind === 'import' ? scope.imports : scope.exports).push(found);
      if (kind === 'export') scope.exportsByName.set(name.name, found);
      return;
    }
  }
}

function declareAlias(scope: Scope, alias: Alias, offset: number): void {
  if (alias.kind === 'outer' && alias.sort === 'type') {
    let target: Scope | undefined = scope;
    for (let left = alias.scopes; left > 0; left--) target = target?.outer;
    const entity = target?.types[alias.index];
    if (entity === undefined) throw new MalformedBinary('this outer alias has no target', offset);
    scope.types.push(entity);
    return;
  }
  if (alias.kind !== 'export' || (alias.sort !== 'type' && alias.sort !== 'instance')) {
    throw new MalformedBinary('a WIT package has no alias of this kind', offset);
  }
  const found = scope.instances[alias.instance]?.exportsByName.get(alias.name);
  if (found?.kind === 'type' && alias.sort === 'type') scope.types.push(found.entity);
  else if (found?.kind === 'instance' && alias.sort === 'instance') scope.instances.push(found.scope);
  else throw new MalformedBinary(`this alias has no target: \`${alias.name}\``, offset);
}

function declareExtern(scope: Scope, name: ExternName, type: ExternTypeDefinition): Extern {
  if (type.kind === 'core module' || type.kind === 'value') {
    throw new MalformedBinary(`a WIT package has no ${type.kind}s`, name.offset);
  }
  if (type.kind === 'type') {
    const entity = namedEntity(scope, type.equals);
    scope.types.push(entity);
    return { kind: 'type', name, entity };
  }
  const entity = typeAt(scope, type.type);
  if (entity.kind !== type.kind) {
    throw new MalformedBinary(`type ${type.type.index} is not a ${type.kind} type`, type.type.offset);
  }
  if (entity.kind === 'function') return { kind: 'function', name, entity };
  const inner = openScope(entity as ScopeEntity);
  if (type.kind === 'instance') scope.instances.push(inner);
  return { kind: type.kind as 'instance' | 'component', name, scope: inner };
}

// `(eq i)` is a new type that stands for the old one; `(sub resource)` is a new resource.
function namedEntity(scope: Scope, equals: Index | undefined): NamedEntity {
  if (equals === undefined) return { kind: 'resource', aliasOf: undefined };
  const target = typeAt(scope, equals);
  if (target.kind === 'value') return { ...target, aliasOf: target };
  if (target.kind === 'resource') return { kind: 'resource', aliasOf: target };
  throw new MalformedBinary(`type ${equals.index} is not a value type`, equals.offset);
}
