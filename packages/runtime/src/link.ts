/** Links a core module that follows wit-component's naming to the imports of its world, and finds its exports. */
import type { CoreAdapter, CoreType } from './core-adapter.ts';
import { enter, leave, post, trapOnThrow, type ComponentInstance, type Realloc } from './instance.ts';
import { canSuspend, promising, suspendable } from './jspi.ts';

/** What a core module can be given as: its bytes, compiled, or where to fetch it from. */
export type ModuleSource =
  | BufferSource
  | WebAssembly.Module
  | URL
  | Response
  | PromiseLike<BufferSource | WebAssembly.Module | URL | Response>;

/** Options of a generated `instantiate`. */
export interface InstantiateOptions {
  /** Core functions beside the world's own imports, such as Preview 1. */
  readonly adapter?: CoreAdapter;
  /**
   * How a host call that is not ready waits. `jspi` (the default where WebAssembly has it) suspends the guest's stack;
   * `none` makes such a call fail with an error that says so.
   */
  readonly blocking?: 'jspi' | 'none';
}

/** One function that a world's imports have for core modules. */
export interface CoreFunction {
  /** The name in the core module: `[method]tcp-socket.start-bind`. */
  readonly name: string;
  /** Where the host has it: `TcpSocket.prototype.startBind`; `undefined` for what needs nothing of the host. */
  readonly host: readonly string[] | undefined;
  /** The core signature of a function that may wait: parameters, then the result. */
  readonly mayBlock?: { readonly params: readonly CoreType[]; readonly result: CoreType | undefined };
  readonly call: (...args: never[]) => unknown;
}

/** The core functions of one imported interface, or of the world itself. */
export interface CoreInterface {
  /** As the core module imports it: `wasi:io/poll@0.2.12`, `$root`, `[export]demo:shop/cart`. */
  readonly module: string;
  /** The implementation that was given; `undefined` when it is missing. */
  readonly host: object | undefined;
  readonly functions: readonly CoreFunction[];
}

/** The core module does not fit its world, or the host does not: every reason at once. */
export class LinkError extends Error {
  readonly problems: readonly string[];
  constructor(world: string, problems: readonly string[]) {
    super(`cannot instantiate world ${world}:${problems.map((problem) => `\n  - ${problem}`).join('')}`);
    this.problems = problems;
  }
  override get name(): string {
    return 'LinkError';
  }
}

/** The core exports that generated code calls, by the names that it knows; `F` is what the world says they are. */
export interface CoreExports {
  /** The exported function of that name, at any compatible version; a {@link LinkError} has been thrown if there is none. */
  readonly get: <F>(name: string) => F;
  /** The same, able to wait: gives a promise where the stack can be suspended. */
  readonly getAsync: <F>(name: string) => F;
  /**
   * As `get`, for a function whose result points to no memory: if it has a `post-return` all the same, that is part of
   * the call.
   */
  readonly getFlat: <F>(name: string) => F;
  /** `post-return` of that export, if it has one. */
  readonly post: <R>(name: string) => ((result: R) => void) | undefined;
  /** A resource's destructor, or a function that does nothing. */
  readonly destructor: (name: string) => (rep: number) => void;
}

/** What a world asks of a core module. */
export interface CoreWorld {
  readonly imports: readonly CoreInterface[];
  /** Names of the functions that must be exported. */
  readonly exports: readonly string[];
  /** Something is lowered into memory that the guest must allocate: it needs `cabi_realloc`. */
  readonly needsRealloc: boolean;
}

/** Compiles what needs compiling, then links and instantiates. */
export async function instantiateCore(
  cx: ComponentInstance,
  source: ModuleSource,
  world: CoreWorld,
  options: InstantiateOptions,
): Promise<CoreExports> {
  const module = await compile(cx.name, source);
  const linked = link(cx, module, world, options);
  // A start function may call out; what it calls finds no memory yet.
  enter(cx);
  return attach(cx, await WebAssembly.instantiate(module, linked), world, options);
}

/** As {@link instantiateCore}, at once, for a module that is there. */
export function instantiateCoreSync(
  cx: ComponentInstance,
  source: BufferSource | WebAssembly.Module,
  world: CoreWorld,
  options: InstantiateOptions,
): CoreExports {
  const module = source instanceof WebAssembly.Module ? source : compileBytes(cx.name, source);
  const linked = link(cx, module, world, options);
  enter(cx);
  return attach(cx, new WebAssembly.Instance(module, linked), world, options);
}

async function compile(world: string, source: ModuleSource): Promise<WebAssembly.Module> {
  let given: unknown = await source;
  if (given instanceof URL) given = given.protocol === 'file:' ? await readFile(given) : await fetch(given);
  if (given instanceof WebAssembly.Module) return given;
  if (typeof Response === 'function' && given instanceof Response) {
    if (!given.ok)
      throw new LinkError(world, [`fetching ${given.url} failed: ${given.status} ${given.statusText}`]);
    given = await given.arrayBuffer();
  }
  if (!isBytes(given)) {
    throw new LinkError(world, ['the module must be bytes, a WebAssembly.Module, a URL or a Response']);
  }
  requireCoreModule(world, given);
  try {
    return await WebAssembly.compile(given);
  } catch (error) {
    throw new LinkError(world, [`the module is not valid: ${(error as Error).message}`]);
  }
}

