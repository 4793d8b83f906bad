/** WIT names as TypeScript names: the only place that knows case, reserved words and collisions. */

/** `start-bind` → `startBind`; property and function names. Words keep their digits, acronyms lose their capitals. */
export function camelCase(name: string): string {
  return joined(words(name), '');
}

/** `tcp-socket` → `TcpSocket`; types and classes. */
export function pascalCase(name: string): string {
  return words(name).map(capitalized).join('');
}

/** How one kind of name is spelled, from a name in camel case. */
export type Spelling = (camel: string) => string;

/**
 * The names of one scope, by their WIT names. Two that differ only before a digit (`a1`, `a-1`) would meet: the second
 * kind keeps its boundary then, as `a_1`.
 */
export function scopeNames(names: Iterable<string>, spelling: Spelling): ReadonlyMap<string, string> {
  const camels = Array.from(names, (name) => [name, camelCase(name)] as const);
  const count = new Map<string, number>();
  for (const [, camel] of camels) count.set(camel, (count.get(camel) ?? 0) + 1);
  return new Map(
    camels.map(([name, camel]) => [
      name,
      spelling(count.get(camel) === 1 ? camel : joined(words(name), '_')),
    ]),
  );
}

/** The property of a record's field or a flag: any name will do. */
export const propertyKey: Spelling = (camel) => camel;

/**
 * A function in an object. What has a `then` is called by whoever awaits it, be it a world, an interface or a module that
 * implements one; so that name gets a `_`.
 */
export const functionKey: Spelling = (camel) => (camel === 'then' ? 'then_' : givenKey(camel));

/** A function in an object that others name: `new` would declare how to construct one. */
export const givenKey: Spelling = (camel) => (camel === 'new' ? "['new']" : camel);

/** A method: `constructor` would be the constructor of a class body. */
export const methodKey: Spelling = (camel) =>
  camel === 'constructor' ? "['constructor']" : functionKey(camel);

/** A static method: a class's own `prototype` cannot be one, so that name gets a `_`. */
export const staticKey: Spelling = (camel) => (camel === 'prototype' ? 'prototype_' : methodKey(camel));

/** Access to a member by its key: `.write`, `['new']`. */
export function member(key: string): string {
  return key.startsWith('[') ? key : `.${key}`;
}

/** The name that a key stands for: of `['new']` that is `new`. */
export function bareKey(key: string): string {
  return key.startsWith('[') ? key.slice(2, -2) : key;
}

/** A name of a type in a generated file: those that the file itself needs as globals or declares get a `_`. */
export const typeName: Spelling = (camel) => {
  const pascal = capitalized(camel);
  return RESERVED_TYPES.has(pascal) ? `${pascal}_` : pascal;
};

/** A parameter's name in a signature: only reserved words are in the way. */
export const parameterName: Spelling = (camel) => (RESERVED_WORDS.has(camel) ? `${camel}_` : camel);

/** A name that nothing else has: the one that is wanted or, when that is taken, one with a number. It is taken then. */
export function unusedName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  taken.add(name);
  return name;
}

/** Whether every object has a property of that name, so that reading it does not say whether it was given. */
export function isInherited(key: string): boolean {
  return key in Object.prototype;
}

/** Names that need no quoting when they are put together from WIT names: words with a boundary before digits. */
export function distinctCase(name: string): string {
  return joined(words(name), '_');
}

/** Camel case; `boundary` stands before words that begin with a digit. */
function joined(parts: readonly string[], boundary: string): string {
  const [first = '', ...rest] = parts;
  return first + rest.map((word) => (/^\d/.test(word) ? boundary + word : capitalized(word))).join('');
}

function words(name: string): string[] {
  return name
    .split('-')
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * The cases of a variant as the draft of a JavaScript API has them: words with a capital, acronyms as they are written.
 * The draft says nothing of cases that meet then (`a1` and `a-1`); those keep their boundaries, as `A_1`.
 */
export function draftCases(names: readonly string[]): readonly string[] {
  const cased = names.map((name) => name.split('-').map(capitalized));
  const count = new Map<string, number>();
  for (const parts of cased) count.set(parts.join(''), (count.get(parts.join('')) ?? 0) + 1);
  return cased.map((parts) => parts.join(count.get(parts.join('')) === 1 ? '' : '_'));
}

/** Words that cannot name a parameter of a function in a module. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** Globals and declarations that generated files use as types, or as values under the name of a type. */
const RESERVED_TYPES: ReadonlySet<string> = new Set(
  (
    'Array ArrayLike BigInt BigInt64Array BigUint64Array Exports Float32Array Float64Array Host Int16Array Int32Array ' +
    'Int8Array Map Number Object Promise ReadonlyMap Symbol TypeError Uint16Array Uint32Array Uint8Array'
  ).split(' '),
);

/**
 * A part of a path, from a WIT name. Windows has devices that no file can be called after, whatever its extension, and
 * file systems have limits: such names get a `_`, which no name of WIT's has.
 */
export function fileName(name: string): string {
  if (name.length > MAX_FILE_NAME) return `${name.slice(0, MAX_FILE_NAME)}_`;
  return /^(?:aux|con|nul|prn|(?:com|lpt)\d)$/i.test(name) ? `${name}_` : name;
}

const MAX_FILE_NAME = 100;
