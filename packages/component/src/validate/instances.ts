/** Instances, of core modules and of components. Binary.md: "Instance Definitions". */
import type {
  CoreInlineExports,
  CoreInstantiate,
  Index,
  InlineExports,
  Instantiate,
} from '../binary/definition.ts';
import type { CoreExternType, ExternType, InstanceType } from './component-type.ts';
import { expectCoreItems } from './core-subtype.ts';
import { addInlineExport, typeOf, type ExternFacts } from './externs.ts';
import { fail } from './invalid.ts';
import { Names, type Scope } from './scope.ts';
import { open } from './subtype.ts';
import { factsOf } from './type-facts.ts';

type CoreExports = ReadonlyMap<string, CoreExternType>;

/** Adds a core instance. Spec: `core:instance`. */
export function addCoreInstance(scope: Scope, expression: CoreInstantiate | CoreInlineExports): void {
  const exports =
    expression.kind === 'instantiate'
      ? instantiateModule(scope, expression)
      : byName(expression.exports, ({ sort, ...index }): CoreExternType => {
          if (sort === 'type' || sort === 'module' || sort === 'instance')
            fail(`a core ${sort} cannot be exported`);
          return { kind: sort, type: scope.at(`core ${sort}`, index) } as CoreExternType;
        });
  scope.add('core instance', exports);
}

function instantiateModule(scope: Scope, { module, args }: CoreInstantiate): CoreExports {
  const { imports, exports } = scope.at('core module', module);
  const given = byName(args, (index) => scope.at('core instance', index));
  for (const [from, fields] of imports) {
    expectCoreItems(given.get(from), fields, `argument \`${from}\``);
  }
  return exports;
}

function byName<Item extends Index & { readonly name: string }, Found>(
  items: readonly Item[],
  find: (item: Item) => Found,
): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const item of items) {
    const { name, offset } = item;
    if (found.has(name)) fail(`name \`${name}\` conflicts with previous name \`${name}\``, offset);
    found.set(name, find(item));
  }
  return found;
}

/** Adds an instance of a component, or one that is made of exports. Spec: `instance`. */
export function addInstance(scope: Scope, expression: Instantiate | InlineExports): ExternFacts {
  const facts =
    expression.kind === 'exports' ? inlineExports(scope, expression) : instantiate(scope, expression);
  scope.addTyped(facts.type);
  return facts;
}

function instantiate(scope: Scope, { component: index, args }: Instantiate): ExternFacts {
  const component = scope.at('component', index);
  const given = byName(args, (item): ExternType => typeOf(scope, item));
  const opened = open(given, component.imports, component.importedResources, 'import');
  const resources = opened.freshen(component.exportedResources);
  for (const { identity } of resources) scope.defined.add(identity);
  const type = opened.type<InstanceType>({ kind: 'instance', exports: component.exports, resources: [] });
  return { kind: 'extern', type, resources };
}

function inlineExports(scope: Scope, expression: InlineExports): ExternFacts {
  const names = new Names();
  for (const { name, item } of expression.exports) addInlineExport(scope, names, name, item);
  const type: ExternType = { kind: 'instance', exports: names.externs, resources: [] };
  factsOf(type);
  return { kind: 'extern', type, resources: [] };
}
