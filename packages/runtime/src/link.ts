/** Instantiates guests for generated code: core modules that follow wit-component's naming, and components. */
import { isComponent, linkageOptions, linkComponent } from './component-link.ts';
import type { ComponentSource } from './component-source.ts';
import { coreModule, isGuestModule, type CoreModuleExports, type GuestModule } from './core-module.ts';
import { finder, findImport, LinkError, type CoreWorld, type InstantiateOptions } from './core-world.ts';
import { limitHandles } from './handle-table.ts';
import { guestFunction, importFunction, liftWorld, requireExports } from './guest-functions.ts';
import { enter, giveMemory, leave, type ComponentInstance, type Realloc } from './instance.ts';
import type { Bytes, WasmModule, WebResponse, WebUrl } from './platform.ts';

/**
 * What a guest can be given as: a core module's bytes, compiled, or where to fetch it from; a compiled component; or what
 * stands for a core module.
 */
export type ModuleSource = Fetched | WebUrl | WebResponse | PromiseLike<Fetched | WebUrl | WebResponse>;

/** A guest that is there. */
export type Fetched = Bytes | WasmModule | ComponentSource | GuestModule;

/** Compiles what needs compiling, then links and instantiates; gives what the world exports. */
export async function instantiateCore<E>(
  cx: ComponentInstance,
  source: ModuleSource,
  world: CoreWorld<E>,
  options: InstantiateOptions,
): Promise<E> {
  limitHandles(cx.handles, options.limits?.handles);
  const given = await fetched(cx.name, await source);
  if (isComponent(given)) {
    const { linkage, core, canon, lift } = linkComponent(cx, given, world, options);
    if (core === undefined)
      return linkage.instantiate(world.given, linkageOptions(cx.name, world, options)) as Promise<E>;
    enter(cx);
    return lift(await core.instantiate(cx, canon));
  }
  const module = isBytes(given)
    ? await WebAssembly.compile(given).catch((error: unknown) => invalid(cx.name, error))
    : given;
  const linked = link(cx, module, world, options);
  // A start function may call out; what it calls finds no memory yet.
  enter(cx);
  const core = isGuestModule(module)
    ? module[coreModule].instantiate(linked)
    : (await WebAssembly.instantiate(module, linked)).exports;
  return attach(cx, core, world, options);
}

/** As {@link instantiateCore}, at once, for a guest that is there. */
export function instantiateCoreSync<E>(
  cx: ComponentInstance,
  source: Fetched,
  world: CoreWorld<E>,
  options: InstantiateOptions,
): E {
  limitHandles(cx.handles, options.limits?.handles);
  const given = guestOf(cx.name, source);
  if (isComponent(given)) {
    const { linkage, core, canon, lift } = linkComponent(cx, given, world, options);
    if (core === undefined)
      return linkage.instantiateSync(world.given, linkageOptions(cx.name, world, options)) as E;
    enter(cx);
    return lift(core.instantiateSync(cx, canon));
  }
  const module = isBytes(given) ? compileBytes(cx.name, given) : given;
  const linked = link(cx, module, world, options);
  enter(cx);
  const core = isGuestModule(module)
    ? module[coreModule].instantiate(linked)
    : new WebAssembly.Instance(module, linked).exports;
  return attach(cx, core, world, options);
}

async function fetched(world: string, source: unknown): Promise<Fetched> {
  let given = source;
  if (given instanceof URL) given = given.protocol === 'file:' ? await readFile(given) : await fetch(given);
  if (typeof Response === 'function' && given instanceof Response) {
    if (!given.ok) refuse(world, `fetching ${given.url} failed: ${given.status} ${given.statusText}`);
    given = await given.arrayBuffer();
  }
  return guestOf(world, given);
}

/** Node's `fetch` does not read files; browsers never get here. */
function readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule: (name: string) => { readFile: typeof readFile } };
  };
  return process.getBuiltinModule('node:fs/promises').readFile(url);
}

