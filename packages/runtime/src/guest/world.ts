/** What a guest in JavaScript is told of its world: names as core modules have them, and types as descriptors. */
import type { FunctionType, Parameter } from '../function-type.ts';
import { borrow } from './handles.ts';
import type { ValueType } from '../types/value-type.ts';

/** A world, from a guest's point of view. */
export interface GuestWorld {
  /** For messages: `demo:shop/app`. */
  readonly name: string;
  /** Every resource type, by the number that {@link own} and {@link borrow} name it by. */
  readonly resources: readonly GuestResource[];
  readonly imports: readonly GuestInterface[];
  readonly exports: readonly GuestInterface[];
}

/** A resource type that an interface declares. */
export interface GuestResource {
  readonly side: 'import' | 'export';
  /** What core modules call its interface: `wasi:io/poll@0.2.12`. */
  readonly module: string;
  /** Its name there: `pollable`. */
  readonly name: string;
  /** The key of its class: `Pollable`. */
  readonly key: string;
}

/** An interface on one side, or the world's own functions. */
export interface GuestInterface {
  /** What core modules call it; `$root` is the world itself. */
  readonly module: string;
  /** Its property among the guest's imports, or in an implementation; the world itself has none. */
  readonly key: string | undefined;
  /** Another property that an implementation may have it under: `cart` for `demo:shop/cart`. */
  readonly short?: string;
  readonly functions: readonly GuestFunction[];
}

/** A function of an interface. */
export interface GuestFunction {
  /** Its name in a core module: `[method]tcp-socket.start-bind`. */
  readonly name: string;
  /** Its key in the object or class that has it; a constructor has none. */
  readonly key?: string;
  /** The number of the resource that it belongs to. */
  readonly resource?: number;
  /** Names and types, without a method's `self`. */
  readonly params?: readonly (readonly [name: string, type: ValueType])[];
  readonly result?: ValueType;
  /** An import that may return a promise, or an export whose implementation may. */
  readonly mayWait?: boolean;
}

/** What a function is in an interface: `[method]` and its like, and freestanding ones. */
export type Role = 'freestanding' | 'constructor' | 'method' | 'static';

export function roleOf({ name }: GuestFunction): Role {
  const word = /^\[(\w+)\]/.exec(name)?.[1];
  return (word as Role | undefined) ?? 'freestanding';
}

/** A function's type, with `self`; its name is for messages: `wasi:sockets/tcp.tcp-socket.start-bind`. */
export function functionType(module: string, of: GuestFunction): FunctionType {
  const params: Parameter[] = (of.params ?? []).map(([name, type]) => ({ name, type }));
  if (roleOf(of) === 'method') params.unshift({ name: 'self', type: borrow(of.resource!) });
  return { name: `${prefixOf(module)}${bareName(of)}`, params, result: of.result };
}

/** What a resource is called in messages: `wasi:io/poll.pollable`. */
export function resourceName({ module, name }: GuestResource): string {
  return `${prefixOf(module)}${name}`;
}

/** The name of an export in a core module: `demo:shop/cart@1.0.0#add`. */
export function exportName(module: string, name: string): string {
  return module === '$root' ? name : `${module}#${name}`;
}

function prefixOf(module: string): string {
  return module === '$root' ? '' : `${module.replace(/@.*$/, '')}.`;
}

function bareName(of: GuestFunction): string {
  const bare = of.name.replace(/^\[\w+\]/, '');
  return roleOf(of) === 'constructor' ? `${bare}.constructor` : bare;
}
