/** Functions and classes of interfaces as objects have them, on the side of whoever calls them. */
import type { AnyClass } from './handles.ts';
import { roleOf, type GuestFunction, type GuestWorld } from './world.ts';

/** A function that takes and gives values; a method's `self` is its first argument. */
export type Lifted = (...args: unknown[]) => unknown;

/**
 * Objects for one side of a world: interfaces by their keys, and beside them the world's own functions. `classOf` makes
 * the class of a resource, from its number and its constructor.
 */
export function defineMembers(
  { imports, exports, resources }: GuestWorld,
  side: 'import' | 'export',
  lift: (module: string, of: GuestFunction) => Lifted,
  classOf: (resource: number, construct: Lifted | undefined) => AnyClass,
): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const { module, key, functions } of side === 'import' ? imports : exports) {
    const members = key === undefined ? all : {};
    if (key !== undefined) all[key] = members;
    const classes = new Map<number, AnyClass>();
    resources.forEach((resource, number) => {
      if (resource.side !== side || resource.module !== module) return;
      const make = functions.find((each) => each.resource === number && roleOf(each) === 'constructor');
      const made = classOf(number, make && lift(module, make));
      Object.defineProperty(made, 'name', { value: resource.key, configurable: true });
      classes.set(number, made);
      define(members, resource.key, made);
    });
    for (const each of functions) {
      const role = roleOf(each);
      if (role === 'constructor') continue;
      const call = lift(module, each);
      const of = each.resource === undefined ? members : classes.get(each.resource)!;
      if (role === 'method') define(of.prototype as object, each.key!, method(call));
      else define(of, each.key!, call);
    }
  }
  return all;
}

function method(call: Lifted): Lifted {
  return function (this: unknown, ...args) {
    return call(this, ...args);
  };
}

/** Functions of any name, `name` and `constructor` included. */
function define(on: object, key: string, value: unknown): void {
  Object.defineProperty(on, key, { value, writable: true, enumerable: true, configurable: true });
}
