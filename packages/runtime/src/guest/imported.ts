/** What a guest imports, as objects with functions and classes. */
import type { CoreCallee } from '../function-type.ts';
import { callOut, mayCall } from './call-out.ts';
import { cellOf, type AnyClass, type ImportedResource } from './handles.ts';
import type { CoreCall, GuestInstance } from './instance.ts';
import { defineMembers, type Lifted } from './members.ts';
import { functionType, type GuestWorld } from './world.ts';

/** The imports of a world over the core functions of an instance: interfaces by their keys, and the world's own functions. */
export function importedWorld(
  cx: GuestInstance,
  world: GuestWorld,
  core: (module: string, name: string) => CoreCall,
): object {
  return defineMembers(
    world,
    'import',
    (module, of) => callOut(cx, functionType(module, of), core(module, of.name) as CoreCallee),
    (resource, construct) => {
      const of = cx.types[resource] as ImportedResource;
      of.implementation = resourceClass(of, construct);
      return of.implementation;
    },
  );
}

/** The class of an imported resource; its objects come from calls, and from its constructor if it has one. */
function resourceClass(of: ImportedResource, construct: Lifted | undefined): AnyClass {
  return class {
    constructor(...args: unknown[]) {
      if (construct === undefined)
        throw new TypeError(`${of.name} has no constructor: the host makes its values`);
      // An object of the class already; of a class derived from it, if it is that which is constructed.
      return Object.setPrototypeOf(construct(...args), new.target.prototype as object) as never;
    }

    /** Drops the handle. Doing so again does nothing, and so does `using` when the host has failed. */
    [Symbol.dispose](): void {
      const cell = cellOf(this);
      if (cell.index !== 0 && cell.cx.lost === undefined) mayCall(cell.cx, `dropping a ${of.name}`);
      of.drop(cell);
    }
  };
}
