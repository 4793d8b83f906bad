/** What names are made of: identifiers, versions, names of packages and paths. WIT.md: "Identifiers", "Package declaration". */
import { versionProblem } from '../../model/version.ts';
import type { IdNode, PackageNameNode, UsePathNode, VersionNode } from '../ast.ts';
import { hasForbiddenCharacter } from '../forbidden-characters.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';

/** `id`: a label in kebab case, or one behind `%`. */
export function id(cursor: Cursor): IdNode {
  if (!startsId(cursor)) cursor.unexpected('an identifier');
  const token = cursor.take();
  const name = token.kind === 'Word' ? token.image : token.image.slice(1);
  if (!isKebabCase(name)) reportIdentifier(cursor, token, name);
  return { kind: 'id', span: cursor.spanOf(token), name };
}

/** Whether an `id` comes. */
export function startsId({ next: { kind } }: Cursor): boolean {
  return kind === 'Word' || kind === 'ExplicitId';
}

/** `valid-semver` */
export function version(cursor: Cursor): VersionNode {
  const token = cursor.expect('Version');
  const span = cursor.spanOf(token);
  const why = versionProblem(token.image);
  if (why !== undefined) cursor.report('invalid-version', { version: token.image, why }, span);
  return { kind: 'version', span, version: token.image };
}

/** `package-decl ::= 'package' ( id ':' )+ id ( '/' id )* ('@' valid-semver)?` without its keyword. */
export function packageName(cursor: Cursor): PackageNameNode {
  const namespace = id(cursor);
  cursor.expect(':');
  const name = id(cursor);
  if (cursor.is(':') || cursor.is('/')) nestedName(cursor, namespace);
  return packageNameOf(namespace, name, optionalVersion(cursor));
}

/** `use-path ::= id | ( id ':' )+ id ( '/' id )+ ('@' valid-semver)?` */
export function usePath(cursor: Cursor): UsePathNode {
  const first = id(cursor);
  return cursor.takeIf(':') ? usePathRest(cursor, first, id(cursor)) : localPath(first);
}

/** The rest of a `use-path` after `id ':' id`. */
export function usePathRest(cursor: Cursor, namespace: IdNode, name: IdNode): UsePathNode {
  if (cursor.is(':')) nestedName(cursor, namespace);
  cursor.expect('/');
  const last = id(cursor);
  if (cursor.is('/')) nestedName(cursor, namespace);
  const of = packageNameOf(namespace, name, optionalVersion(cursor));
  const span = cursor.spanFrom(namespace.span.start);
  return { kind: 'use-path', span, package: of, name: last };
}

/** A `use-path` of one `id`: an interface or world of the package itself. */
export function localPath(name: IdNode): UsePathNode {
  return { kind: 'use-path', span: name.span, package: undefined, name };
}

/** `('@' valid-semver)?` */
function optionalVersion(cursor: Cursor): VersionNode | undefined {
  return cursor.takeIf('@') ? version(cursor) : undefined;
}

function packageNameOf(namespace: IdNode, name: IdNode, of: VersionNode | undefined): PackageNameNode {
  const span = { source: namespace.span.source, start: namespace.span.start, end: name.span.end };
  return { kind: 'package-name', span, namespace, name, version: of };
}

// The grammar has them, but nothing may use them yet. The next token is the separator that is too much.
function nestedName(cursor: Cursor, { span }: IdNode): never {
  const name = /[^\s;{]*/y;
  name.lastIndex = span.start;
  cursor.fail('nested-name', { name: name.exec(cursor.source.text)![0] });
}

// label, as the Explainer has it: fragments of one case, only the first of which begins with a letter for sure.
function isKebabCase(name: string): boolean {
  return lowerKebabCase.test(name) || (/^[A-Za-z]/.test(name) && name.split('-').every(isOneCase));
}

const lowerKebabCase = /^[a-z][0-9a-z]*(?:-[0-9a-z]+)*$/;

function isOneCase(part: string): boolean {
  return /^[0-9a-z]+$/.test(part) || /^[0-9A-Z]+$/.test(part);
}

function reportIdentifier(cursor: Cursor, token: Token, name: string): void {
  if (hasForbiddenCharacter(name)) return;
  const suggestion = kebabCaseOf(name.slice(0, 100));
  const hint = isKebabCase(suggestion) ? `in kebab case it is \`${suggestion}\`` : undefined;
  cursor.report('invalid-identifier', { name, why: identifierProblem(name) }, cursor.spanOf(token), { hint });
}

function identifierProblem(name: string): string {
  if (name === '') return 'there is no name behind the `%`';
  const foreign = /[^0-9A-Za-z-]/u.exec(name)?.[0];
  if (foreign !== undefined) return `\`${foreign}\` is not a letter of a to z, a digit or a hyphen`;
  if (/^[0-9]/.test(name)) return 'it begins with a digit';
  if (/^-|--|-$/.test(name)) return 'hyphens stand between words only';
  return 'each word is either all lower case or all upper case';
}

function kebabCaseOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[_-]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}
