/** WIT names as JavaScript has them, the same as in generated code. */
import type { ExternName } from '../binary/definition.ts';

/** How one kind of name is spelled, from a name in camel case. */
export type Spelling = (camel: string) => string;

/** Fields and flags. */
export const memberKey: Spelling = (camel) => camel;

/** A function in an object of any kind: what has a `then` would be called by every `await`. */
export const functionKey: Spelling = (camel) => (camel === 'then' ? 'then_' : camel);

/** A class has a `prototype` of its own. */
export const staticKey: Spelling = (camel) => (camel === 'prototype' ? 'prototype_' : functionKey(camel));

/** A class; what generated files use as types gets a `_`. */
export const className: Spelling = (camel) => {
  const pascal = capitalized(camel);
  return RESERVED.test(pascal) ? `${pascal}_` : pascal;
};

const RESERVED =
  /^((Big(Int|Uint)64|Float(32|64)|(Int|Uint)(8|16|32))?Array|ArrayLike|BigInt|Exports|Host|Map|Number|Object|Promise|ReadonlyMap|Symbol|TypeError)$/;

/** `start-bind` → `startBind`. */
export function camelCase(name: string): string {
  return joined(words(name), '');
}

/**
 * The names of one scope, by their WIT names. Two that differ only before a digit (`a1`, `a-1`) would meet: the second
 * kind keeps its boundary then, as `a_1`.
 */
export function scopeNames(names: Iterable<string>, spelling: Spelling): ReadonlyMap<string, string> {
  const all = [...names];
  const count = new Map<string, number>();
  for (const name of all) count.set(camelCase(name), (count.get(camelCase(name)) ?? 0) + 1);
  return new Map(
    all.map((name) => [name, spelling(joined(words(name), count.get(camelCase(name)) === 1 ? '' : '_'))]),
  );
}

function joined([first = '', ...rest]: readonly string[], boundary: string): string {
  return first + rest.map((word) => (/^\d/.test(word) ? boundary + word : capitalized(word))).join('');
}

function words(name: string): string[] {
  return name
    .toLowerCase()
    .split('-')
    .filter((word) => word !== '');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A function's name in parts. Explainer.md: `plainname`. */
export interface FunctionName {
  readonly role: 'function' | 'constructor' | 'method' | 'static';
  /** The resource of a constructor, method or static function; else empty. */
  readonly resource: string;
  /** Its own name; empty for a constructor. */
  readonly name: string;
}

/** `[method]tcp-socket.start-bind` in parts. */
export function functionName(name: string): FunctionName {
  const match = /^\[(constructor|method|static)\]([^.]*)\.?(.*)$/.exec(name);
  if (match === null) return { role: 'function', resource: '', name };
  return { role: match[1] as 'method', resource: match[2]!, name: match[3]! };
}

/** The name of an import or export with the whole version, as far as it has one. Spec: `versionsuffix`. */
export function fullName({ name, versionSuffix = '' }: ExternName): string {
  return (name + versionSuffix).replace(/@\d+(\.\d+)?$/, (version) =>
    version.includes('.') ? `${version}.0` : `${version}.0.0`,
  );
}

/** An interface's name without its version. */
export function unversioned(name: string): string {
  return name.replace(/@.*$/, '');
}

/** For messages: `wasi:sockets/tcp.tcp-socket.start-bind`. `owner` is the interface, empty at the root. */
export function functionLabel(owner: string, name: string): string {
  const { role, resource, name: own } = functionName(name);
  const bare = role === 'function' ? own : `${resource}.${role === 'constructor' ? role : own}`;
  return owner === '' ? bare : `${unversioned(owner)}.${bare}`;
}
