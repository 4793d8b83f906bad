/** The catalogue of diagnostics: each code with its severity, its message and the arguments that the message needs. */
import type { Severity } from './diagnostic.ts';

/** The arguments of each code's message. */
export interface DiagnosticArguments {
  // Text
  'file-too-large': { readonly limit: number };
  'forbidden-character': { readonly character: string; readonly why: string };
  'unexpected-character': { readonly character: string };
  'unterminated-comment': NoArguments;
  'unterminated-string': NoArguments;
  'invalid-string': { readonly why: string };

  // Syntax
  'unexpected-token': { readonly expected: string; readonly found: string };
  'invalid-identifier': { readonly name: string; readonly why: string };
  'invalid-version': { readonly version: string; readonly why: string };
  'invalid-list-length': { readonly length: string };
  'unknown-attribute': { readonly name: string };
  'type-too-deep': { readonly limit: number };
  'package-too-deep': { readonly limit: number };
  'too-many-errors': { readonly limit: number };
  'nested-name': { readonly name: string };

  // Packages
  'missing-package': NoArguments;
  'package-mismatch': { readonly name: string; readonly previous: string };
  'package-docs-twice': NoArguments;
  'nested-package-not-top-level': { readonly name: string };
  'misplaced-attribute': { readonly where: string };
  'duplicate-package': { readonly name: string };
  'package-cycle': { readonly name: string };
  'unknown-package': { readonly name: string };

  // Names
  'duplicate-item': { readonly name: string };
  'duplicate-file-name': { readonly name: string };
  'duplicate-name': { readonly what: string; readonly name: string };
  'case-conflict': { readonly what: string; readonly name: string; readonly previous: string };
  'unknown-item': { readonly name: string };
  'unknown-interface': { readonly name: string; readonly package: string };
  'unknown-world': { readonly name: string; readonly package: string };
  'not-an-interface': { readonly name: string };
  'not-a-world': { readonly name: string };
  'conflicting-mention': { readonly name: string; readonly wanted: string; readonly mentioned: string };
  'unknown-type': { readonly name: string };
  'not-a-type': { readonly what: string; readonly name: string };
  'item-cycle': { readonly name: string };
  'type-cycle': { readonly name: string };

  // Types and functions
  'empty-type': { readonly what: string; readonly name: string };
  'too-many-flags': { readonly name: string; readonly count: number; readonly limit: number };
  'invalid-map-key': NoArguments;
  'not-a-resource': { readonly name: string };
  'borrow-in-result': { readonly name: string };
  'borrow-in-stream': { readonly what: string };
  'duplicate-constructor': { readonly resource: string };
  'constructor-result': NoArguments;
  'constructor-ok-type': { readonly resource: string };

  // Worlds
  'world-name-conflict': {
    readonly direction: string;
    readonly name: string;
    readonly previous: string;
  };
  'repeated-interface': { readonly direction: string; readonly name: string };
  'include-conflict': { readonly direction: string; readonly name: string; readonly world: string };
  'unknown-include-name': { readonly name: string; readonly world: string };
  'stability-mismatch': { readonly name: string };
  'too-many-world-items': { readonly limit: number };
  'import-export-conflict': { readonly name: string; readonly dependency: string };

  // Gates
  'repeated-attribute': { readonly name: string };
  'since-and-unstable': NoArguments;
  'lone-deprecated': NoArguments;
  'gate-without-version': { readonly package: string };
  'unreleased-version': { readonly since: string; readonly package: string; readonly version: string };
  'excluded-reference': { readonly what: string; readonly name: string };
  'ungated-in-excluded': { readonly what: string; readonly name: string; readonly container: string };

  // World selection
  'no-worlds': { readonly package: string };
  'ambiguous-world': { readonly where: string };
  'ambiguous-package-version': { readonly name: string };
  'invalid-world-name': { readonly name: string };

  // Files
  'no-wit-files': { readonly path: string };
  'unreadable-file': { readonly path: string; readonly why: string };
  'binary-package': { readonly path: string };
  'invalid-binary': { readonly path: string; readonly offset: number; readonly why: string };
  'invalid-utf8': { readonly path: string };
  'too-many-files': { readonly path: string; readonly limit: number };
}

