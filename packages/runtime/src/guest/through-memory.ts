/** A guest that imports nothing, and the host's side of it, by descriptors alone: no glue is generated. */
import { canonLift } from '../canon/lift.ts';
import { canonResourceDrop } from '../canon/resource-drop.ts';
import { canonResourceNew } from '../canon/resource-new.ts';
import { canonResourceRep } from '../canon/resource-rep.ts';
import type { CoreExports, CoreFunction, CoreInterface } from '../core-world.ts';
import type { CoreCallee } from '../function-type.ts';
import { disposeGuest, type GuestObject } from '../guest-resource.ts';
import { ComponentInstance, guestResource } from '../instance.ts';
import { instantiateCoreSync } from '../link.ts';
import type { AnyClass } from './handles.ts';
import { defineMembers, type Lifted } from './members.ts';
import { guestModule, type GuestLimits } from './module.ts';
import { exportName, functionType, resourceName, type GuestFunction, type GuestWorld } from './world.ts';

/**
 * Puts an implementation of a world's exports behind a linear memory of its own. What comes back has the same functions
 * and classes, interfaces by their keys: between them and the implementation, every value is checked, lowered and lifted,
 * and resources are handles. Nothing waits.
 *
 * Throws LinkError for all that the implementation lacks. The functions throw ValueError for an argument of the wrong shape,
 * ComponentError for the error value of a `result`, and Trap for any other failure, which ends the instance.
 */
export function throughMemory(
  world: GuestWorld,
  implementation: object,
  limits: GuestLimits = {},
): Record<string, unknown> {
  if (world.imports.length > 0)
    throw new TypeError(`world ${world.name} has imports: it takes glue of target host to give them`);
  const cx = new ComponentInstance(world.name);
  for (const resource of world.resources) cx.resources.push(guestResource(resourceName(resource)));
  const functions = world.exports.flatMap(({ module, functions: each }) =>
    each.map(({ name }) => exportName(module, name)),
  );
  return instantiateCoreSync(
    cx,
    guestModule(world, implementation, limits),
    {
      imports: builtIns(cx, world),
      exports: Object.fromEntries(functions.map((name) => [name, 1])),
      needsRealloc: true,
      given: {},
      lift: (core) => lifted(cx, world, core),
    },
    {},
  );
}

/** `[resource-new]` and its like, for the guest's own resources. */
function builtIns(cx: ComponentInstance, { resources, exports }: GuestWorld): readonly CoreInterface[] {
  return exports.map(({ module }) => ({
    module: `[export]${module}`,
    host: undefined,
    functions: resources.flatMap((each, number): readonly CoreFunction[] =>
      each.module === module
        ? [
            { name: `[resource-new]${each.name}`, host: undefined, call: canonResourceNew(number, cx) },
            { name: `[resource-rep]${each.name}`, host: undefined, call: canonResourceRep(number, cx) },
            { name: `[resource-drop]${each.name}`, host: undefined, call: canonResourceDrop(number, cx) },
          ]
        : [],
    ),
  }));
}

function lifted(cx: ComponentInstance, world: GuestWorld, core: CoreExports): Record<string, unknown> {
  const { memory, realloc } = cx;
  const lift = (module: string, of: GuestFunction): Lifted => {
    const name = exportName(module, of.name);
    const postReturn = core.post(name) as CoreCallee | undefined;
    const options = { stringEncoding: 'utf8', memory, realloc, postReturn } as const;
    return canonLift(core.get<CoreCallee>(name), functionType(module, of), options, cx);
  };
  return defineMembers(world, 'export', lift, (number, construct) => {
    const { module, name } = world.resources[number]!;
    const type = cx.resources[number]!;
    type.implementation = resourceClass(resourceName(world.resources[number]!), construct);
    type.destructor = core.destructor(exportName(module, name));
    return type.implementation as AnyClass;
  });
}

function resourceClass(name: string, construct: Lifted | undefined): AnyClass {
  return class {
    constructor(...args: unknown[]) {
      if (construct === undefined)
        throw new TypeError(`${name} has no constructor: the guest makes its values`);
      return Object.setPrototypeOf(construct(...args), new.target.prototype as object) as never;
    }

    /** Drops the value: runs its destructor in the guest. Doing so again does nothing. */
    [Symbol.dispose](): void {
      disposeGuest(this as unknown as GuestObject);
    }
  };
}
