/** A double of a host: the imports of a world, implemented as far as a test needs, with an account of all calls. */
import { throughMemory } from '../guest/through-memory.ts';
import type { GuestWorld } from '../guest/world.ts';
import { NotImplemented } from '../not-implemented.ts';
import type { CallOf, Overrides } from './calls.ts';
import {
  interfacesOf,
  mirrored,
  type MockClass,
  type MockFunction,
  type MockInterface,
} from './interfaces.ts';

/** The double. */
export interface MockHost<Imports> {
  /** For `instantiate`. What has no override throws {@link NotImplemented}, and ends the guest's call. */
  readonly imports: Imports;
  /**
   * The same for code that calls imports itself, as a guest in TypeScript does in a test of its own: every value is
   * lowered into a memory and lifted out of it, and checked. A wrong argument is a ValueError, a wrong result a Trap; what
   * has no override is a Trap with {@link NotImplemented} as its cause, and ends it all. Nothing waits: a promise is a wrong
   * result.
   */
  readonly checked: Imports;
  /** All calls, in the order in which they began. */
  readonly calls: readonly CallOf<Imports>[];
  /** The calls of one function: `callsTo('demo:shop/db', 'Connection.query')`. */
  readonly callsTo: <
    Interface extends CallOf<Imports>['interface'],
    Name extends Extract<CallOf<Imports>, { readonly interface: Interface }>['function'],
  >(
    of: Interface,
    name: Name,
  ) => readonly Extract<CallOf<Imports>, { readonly interface: Interface; readonly function: Name }>[];
  /** Forgets the calls so far. */
  readonly reset: () => void;
}

type Fn = (this: unknown, ...args: unknown[]) => unknown;
type Class = new (...args: unknown[]) => object;
type Members = Record<string, unknown>;

/** A call as it is kept: its outcome is added when it is known. */
interface Entry {
  readonly interface: string;
  readonly function: string;
  readonly self: unknown;
  readonly arguments: readonly unknown[];
  outcome: 'returned' | 'threw' | 'waiting';
  result?: unknown;
  error?: unknown;
}

/**
 * Makes a double.
 *
 * @throws {TypeError} when an override is of nothing that the world imports, or is no function or class where one belongs.
 */
export function mock<Imports extends object>(
  world: GuestWorld,
  overrides: Overrides<Imports>,
): MockHost<Imports> {
  const account = new Account();
  const given = overrides as Members;
  const interfaces = interfacesOf(world);
  const root = interfaces.find(({ key }) => key === undefined);
  const names = interfaces.flatMap(({ key }) => (key === undefined ? [] : [key]));
  refuseOthers(`world ${world.name}`, given, [...names, ...(root === undefined ? [] : membersOf(root))]);
  const imports: Members = {};
  for (const each of interfaces) {
    if (each.key === undefined) Object.assign(imports, implementation(account, each, given));
    else {
      const own = given[each.key] ?? {};
      if (typeof own !== 'object') throw new TypeError(`the override of ${each.key} is no object`);
      refuseOthers(each.key, own, membersOf(each));
      imports[each.key] = implementation(account, each, own as Members);
    }
  }
  let checked: object | undefined;
  return {
    imports: imports as Imports,
    get checked(): Imports {
      checked ??= throughMemory(mirrored(world), imports);
      return checked as Imports;
    },
    calls: account.calls as unknown as readonly CallOf<Imports>[],
    callsTo: (of, name) =>
      account.calls.filter((call) => call.interface === of && call.function === name) as never,
    reset: () => void account.calls.splice(0),
  };
}

/** What was called, and the classes whose objects are told from others. */
class Account {
  readonly calls: Entry[] = [];
  readonly #classes: { readonly base: Class; readonly recorded: Class }[] = [];

  /** `recorded` is the class of objects that `base` makes, once they are given to the guest. */
  adopt(base: Class, recorded: Class): void {
    this.#classes.push({ base, recorded });
  }

  /** Calls a function and writes down how it ended. */
  run(key: string, name: string, self: unknown, args: readonly unknown[], call: () => unknown): unknown {
    const entry: Entry = { interface: key, function: name, self, arguments: args, outcome: 'waiting' };
    this.calls.push(entry);
    const returned = (result: unknown): unknown => {
      this.#adoptAll(result);
      Object.assign(entry, { outcome: 'returned', result });
      return result;
    };
    const threw = (error: unknown): never => {
      Object.assign(entry, { outcome: 'threw', error });
      throw error;
    };
    let result: unknown;
    try {
      result = call();
    } catch (error) {
      return threw(error);
    }
    return result instanceof Promise ? result.then(returned, threw) : returned(result);
  }

