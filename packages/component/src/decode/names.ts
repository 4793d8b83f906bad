/** The names of components as those of WIT. Explainer.md: "Import and Export Definitions". */
import type { PackageName } from '@wittle/parser';
import type { ExternName } from '../binary/definition.ts';
import { fail } from './not-in-wit.ts';

/** An interface or world of a package. */
export interface Path {
  readonly package: PackageName;
  readonly name: string;
}

/** `a:b/c@1.0.0`; `undefined` where the text is something else. What is cut off the version stands beside the name. */
export function parsePath(text: string, { versionSuffix = '' }: ExternName): Path | undefined {
  const match = /^([^:/@]+):([^:/@]+)\/([^:/@]+)(?:@(.+))?$/.exec(text);
  if (match === null) return undefined;
  const [, namespace = '', name = '', item = '', version] = match;
  if (![namespace, name, item].every((each) => label.test(each))) return undefined;
  const whole = version === undefined ? undefined : version + versionSuffix;
  if (whole !== undefined && !/^[0-9]+(?:\.[0-9]+){2}(?:[-+][0-9A-Za-z.+-]+)?$/.test(whole)) return undefined;
  return { package: { namespace, name, version: whole }, name: item };
}

/** Gives the name back; throws `NotInWit` where it is none. Every name goes into a text. */
export function checkLabel(name: string, offset: number): string {
  return label.test(name) ? name : fail(`\`${name.slice(0, 100)}\` is not a name in WIT`, offset);
}

/** A name as WIT text: keywords need a `%`. */
export function idText(name: string): string {
  return keywords.has(name) ? `%${name}` : name;
}

/** `a:b@1.0.0`. */
export function packageKey({ namespace, name, version }: PackageName): string {
  return `${namespace}:${name}${version === undefined ? '' : `@${version}`}`;
}

/** `a:b@1.0.0` as WIT text. */
export function packageText({ namespace, name, version }: PackageName): string {
  return packageKey({ namespace: idText(namespace), name: idText(name), version });
}

/** `a:b/c@1.0.0`, the name that a component has for an interface. */
export function pathKey({ package: of, name }: Path): string {
  return packageKey({ ...of, name: `${of.name}/${name}` });
}

/** An interface as WIT text in package `here`: `c`, or `a:b/c@1.0.0`. */
export function pathText(here: PackageName, { package: of, name }: Path): string {
  if (packageKey(of) === packageKey(here)) return idText(name);
  const { namespace, name: packageName, version } = of;
  return packageKey({
    namespace: idText(namespace),
    name: `${idText(packageName)}/${idText(name)}`,
    version,
  });
}

const label = /^(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*$/;

const keywords: ReadonlySet<string> = new Set([
  ...['as', 'async', 'bool', 'borrow', 'char', 'constructor', 'enum', 'error-context', 'export', 'f32'],
  ...['f64', 'flags', 'from', 'func', 'future', 'import', 'include', 'interface', 'list', 'map', 'option'],
  ...['own', 'package', 'record', 'resource', 'result', 's16', 's32', 's64', 's8', 'static', 'stream'],
  ...['string', 'tuple', 'type', 'u16', 'u32', 'u64', 'u8', 'use', 'variant', 'with', 'world'],
]);
