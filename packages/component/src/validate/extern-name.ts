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
  const { name, implements: of, versionSuffix, hasRepeatedAttribute } = extern;
  const form = parseName(name, versionSuffix);
  const fits =
    hasRepeatedAttribute === undefined &&
    (of === undefined || (isInstance && form.kind === 'label')) &&
    (versionSuffix === undefined || (isInstance && form.kind === 'interface'));
  check(fits, 'its attributes do not fit');
  if (of !== undefined && parseName(of, undefined).kind !== 'interface')
    fail(`\`${of}\` must be an interface`);
  return form;
}

/** The form of a name that two names may not have in common. Explainer.md: "Name Uniqueness". */
export function canonicalName(name: string): string {
  if (name.includes('=')) return name;
  // `[method]a.a` is `a`.
  return name.toLowerCase().replace(/^\[(?:method|static)\](?:([^.]*)\.(?=\1$))?/, '');
}

function parseName(name: string, suffix: string | undefined): NameForm {
  const [, kind, member] = /^\[(constructor|method|static)\](.*)$/s.exec(name) ?? [];
  if (member !== undefined) {
    const labels = member.split('.');
    check(labels.length === (kind === 'constructor' ? 1 : 2), malformed);
    for (const label of labels) checkLabel(label);
    return { kind: kind as NameForm['kind'], resource: labels[0]! };
  }
  if (name.includes('=<')) {
    check(isDependency(name), malformed);
    return { kind: 'dependency' };
  }
  if (!name.includes(':')) {
    checkLabel(name);
    return { kind: 'label' };
  }
  const [, label, version] = interfacePattern.exec(name) ?? [];
  check(label !== undefined && isLabel(label), malformed);
  checkVersion(version, suffix);
  return { kind: 'interface' };
}

const malformed = 'it is not well-formed';

// A canonical version may stand alone, as its suffix is only for people.
function checkVersion(version: string | undefined, suffix: string | undefined): void {
  const whole = `${version ?? ''}${suffix ?? ''}`;
  const isCanonical = /^([1-9]\d*|0\.[1-9]\d*|0\.0\.(0|[1-9]\d*))$/.test(version ?? '');
  const isSemver = semverPattern.test(whole);
  const isValid =
    suffix === undefined ? version === undefined || isCanonical || isSemver : isCanonical && isSemver;
  if (!isValid) fail(`invalid interface version \`${whole}\``);
}

const entire = (pattern: string): RegExp => new RegExp(`^(${pattern})$`);
const words = '[a-z][0-9a-z]*(?:-[0-9a-z]+)*';
const interfacePattern = new RegExp(`^${words}:${words}/([^:/@]*)(?:@(.*))?$`, 's');
const number = '(0|[1-9]\\d*)';
const identifier = `(${number}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
const dotted = (each: string): string => `${each}(\\.${each})*`;
const semver = `${number}\\.${number}\\.${number}(-${dotted(identifier)})?(\\+${dotted('[0-9a-zA-Z-]+')})?`;
const semverPattern = entire(semver);

// These forms are in older releases of the specification; other tools write and take them.
function isDependency(name: string): boolean {
  const path = `${words}:${words}(/[0-9A-Za-z-]+)?`;
  const hash = 'sha(256|384|512)-[0-9A-Za-z+/]+={0,2}(\\?[^\\s<>]*)?';
  const integrity = `integrity=<\\s*${hash}(\\s+${hash})*\\s*>`;
  const query = `unlocked-dep=<${path}(@(\\*|\\{(>=${semver}( <${semver})?|<${semver})\\}))?>`;
  const located = `(url=<[^<>]*>|locked-dep=<${path}(@${semver})?>)(,${integrity})?`;
  return entire(`${query}|${located}|${integrity}`).test(name);
}