/** The name of a kind of finding; it stays the same when messages change. */
export type DiagnosticCode = keyof DiagnosticArguments;

type NoArguments = Readonly<Record<string, never>>;

interface Entry<Arguments> {
  readonly severity: Severity;
  readonly message: (args: Arguments) => string;
}

/** Severity and message of every code. */
export const catalogue: { readonly [Code in DiagnosticCode]: Entry<DiagnosticArguments[Code]> } = {
  'file-too-large': error(({ limit }) => `the file is larger than ${limit} characters`),
  'forbidden-character': error(({ character, why }) => `character ${character} is not allowed: ${why}`),
  'unexpected-character': error(({ character }) => `unexpected character ${character}`),
  'unterminated-comment': error(() => 'this block comment is never closed'),
  'unterminated-string': error(() => 'this string is never closed'),
  'invalid-string': error(({ why }) => `invalid string: ${why}`),

  'unexpected-token': error(({ expected, found }) => `expected ${expected}, found ${found}`),
  'invalid-identifier': error(({ name, why }) => `invalid identifier \`${name}\`: ${why}`),
  'invalid-version': error(({ version, why }) => `invalid version \`${version}\`: ${why}`),
  'invalid-list-length': error(({ length }) => `\`${length}\` is not a list length`),
  'unknown-attribute': error(({ name }) => `unknown attribute \`@${name}\``),
  'type-too-deep': error(({ limit }) => `types are nested more than ${limit} levels deep`),
  'package-too-deep': error(({ limit }) => `packages are nested more than ${limit} levels deep`),
  'too-many-errors': error(({ limit }) => `more than ${limit} errors in this file; the rest is not checked`),
  'nested-name': error(({ name }) => `nested namespaces and packages are not supported: \`${name}\``),

  'missing-package': error(() => 'no file of this package says which package it is'),
  'package-mismatch': error(
    ({ name, previous }) =>
      `this file says package \`${name}\`, another file of the same package says \`${previous}\``,
  ),
  'package-docs-twice': error(() => 'only one file of a package may document it'),
  'nested-package-not-top-level': error(
    ({ name }) => `package \`${name}\` is inside another package; it must be at the top level of the file`,
  ),
  'misplaced-attribute': error(({ where }) => `attributes are not allowed on ${where}`),
  'duplicate-package': error(({ name }) => `package \`${name}\` is defined twice`),
  'package-cycle': error(({ name }) => `package \`${name}\` depends on itself`),
  'unknown-package': error(({ name }) => `package \`${name}\` not found`),

  'duplicate-item': error(({ name }) => `\`${name}\` is already an interface or world of this package`),
  'duplicate-file-name': error(({ name }) => `\`${name}\` is already a name in this file`),
  'duplicate-name': error(({ what, name }) => `${what} \`${name}\` is already defined`),
  'case-conflict': error(
    ({ what, name, previous }) =>
      `${what} \`${name}\` differs from \`${previous}\` only in upper and lower case`,
  ),
  'unknown-item': error(({ name }) => `interface or world \`${name}\` not found`),
  'unknown-interface': error(
    ({ name, package: of }) => `interface \`${name}\` not found in package \`${of}\``,
  ),
  'unknown-world': error(({ name, package: of }) => `world \`${name}\` not found in package \`${of}\``),
  'not-an-interface': error(({ name }) => `\`${name}\` is a world; an interface is needed here`),
  'not-a-world': error(({ name }) => `\`${name}\` is an interface; a world is needed here`),
  'conflicting-mention': error(
    ({ name, wanted, mentioned }) =>
      `this package already names \`${name}\` as ${article(mentioned)}, so it cannot be ${article(wanted)} here`,
  ),
  'unknown-type': error(({ name }) => `type \`${name}\` not found`),
  'not-a-type': error(({ what, name }) => `\`${name}\` is a ${what}, not a type`),
  'item-cycle': error(({ name }) => `\`${name}\` depends on itself`),
  'type-cycle': error(({ name }) => `type \`${name}\` depends on itself`),

  'empty-type': error(({ what, name }) => `${what} \`${name}\` has no cases`),
  'too-many-flags': error(
    ({ name, count, limit }) => `flags \`${name}\` has ${count} flags; the limit is ${limit}`,
  ),
  'invalid-map-key': error(() => 'this type cannot be the key of a map'),
  'not-a-resource': error(({ name }) => `\`${name}\` is not a resource; only resources have handles`),
  'borrow-in-result': error(({ name }) => `\`${name}\` returns a \`borrow\`, which cannot outlive the call`),
  'borrow-in-stream': error(
    ({ what }) => `a ${what} cannot carry a \`borrow\`, which cannot outlive the call`,
  ),
  'duplicate-constructor': error(({ resource }) => `resource \`${resource}\` has more than one constructor`),
  'constructor-result': error(() => 'a constructor returns nothing or a `result` of its resource'),
  'constructor-ok-type': error(
    ({ resource }) => `the ok type of a constructor's result must be its resource, \`${resource}\``,
  ),

  'world-name-conflict': error(
    ({ direction, name, previous }) => `${direction} \`${name}\` conflicts with the ${previous} of that name`,
  ),
  'repeated-interface': error(
    ({ direction, name }) => `interface \`${name}\` is ${direction}ed more than once`,
  ),
  'include-conflict': error(
    ({ direction, name, world }) =>
      `this world already has an ${direction} named \`${name}\`, and world \`${world}\` brings another`,
  ),
  'unknown-include-name': error(
    ({ name, world }) => `world \`${world}\` has no import or export with the plain name \`${name}\``,
  ),
  'stability-mismatch': error(({ name }) => `\`${name}\` comes with two different gates`),
  'too-many-world-items': error(
    ({ limit }) => `all worlds together have more than ${limit} imports and exports`,
  ),
  'import-export-conflict': error(({ name, dependency }) =>
    name === dependency
      ? `\`${name}\` would have to be both an import and an export here`
      : `exporting \`${name}\` needs \`${dependency}\` both as an import and as an export`,
  ),

  'repeated-attribute': error(({ name }) => `\`@${name}\` is given twice`),
  'since-and-unstable': error(() => '`@since` and `@unstable` exclude each other'),
  'lone-deprecated': error(() => '`@deprecated` needs a `@since` or `@unstable` beside it'),
  'gate-without-version': error(
    ({ package: name }) => `package \`${name}\` has no version, so nothing in it can have a \`@since\``,
  ),
  'unreleased-version': error(
    ({ since, package: name, version }) =>
      `version ${since} does not exist yet: package \`${name}\` is at ${version}`,
  ),
  'excluded-reference': error(
    ({ what, name }) => `this refers to ${what} \`${name}\`, which is behind a feature that is not active`,
  ),
  'ungated-in-excluded': error(
    ({ what, name, container }) =>
      `type \`${name}\` has no gate, but its ${what}${container === '' ? '' : ` \`${container}\``} is behind a feature that is not active`,
  ),

  'no-worlds': error(({ package: name }) => `package \`${name}\` has no worlds`),
  'ambiguous-world': error(({ where }) => `there is more than one world in ${where}; choose one`),
  'ambiguous-package-version': error(({ name }) => `package \`${name}\` is there in more than one version`),
  'invalid-world-name': error(({ name }) => `\`${name}\` is not the name of a world`),

  'no-wit-files': error(({ path }) => `no .wit files in ${path}`),
  'unreadable-file': error(({ path, why }) => `cannot read ${path}: ${why}`),
  'binary-package': error(({ path }) => `${path} is WebAssembly, which is not read here`),
  'invalid-binary': error(({ path, offset, why }) => `${path}, byte ${offset}: ${why}`),
  'invalid-utf8': error(({ path }) => `${path} is not UTF-8 text`),
  'too-many-files': error(({ path, limit }) => `more than ${limit} files in ${path}`),
};

function article(word: string): string {
  return `${word === 'interface' ? 'an' : 'a'} ${word}`;
}

function error<Arguments>(message: (args: Arguments) => string): Entry<Arguments> {
  return { severity: 'error', message };
}
