/** What instantiating a component does, step by step, looked up and prepared once. Explainer.md: "Instance Definitions". */
import type { FunctionType, StringEncoding } from '@wittle/runtime/types';
import type { AsyncCanonKind, CanonOption, CoreModuleItem, Item, Sort } from '../binary/definition.ts';
import type { ComponentType, ItemFacts, ResourcePath, ValidComponent } from '../validate/component-type.ts';
import { describer, Unsupported, type Describer } from './descriptors.ts';

/** The steps of one definition. Every step but `resources` of another adds to one index space, in the binary's order. */
export interface Plan {
  readonly type: ComponentType;
  readonly steps: readonly Step[];
  /** What cannot be run, of all plans that were made together. */
  readonly problems: readonly string[];
}

/** An item of an index space, under a name. */
export interface Named {
  readonly name: string;
  readonly sort: Sort;
  readonly index: number;
}

/** Where the resources that begin at a step are in what it adds, and their numbers in `cx.resources`. */
export type Bindings = readonly { readonly path: readonly string[]; readonly resource: number }[];

export type Step =
  | { readonly kind: 'core module'; readonly module: WebAssembly.Module }
  | { readonly kind: 'core instantiate'; readonly module: number; readonly args: readonly Named[] }
  | { readonly kind: 'core exports'; readonly exports: readonly Named[] }
  | { readonly kind: 'component'; readonly plan: Plan }
  | {
      readonly kind: 'instantiate';
      readonly component: number;
      readonly args: readonly Named[];
      readonly bindings: Bindings;
    }
  | { readonly kind: 'exports'; readonly exports: readonly Named[]; readonly bindings: Bindings }
  /** An alias of an export. `of` says where the instance is. */
  | {
      readonly kind: 'alias';
      readonly of: 'instance' | 'core instance';
      readonly sort: Sort;
      readonly instance: number;
      readonly name: string;
    }
  | { readonly kind: 'outer'; readonly sort: Sort; readonly scopes: number; readonly index: number }
  /** A type that is no resource, which nothing asks for at run time. */
  | { readonly kind: 'type' }
  | {
      readonly kind: 'resource';
      readonly resource: number;
      readonly name: string;
      readonly destructor: number | undefined;
    }
  | {
      readonly kind: 'lift';
      readonly callee: number;
      readonly options: Options;
      readonly type: FunctionType;
    }
  | {
      readonly kind: 'lower';
      readonly callee: number;
      readonly options: Options;
      readonly type: FunctionType;
    }
  | {
      readonly kind: 'resource.new' | 'resource.rep' | 'resource.drop';
      readonly resource: number;
    }
  /** A built-in of the component model's own concurrency. */
  | { readonly kind: 'async built-in'; readonly name: AsyncCanonKind }
  | { readonly kind: 'import'; readonly sort: Sort; readonly name: string; readonly bindings: Bindings }
  | {
      readonly kind: 'export';
      readonly item: Named;
      readonly bindings: Bindings;
    };

/** `canonopt`s; what is an index is one of core memories or core functions. */
export interface Options {
  readonly stringEncoding: StringEncoding;
  readonly memory: number | undefined;
  readonly realloc: number | undefined;
  readonly postReturn: number | undefined;
}

/** Plans a component and those inside it. `modules` has its core modules, compiled. */
export function planComponent(
  component: ValidComponent,
  modules: ReadonlyMap<CoreModuleItem, WebAssembly.Module>,
  problems: string[] = [],
): Plan {
  const types = describer();
  const steps: Step[] = [];
  component.definition.items.forEach((item, index) => {
    try {
      const facts = component.facts[index]!;
      const step =
        facts.kind === 'component'
          ? { kind: 'component' as const, plan: planComponent(facts.component, modules, problems) }
          : stepOf(item, facts, types, modules);
      if (step !== undefined) steps.push(step);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      problems.push(
        `at offset ${item.offset}: \`${error.message}\` cannot be run (only synchronous functions can)`,
      );
    }
  });
  return { type: component.type, steps, problems };
}

