/** What instantiating a component does, looked up and prepared once. Explainer.md: "Instance Definitions". */
import { guestResource, inTask, type CoreCallee, type StringEncoding } from '@wittle/runtime/types';
import type { Alias, Canon, CanonOption, CoreModuleItem, Item, Sort } from '../binary/definition.ts';
import type { ItemFacts, ValidComponent } from '../validate/component-type.ts';
import { asyncBuiltIn, lift, lower, optionsIn, resourceFunction, type Options } from './canon.ts';
import { describer, Unsupported, type Describer } from './descriptors.ts';
import {
  add,
  at,
  type Bindings,
  type ComponentValue,
  type Frame,
  type InstanceValue,
  type Plan,
  type Step,
  type Value,
} from './frame.ts';
import { resourceClass } from './resource-class.ts';
import type { WasmModule } from '@wittle/runtime';

/** Plans a component and those inside it. `modules` has its core modules, compiled. */
export function planComponent(
  component: ValidComponent,
  modules: ReadonlyMap<CoreModuleItem, WasmModule>,
  problems: string[] = [],
): Plan {
  const types = describer();
  const steps: Step[] = [];
  const hasTasks = usesTasks(component);
  component.definition.items.forEach((item, index) => {
    try {
      const facts = component.facts[index]!;
      const step =
        facts.kind === 'component'
          ? componentStep(planComponent(facts.component, modules, problems))
          : item.kind === 'core module'
            ? moduleStep(modules.get(item)!)
            : stepOf(item, facts, types, hasTasks);
      if (step !== undefined) steps.push(step);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      problems.push(`at offset ${item.offset}: \`${error.message}\` cannot be run yet`);
    }
  });
  return { type: component.type, steps, problems };
}

/** Whether anything in it asks what belongs to a call: all of its functions have to say when one begins and ends. */
function usesTasks({ definition, facts }: ValidComponent): boolean {
  return definition.items.some((item, index) => {
    if (item.kind !== 'canon') return false;
    const { kind } = item.canon;
    if (kind === 'lift') return (facts[index] as Facts<'function'>).type.async;
    return /^(?:context|task|backpressure)\./.test(kind);
  });
}

// Made outside, so that a plan does not keep the bytes of a binary alive.

function componentStep(plan: Plan): Step {
  return (frame) => add(frame, 'component', { plan, outer: frame } satisfies ComponentValue);
}

function moduleStep(module: WebAssembly.Module): Step {
  return (frame) => add(frame, 'core module', module);
}

function stepOf(item: Item, facts: ItemFacts, types: Describer, hasTasks: boolean): Step | undefined {
  const bindings: Bindings =
    facts.kind === 'extern'
      ? facts.resources.map(({ path, identity }) => ({ path, resource: types.resource(identity) }))
      : [];
  switch (item.kind) {
    case 'core instance': {
      const { expression } = item;
      if (expression.kind === 'exports') {
        const items = expression.exports.map(({ name, sort, index }): Named => [name, `core ${sort}`, index]);
        return (frame) => add(frame, 'core instance', moduleObject(frame, items));
      }
      const { module } = expression;
      const args = expression.args.map(({ name, index }): Named => [name, 'core instance', index]);
      return (frame) => ({
        module: at(frame, 'core module', module.index),
        imports: moduleObject(frame, args),
      });
    }
    case 'instance': {
      const { expression } = item;
      if (expression.kind === 'exports') {
        const items = expression.exports.map((each): Named => [
          each.name.name,
          each.item.sort,
          each.item.index,
        ]);
        return (frame) => add(frame, 'instance', instanceValue(frame, items), bindings);
      }
      const { component } = expression;
      const args = expression.args.map(({ name, sort, index }): Named => [name, sort, index]);
      return (frame) => ({
        component: at(frame, 'component', component.index),
        args: instanceValue(frame, args),
        bindings,
      });
    }
    case 'alias':
      return aliasStep(item.alias);
    case 'type': {
      const { definition } = item;
      if (facts.kind !== 'resource' || definition.kind !== 'resource')
        return (frame) => add(frame, 'type', undefined);
      const { identity } = facts.type;
      const number = types.resource(identity);
      const name = identity.name ?? 'resource';
      return (frame) => {
        const resource = guestResource(name, frame.cx);
        resource.implementation = resourceClass(resource);
        if (definition.destructor !== undefined) {
          const destructor = at<CoreCallee>(frame, 'core function', definition.destructor.index);
          resource.destructor = (hasTasks ? inTask(frame.cx, destructor) : destructor) as (
            rep: number,
          ) => void;
        }
        add(frame, 'type', resource, [{ path: [], resource: number }]);
      };
    }
    case 'canon':
      return canonStep(item.canon, facts, types, hasTasks);
    case 'import': {
      const { name } = item.name;
      return (frame) => add(frame, item.type.kind, frame.args.get(name), bindings);
    }
    case 'export': {
      const { sort, index } = item.item;
      return (frame) => {
        const value = at<Value>(frame, sort, index);
        frame.exports.set(item.name.name, value);
        add(frame, sort, value, bindings);
      };
    }
    case 'start':
    case 'value':
      throw new Unsupported(item.kind);
    default:
      return undefined;
  }
}

