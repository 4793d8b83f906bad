/** Aliases. Binary.md: "Alias Definitions". */
import type { Alias, Sort } from '../binary/definition.ts';
import type { CoreExternType } from './component-type.ts';
import { check, fail } from './invalid.ts';
import { outerScope } from './outer-scope.ts';
import type { Scope } from './scope.ts';
import { isClosed } from './type-facts.ts';

/** Adds what the alias stands for to the scope. */
export function addAlias(scope: Scope, alias: Alias, offset: number): void {
  const { sort } = alias;
  const allowed = alias.kind === 'outer' ? 'type|core type' : 'type|instance';
  if (scope.kind !== 'component' && !new RegExp(`^(?:${allowed})$`).test(sort)) {
    fail('aliases in component or instance types may only refer to types or instances', offset);
  }
  if (alias.kind === 'outer') addOuter(scope, sort, alias.scopes, alias.index, offset);
  else if (alias.kind === 'export') addInstanceExport(scope, sort, alias.instance, alias.name, offset);
  else addCoreExport(scope, sort, alias.instance, alias.name, offset);
}

function addOuter(scope: Scope, sort: Sort, scopes: number, index: number, offset: number): void {
  const outer = outerScope(scope, scopes, offset);
  switch (sort) {
    case 'type': {
      const type = outer.at(sort, { index, offset });
      const crossed = scopes > 0 ? outerScope(scope, scopes - 1, offset) : undefined;
      const isFree = crossed?.kind !== 'component' || isClosed(type, offset);
      check(
        isFree,
        'cannot alias outer type which transitively refers to resources not defined in the current component',
        offset,
      );
      return scope.add(sort, type, offset);
    }
    case 'core type':
    case 'core module':
    case 'component':
      return scope.add(sort, outer.at(sort, { index, offset }) as never, offset);
    default:
      return fail(`a ${sort} cannot be aliased from outside`, offset);
  }
}

function addInstanceExport(scope: Scope, sort: Sort, instance: number, name: string, offset: number): void {
  const { exports } = scope.at('instance', { index: instance, offset });
  const type = exports.get(name)?.type;
  if (type === undefined) return fail(`instance ${instance} has no export named \`${name}\``, offset);
  if (type.kind !== sort) {
    return fail(`export \`${name}\` for instance ${instance} is not a ${sort.replace('core ', '')}`, offset);
  }
  switch (type.kind) {
    case 'type':
      return scope.add(type.kind, type.type, offset);
    case 'value':
      return scope.add(type.kind, { type: type.type, isUsed: false }, offset);
    default:
      return scope.add(type.kind, type as never, offset);
  }
}

function addCoreExport(scope: Scope, sort: Sort, instance: number, name: string, offset: number): void {
  const type = scope.at('core instance', { index: instance, offset }).get(name);
  if (type === undefined) return fail(`core instance ${instance} has no export named \`${name}\``, offset);
  if (`core ${type.kind}` !== sort) {
    return fail(
      `export \`${name}\` for core instance ${instance} is not a ${sort.replace('core ', '')}`,
      offset,
    );
  }
  return addCoreExtern(scope, type, offset);
}

function addCoreExtern(scope: Scope, { kind, type }: CoreExternType, offset: number): void {
  scope.add(`core ${kind}`, type as never, offset);
}
