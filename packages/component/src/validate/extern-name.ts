/** The grammar of names of imports and exports. Explainer.md: "Import and Export Definitions". */
import type { ExternName } from '../binary/definition.ts';
import { check, fail } from './invalid.ts';

/** What a name says by its form; `resource` is there for constructors, methods and static functions. */
export interface NameForm {
  readonly kind: 'label' | 'interface' | 'dependency' | 'constructor' | 'method' | 'static';
  readonly resource?: string;
}

/** Fails unless a text is a label, such as that of a `what`. Spec: `label`. */
export function checkLabel(text: string, what: string = ''): void {
  if (!isLabel(text)) fail(`${what}\`${text}\` is not in kebab case`);
}

function isLabel(text: string): boolean {
  return /^[A-Za-z]/.test(text) && text.split('-').every((word) => /^(?:[0-9a-z]+|[0-9A-Z]+)$/.test(word));
}

/** Fails unless the name with its attributes is well-formed. Spec: `externname`, `attribute`. */
export function parseExternName(extern: ExternName, isInstance: boolean): NameForm {
  const { name, implements: of, versionSuffix } = extern;
  check(extern.hasRepeatedAttribute !== true, 'it has the same attribute twice');
  const form = parseName(name, versionSuffix);
  if (of !== undefined) {
    check(form.kind === 'label', 'it cannot have an `implements`');
    if (parseName(of, undefined).kind !== 'interface') fail(`\`${of}\` must be an interface`);
  }
  const needsInstance = of !== undefined || versionSuffix !== undefined;
  check(isInstance || !needsInstance, 'only instances can have an `implements` or `versionsuffix`');
  return form;
}

/** The form of a name that two names may not have in common. Explainer.md: "Name Uniqueness". */
export function canonicalName(name: string): string {
  if (name.includes('=')) return name;
  // `[method]a.a` is `a`.
  return name.toLowerCase().replace(/^\[(?:method|static)\](?:([^.]*)\.(?=\1$))?/, '');
}

function parseName(name: string, suffix: string | undefined): NameForm {
  const [, kind, resource, member, label] =
    /^\[(constructor|method|static)\]([^.]*)(\.(.*))?$/s.exec(name) ?? [];
  if (resource !== undefined) {
    const isConstructor = kind === 'constructor';
    checkLabel(isConstructor ? resource + (member ?? '') : resource);
    check(isConstructor || label !== undefined, 'it is not well-formed');
    if (!isConstructor) checkLabel(label!);
    return { kind: kind as NameForm['kind'], resource };
  }
  if (name.includes('=<')) {
    check(isDependency(name), 'it is not well-formed');
    return { kind: 'dependency' };
  }
  const [, path, version] = /^(.*?:[^@]*)(?:@(.*))?$/s.exec(name) ?? [];
  if (path === undefined) {
    checkLabel(name);
    check(suffix === undefined, 'it cannot have a `versionsuffix`');
    return { kind: 'label' };
  }
  const [, namespace, words, projection] = /^([^:/]*):([^:/]*)\/([^:/]*)$/.exec(path) ?? [];
  if (!isWords(namespace) || !isWords(words) || !isLabel(projection!)) fail('it is not well-formed');
  checkVersion(version, suffix);
  return { kind: 'interface' };
}

// A canonical version may stand alone, as its suffix is only for people.
function checkVersion(version: string | undefined, suffix: string | undefined): void {
  if (version === undefined && suffix === undefined) return;
  const isCanonical = /^(?:[1-9]\d*|0\.[1-9]\d*|0\.0\.[1-9]\d*|0\.0\.0)$/.test(version ?? '');
  const isSemver = semverPattern.test(`${version}${suffix ?? ''}`);
  const isValid = suffix === undefined ? isCanonical || isSemver : isCanonical && isSemver;
  if (!isValid) fail(`invalid interface version \`${version ?? ''}${suffix ?? ''}\``);
}

function isWords(text: string | undefined): boolean {
  return text !== undefined && isLabel(text) && text === text.toLowerCase();
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const number = '(?:0|[1-9]\\d*)';
const identifier = `(?:${number}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
const dotted = (each: string): string => `${each}(?:\\.${each})*`;
const semver = `${number}\\.${number}\\.${number}(?:-${dotted(identifier)})?(?:\\+${dotted('[0-9a-zA-Z-]+')})?`;
const semverPattern = whole(semver);

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
