/** Which types can stand in for which. Explainer.md: "Type Checking". */
import { InvalidBinary } from '../binary/reader.ts';
import type {
  ComponentType,
  CoreModuleType,
  Externs,
  ExternType,
  InstanceType,
  ResourceIdentity,
  ResourcePath,
  ResourceType,
} from './component-type.ts';
import { expectCoreItems } from './core-subtype.ts';
import { bounded, check, count, fail, remember, within } from './invalid.ts';
import { insideOf, labelsOf, type Typed } from './structure.ts';
import { Substitution } from './substitution.ts';

/** Whether something of type `type` can be given where `expected` is asked for. Spec: subtyping. */
export function isSubtype(type: ExternType, expected: ExternType): boolean {
  try {
    bounded(() => expectSubtype(type, expected));
    return true;
  } catch (error) {
    if (error instanceof InvalidBinary) return false;
    throw error;
  }
}

/** Whether two resource types are the same. */
export function sameResource(one: ResourceType, other: ResourceType): boolean {
  return one.identity === other.identity;
}

const supertypesOf: (type: Typed) => Set<Typed> = remember(() => new Set());

/** Fails with what keeps `type` from being a subtype of `expected`; value types and functions must be equal. */
export function expectSubtype(type: Typed, expected: Typed): void {
  if (type === expected || supertypesOf(type).has(expected)) return;
  count();
  expectSame('', type.kind, expected.kind);
  switch (expected.kind) {
    case 'core module':
      return expectModule(type as CoreModuleType, expected);
    case 'component':
      return expectComponent(type as ComponentType, expected);
    case 'instance':
      open(typesOf((type as InstanceType).exports), expected.exports, expected.resources, 'export');
      break;
    case 'type':
    case 'value':
      return expectSubtype((type as typeof expected).type, expected.type);
    case 'resource':
      return check(sameResource(type as ResourceType, expected), 'resource types are not the same');
    default:
      expectEqual(type, expected);
  }
  supertypesOf(type).add(expected);
}

function expectEqual(type: Typed, expected: Typed): void {
  const { async, length } = type as { readonly async?: boolean; readonly length?: number };
  const other = expected as { readonly async?: boolean; readonly length?: number };
  check(async === other.async, `expected ${async ? 'sync' : 'async'} function`);
  expectSame('length ', length, other.length);
  const labels = labelsOf(type);
  const inside = insideOf(type);
  const expectedLabels = labelsOf(expected);
  const expectedInside = insideOf(expected);
  expectSame('number of members ', labels.length, expectedLabels.length);
  expectSame('number of types ', inside.length, expectedInside.length);
  labels.forEach((label, i) => expectSame('name ', label, expectedLabels[i]!));
  inside.forEach((each, i) => {
    const other = expectedInside[i];
    within(`type mismatch in ${type.kind} \`${labels[i] ?? i}\``, () => {
      if (each !== undefined && other !== undefined) expectSubtype(each, other);
      else expectSame('', each?.kind, other?.kind);
    });
  });
}

function expectSame(what: string, found: string | number = 'none', expected: string | number = 'none'): void {
  if (found !== expected) fail(`expected ${what}${expected}, found ${found}`);
}

/**
 * Fails unless `given` has what `expected` asks for, where `resources` are open: each becomes the one that is given for
 * it. The result puts those, and the types given for named types, in the place of the expected ones.
 */
export function open(
  given: ReadonlyMap<string, ExternType>,
  expected: Externs,
  resources: readonly ResourcePath[],
  what: 'import' | 'export',
): Substitution {
  const substitution = new Substitution();
  const renaming = new Substitution();
  for (const { path, identity } of resources) {
    const found = resourceAt(given.get(path[0]!), path) ?? identity;
    substitution.replace(identity, found);
    renaming.replace(identity, found);
  }
  for (const [name, { type }] of expected) {
    const actual = given.get(name);
    if (actual === undefined) fail(`missing ${what} named \`${name}\``);
    within(`type mismatch for ${what} \`${name}\``, () => expectSubtype(actual, substitution.type(type)));
    rename(actual, type, renaming);
  }
  return renaming;
}

function resourceAt(type: ExternType | undefined, path: readonly string[]): ResourceIdentity | undefined {
  let found = type;
  for (const name of path.slice(1)) {
    found = found?.kind === 'instance' ? found.exports.get(name)?.type : undefined;
  }
  return found?.kind === 'type' && found.type.kind === 'resource' ? found.type.identity : undefined;
}

function rename(actual: ExternType, expected: ExternType, renaming: Substitution): void {
  if (expected.kind === 'type') renaming.rename(expected.type, (actual as typeof expected).type);
  else if (expected.kind === 'instance') {
    for (const [name, { type }] of expected.exports) {
      count();
      rename((actual as InstanceType).exports.get(name)!.type, type, renaming);
    }
  }
}

function expectModule(type: CoreModuleType, expected: CoreModuleType): void {
  for (const [module, fields] of type.imports) {
    expectCoreItems(expected.imports.get(module), fields, `expected import \`${module}\``);
  }
  expectCoreItems(type.exports, expected.exports, 'expected export');
}

function expectComponent(type: ComponentType, expected: ComponentType): void {
  const opened = open(typesOf(expected.imports), type.imports, type.importedResources, 'import');
  const { exports } = opened.type<InstanceType>({ kind: 'instance', exports: type.exports, resources: [] });
  open(typesOf(exports), expected.exports, expected.exportedResources, 'export');
}

function typesOf(externs: Externs): ReadonlyMap<string, ExternType> {
  return new Map(Array.from(externs, ([name, { type }]) => [name, type]));
}