function compileBytes(world: string, source: BufferSource): WebAssembly.Module {
  if (!isBytes(source)) throw new LinkError(world, ['the module must be bytes or a WebAssembly.Module']);
  requireCoreModule(world, source);
  try {
    return new WebAssembly.Module(source);
  } catch (error) {
    throw new LinkError(world, [`the module is not valid: ${(error as Error).message}`]);
  }
}

/** Node's `fetch` does not read files; browsers never get here. */
async function readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const name = 'node:fs/promises';
  const fs = (await import(name)) as { readFile: (url: URL) => Promise<Uint8Array<ArrayBuffer>> };
  return fs.readFile(url);
}

function isBytes(value: unknown): value is BufferSource {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

function requireCoreModule(world: string, source: BufferSource): void {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, Math.min(8, source.byteLength))
    : new Uint8Array(source, 0, Math.min(8, source.byteLength));
  if (bytes.length < 8 || bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) {
    throw new LinkError(world, ['the module is not WebAssembly: it does not start with \\0asm']);
  }
  if (bytes[6] === 1) {
    throw new LinkError(world, [
      'this is a component, not a core module; instantiate takes the core module that it was made from',
    ]);
  }
}

/** Gives every import of the module its function, or says all that is missing. */
function link(
  cx: ComponentInstance,
  module: WebAssembly.Module,
  world: CoreWorld,
  options: InstantiateOptions,
): WebAssembly.Imports {
  const problems: string[] = [];
  const linked = Object.create(null) as Record<string, Record<string, WebAssembly.ImportValue>>;
  const suspends = options.blocking !== 'none' && canSuspend();
  const guest = {
    get memory(): WebAssembly.Memory {
      return cx.memory!;
    },
  };
  const adapted = options.adapter?.imports(guest) ?? {};
  const found = new Map<string, CoreInterface | undefined>();
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const target = (linked[from] ??= Object.create(null) as Record<string, WebAssembly.ImportValue>);
    if (kind !== 'function') {
      problems.push(
        `the module imports a ${kind}, \`${from}\` \`${name}\`; only functions can be given to it`,
      );
      continue;
    }
    const adapter = Object.hasOwn(adapted, from) ? adapted[from] : undefined;
    if (adapter !== undefined) {
      const given = Object.hasOwn(adapter, name) ? adapter[name] : undefined;
      if (given === undefined)
        problems.push(`the module imports \`${name}\` of \`${from}\`, which the adapter does not have`);
      else if (!given.mayBlock) target[name] = given.call;
      else
        target[name] = suspendable(
          cx,
          suspends,
          from,
          name,
          given.params,
          given.results[0],
          given.call,
          true,
        );
      continue;
    }
    if (!found.has(from)) found.set(from, findInterface(world.imports, from));
    const group = found.get(from);
    const given = group?.functions.find((each) => each.name === name);
    if (group === undefined) problems.push(unknownModule(from, name, world));
    else if (given === undefined)
      problems.push(`the module imports \`${name}\` of \`${from}\`, which \`${group.module}\` does not have`);
    else {
      if (given.host !== undefined) requireHost(group, given.host, problems);
      target[name] =
        given.mayBlock === undefined
          ? given.host === undefined
            ? trapOnThrow(cx, given.call)
            : given.call
          : suspendable(
              cx,
              suspends,
              from,
              name,
              given.mayBlock.params,
              given.mayBlock.result,
              given.call,
              false,
            );
    }
  }
  const names = new Set(WebAssembly.Module.exports(module).map((each) => each.name));
  const adapts = options.adapter?.exports !== undefined;
  if (world.needsRealloc && !names.has('cabi_realloc')) {
    problems.push('the module exports no `cabi_realloc`, which is needed to pass strings or lists to it');
  }
  for (const name of world.exports) {
    if (!adapts && findExport(names, name) === undefined)
      problems.push(`the module does not export \`${name}\``);
  }
  if (problems.length > 0) throw new LinkError(cx.name, problems);
  return linked;
}

function unknownModule(from: string, name: string, world: CoreWorld): string {
  if (from === 'wasi_snapshot_preview1') {
    return `the module imports \`${name}\` of \`${from}\`: pass a Preview 1 adapter in \`options.adapter\``;
  }
  const known = world.imports.map((each) => each.module).filter((each) => !each.startsWith('['));
  return `the module imports \`${name}\` of \`${from}\`, which the world does not import (it imports ${known.join(', ') || 'nothing'})`;
}

/**
 * The implementation of an interface among a world's imports, whose keys may leave out the version or name another
 * compatible one. `id` is the interface's own: `wasi:io/poll@0.2.12`.
 */