/** What was given is a guest: at least, bytes are those of a core module. */
function guestOf(world: string, given: unknown): Fetched {
  if (given instanceof WebAssembly.Module || isComponent(given) || isGuestModule(given)) return given;
  if (!isBytes(given))
    refuse(
      world,
      'the module must be bytes, a WebAssembly.Module, a URL, a Response, or a compiled component',
    );
  const bytes = ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== '\0asm')
    refuse(world, 'the module is not WebAssembly: it does not start with \\0asm');
  if (bytes[6] === 1)
    refuse(
      world,
      'these are the bytes of a component: give what `compile` of @wittle/component makes of them',
    );
  return given;
}

function isBytes(given: unknown): given is BufferSource {
  return ArrayBuffer.isView(given) || given instanceof ArrayBuffer;
}

function compileBytes(world: string, bytes: BufferSource): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    return invalid(world, error);
  }
}

function invalid(world: string, error: unknown): never {
  return refuse(world, `the module is not valid: ${(error as Error).message}`);
}

function report(world: string, problems: ReadonlySet<string>): void {
  if (problems.size > 0) throw new LinkError(world, [...problems]);
}

function refuse(world: string, problem: string): never {
  throw new LinkError(world, [problem]);
}

/** Gives every import of the module its function, or says all that is missing. */
function link(
  cx: ComponentInstance,
  module: WebAssembly.Module | GuestModule,
  world: CoreWorld<unknown>,
  options: InstantiateOptions,
): WebAssembly.Imports {
  const problems = new Set<string>();
  const linked = Object.create(null) as Record<string, Record<string, WebAssembly.ImportValue>>;
  const guest = {
    get memory(): WebAssembly.Memory {
      return cx.memory!;
    },
  };
  const adapted = options.adapter?.imports(guest) ?? {};
  const inProcess = isGuestModule(module);
  // That has no stack to suspend: it gets promises.
  const waits = inProcess ? world.waiting?.inProcess : world.waiting;
  const { imports, exports } = inProcess ? module[coreModule] : WebAssembly.Module;
  for (const { module: from, name, kind } of imports(module as WebAssembly.Module)) {
    const target = (linked[from] ??= Object.create(null) as Record<string, WebAssembly.ImportValue>);
    if (kind !== 'function')
      problems.add(
        `the module imports a ${kind}, \`${from}\` \`${name}\`; only functions can be given to it`,
      );
    else if (Object.hasOwn(adapted, from)) {
      const group = adapted[from]!;
      if (!Object.hasOwn(group, name))
        problems.add(`the module imports \`${name}\` of \`${from}\`, which the adapter does not have`);
      else {
        const { call, params, results, mayBlock } = group[name]!;
        const core = mayBlock ? { params, result: results[0] } : undefined;
        target[name] = guestFunction(cx, waits, options, from, name, call, core, true);
      }
    } else {
      const found = findImport(world, 'module', from, name, problems);
      if (found !== undefined) target[name] = importFunction(cx, waits, options, found);
    }
  }
  const names = exports(module as WebAssembly.Module).map((each) => each.name);
  if (world.needsRealloc && !names.includes('cabi_realloc'))
    problems.add('the module exports no `cabi_realloc`, which is needed to pass strings or lists to it');
  if (options.adapter?.exports === undefined) requireExports(world, finder(names), problems);
  report(cx.name, problems);
  return linked;
}

function attach<E>(
  cx: ComponentInstance,
  core: CoreModuleExports,
  world: CoreWorld<E>,
  options: InstantiateOptions,
): E {
  const { memory } = core;
  giveMemory(
    cx,
    memory instanceof WebAssembly.Memory ? memory : undefined,
    core['cabi_realloc'] as Realloc | undefined,
  );
  const all: Record<string, unknown> = {
    ...core,
    ...options.adapter?.exports?.(core as WebAssembly.Exports),
  };
  const names = finder(Object.keys(all).filter((name) => typeof all[name] === 'function'));
  const get = (name: string): unknown => all[names(name) ?? ''];
  const problems = new Set<string>();
  requireExports(world, names, problems);
  report(cx.name, problems);
  const initialize = core['_initialize'];
  if (typeof initialize === 'function') initialize();
  leave(cx);
  return liftWorld(cx, world, options, {
    get,
    post: (name) => get(`cabi_post_${name}`),
    destructor: (name) => get(name.replace(/[^#]*$/, '[dtor]$&')),
  });
}
