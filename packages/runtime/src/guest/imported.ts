/** What a guest imports, as objects with functions and classes. */
import type { CoreCallee } from '../function-type.ts';
import { callOut, mayCall } from './call-out.ts';
import { cellOf, type AnyClass, type ImportedResource } from './handles.ts';
import type { CoreCall, GuestInstance } from './instance.ts';
import { functionType, roleOf, type GuestInterface, type GuestWorld } from './world.ts';

type Members = Record<string, unknown>;

/** The imports of a world over the core functions of an instance: interfaces by their keys, and the world's own functions. */
export function importedWorld(
  cx: GuestInstance,
  world: GuestWorld,
  core: (module: string, name: string) => CoreCall,
): object {
  const imports: Members = {};
  for (const each of world.imports) {
    const members = each.key === undefined ? imports : {};
    if (each.key !== undefined) imports[each.key] = members;
    addInterface(cx, world, each, members, core);
  }
  return imports;
}

function addInterface(
  cx: GuestInstance,
  world: GuestWorld,
  { module, functions }: GuestInterface,
  members: Members,
  core: (module: string, name: string) => CoreCall,
): void {
  const classes = new Map<number, AnyClass>();
  world.resources.forEach((resource, number) => {
    if (resource.side !== 'import' || resource.module !== module) return;
    const made = functions.find((each) => each.resource === number && roleOf(each) === 'constructor');
    const type = made && functionType(module, made);
    const of = cx.types[number] as ImportedResource;
    const construct = type && callOut(cx, type, core(module, made!.name) as CoreCallee);
    of.implementation = resourceClass(of, construct);
    classes.set(number, of.implementation);
    define(members, resource.key, of.implementation);
    name(of.implementation, resource.key);
  });
  for (const each of functions) {
    const role = roleOf(each);
    if (role === 'constructor') continue;
    const call = callOut(cx, functionType(module, each), core(module, each.name) as CoreCallee);
    const of = each.resource === undefined ? members : classes.get(each.resource)!;
    if (role === 'method') define(of.prototype as object, each.key!, method(call));
    else define(of, each.key!, call);
  }
}

function method(call: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return function (this: unknown, ...args) {
    return call(this, ...args);
  };
}

/** The class of an imported resource; its objects come from calls, and from its constructor if it has one. */
function resourceClass(
  of: ImportedResource,
  construct: ((...args: unknown[]) => unknown) | undefined,
): AnyClass {
  return class {
    constructor(...args: unknown[]) {
      if (construct === undefined)
        throw new TypeError(`${of.name} has no constructor: the host makes its values`);
      // An object of the class already; of a class derived from it, if it is that which is constructed.
      return Object.setPrototypeOf(construct(...args), new.target.prototype as object) as never;
    }

    /** Drops the handle. Doing so again does nothing. */
    [Symbol.dispose](): void {
      const cell = cellOf(this);
      if (cell.index !== 0) mayCall(cell.cx, `dropping a ${of.name}`);
      of.drop(cell);
    }
  };
}

/** Functions of any name, `name` and `__proto__` included. */
function define(on: object, key: string, value: unknown): void {
  Object.defineProperty(on, key, { value, writable: true, enumerable: true, configurable: true });
}

function name(of: AnyClass, to: string): void {
  Object.defineProperty(of, 'name', { value: to, configurable: true });
}