export function findHost(imports: object, id: string): object | undefined {
  const given = imports as Readonly<Record<string, unknown>>;
  const name = id.replace(/@.*$/, '');
  const key =
    [id, name].find((each) => Object.hasOwn(given, each)) ??
    Object.keys(given).find((each) => compatible(each, id));
  const host = key === undefined ? undefined : given[key];
  return (typeof host === 'object' && host !== null) || typeof host === 'function' ? host : undefined;
}

/** The host has the function where the world says, or that is a problem (told once). */
function requireHost(group: CoreInterface, path: readonly string[], problems: string[]): void {
  const where = path.join('.');
  const said = (what: string): void => {
    if (!problems.includes(what)) problems.push(what);
  };
  if (group.host === undefined)
    return said(`no implementation of \`${group.module}\` was given in \`imports\``);
  let at: unknown = group.host;
  for (const key of path) {
    const holder = at as Readonly<Record<string, unknown>> | undefined;
    at = (typeof at === 'object' && at !== null) || typeof at === 'function' ? holder?.[key] : undefined;
  }
  if (typeof at !== 'function') {
    said(
      `the implementation of \`${group.module}\` has no ${path.length === 1 ? 'function' : 'method'} \`${where}\``,
    );
  }
}

function findInterface(imports: readonly CoreInterface[], from: string): CoreInterface | undefined {
  const exact = imports.find((each) => each.module === from);
  return exact ?? imports.find((each) => compatible(each.module, from));
}

/** The same name at a version that semver counts as compatible: `a:b/c@0.2.0` and `a:b/c@0.2.12`. */
export function compatible(one: string, other: string): boolean {
  const a = splitVersion(one);
  const b = splitVersion(other);
  return a.name === b.name && a.suffix === b.suffix && a.track !== undefined && a.track === b.track;
}

function splitVersion(id: string): { name: string; track: string | undefined; suffix: string } {
  const match = /^([^@]*)@(\d+)\.(\d+)\.(\d+)([-+][^#]*)?(#.*)?$/.exec(id);
  if (match === null) return { name: id, track: undefined, suffix: '' };
  const [, name = '', major = '', minor = '', patch = '', tail = '', suffix = ''] = match;
  const track = tail.startsWith('-')
    ? undefined
    : major !== '0'
      ? major
      : minor !== '0'
        ? `0.${minor}`
        : `0.0.${patch}`;
  return { name, track, suffix };
}

function findExport(names: ReadonlySet<string>, name: string): string | undefined {
  if (names.has(name)) return name;
  if (!name.includes('@')) return undefined;
  const prefix = name.startsWith('cabi_post_') ? 'cabi_post_' : '';
  for (const each of names) {
    if (each.startsWith(prefix) && compatible(each.slice(prefix.length), name.slice(prefix.length)))
      return each;
  }
  return undefined;
}

function attach(
  cx: ComponentInstance,
  instance: WebAssembly.Instance,
  world: CoreWorld,
  options: InstantiateOptions,
): CoreExports {
  const core = instance.exports;
  const { memory } = core;
  cx.attach(
    memory instanceof WebAssembly.Memory ? memory : undefined,
    core['cabi_realloc'] as Realloc | undefined,
  );
  const all: Record<string, WebAssembly.ExportValue | undefined> = {
    ...core,
    ...options.adapter?.exports?.(core),
  };
  const names = new Set(Object.keys(all));
  const missing = world.exports.filter((name) => typeof all[findExport(names, name) ?? ''] !== 'function');
  if (missing.length > 0)
    throw new LinkError(
      cx.name,
      missing.map((name) => `the module does not export \`${name}\``),
    );
  const initialize = core['_initialize'];
  if (typeof initialize === 'function') initialize();
  leave(cx);
  const find = <F>(name: string): F | undefined => all[findExport(names, name) ?? ''] as F | undefined;
  const suspends = options.blocking !== 'none' && canSuspend();
  return {
    get: <F>(name: string) => find<F>(name)!,
    getAsync: <F>(name: string) =>
      suspends ? (promising(find<(...args: never[]) => unknown>(name)!) as F) : find<F>(name)!,
    getFlat: <F>(name: string) =>
      withPost(cx, find<F>(name)!, find<(result: unknown) => void>(`cabi_post_${name}`)),
    post: <R>(name: string) => find<(result: R) => void>(`cabi_post_${name}`),
    destructor: (name) => find<(rep: number) => void>(name) ?? ignore,
  };
}

/** A call and its `post-return`, during which the guest may not call out. */
function withPost<F>(cx: ComponentInstance, call: F, postReturn: ((result: unknown) => void) | undefined): F {
  if (postReturn === undefined) return call;
  return ((...args: unknown[]) => {
    const result = (call as (...args: unknown[]) => unknown)(...args);
    post(cx, postReturn as (result: void) => void, result as void);
    enter(cx);
    return result;
  }) as F;
}

function ignore(): void {}
