/** WIT names as TypeScript names: the only place that knows case, reserved words and collisions. */

/** `start-bind` → `startBind`; property and function names. Words keep their digits, acronyms lose their capitals. */
export function camelCase(name: string): string {
  const [first = '', ...rest] = words(name);
  return first + rest.map(capitalized).join('');
}

/** `tcp-socket` → `TcpSocket`; types and classes. */
export function pascalCase(name: string): string {
  return words(name).map(capitalized).join('');
}

/** A property key in a declaration or literal: `startBind`. */
export function propertyKey(name: string): string {
  const key = camelCase(name);
  // `__proto__` cannot be made from a kebab-name; `constructor` needs no quotes as an object's property.
  return key;
}

/** A method's name in a class body or class type, where `constructor` would be the constructor. */
export function methodKey(name: string): string {
  const key = camelCase(name);
  return key === 'constructor' ? "['constructor']" : key;
}

/** A static method's name: a class's own `prototype` cannot be one, so that name gets a `_`. */
export function staticKey(name: string): string {
  const key = camelCase(name);
  return key === 'prototype' ? 'prototype_' : key;
}

/** A name of a type in a generated file: those that the file itself needs as globals or declares get a `_`. */
export function typeName(name: string): string {
  const pascal = pascalCase(name);
  return RESERVED_TYPES.has(pascal) ? `${pascal}_` : pascal;
}

/** A parameter's name in a signature: only reserved words are in the way. */
export function parameterName(name: string): string {
  const camel = camelCase(name);
  return RESERVED_WORDS.has(camel) ? `${camel}_` : camel;
}

/** A property of what a promise may resolve to: a `then` would be called by every `await`. */
export function topLevelKey(name: string): string {
  const key = camelCase(name);
  return key === 'then' ? 'then_' : key;
}

/** A part of a file's path: as WIT spells it. */
export function fileName(name: string): string {
  return name;
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

/** Words that cannot name a parameter of a function in a module. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** Globals and declarations that generated files use as types. */
const RESERVED_TYPES: ReadonlySet<string> = new Set(
  (
    'Array BigInt BigInt64Array BigUint64Array ComponentError ComponentInstance CoreExports CoreInterface Exports ' +
    'Float32Array Float64Array GuestCell Host Imports InstantiateOptions Int16Array Int32Array Int8Array Iterable Map ' +
    'ModuleSource Number Object Promise ResourceHandle Symbol Uint16Array Uint32Array Uint8Array VersionedImports'
  ).split(' '),
);
