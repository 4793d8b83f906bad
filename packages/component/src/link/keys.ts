/** Where the parts of an interface are in the object that implements or offers it. */
import type { Externs } from '../validate/component-type.ts';
import { className, functionKey, functionName, scopeNames, staticKey, type Spelling } from './names.ts';

/** The keys for the items of an instance type, or of a root's imports or exports. */
export interface Keys {
  /** The key of a function in its object or class, or of anything else but a type. */
  readonly member: (name: string) => string;
  /** The key of a resource's class. */
  readonly class: (resource: string) => string;
}

export function keysOf(externs: Externs): Keys {
  let keys = made.get(externs);
  if (keys === undefined) made.set(externs, (keys = makeKeys(externs)));
  return keys;
}

/** A component's types are there once, and its instances may be many. */
const made = new WeakMap<Externs, Keys>();

function makeKeys(externs: Externs): Keys {
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
    else if (type.kind !== 'function' || role === 'function') place('', functionKey, name, name);
    else if (role === 'static') place(`static ${resource}`, staticKey, name, own);
    else if (role === 'method') place(`method ${resource}`, functionKey, name, own);
  }
  const keys = new Map<string, string>();
  for (const scope of scopes.values()) {
    const spelled = scopeNames(scope.names.values(), scope.spelling);
    for (const [name, own] of scope.names) keys.set(name, spelled.get(own)!);
  }
  const classes = new Map<string, string>();
  return {
    member: (name) => keys.get(name) ?? name,
    class: (resource) => {
      let key = classes.get(resource);
      if (key === undefined)
        classes.set(resource, (key = keys.get(`type ${resource}`) ?? className(resource)));
      return key;
    },
  };
}
