/** Puts a component's core instances between generated code's functions: its own in place of `canon lower` and `canon lift`. */
import {
  componentLinkage,
  type ComponentLinkage,
  type ComponentSource,
  type CoreCanon,
  type CoreLifts,
  type CoreLinkage,
  type LinkageOptions,
} from './component-source.ts';
import { finder, findImport, LinkError, type CoreWorld, type InstantiateOptions } from './core-world.ts';
import { importFunction, liftWorld } from './guest-functions.ts';
import { giveMemory, leave, select, type ComponentInstance, type LiftLowerOptions } from './instance.ts';

/** Whether something is a compiled component. */
export function isComponent(value: unknown): value is ComponentSource {
  return typeof value === 'object' && value !== null && componentLinkage in value;
}

/** What it takes to make the core instances of a component for a world. */
export interface LinkedComponent<E> {
  readonly linkage: ComponentLinkage;
  /** Not there either when the component exports resources that the world does not have, and so has no code for. */
  readonly core: CoreLinkage | undefined;
  readonly canon: CoreCanon;
  /** The world's exports over the component's, once `cx` was entered and the instances were made. */
  readonly lift: (lifts: CoreLifts) => E;
}

/** Throws LinkError, before anything runs, naming all that the component, the world and the host do not have in common. */
export function linkComponent<E>(
  cx: ComponentInstance,
  component: ComponentSource,
  world: CoreWorld<E>,
  options: InstantiateOptions,
): LinkedComponent<E> {
  const linkage = component[componentLinkage];
  const path = compare(cx.name, linkage, world);
  const known = new Set(Object.keys(world.exports).map(path));
  return {
    linkage,
    core: [...linkage.exports].every(([name, type]) => type !== 0 || known.has(name))
      ? linkage.core
      : undefined,
    canon: {
      lower(from, given, main) {
        if (main) attach(cx, given);
        const found = findImport(world, 'component', ...split(from), new Set())!;
        const call = main ? found.call : selecting(cx, given, found.call);
        return importFunction(cx, world.waiting, options, { ...found, call }) as never;
      },
      resource(side, from, builtIn) {
        const [module, name] = split(from);
        const found = findImport(
          world,
          'component',
          side === 'import' ? module : `[export]${module}`,
          `[resource-${builtIn}]${name}`,
          new Set(),
        );
        return importFunction(cx, world.waiting, options, found!) as never;
      },
    },
    lift(lifts) {
      const lifted = (name: string): ReturnType<CoreLifts['lift']> => lifts.lift(path(name)!);
      for (const name in world.exports) if (world.exports[name] !== 0) attach(cx, lifted(name).options);
      leave(cx);
      return liftWorld(cx, world, options, {
        get: (name) => lifted(name).callee,
        post: (name) => lifted(name).options.postReturn,
        destructor: (name) => lifts.destructor(path(name)!),
      });
    },
  };
}

/**
 * The options of an instantiation by descriptors: what may wait in the world may wait there. Throws LinkError when the
 * world's values have other shapes than descriptors give them.
 */
export function linkageOptions(
  world: string,
  {
    imports,
    waiting,
    syncExports,
    needsCore,
  }: Pick<CoreWorld<unknown>, 'imports' | 'waiting' | 'syncExports' | 'needsCore'>,
  options: InstantiateOptions,
): LinkageOptions {
  if (needsCore !== undefined) throw new LinkError(world, [needsCore]);
  const mayBlock = imports.flatMap(({ module, functions }) =>
    functions
      .filter((each) => each.mayBlock !== undefined)
      .map(({ name }) => (module === '$root' ? name : `${module.replace(/@.*$/, '')}#${name}`)),
  );
  return { ...options, mayBlock, syncExports: waiting === undefined ? ['*'] : (syncExports ?? []) };
}

/** Says everything that does not fit; gives what finds the component's exports. */
function compare(
  world: string,
  { imports, exports }: ComponentLinkage,
  of: CoreWorld<unknown>,
): (name: string) => string | undefined {
  const problems = new Set<string>();
  const other = (what: string): void =>
    void problems.add(`the component ${what} with another type than this code was generated for`);
  for (const [path, type] of imports) {
    const [module, name] = split(path);
    const found = findImport(of, 'component', module, type === 0 ? `[resource-drop]${name}` : name, problems);
    if (found !== undefined && (found.type ?? 0) !== type) other(`imports \`${path}\``);
  }
  const find = finder([...exports.keys()]);
  for (const name in of.exports) {
    const path = find(name);
    if (path === undefined) problems.add(`the component does not export \`${name}\``);
    else if (exports.get(path) !== of.exports[name]) other(`exports \`${path}\``);
  }
  if (problems.size > 0) throw new LinkError(world, [...problems]);
  return find;
}

/** The module and name by which core modules would import it. */
function split(path: string): [module: string, name: string] {
  const at = path.lastIndexOf('#');
  return at === -1 ? ['$root', path] : [path.slice(0, at), path.slice(at + 1)];
}

/** Memory and allocator become the instance's own as they get known. */
function attach(cx: ComponentInstance, { memory, realloc }: LiftLowerOptions): void {
  if (memory !== undefined && (cx.memory !== memory || (realloc !== undefined && realloc !== cx.realloc)))
    giveMemory(cx, memory, realloc ?? cx.realloc);
}

/** A function that is lowered with another memory or allocator than the instance's. */
function selecting<A extends readonly never[], R>(
  cx: ComponentInstance,
  options: LiftLowerOptions,
  call: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    const previous = select(cx, options);
    const result = call(...args);
    if (cx.pending === undefined) select(cx, previous);
    else {
      // Nothing else runs in the instance before the promise is settled; its result is lowered as part of it.
      cx.pending = cx.pending.then((value) => {
        select(cx, previous);
        return value;
      });
    }
    return result;
  };
}