  /** Objects of the test's own classes, wherever they are in a value, become those whose calls are written down. */
  #adoptAll(value: unknown): void {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    const prototype: unknown = Object.getPrototypeOf(value);
    const known = this.#classes.find(({ base }) => prototype === base.prototype);
    if (known !== undefined) Object.setPrototypeOf(value, known.recorded.prototype as object);
    else if (value instanceof Map) for (const each of value.values()) this.#adoptAll(each);
    else if (Array.isArray(value)) for (const each of value) this.#adoptAll(each);
    else if (prototype === Object.prototype || prototype === null) {
      for (const each of Object.values(value)) this.#adoptAll(each);
    }
  }
}

function implementation(account: Account, of: MockInterface, given: Members): Members {
  const members: Members = {};
  const key = of.key ?? '$root';
  for (const each of of.classes) members[each.key] = recordedClass(account, key, each, given[each.key]);
  for (const each of of.functions) {
    const own = functionOf(given, each, key);
    members[each.key] = function (this: unknown, ...args: unknown[]): unknown {
      return account.run(key, each.key, undefined, args, () => call(own, given, each, args));
    };
  }
  return members;
}

/** A class that writes down what its objects are asked for, and has the test's class do it. */
function recordedClass(account: Account, key: string, of: MockClass, given: unknown): Class {
  if (given !== undefined && typeof given !== 'function')
    throw new TypeError(`the override of ${key} ${of.key} is no class`);
  const Base = (given ?? class {}) as Class;
  const Recorded = function (...args: unknown[]): unknown {
    return account.run(key, `new ${of.key}`, undefined, args, () => {
      if (given === undefined || !of.hasConstructor)
        throw new NotImplemented(`${of.label}.constructor`, args);
      return Reflect.construct(Base, args);
    });
  } as unknown as Class & Members;
  const define = (target: object, name: string | symbol, value: Fn): void =>
    void Object.defineProperty(target, name, { value, writable: true, configurable: true });
  const prototype = Object.create(Base.prototype as object) as Members;
  Object.defineProperty(Recorded, 'prototype', { value: prototype });
  Object.defineProperty(Recorded, 'name', { value: of.key, configurable: true });
  define(prototype, 'constructor', Recorded as unknown as Fn);
  for (const each of of.methods) {
    const own = functionOf(Base.prototype as Members, each, key);
    define(prototype, each.key, function (this: unknown, ...args: unknown[]): unknown {
      return account.run(key, `${of.key}.${each.key}`, this, args, () => call(own, this, each, args));
    });
  }
  for (const each of of.statics) {
    const own = functionOf(Base as unknown as Members, each, key);
    define(Recorded, each.key, (...args: unknown[]) =>
      account.run(key, `${of.key}.${each.key}`, undefined, args, () => call(own, Base, each, args)),
    );
  }
  const drop = (Base.prototype as { [Symbol.dispose]?: Fn })[Symbol.dispose];
  define(prototype, Symbol.dispose, function (this: unknown): unknown {
    return account.run(key, `drop ${of.key}`, this, [], () => drop?.call(this));
  });
  account.adopt(Base, Recorded);
  return Recorded;
}

function call(own: Fn | undefined, self: unknown, { label }: MockFunction, args: unknown[]): unknown {
  if (own === undefined) throw new NotImplemented(label, args);
  return own.apply(self, args);
}

/** The test's own function: not one that every object or class has, nor what classes have under that name. */
function functionOf(given: Members, { key, label }: MockFunction, of: string): Fn | undefined {
  const isClass = typeof given === 'function';
  const own = given[key] as Fn | undefined;
  const inherited = (isClass ? Function.prototype : Object.prototype) as unknown as Members;
  if (own === undefined || own === inherited[key] || own.prototype === given) return undefined;
  if (typeof own === 'function') return own;
  if (isClass) return undefined;
  throw new TypeError(`the override of ${label} in ${of} is no function`);
}

function membersOf({ classes, functions }: MockInterface): readonly string[] {
  return [...classes, ...functions].map(({ key }) => key);
}

function refuseOthers(what: string, given: object, known: readonly string[]): void {
  const prototype: unknown = Object.getPrototypeOf(given);
  // An object of a class may have members of its own.
  if (prototype !== Object.prototype && prototype !== null) return;
  const other = Object.keys(given).find((key) => !known.includes(key));
  if (other === undefined) return;
  const there = known.length === 0 ? 'nothing' : known.map((each) => `\`${each}\``).join(', ');
  throw new TypeError(`there is no \`${other}\` to override in ${what}; there is ${there}`);
}
