/** What a world asks of a guest and gives it, in core functions; and how both sides find each other's items by name. */
import type { CoreAdapter, CoreType } from './core-adapter.ts';
import type { canSuspend, inProcess, promising, suspendable } from './jspi.ts';

/** Bounds of what a guest may hold of its host. */
export interface InstanceLimits {
  /**
   * Handles that a component instance may have at a time, of its own resources and of others'; one more is a trap.
   * Those in a component each have as many. Default: 2^28 - 1, as the specification has it.
   */
  readonly handles?: number | undefined;
}

/** Options of a generated `instantiate`. */
export interface InstantiateOptions {
  /** Core functions beside the world's own imports, such as Preview 1; for core modules. */
  readonly adapter?: CoreAdapter;
  /**
   * How a host call that is not ready waits. `jspi` (the default where WebAssembly has it) suspends the guest's stack;
   * `none` makes such a call fail with an error that says so.
   */
  readonly blocking?: 'jspi' | 'none';
  /** Bounds of what the guest may hold. */
  readonly limits?: InstanceLimits;
}

/** One function that a world's imports have for core modules. */
export interface CoreFunction {
  /** The name in the core module: `[method]tcp-socket.start-bind`. */
  readonly name: string;
  /** The number of its WIT type; `undefined` for what is no function of WIT. */
  readonly type?: number;
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

/** What a world asks of a guest; `E` is what its exports are to the program. */
export interface CoreWorld<E> {
  readonly imports: readonly CoreInterface[];
  /**
   * What must be exported, by the names that core modules have for it: functions with the numbers of their types,
   * resources (`demo:shop/cart#item`) with 0.
   */
  readonly exports: Readonly<Record<string, number>>;
  /** Something is lowered into memory that the guest must allocate: it needs `cabi_realloc`. */
  readonly needsRealloc: boolean;
  /** The implementations as they were given. */
  readonly given: object;
  readonly lift: (core: CoreExports) => E;
  /** For a world whose exports may wait. */
  readonly waiting?: Waiting;
  /** Those that do not wait all the same: `demo:shop/cart#add`. */
  readonly syncExports?: readonly string[];
  /**
   * What to say of a component that can only be instantiated by descriptors, where values and results have shapes in the
   * world that these do not give them. Not there when they have the same.
   */
  readonly needsCore?: string;
}

/** The means to wait. */
export interface Waiting {
  readonly canSuspend: typeof canSuspend;
  readonly promising: typeof promising;
  readonly suspendable: typeof suspendable;
  /** The same for a guest that needs no stack to be suspended. */
  readonly inProcess: typeof inProcess;
}

/** The core exports that generated code calls, by the names that it knows; `F` is what the world says they are. */
export interface CoreExports {
  /** The exported function of that name, at any compatible version; a LinkError has been thrown if there is none. */
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

/** The guest does not fit its world, or the host does not: every reason at once. */
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

/**
 * The function of a world that a guest imports; `undefined` when there is none or the host has not implemented it, which
 * is a problem then (told once).
 */
export function findImport(
  { imports }: Pick<CoreWorld<unknown>, 'imports'>,
  guest: 'module' | 'component',
  module: string,
  name: string,
  problems: Set<string>,
): CoreFunction | undefined {
  const group = find(imports, module, (each) => each.module);
  const found = group?.functions.find((each) => each.name === name);
  const what = `\`${guest === 'module' ? name : name.replace('[resource-drop]', '')}\``;
  const of = `\`${module}\``;
  if (group === undefined) {
    const all = imports.map((each) => each.module).filter((each) => !each.startsWith('['));
    // Of many, those that it may have been meant as.
    const known = all.length > 8 ? all.filter((each) => samePackage(each, module)) : all;
    const others = all.length > 0 ? `${all.length} others` : 'nothing';
    problems.add(
      module === 'wasi_snapshot_preview1'
        ? `the ${guest} imports ${what} of ${of}: pass a Preview 1 adapter in \`options.adapter\``
        : `the ${guest} imports ${what} of ${of}, which the world does not import (it imports ${known.join(', ') || others})`,
    );
  } else if (found === undefined)
    problems.add(`the ${guest} imports ${what} of ${of}, which \`${group.module}\` does not have`);
  else if (found.host !== undefined) requireHost(group, found.host, problems);
  return found;
}

function samePackage(one: string, other: string): boolean {
  return one.split('/')[0] === other.split('/')[0];
}

/** The host has the function where the world says. */
function requireHost({ module, host }: CoreInterface, path: readonly string[], problems: Set<string>): void {
  if (host === undefined) problems.add(`no implementation of \`${module}\` was given in \`imports\``);
  else if (typeof path.reduce<unknown>(member, host) !== 'function') {
    problems.add(
      `the implementation of \`${module}\` has no ${path.length === 1 ? 'function' : 'method'} \`${path.join('.')}\``,
    );
  }
}

function member(of: unknown, key: string): unknown {
  return isObject(of) ? (of as Readonly<Record<string, unknown>>)[key] : undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * The implementation of an interface among a world's imports, whose keys may leave out the version or name another
 * compatible one. `id` is the interface's own: `wasi:io/poll@0.2.12`.
 */
export function findHost(imports: object, id: string): object | undefined {
  const keys = Object.keys(imports);
  const name = id.replace(/@.*$/, '');
  const key = [id, name].find((each) => keys.includes(each)) ?? find(keys, id, (each) => each);
  const host = key === undefined ? undefined : member(imports, key);
  return isObject(host) ? host : undefined;
}

/** The one of that name, else one whose version semver counts as compatible. */
function find<T>(among: readonly T[], name: string, nameOf: (each: T) => string): T | undefined {
  return among.find((each) => nameOf(each) === name) ?? among.find((each) => compatible(nameOf(each), name));
}

/** Finds names as {@link find} does, in long lists. */
export function finder(names: readonly string[]): (name: string) => string | undefined {
  const exact = new Set(names);
  const tracks = new Map(names.map((name) => [track(name), name]));
  return (name) => (exact.has(name) ? name : tracks.get(track(name)));
}

/** The same name at versions that semver counts as compatible: `a:b/c@0.2.0` and `a:b/c@0.2.12`. */
export function compatible(one: string, other: string): boolean {
  return track(one) === track(other);
}

/** With the part of the version that must be the same. Pre-releases have none. */
function track(id: string): string {
  return id.replace(/@(?:(0\.0\.\d+)|(0\.\d+)\.\d+|(\d+)\.\d+\.\d+)(?:\+[^#]*)?(?=#|$)/, '@$1$2$3');
}
