/** The grammar of names of imports and exports. Explainer.md: "Import and Export Definitions". */
import type { ExternName } from '../binary/definition.ts';
import { check, fail } from './invalid.ts';

/** What a name says by its form. */
export type NameForm =
  | { readonly kind: 'label' | 'interface' | 'dependency' }
  | { readonly kind: 'constructor'; readonly resource: string }
  | { readonly kind: 'method' | 'static'; readonly resource: string };

/** Spec: `label`. */
export function isLabel(text: string): boolean {
  return /^[A-Za-z]/.test(text) && text.split('-').every((word) => /^(?:[0-9a-z]+|[0-9A-Z]+)$/.test(word));
}

function checkLabel(text: string, offset: number): void {
  if (!isLabel(text)) fail(`\`${text}\` is not in kebab case`, offset);
}

/** Throws unless the label of a `what`, such as a field, is one. */
export function checkNamed(what: string, text: string, offset: number): void {
  if (text === '') fail(`${what} name cannot be empty`, offset);
  if (!isLabel(text)) fail(`${what} name \`${text}\` is not in kebab case`, offset);
}

/** Throws unless the name with its attributes is well-formed. Spec: `externname`, `attribute`. */
export function parseExternName(extern: ExternName, isInstance: boolean): NameForm {
  const { name, offset, implements: of, versionSuffix } = extern;
  check(extern.hasRepeatedAttribute !== true, 'a name has the same attribute twice', offset);
  const form = parseName(name, offset, versionSuffix);
  if (of !== undefined) {
    if (form.kind !== 'label') fail(`name \`${name}\` is not valid with \`implements\``, offset);
    check(isInstance, 'only instances can have an `implements`', offset);
    if (of === '' || parseName(of, offset, undefined).kind !== 'interface') {
      fail(of === '' ? '`` is not a valid name' : `name \`${of}\` must be an interface`, offset);
    }
  }
  check(versionSuffix === undefined || isInstance, 'only instances can have a `versionsuffix`', offset);
  return form;
}

/** The form of a name that two names may not have in common. Explainer.md: "Name Uniqueness". */
export function canonicalName(name: string): string {
  if (name.includes('=')) return name;
  const plain = name.toLowerCase().replace(/^\[(?:method|static)\]/, '');
  const [resource, member] = plain.split('.', 2);
  return plain !== name.toLowerCase() && resource === member ? resource! : plain;
}

function parseName(name: string, offset: number, suffix: string | undefined): NameForm {
  const annotated = /^\[(constructor|method|static)\](.*)$/s.exec(name);
  if (annotated !== null) {
    const kind = annotated[1] as 'constructor' | 'method' | 'static';
    const rest = annotated[2]!;
    if (kind === 'constructor') {
      checkLabel(rest, offset);
      return { kind, resource: rest };
    }
    const dot = rest.indexOf('.');
    check(dot >= 0, 'failed to find `.` character', offset);
    checkLabel(rest.slice(0, dot), offset);
    checkLabel(rest.slice(dot + 1), offset);
    return { kind, resource: rest.slice(0, dot) };
  }
  if (/^(?:(?:un)?locked-dep|url|integrity)=/.test(name)) {
    if (!isDependency(name)) fail(`\`${name}\` is not a valid extern name`, offset);
    return { kind: 'dependency' };
  }
  if (!name.includes(':')) {
    checkLabel(name, offset);
    check(suffix === undefined, 'only interface names can have a `versionsuffix`', offset);
    return { kind: 'label' };
  }
  const at = name.indexOf('@');
  if (!isPackagePath(at < 0 ? name : name.slice(0, at), true)) {
    fail(`\`${name}\` is not a valid extern name`, offset);
  }
  const version = at < 0 ? undefined : name.slice(at + 1);
  checkVersion(version, suffix, offset);
  return { kind: 'interface' };
}

// A canonical version may stand alone, as its suffix is only for people.
function checkVersion(version: string | undefined, suffix: string | undefined, offset: number): void {
  const isCanonical = /^(?:[1-9]\d*|0\.[1-9]\d*|0\.0\.[1-9]\d*|0\.0\.0)$/.test(version ?? '');
  const isValid =
    suffix === undefined
      ? version === undefined || isCanonical || isSemver(version)
      : isCanonical && isSemver(`${version}${suffix}`);
  if (!isValid) fail(`invalid interface version \`${version ?? ''}${suffix ?? ''}\``, offset);
}

/** Spec: `namespace words projection?`. */
function isPackagePath(path: string, needsProjection: boolean): boolean {
  const [, namespace, name, , projection] = /^([^:/]*):([^:/]*)(\/([^:/]*))?$/.exec(path) ?? [];
  if (!isWords(namespace) || !isWords(name)) return false;
  return projection === undefined ? !needsProjection : isLabel(projection);
}

function isWords(text: string | undefined): boolean {
  return text !== undefined && isLabel(text) && text === text.toLowerCase();
}

function isSemver(text: string): boolean {
  return whole(semver).test(text);
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const number = '(?:0|[1-9]\\d*)';
const identifier = `(?:${number}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
const dotted = (each: string): string => `${each}(?:\\.${each})*`;
const semver = `${number}\\.${number}\\.${number}(?:-${dotted(identifier)})?(?:\\+${dotted('[0-9a-zA-Z-]+')})?`;

// These forms are in older releases of the specification; other tools write and take them.
function isDependency(name: string): boolean {
  const words = '[a-z][0-9a-z]*(?:-[0-9a-z]+)*';
  const path = `${words}:${words}(?:/[0-9A-Za-z-]+)?`;
  const hash = 'sha(?:256|384|512)-[0-9A-Za-z+/]+={0,2}(?:\\?[^\\s<>]*)?';
  const integrity = `integrity=<\\s*${hash}(?:\\s+${hash})*\\s*>`;
  const query = `unlocked-dep=<${path}(?:@(?:\\*|\\{(?:>=${semver}(?: <${semver})?|<${semver})\\}))?>`;
  const located = `(?:url=<[^<>]*>|locked-dep=<${path}(?:@${semver})?>)(?:,${integrity})?`;
  return whole(`${query}|${located}|${integrity}`).test(name);
}
