/** What generated code asks of a component. */
import type { ComponentInstance, ComponentLinkage, CoreCanon, CoreLinkage } from '@wittle/runtime/types';
import type { Externs, FunctionType, ResourceIdentity } from '../validate/component-type.ts';
import { coreViewOf, runCore } from './core-view.ts';
import { finish, finishSync } from './finish.ts';
import { makeInstance } from './instance.ts';
import { once } from './once.ts';
import type { ComponentValue } from './frame.ts';
import { pathOf } from './stand-ins.ts';
import { typeNumbers } from './type-number.ts';

/** `wrap` makes objects of components that are exported. */
export function linkageOf(
  component: ComponentValue,
  wrap: (component: ComponentValue) => object,
): ComponentLinkage {
  const { type } = component.plan;
  const seen = new Map<ResourceIdentity, string>();
  const typeNumber = typeNumbers((resource) => seen.get(resource) ?? '');
  const imports = numbers(type.imports, seen, typeNumber);
  const exports = numbers(type.exports, seen, typeNumber);
  const core = once(() => coreLinkage(component, [...imports.values(), ...exports.values()]));
  return {
    imports,
    exports,
    get core() {
      return core();
    },
    instantiate: (given, options) => finish(makeInstance(component, given, options, wrap)),
    instantiateSync: (given, options) => finishSync(makeInstance(component, given, options, wrap)),
    // Up to the first core instance.
    check: (given, options) => void makeInstance(component, given, options, wrap).next(),
  };
}

function coreLinkage(value: ComponentValue, types: readonly number[]): CoreLinkage | undefined {
  if (value.plan.problems.length > 0 || types.includes(NOT_WIT)) return undefined;
  const view = coreViewOf(value);
  if (view === undefined) return undefined;
  const start = (cx: ComponentInstance, canon: CoreCanon): ReturnType<typeof runCore> =>
    runCore(value, view, cx, canon);
  return {
    instantiate: (cx, canon) => finish(start(cx, canon)),
    instantiateSync: (cx, canon) => finishSync(start(cx, canon)),
  };
}

/** What no world of WIT has. */
const NOT_WIT = -1;

/** `seen` has the names of the resources that were there before. */
function numbers(
  externs: Externs,
  seen: Map<ResourceIdentity, string>,
  typeNumber: (type: FunctionType) => number,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const walk = (of: Externs, owner: string): void => {
    for (const [name, { type }] of of) {
      const path = pathOf(owner, name);
      if (type.kind === 'function') found.set(path, typeNumber(type));
      else if (type.kind === 'instance' && owner === '') walk(type.exports, name);
      else if (type.kind !== 'type') found.set(path, NOT_WIT);
      else if (type.type.kind === 'resource' && !seen.has(type.type.identity)) {
        seen.set(type.type.identity, name);
        found.set(path, 0);
      }
    }
  };
  walk(externs, '');
  return found;
}
