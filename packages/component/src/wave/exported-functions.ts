/** The functions that a component exports, by names that a person would type. */
import { keysOf } from '../link/keys.ts';
import { functionName, unversioned } from '../link/names.ts';
import type { AnyType, ComponentType, Externs, FunctionType, ValueType } from '../validate/component-type.ts';
import { functionText, type NameOf } from './type-text.ts';

/** A function that a component exports and that can be called with values alone. */
export interface ExportedFunction {
  /** `run` at the root; `demo:shop/cart@1.2.0#total` in an instance; `…#[static]cart.merge` of a resource. */
  readonly name: string;
  readonly type: FunctionType;
  /** Where it is in what `instantiate` gives: `['demo:shop/cart@1.2.0', 'total']`. */
  readonly path: readonly string[];
  /** Its name and type: `demo:shop/cart@1.2.0#total: func(of: list<item>) -> u64`. */
  readonly signature: string;
}

/**
 * The exported functions that WAVE can call, in order. Left out is what takes or gives resources, streams or futures:
 * they have no text.
 */
export function exportedFunctions(type: ComponentType): readonly ExportedFunction[] {
  const found: ExportedFunction[] = [];
  const names = new Map<AnyType, string>();
  addNames(type.imports, names);
  addNames(type.exports, names);
  collect(type.exports, [], [], (each) => names.get(each), found);
  return found;
}

/**
 * The functions that a name can mean: one if it is clear, several if it is not. In order of preference: the full name;
 * the interface without its version, or in short (`cart#total`); the function's own name (`total`). The reference's
 * `demo:shop/cart.total@1.2.0` is understood too.
 */
export function functionsNamed(
  name: string,
  functions: readonly ExportedFunction[],
): readonly ExportedFunction[] {
  const [, interfaceName, own, version = ''] = /^([^@#[\]]*)\.([^.@#/:]+)(@[^#]+)?$/.exec(name) ?? [];
  const asked = interfaceName === undefined ? name : `${interfaceName}${version}#${own}`;
  for (const spelled of [full, withoutVersion, inShort, alone]) {
    const matches = functions.filter((each) => spelled(each.name) === asked);
    if (matches.length > 0) return matches;
  }
  return [];
}

const full = (name: string): string => name;
const withoutVersion = (name: string): string => spelledAs(name, unversioned);
const inShort = (name: string): string => spelledAs(name, (owner) => unversioned(owner).replace(/^.*\//, ''));
const alone = (name: string): string => name.slice(name.lastIndexOf('#') + 1);

function spelledAs(name: string, spell: (owner: string) => string): string {
  const at = name.lastIndexOf('#');
  return at < 0 ? name : `${spell(name.slice(0, at))}${name.slice(at)}`;
}

/** `owners` are the names of the instances on the way, `path` their keys. */
function collect(
  externs: Externs,
  owners: readonly string[],
  path: readonly string[],
  nameOf: NameOf,
  found: ExportedFunction[],
): void {
  const isRoot = owners.length === 0;
  const keys = keysOf(externs);
  for (const [name, { type }] of externs) {
    if (type.kind === 'instance') {
      // An instance at the root goes by its own name.
      collect(type.exports, [...owners, name], [...path, isRoot ? name : keys.member(name)], nameOf, found);
    } else if (type.kind === 'function') {
      const { role, resource } = functionName(name);
      if ((role !== 'function' && role !== 'static') || !isText(type)) continue;
      const label = [...owners, name].join('#');
      const inside = role === 'static' ? [keys.class(resource)] : [];
      found.push({
        name: label,
        type,
        path: [...path, ...inside, keys.member(name)],
        get signature() {
          return functionText(label, type, nameOf);
        },
      });
    }
  }
}

/** Types go by the names under which they are imported or exported. */
function addNames(externs: Externs, names: Map<AnyType, string>): void {
  for (const [name, { type }] of externs) {
    if (type.kind === 'type') names.set(type.type, name);
    else if (type.kind === 'instance') addNames(type.exports, names);
  }
}

/** Whether WAVE can write its arguments and its result. */
function isText({ params, result }: FunctionType): boolean {
  const seen = new Set<ValueType>();
  const rest = [...params.map((param) => param.type), ...(result === undefined ? [] : [result])];
  for (let type = rest.pop(); type !== undefined; type = rest.pop()) {
    if (seen.has(type)) continue;
    seen.add(type);
    const inside = partsOf(type);
    if (inside === undefined) return false;
    for (const part of inside) if (part !== undefined) rest.push(part);
  }
  return true;
}

/** The types that a type is made of; `undefined` for one whose values have no text. */
function partsOf(type: ValueType): readonly (ValueType | undefined)[] | undefined {
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => field.type);
    case 'variant':
      return type.cases.map((each) => each.type);
    case 'tuple':
      return type.types;
    case 'list':
    case 'fixed-length-list':
      return [type.element];
    case 'option':
      return [type.type];
    case 'result':
      return [type.ok, type.err];
    case 'map':
      return [type.key, type.value];
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'error-context':
      return undefined;
    default:
      return [];
  }
}
