/** An implementation's functions as core functions. */
import { findHost, LinkError } from '../core-world.ts';
import type { FunctionType } from '../function-type.ts';
import { MAX_FLAT_RESULTS } from '../layout.ts';
import { callIn, postReturn } from './call-in.ts';
import type { AnyClass, ExportedResource } from './handles.ts';
import type { GuestInstance } from './instance.ts';
import {
  exportName,
  functionType,
  roleOf,
  type GuestFunction,
  type GuestInterface,
  type GuestWorld,
} from './world.ts';

type Members = Readonly<Record<string, unknown>>;
type Callable = (...args: unknown[]) => unknown;

/** The names of what a guest of this world exports. */
export function exportNames(world: GuestWorld): readonly string[] {
  const functions = world.exports.flatMap(({ module, functions: each }) =>
    each.flatMap((of) => {
      const name = exportName(module, of.name);
      return isInMemory(functionType(module, of)) ? [name, `cabi_post_${name}`] : [name];
    }),
  );
  const destructors = ownResources(world).map(({ module, name }) => exportName(module, `[dtor]${name}`));
  return ['memory', 'cabi_realloc', '_initialize', ...functions, ...destructors];
}

/**
 * The exported core functions, but for `_initialize`. The implementation is not there yet: they find it in `given` when
 * they are called.
 */
export function exportedFunctions(
  cx: GuestInstance,
  world: GuestWorld,
  given: { readonly implementation: object | undefined },
): Record<string, unknown> {
  const core: Record<string, unknown> = {};
  for (const each of world.exports) {
    const { module, functions } = each;
    for (const of of functions) {
      const type = functionType(module, of);
      const name = exportName(module, of.name);
      core[name] = callIn(cx, type, of.mayWait === true, calling(world, each, of, given));
      if (isInMemory(type)) core[`cabi_post_${name}`] = postReturn(cx);
    }
  }
  world.resources.forEach((resource, number) => {
    if (resource.side === 'import') return;
    const own = cx.types[number] as ExportedResource;
    core[exportName(resource.module, `[dtor]${resource.name}`)] = (rep: number) => own.destruct(rep);
  });
  return core;
}

/** Calls the implementation's function, which is looked up anew: so that it is called on what it belongs to. */
function calling(
  world: GuestWorld,
  side: GuestInterface,
  of: GuestFunction,
  given: { readonly implementation: object | undefined },
): (args: unknown[]) => unknown {
  const key = of.key!;
  let known: Members | undefined;
  const members = (): Members => (known ??= membersOf(given.implementation!, side)!);
  const resource = of.resource === undefined ? undefined : world.resources[of.resource]!;
  switch (roleOf(of)) {
    case 'freestanding':
      return (args) => (members()[key] as Callable).apply(members(), args);
    case 'method':
      return ([self, ...args]) => ((self as Members)[key] as Callable).apply(self, args);
    case 'static':
      return (args) => {
        const found = members()[resource!.key] as Members;
        return (found[key] as Callable).apply(found, args);
      };
    case 'constructor':
      return (args) => new (members()[resource!.key] as new (...args: unknown[]) => object)(...args);
  }
}

/** Checks an implementation, and gives its classes to the resource types. Throws LinkError for all that is missing. */
export function implement(cx: GuestInstance, world: GuestWorld, implementation: unknown): void {
  const problems: string[] = [];
  if (implementation instanceof Promise)
    problems.push('the implementation is a promise: what it takes has to be there before it is instantiated');
  else if (typeof implementation !== 'object' || implementation === null)
    problems.push(
      `the implementation is no object but ${implementation === null ? 'null' : typeof implementation}`,
    );
  else {
    for (const side of world.exports) {
      const members = membersOf(implementation, side);
      const where =
        side.key === undefined ? 'the implementation' : `the implementation of \`${side.module}\``;
      if (members === undefined)
        problems.push(`the implementation has no \`${side.short ?? side.key}\`, which is \`${side.module}\``);
      else problems.push(...missing(world, side, members, where));
    }
  }
  if (problems.length > 0) throw new LinkError(world.name, problems);
  world.resources.forEach(({ side, module, key }, number) => {
    if (side === 'import') return;
    const of = world.exports.find((each) => each.module === module)!;
    (cx.types[number] as ExportedResource).implementation = membersOf(implementation as object, of)![
      key
    ] as AnyClass;
  });
}

function missing(
  world: GuestWorld,
  { module, functions }: GuestInterface,
  members: Members,
  where: string,
): readonly string[] {
  const problems: string[] = [];
  const own = ownResources(world).filter((each) => each.module === module);
  for (const { key } of own)
    if (typeof members[key] !== 'function') problems.push(`${where} has no class \`${key}\``);
  for (const of of functions) {
    const resource = of.resource === undefined ? undefined : world.resources[of.resource]!;
    const role = roleOf(of);
    if (role === 'constructor') continue;
    const of_ = resource === undefined ? members : (members[resource.key] as Members | undefined);
    if (resource !== undefined && typeof of_ !== 'function') continue;
    // A function that is no class may have no prototype.
    const on = role === 'method' ? (of_ as unknown as AnyClass).prototype : of_;
    if (typeof (on as Members | undefined)?.[of.key!] === 'function') continue;
    const path = [resource?.key, role === 'method' ? 'prototype' : undefined, of.key];
    problems.push(
      `${where} has no ${role === 'method' ? 'method' : 'function'} \`${path.filter((each) => each !== undefined).join('.')}\``,
    );
  }
  return problems;
}

/** Where an implementation has an interface: under its short key, its name, or its name with a compatible version. */
function membersOf(implementation: object, { module, key, short }: GuestInterface): Members | undefined {
  if (key === undefined) return implementation as Members;
  const own = short !== undefined && (implementation as Members)[short];
  const found = typeof own === 'object' && own !== null ? own : findHost(implementation, module);
  return found as Members | undefined;
}

function ownResources({ resources }: GuestWorld): GuestWorld['resources'] {
  return resources.filter((each) => each.side === 'export');
}

/** Whether a function gives its result in memory, which `post-return` frees. */
function isInMemory({ result }: FunctionType): boolean {
  return result !== undefined && result.flat.length > MAX_FLAT_RESULTS;
}
