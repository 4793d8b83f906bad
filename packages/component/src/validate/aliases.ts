/** Aliases. Binary.md: "Alias Definitions". */
import type { Alias } from '../binary/definition.ts';
import { check, fail } from './invalid.ts';
import { outerScope } from './outer-scope.ts';
import type { Scope } from './scope.ts';
import { isClosed } from './type-facts.ts';

/** Adds what the alias stands for to the scope. */
export function addAlias(scope: Scope, alias: Alias): void {
  const { kind, sort } = alias;
  const isOuter = kind === 'outer';
  if (scope.kind !== 'component') {
    const isAllowed = sort === 'type' || sort === (isOuter ? 'core type' : 'instance');
    check(isAllowed, 'aliases in types may only refer to types or instances');
  }
  if (isOuter) {
    const { scopes, index } = alias;
    const outer = outerScope(scope, scopes);
    const found = outer.at(sort, { index });
    if (sort === 'type' && scopes > 0 && outerScope(scope, scopes - 1).kind === 'component') {
      check(isClosed(found as never), 'the outer type refers to resources');
    }
    return scope.add(sort, found as never);
  }
  const { instance: index, name } = alias;
  const what = kind === 'export' ? 'instance' : 'core instance';
  const found =
    kind === 'export'
      ? scope.at('instance', { index }).exports.get(name)
      : scope.at('core instance', { index }).get(name);
  if (found === undefined) return fail(`${what} ${index} has no export named \`${name}\``);
  const isCore = 'kind' in found;
  const actual = isCore ? `core ${found.kind}` : found.type.kind;
  if (actual !== sort) return fail(`export \`${name}\` for ${what} ${index} is not a ${sort}`);
  return isCore ? scope.add(sort, found.type as never) : scope.addTyped(found.type);
}