function stepOf(
  item: Item,
  facts: ItemFacts,
  types: Describer,
  modules: ReadonlyMap<CoreModuleItem, WebAssembly.Module>,
): Step | undefined {
  switch (item.kind) {
    case 'core module':
      return { kind: 'core module', module: modules.get(item)! };
    case 'core instance': {
      const { expression } = item;
      return expression.kind === 'instantiate'
        ? {
            kind: 'core instantiate',
            module: expression.module.index,
            args: expression.args.map(({ name, index }) => ({ name, sort: 'core instance', index })),
          }
        : {
            kind: 'core exports',
            exports: expression.exports.map(({ name, sort, index }) => ({
              name,
              sort: `core ${sort}` as const,
              index,
            })),
          };
    }
    case 'instance': {
      const { expression } = item;
      const bindings = bindingsOf(facts, types);
      return expression.kind === 'instantiate'
        ? { kind: 'instantiate', component: expression.component.index, args: expression.args, bindings }
        : {
            kind: 'exports',
            exports: expression.exports.map(({ name, item: { sort, index } }) => ({
              name: name.name,
              sort,
              index,
            })),
            bindings,
          };
    }
    case 'alias': {
      const { alias } = item;
      if (alias.kind === 'outer') return alias;
      const { sort, instance, name } = alias;
      return {
        kind: 'alias',
        of: alias.kind === 'export' ? 'instance' : 'core instance',
        sort,
        instance,
        name,
      };
    }
    case 'type': {
      if (facts.kind !== 'resource' || item.definition.kind !== 'resource') return { kind: 'type' };
      const { identity } = facts.type;
      return {
        kind: 'resource',
        resource: types.resource(identity),
        name: identity.name ?? 'resource',
        destructor: item.definition.destructor?.index,
      };
    }
    case 'canon': {
      const { canon } = item;
      switch (canon.kind) {
        case 'lift':
        case 'lower':
          return {
            kind: canon.kind,
            callee: canon.callee.index,
            options: optionsOf(canon.options),
            type: types.function((facts as ItemFacts & { kind: 'function' }).type),
          };
        case 'resource.new':
        case 'resource.rep':
        case 'resource.drop': {
          const { type } = facts as ItemFacts & { kind: 'resource' };
          return { kind: canon.kind, resource: types.resource(type.identity) };
        }
        default:
          return { kind: 'async built-in', name: canon.kind };
      }
    }
    case 'import': {
      const { type } = item;
      return { kind: 'import', sort: type.kind, name: item.name.name, bindings: bindingsOf(facts, types) };
    }
    case 'export': {
      const { sort, index } = item.item;
      return {
        kind: 'export',
        item: { name: item.name.name, sort, index },
        bindings: bindingsOf(facts, types),
      };
    }
    case 'start':
    case 'value':
      throw new Unsupported(item.kind);
    case 'component':
    case 'core type':
    case 'custom':
      return undefined;
  }
}

function bindingsOf(facts: ItemFacts, types: Describer): Bindings {
  const resources: readonly ResourcePath[] = facts.kind === 'extern' ? facts.resources : [];
  return resources.map(({ path, identity }) => ({ path, resource: types.resource(identity) }));
}

function optionsOf(options: readonly CanonOption[]): Options {
  const index = (kind: 'memory' | 'realloc' | 'post-return'): number | undefined =>
    options.flatMap((each) => (each.kind === kind ? [each.index] : []))[0];
  let stringEncoding: StringEncoding = 'utf8';
  for (const { kind } of options) {
    if (kind === 'async' || kind === 'callback') throw new Unsupported(kind);
    if (kind === 'utf16' || kind === 'latin1+utf16') stringEncoding = kind;
  }
  return {
    stringEncoding,
    memory: index('memory'),
    realloc: index('realloc'),
    postReturn: index('post-return'),
  };
}
