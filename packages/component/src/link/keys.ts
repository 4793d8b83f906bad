/** Where the parts of an interface are in the object that implements or offers it. */
import type { Externs } from '../validate/component-type.ts';
import { awaitedKey, className, functionName, scopeNames, staticKey, type Spelling } from './names.ts';

/** The keys for the items of an instance type, or of a root's imports or exports. */
export interface Keys {
  /** The key of a function in its object or class, or of anything else but a type. */
  readonly member: (name: string) => string;
  /** The key of a resource's class. */
  readonly class: (resource: string) => string;
}

/** `spelling` is for what is not in a class. */
export function keysOf(externs: Externs, spelling: Spelling): Keys {
  let known = made.get(externs);
  if (known === undefined) made.set(externs, (known = new Map()));
  let keys = known.get(spelling);
  if (keys === undefined) known.set(spelling, (keys = makeKeys(externs, spelling)));
  return keys;
}

/** A component's types are there once, and its instances may be many. */
const made = new WeakMap<Externs, Map<Spelling, Keys>>();

function makeKeys(externs: Externs, spelling: Spelling): Keys {
  const scopes = new Map<string, { readonly spelling: Spelling; readonly names: Map<string, string> }>();
  const place = (of: string, how: Spelling, name: string, own: string): void => {
    const scope = scopes.get(of) ?? { spelling: how, names: new Map() };
    scopes.set(of, scope);
    scope.names.set(name, own);
  };
  for (const [name, { type }] of externs) {
    // An interface's name, or where a component is to be found, is its key as it is.
    if (/[:=]/.test(name)) continue;
    const { role, resource, name: own } = functionName(name);
    if (type.kind === 'type') place('type', className, `type ${name}`, name);
    else if (type.kind !== 'function' || role === 'function') place('', spelling, name, name);
    else if (role === 'static') place(`static ${resource}`, staticKey, name, own);
    else if (role === 'method') place(`method ${resource}`, awaitedKey, name, own);
  }
  const keys = new Map<string, string>();
  for (const scope of scopes.values()) {
    const spelled = scopeNames(scope.names.values(), scope.spelling);
    for (const [name, own] of scope.names) keys.set(name, spelled.get(own)!);
  }
  return {
    member: (name) => keys.get(name) ?? name,
    class: (resource) => keys.get(`type ${resource}`) ?? className(resource),
  };
}
