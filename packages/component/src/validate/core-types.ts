/** Definitions of core types. Binary.md: "Type Definitions"; core specification: "Validation: Types". */
import { canonicalExtern, canonicalTypes, type CanonicalCoreType } from '../binary/canonical-core-types.ts';
import type {
  CoreExternDeclaration,
  CoreLimits,
  CoreModuleTypeDefinition,
  CoreRecursiveTypes,
  CoreTypeDefinition,
} from '../binary/definition.ts';
import type { CoreExternType, CoreModuleType } from './component-type.ts';
import { check, fail, locate } from './invalid.ts';
import { outerScope } from './outer-scope.ts';
import type { Scope } from './scope.ts';

/** Gives the core type at an index, and fails when there is none. */
type Lookup = (index: number) => CanonicalCoreType;

/** Adds the types of a definition to the scope. Spec: `core:type`. */
export function defineCoreType(scope: Scope, definition: CoreTypeDefinition): void {
  if (definition.kind === 'module') return scope.add('core type', defineModuleType(scope, definition));
  const at = (index: number): CanonicalCoreType => coreTypeAt(scope, index);
  for (const type of defineRecursive(definition, scope.count('core type'), at)) scope.add('core type', type);
}

/** The type at an index, which is not that of a module. */
export function coreTypeAt(scope: Scope, index: number): CanonicalCoreType {
  const type = scope.at('core type', { index });
  return 'kind' in type ? fail('expected a core type, found a module type') : type;
}

function defineRecursive(group: CoreRecursiveTypes, start: number, at: Lookup): readonly CanonicalCoreType[] {
  group.types.forEach(({ supertypes, type }, member) => {
    check(supertypes.length <= 1, 'there is more than one supertype');
    for (const index of supertypes) {
      check(index < start + member, `unknown type ${index}`);
      const { final, type: above } = index < start ? at(index) : group.types[index - start]!;
      check(!final, 'the supertype is final');
      check(above.kind === type.kind, 'the supertype is of another kind');
    }
    if (type.kind !== 'function') return;
    const isTooLong = type.params.length > 1000 || type.results.length > 1000;
    check(!isTooLong, 'a core function has too many parameters');
  });
  return canonicalTypes(group, start, at);
}

/** Spec: `core:moduletype`. */
export function defineModuleType(scope: Scope, { declarations }: CoreModuleTypeDefinition): CoreModuleType {
  const types: CanonicalCoreType[] = [];
  const imports = new Map<string, Map<string, CoreExternType>>();
  const exports = new Map<string, CoreExternType>();
  const at: Lookup = (index) => types[index] ?? fail(`core type index out of bounds: ${index}`);
  for (const declaration of declarations) {
    locate(declaration.offset);
    switch (declaration.kind) {
      case 'type': {
        const { definition } = declaration;
        for (const type of defineRecursive(definition, types.length, at)) types.push(type);
        break;
      }
      case 'alias': {
        const { scopes, index } = declaration;
        types.push(scopes === 0 ? at(index) : coreTypeAt(outerScope(scope, scopes - 1), index));
        break;
      }
      case 'import': {
        const { module } = declaration;
        let fields = imports.get(module);
        if (fields === undefined) imports.set(module, (fields = new Map()));
        define(fields, `${module}:`, declaration, at);
        break;
      }
      case 'export':
        define(exports, '', declaration, at);
    }
  }
  return { kind: 'core module', imports, exports };
}

function define(
  externs: Map<string, CoreExternType>,
  prefix: string,
  declaration: { readonly name: string; readonly type: CoreExternDeclaration },
  at: Lookup,
): void {
  const { name } = declaration;
  check(!externs.has(name), `name \`${prefix}${name}\` already defined`);
  const type = canonicalExtern(declaration.type, at);
  if (type === undefined) return fail('this type is not a function type');
  if (type.kind === 'tag') check(type.type.results.length === 0, 'a tag has no results');
  else if (type.kind === 'table') checkLimits(type.type, 0, 'table');
  else if (type.kind === 'memory') {
    const { maximum, pageSize, shared } = type.type;
    check(pageSize === 0 || pageSize === 16, 'invalid custom page size');
    checkLimits(type.type, pageSize, 'memory');
    check(!shared || maximum !== undefined, 'a shared memory must have a maximum');
  }
  externs.set(name, type);
}

function checkLimits(
  { minimum, maximum = minimum, address }: CoreLimits,
  pageSize: number,
  what: string,
): void {
  const most = 2n ** BigInt((address === 'i32' ? 32 : 64) - pageSize);
  check(
    maximum <= most && minimum <= maximum,
    `${what} size must be at most ${maximum < most ? maximum : most}`,
  );
}
