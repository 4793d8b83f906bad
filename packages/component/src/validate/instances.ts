/** Instances, of core modules and of components. Binary.md: "Instance Definitions". */
import type { CoreInlineExports, CoreInstantiate, InlineExports, Instantiate } from '../binary/definition.ts';
import type { CoreExternType, ExternType } from './component-type.ts';
import { expectCoreSubtype } from './core-subtype.ts';
import { addInlineExport, typeOf, type ExternFacts } from './externs.ts';
import { count, fail, within } from './invalid.ts';
import { Names, type Scope } from './scope.ts';
import { open } from './subtype.ts';
import { factsOf } from './type-facts.ts';

/** Adds a core instance. Spec: `core:instance`. */
export function addCoreInstance(
  scope: Scope,
  expression: CoreInstantiate | CoreInlineExports,
  offset: number,
): void {
  const exports =
    expression.kind === 'exports' ? coreExports(scope, expression) : instantiateModule(scope, expression);
  scope.add('core instance', exports, offset);
}

function instantiateModule(
  scope: Scope,
  { module, args }: CoreInstantiate,
): ReadonlyMap<string, CoreExternType> {
  const { imports, exports } = scope.at('core module', module);
  const given = new Map<string, ReadonlyMap<string, CoreExternType>>();
  for (const { name, ...index } of args) {
    if (given.has(name)) fail(`duplicate module instantiation argument named \`${name}\``, index.offset);
    given.set(name, scope.at('core instance', index));
  }
  const { offset } = module;
  for (const [from, fields] of imports) {
    const instance = given.get(from);
    if (instance === undefined) fail(`missing module instantiation argument named \`${from}\``, offset);
    for (const [name, expected] of fields) {
      const type = instance.get(name);
      const argument = `module instantiation argument \`${from}\``;
      if (type === undefined) fail(`${argument} does not export an item named \`${name}\``, offset);
      count(1, offset);
      within(`type mismatch for export \`${name}\` of ${argument}`, () =>
        expectCoreSubtype(type, expected, offset),
      );
    }
  }
  return exports;
}

function coreExports(scope: Scope, expression: CoreInlineExports): ReadonlyMap<string, CoreExternType> {
  const exports = new Map<string, CoreExternType>();
  for (const { name, sort, ...index } of expression.exports) {
    if (exports.has(name)) fail(`export name \`${name}\` already defined`, index.offset);
    if (sort === 'type' || sort === 'module' || sort === 'instance') {
      return fail(`a core ${sort} cannot be exported`, index.offset);
    }
    exports.set(name, { kind: sort, type: scope.at(`core ${sort}`, index) } as CoreExternType);
  }
  return exports;
}

/** Adds an instance of a component, or one that is made of exports. Spec: `instance`. */
export function addInstance(
  scope: Scope,
  expression: Instantiate | InlineExports,
  offset: number,
): ExternFacts {
  const facts =
    expression.kind === 'exports' ? inlineExports(scope, expression, offset) : instantiate(scope, expression);
  scope.add('instance', facts.type as never, offset);
  return facts;
}

function instantiate(scope: Scope, { component: index, args }: Instantiate): ExternFacts {
  const component = scope.at('component', index);
  const given = new Map<string, ExternType>();
  for (const { name, ...item } of args) {
    if (given.has(name)) {
      fail(`instantiation argument \`${name}\` conflicts with previous argument \`${name}\``, item.offset);
    }
    given.set(name, typeOf(scope, item));
  }
  const { imports, importedResources, exportedResources } = component;
  const opened = open(given, imports, importedResources, 'import', index.offset);
  const resources = opened.freshen(exportedResources);
  for (const { identity } of resources) scope.defined.add(identity);
  const type: ExternType = { kind: 'instance', exports: opened.externs(component.exports), resources: [] };
  return { kind: 'extern', type, resources };
}

function inlineExports(scope: Scope, expression: InlineExports, offset: number): ExternFacts {
  const names = new Names();
  for (const { name, item } of expression.exports) addInlineExport(names, name, typeOf(scope, item));
  const type: ExternType = { kind: 'instance', exports: names.externs, resources: [] };
  factsOf(type, offset);
  return { kind: 'extern', type, resources: [] };
}
