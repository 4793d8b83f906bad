/** Definitions of core types. Binary.md: "Type Definitions"; core specification: "Validation: Types". */
import { canonicalExtern, canonicalTypes, type CanonicalCoreType } from '../binary/canonical-core-types.ts';
import type {
  CoreExternDeclaration,
  CoreFunctionType,
  CoreLimits,
  CoreModuleTypeDefinition,
  CoreRecursiveTypes,
  CoreTypeDefinition,
  CoreValueType,
} from '../binary/definition.ts';
import type { CoreExternType, CoreModuleType } from './component-type.ts';
import { check, fail } from './invalid.ts';
import { outerScope } from './outer-scope.ts';
import type { Scope } from './scope.ts';

/** Adds the types of a definition to the scope. Spec: `core:type`. */
export function defineCoreType(scope: Scope, definition: CoreTypeDefinition, offset: number): void {
  if (definition.kind === 'module') scope.add('core type', defineModuleType(scope, definition), offset);
  else {
    const at = (index: number): CanonicalCoreType => coreTypeAt(scope, index, offset);
    for (const type of defineRecursive(definition, scope.count('core type'), at, offset)) {
      scope.add('core type', type, offset);
    }
  }
}

/** The function type at an index. */
export function coreFunctionType(scope: Scope, index: number, offset: number): CoreFunctionType {
  const { type } = coreTypeAt(scope, index, offset);
  if (type.kind !== 'function') fail('start type must be a function', offset);
  return type;
}

/** A reference to functions of the type at an index, or null. */
export function coreReference(scope: Scope, index: number, offset: number): CoreValueType {
  return { nullable: true, heap: coreTypeAt(scope, index, offset).text };
}

function coreTypeAt(scope: Scope, index: number, offset: number): CanonicalCoreType {
  const type = scope.at('core type', { index, offset });
  if ('kind' in type) fail('a module type cannot be here: expected a core type', offset);
  return type;
}

function defineRecursive(
  group: CoreRecursiveTypes,
  start: number,
  at: (index: number) => CanonicalCoreType,
  offset: number,
): readonly CanonicalCoreType[] {
  const end = start + group.types.length;
  group.types.forEach(({ supertypes, type }, member) => {
    check(supertypes.length <= 1, 'a type can have one supertype only', offset);
    for (const index of supertypes) {
      check(index < start + member, `unknown type ${index}`, offset);
      const supertype = index < start ? undefined : group.types[index - start];
      const { final, type: above } = supertype ?? at(index);
      check(!final, 'sub type cannot have a final super type', offset);
      check(above.kind === type.kind, 'sub type must match super type', offset);
    }
    if (type.kind === 'function') checkLengths(type, offset);
  });
  return canonicalTypes(group, start, (index) =>
    index < end ? at(index) : fail(`unknown type ${index}`, offset),
  );
}

function checkLengths({ params, results }: CoreFunctionType, offset: number): void {
  check(params.length <= 1000 && results.length <= 1000, 'a core function has too many parameters', offset);
}

/** Spec: `core:moduletype`. */
function defineModuleType(scope: Scope, { declarations }: CoreModuleTypeDefinition): CoreModuleType {
  const types: CanonicalCoreType[] = [];
  const imports = new Map<string, Map<string, CoreExternType>>();
  const exports = new Map<string, CoreExternType>();
  for (const declaration of declarations) {
    const { offset } = declaration;
    const at = (index: number): CanonicalCoreType =>
      types[index] ?? fail(`type index out of bounds: there is no core type ${index}`, offset);
    switch (declaration.kind) {
      case 'type': {
        const { definition } = declaration;
        if (definition.kind === 'module') return fail('a module type cannot contain module types', offset);
        for (const type of defineRecursive(definition, types.length, at, offset)) types.push(type);
        break;
      }
      case 'alias': {
        const { scopes, index } = declaration;
        types.push(
          scopes === 0 ? at(index) : coreTypeAt(outerScope(scope, scopes - 1, offset), index, offset),
        );
        break;
      }
      case 'import': {
        const { module, name } = declaration;
        let fields = imports.get(module);
        if (fields === undefined) imports.set(module, (fields = new Map()));
        if (fields.has(name)) fail(`duplicate import name \`${module}:${name}\``, offset);
        fields.set(name, coreExtern(declaration.type, at, offset));
        break;
      }
      case 'export': {
        const { name } = declaration;
        if (exports.has(name)) fail(`export name \`${name}\` already defined`, offset);
        exports.set(name, coreExtern(declaration.type, at, offset));
      }
    }
  }
  return { kind: 'core module', imports, exports };
}

function coreExtern(
  declaration: CoreExternDeclaration,
  at: (index: number) => CanonicalCoreType,
  offset: number,
): CoreExternType {
  const type = canonicalExtern(declaration, at);
  if (type === undefined) return fail('this type is not a function type', offset);
  if (type.kind === 'tag') check(type.type.results.length === 0, 'a tag has no results', offset);
  else if (type.kind === 'table')
    checkLimits(type.type, type.type.address === 'i32' ? 32 : 64, 'table', offset);
  else if (type.kind === 'memory') {
    const { address, pageSize } = type.type;
    check(pageSize === 0 || pageSize === 16, 'invalid custom page size', offset);
    checkLimits(type.type, (address === 'i32' ? 32 : 64) - pageSize, 'memory', offset);
    check(
      !type.type.shared || type.type.maximum !== undefined,
      'shared memory must have maximum size',
      offset,
    );
  }
  return type;
}

function checkLimits({ minimum, maximum }: CoreLimits, bits: number, what: string, offset: number): void {
  const most = 2n ** BigInt(bits);
  const fits = minimum <= most && (maximum ?? 0n) <= most;
  check(fits, `${what} size must be at most ${most}`, offset);
  check(maximum === undefined || minimum <= maximum, 'size minimum must not be greater than maximum', offset);
}
