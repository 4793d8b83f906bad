/** What an object of functions, classes and interfaces consists of, as data: enough to build one like it elsewhere. */
import type { WasmModule } from '@wittle/runtime';

/** A member, as far as it can be known to another thread. */
export type Shape = ObjectShape | FunctionShape | ModuleShape;

/** An interface, or all imports. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly members: readonly (readonly [key: string, shape: Shape])[];
}

/** A function, a class, or both: JavaScript does not tell them apart. */
export interface FunctionShape {
  readonly kind: 'function';
  /** The number of the call to it. */
  readonly call: number;
  /** The number of the class. */
  readonly type: number | undefined;
}

/** A core module is the same everywhere. */
export interface ModuleShape {
  readonly kind: 'module';
  readonly module: WasmModule;
}

/** A class: a resource type. Methods are called with the object as the first argument. */
export interface ClassShape {
  /** The number of the call that constructs. */
  readonly construct: number;
  readonly statics: readonly (readonly [key: string, call: number])[];
  readonly methods: readonly (readonly [key: string, call: number])[];
}

/** An object's members, and the classes among them by their numbers. */
export interface Surface {
  readonly root: ObjectShape;
  readonly classes: readonly ClassShape[];
}

/** One that can be called, by its number. */
export interface Callable {
  /** Where it is: `wasi:io/poll.Pollable.block`, keys joined by dots. */
  readonly path: string;
  /** The first argument is the object. */
  readonly isMethod: boolean;
  readonly call: (args: readonly unknown[]) => unknown;
}

/** An object as another thread can know it, and what stands behind the numbers. */
export interface Described {
  readonly surface: Surface;
  readonly callables: readonly Callable[];
  /** The prototype of each class, with the class's number. */
  readonly types: ReadonlyMap<object, number>;
}

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** Interfaces are not nested deeper than this. */
const maxDepth = 8;

/**
 * Describes an object such as the imports of a component. `leaveOut` is asked with the paths of methods and functions
 * that another thread must not see.
 */
export function describe(root: object, leaveOut: (path: string) => boolean = () => false): Described {
  const callables: Callable[] = [];
  const classes: ClassShape[] = [];
  const types = new Map<object, number>();

  const callable = (path: string, call: Callable['call'], isMethod: boolean = false): number =>
    callables.push({ path, isMethod, call }) - 1;

  const object = (of: object, path: string, depth: number): ObjectShape => {
    const members: [string, Shape][] = [];
    for (const key of keysOf(of)) {
      const shape = member(of, key, path === '' ? key : `${path}.${key}`, depth);
      if (shape !== undefined) members.push([key, shape]);
    }
    return { kind: 'object', members };
  };

  const member = (of: object, key: string, path: string, depth: number): Shape | undefined => {
    if (leaveOut(path)) return undefined;
    const value = memberOf(of, key);
    if (typeof value === 'function') {
      return {
        kind: 'function',
        call: callable(path, (args) => (of as Methods)[key]!(...args)),
        type: classOf(value as Class, path),
      };
    }
    if (typeof value !== 'object' || value === null || depth >= maxDepth) return undefined;
    if (value instanceof WebAssembly.Module) return { kind: 'module', module: value };
    return object(value, path, depth + 1);
  };

  const classOf = (made: Class, path: string): number | undefined => {
    const { prototype } = made;
    if (typeof prototype !== 'object' || prototype === null) return undefined;
    const known = types.get(prototype);
    if (known !== undefined) return known;
    const number = types.size;
    types.set(prototype, number);
    const listed = (
      of: object,
      isMethod: boolean,
      call: (key: string) => Callable['call'],
    ): (readonly [key: string, call: number])[] =>
      keysOf(of)
        .filter((key) => typeof memberOf(of, key) === 'function' && !leaveOut(`${path}.${key}`))
        .map((key) => [key, callable(`${path}.${key}`, call(key), isMethod)] as const);
    classes[number] = {
      construct: callable(path, (args) => new made(...args)),
      statics: listed(made, false, (key) => (args) => (made as unknown as Methods)[key]!(...args)),
      methods: listed(prototype, true, (key) => ([self, ...args]) => {
        // The number that it came by can be that of any object.
        if (!inherits(self, prototype)) throw new TypeError(`${path}.${key} was called on something else`);
        return (self as Methods)[key]!(...args);
      }),
    };
    return number;
  };

  return { surface: { root: object(root, '', 0), classes }, callables, types };
}

interface Class {
  new (...args: readonly unknown[]): object;
  readonly prototype?: unknown;
}

/** The names of all members, inherited ones included, but not those that all objects or all functions have. */
function keysOf(of: object): string[] {
  const keys = new Set<string>();
  for (let at: object | null = of; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const isFunction = typeof at === 'function';
    if (at !== of && (isFunction ? !Object.hasOwn(at, 'prototype') : isObjectPrototype(at))) break;
    for (const key of Object.getOwnPropertyNames(at)) {
      if (isFunction && functionKeys.has(key)) continue;
      // The constructor of a class is none of its methods.
      if ((memberOf(at, key) as Partial<Class> | undefined)?.prototype !== at) keys.add(key);
    }
  }
  return [...keys];
}

const functionKeys: ReadonlySet<string> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

/** Of whichever realm. */
function isObjectPrototype(value: object): boolean {
  return Object.getPrototypeOf(value) === null && Object.hasOwn(value, 'hasOwnProperty');
}

/** What cannot be read is not there: a getter of a class works on its objects only. */
function memberOf(of: object, key: string): unknown {
  try {
    return (of as Readonly<Record<string, unknown>>)[key] ?? undefined;
  } catch {
    return undefined;
  }
}

function inherits(value: unknown, prototype: object): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.isPrototypeOf.call(prototype, value);
}
