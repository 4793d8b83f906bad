/** A guest in JavaScript in place of a core module. */
import { coreModule, type CoreModule, type CoreModuleExports, type GuestModule } from '../core-module.ts';
import { exportedFunctions, exportNames, implement } from './exported.ts';
import { ExportedResource, ImportedResource, type HandleResource } from './handles.ts';
import { importedWorld } from './imported.ts';
import { GuestInstance, noting, type CoreCall } from './instance.ts';
import { resourceName, type GuestResource, type GuestWorld } from './world.ts';

/** Bounds of what an instance of a guest can allocate. */
export interface GuestLimits {
  /** Bytes of linear memory; whole pages (64 KiB) count. Default: what the engine has, 4 GiB. */
  readonly memory?: number | undefined;
}

/**
 * A guest that generated glue takes in place of a core module: an implementation of a world's exports, behind a linear
 * memory of its own. A function as implementation is given what the world imports, once for each instance, and returns
 * the implementation; an object is shared by all instances.
 *
 * Throws TypeError for limits that are none.
 */
export function guestModule(
  world: GuestWorld,
  implementation: object | ((imports: never) => object),
  limits: GuestLimits = {},
): GuestModule {
  const maximum = pages(limits.memory);
  const module: CoreModule = {
    imports: () => importNames(world),
    exports: () => exportNames(world).map((name) => ({ name })),
    instantiate: (imports) => instantiate(world, implementation, imports, maximum),
  };
  return { [coreModule]: module };
}

/** Under this the exports of an instance have a function that gives its {@link GuestUsage}: to look for leaks. */
export const guestUsage: unique symbol = Symbol.for('wittle.guest-usage') as never;

/** What an instance holds; between calls, what it holds on to. */
export interface GuestUsage {
  /** Allocated blocks of its memory. */
  readonly blocks: number;
  /** Objects of its own resources that are owned outside of it. */
  readonly objects: number;
}

/** Makes an instance; its `_initialize` is what runs the code that makes the implementation. */
function instantiate(
  world: GuestWorld,
  implementation: object | ((imports: never) => object),
  imports: WebAssembly.Imports,
  maximum: number | undefined,
): CoreModuleExports {
  const cx = new GuestInstance(world.name, maximum);
  const core = (module: string, name: string): CoreCall => imports[module]![name] as CoreCall;
  for (const resource of world.resources) cx.types.push(resourceType(cx, resource, core));
  const imported = importedWorld(cx, world, core);
  const given: { implementation: object | undefined } = { implementation: undefined };
  const initialize = (): void => {
    cx.running++;
    try {
      const made = typeof implementation === 'function' ? implementation(imported as never) : implementation;
      implement(cx, world, made);
      given.implementation = made;
    } finally {
      cx.running--;
    }
  };
  return {
    memory: cx.memory,
    // The host's: not what is being lowered, even where lowering calls the host (a getter may).
    cabi_realloc: (old: number, oldSize: number, alignment: number, size: number) =>
      cx.allocator.realloc(old, oldSize, alignment, size),
    _initialize: initialize,
    ...exportedFunctions(cx, world, given),
    [guestUsage]: () => usageOf(cx),
  };
}

function usageOf({ allocator, types }: GuestInstance): GuestUsage {
  const own = types.filter((each) => each instanceof ExportedResource);
  return { blocks: allocator.blocks, objects: own.reduce((sum, each) => sum + each.size, 0) };
}

function resourceType(
  cx: GuestInstance,
  resource: GuestResource,
  core: (module: string, name: string) => CoreCall,
): HandleResource {
  const { side, module, name } = resource;
  const builtIn = (what: string): ((of: number) => number) =>
    noting(cx, core(side === 'import' ? module : `[export]${module}`, `[resource-${what}]${name}`)) as never;
  if (side === 'import') return new ImportedResource(cx, resourceName(resource), builtIn('drop'));
  return new ExportedResource(cx, resourceName(resource), {
    create: builtIn('new'),
    rep: builtIn('rep'),
    drop: builtIn('drop'),
  });
}

function importNames({ imports, resources }: GuestWorld): ReturnType<CoreModule['imports']> {
  const kind = 'function' as const;
  const functions = imports.flatMap(({ module, functions: each }) =>
    each.map(({ name }) => ({ module, name, kind })),
  );
  const handles = resources.flatMap(({ side, module, name }) =>
    side === 'import'
      ? [{ module, name: `[resource-drop]${name}`, kind }]
      : ['new', 'rep', 'drop'].map((what) => ({
          module: `[export]${module}`,
          name: `[resource-${what}]${name}`,
          kind,
        })),
  );
  return [...functions, ...handles];
}

const PAGE = 65_536;
const MAX_PAGES = 65_536;

function pages(memory: number | undefined): number | undefined {
  if (memory === undefined) return undefined;
  if (!Number.isSafeInteger(memory) || memory < PAGE)
    throw new TypeError(`limits.memory is a number of bytes, at least ${PAGE}, not ${String(memory)}`);
  return Math.min(Math.floor(memory / PAGE), MAX_PAGES);
}