function aliasStep(alias: Alias): Step | undefined {
  const { kind, sort } = alias;
  if (kind === 'outer') {
    // Nothing asks for core types at run time.
    if (sort === 'core type') return undefined;
    return (frame) => {
      let scope = frame;
      for (let i = 0; i < alias.scopes; i++) scope = scope.outer!;
      add(frame, sort, at(scope, sort, alias.index));
    };
  }
  const { instance, name } = alias;
  return kind === 'export'
    ? (frame) => add(frame, sort, at<InstanceValue>(frame, 'instance', instance).get(name))
    : (frame) => add(frame, sort, at<WebAssembly.Exports>(frame, 'core instance', instance)[name]);
}

function canonStep(canon: Canon, facts: ItemFacts, types: Describer, hasTasks: boolean): Step {
  if (facts.kind === 'function' && facts.memory === 'i64')
    throw new Unsupported('memory with 64-bit addresses');
  switch (canon.kind) {
    case 'lift': {
      const options = optionsOf(canon.options);
      const { type: valid } = facts as Facts<'function'>;
      const type = types.function(valid);
      const { async } = valid;
      return (frame) => {
        const callee = at<CoreCallee>(frame, 'core function', canon.callee.index);
        const found = optionsIn(frame, options, hasTasks);
        add(frame, 'function', lift(frame, callee, type, found, hasTasks, async));
      };
    }
    case 'lower': {
      const options = optionsOf(canon.options);
      const type = types.function((facts as Facts<'function'>).type);
      return (frame) =>
        add(
          frame,
          'core function',
          lower(frame, at(frame, 'function', canon.callee.index), type, optionsIn(frame, options, hasTasks)),
        );
    }
    case 'resource.new':
    case 'resource.rep':
    case 'resource.drop': {
      const number = types.resource((facts as Facts<'resource'>).type.identity);
      const builtIn = canon.kind.slice(9) as 'new' | 'rep' | 'drop';
      return (frame) => add(frame, 'core function', resourceFunction(frame, builtIn, number));
    }
    default: {
      const { kind, context } = canon;
      const returns = kind === 'task.return';
      const result = returns ? types.taskResult((facts as Facts<'value type'>).type) : undefined;
      const options = returns ? optionsOf(canon.options) : NO_OPTIONS;
      return (frame) => {
        const found = optionsIn(frame, options, hasTasks);
        add(frame, 'core function', asyncBuiltIn(frame, { kind, context }, result, found));
      };
    }
  }
}

const NO_OPTIONS: Options = { stringEncoding: 'utf8' };

type Facts<Kind> = ItemFacts & { readonly kind: Kind };

function optionsOf(options: readonly CanonOption[]): Options {
  const found: { -readonly [Key in keyof Options]: Options[Key] } = { stringEncoding: 'utf8' };
  for (const option of options) {
    switch (option.kind) {
      case 'memory':
      case 'realloc':
      case 'post-return':
      case 'callback':
        found[option.kind] = option.index;
        break;
      case 'async':
        found.async = true;
        break;
      default:
        found.stringEncoding = option.kind satisfies StringEncoding;
    }
  }
  return found;
}

/** An item of an index space, under a name. */
type Named = readonly [name: string, sort: Sort, index: number];

function instanceValue(frame: Frame, items: readonly Named[]): InstanceValue {
  return new Map(items.map(([name, sort, index]) => [name, at(frame, sort, index)]));
}

/** Names are of any kind: `__proto__` is one. */
function moduleObject(frame: Frame, items: readonly Named[]): Record<string, never> {
  const object = Object.create(null) as Record<string, never>;
  for (const [name, sort, index] of items) object[name] = at(frame, sort, index);
  return object;
}
