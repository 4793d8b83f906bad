/** Which types can stand in for which. Explainer.md: "Type Checking". */
import { InvalidBinary } from '../binary/reader.ts';
import type {
  AnyType,
  ComponentType,
  CoreModuleType,
  Externs,
  ExternType,
  FunctionType,
  InstanceType,
  ResourceIdentity,
  ResourcePath,
  ResourceType,
  ValueType,
} from './component-type.ts';
import { expectCoreSubtype } from './core-subtype.ts';
import { bounded, check, count, fail, remember, within } from './invalid.ts';
import { isValueType, labelsOf, partsOf } from './structure.ts';
import { Substitution } from './substitution.ts';

/** Whether something of type `type` can be given where `expected` is asked for. Spec: subtyping. */
export function isSubtype(type: ExternType, expected: ExternType): boolean {
  try {
    bounded(() => expectSubtype(type, expected, 0));
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

/** Throws what keeps `type` from being a subtype of `expected`. */
export function expectSubtype(type: ExternType, expected: ExternType, offset: number): void {
  if (type === expected) return;
  expectKind(sortName(type), sortName(expected), offset);
  switch (expected.kind) {
    case 'core module':
      return expectModule(type as CoreModuleType, expected, offset);
    case 'function':
      return expectFunction(type as FunctionType, expected, offset);
    case 'type':
      return expectType((type as typeof expected).type, expected.type, offset);
    case 'value':
      return expectEqual((type as typeof expected).type, expected.type, offset);
    case 'instance':
      return expectInstance(type as InstanceType, expected, offset);
    case 'component':
      return expectComponent(type as ComponentType, expected, offset);
  }
}

/**
 * Throws unless `given` has what `expected` asks for, where `resources` are open: each becomes the one that is given for
 * it. The result puts those, and the types given for named types, in the place of the expected ones.
 */
export function open(
  given: ReadonlyMap<string, ExternType>,
  expected: Externs,
  resources: readonly ResourcePath[],
  what: 'import' | 'export',
  offset: number,
): Substitution {
  const substitution = new Substitution(offset);
  for (const { path, identity } of resources) {
    const found = resourceAt(given.get(path[0]!), path);
    if (found !== undefined) substitution.replace(identity, found);
  }
  for (const [name, { type }] of expected) {
    const actual = given.get(name);
    if (actual === undefined) fail(`missing ${what} named \`${name}\``, offset);
    count(1, offset);
    within(`type mismatch for ${what} \`${name}\``, () =>
      expectSubtype(actual, substitution.extern(type), offset),
    );
  }
  // Only now, so that what is compared above keeps its own names.
  const renaming = new Substitution(offset);
  for (const { identity } of resources) renaming.replace(identity, substitution.identity(identity));
  for (const [name, { type }] of expected) rename(given.get(name)!, type, renaming);
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
      rename((actual as InstanceType).exports.get(name)!.type, type, renaming);
    }
  }
}

function expectModule(type: CoreModuleType, expected: CoreModuleType, offset: number): void {
  for (const [module, fields] of type.imports) {
    for (const [name, needed] of fields) {
      const given = expected.imports.get(module)?.get(name);
      if (given === undefined) fail(`missing expected import \`${module}::${name}\``, offset);
      count(1, offset);
      within(`type mismatch in import \`${module}::${name}\``, () =>
        expectCoreSubtype(given, needed, offset),
      );
    }
  }
  for (const [name, needed] of expected.exports) {
    const given = type.exports.get(name);
    if (given === undefined) fail(`missing expected export \`${name}\``, offset);
    count(1, offset);
    within(`type mismatch in export \`${name}\``, () => expectCoreSubtype(given, needed, offset));
  }
}

function expectFunction(type: FunctionType, expected: FunctionType, offset: number): void {
  const { params, result } = expected;
  const effect = (isAsync: boolean): string => (isAsync ? 'async function' : 'sync function');
  expectKind(effect(type.async), effect(expected.async), offset);
  expectKind(type.params.length, params.length, offset, 'parameters');
  params.forEach((param, i) => {
    const given = type.params[i]!;
    expectKind(`parameter named \`${given.name}\``, `parameter named \`${param.name}\``, offset);
    expectEqual(given.type, param.type, offset, `type mismatch in function parameter \`${param.name}\``);
  });
  expectPart(type.result, result, offset, 'type mismatch with result type');
}

function expectInstance(type: InstanceType, expected: InstanceType, offset: number): void {
  const given = new Map(Array.from(type.exports, ([name, extern]) => [name, extern.type]));
  open(given, expected.exports, expected.resources, 'export', offset);
}

function expectComponent(type: ComponentType, expected: ComponentType, offset: number): void {
  const given = new Map(Array.from(expected.imports, ([name, extern]) => [name, extern.type]));
  const opened = open(given, type.imports, type.importedResources, 'import', offset);
  const exports = new Map(Array.from(type.exports, ([name, extern]) => [name, opened.extern(extern.type)]));
  open(exports, expected.exports, expected.exportedResources, 'export', offset);
}

function expectType(type: AnyType, expected: AnyType, offset: number): void {
  if (isValueType(expected) && isValueType(type)) return expectEqual(type, expected, offset);
  expectKind(typeName(type), typeName(expected), offset);
  if (expected.kind === 'resource') {
    check(sameResource(type as ResourceType, expected), 'resource types are not the same', offset);
  } else if (!isValueType(expected)) expectSubtype(type as ExternType, expected, offset);
}

const equal: Map<ValueType, Set<ValueType>> = remember();

/** Throws unless two types are equal. */
export function expectEqual(type: ValueType, expected: ValueType, offset: number, context?: string): void {
  if (type === expected || equal.get(type)?.has(expected) === true) return;
  if (context !== undefined) return within(context, () => expectEqual(type, expected, offset));
  count(1, offset);
  expectKind(type.kind, expected.kind, offset);
  if (type.kind === 'own' || type.kind === 'borrow') {
    const { resource } = expected as typeof type;
    check(sameResource(type.resource, resource), 'resource types are not the same', offset);
    return;
  }
  const labels = labelsOf(type);
  const parts = partsOf(type);
  const expectedParts = partsOf(expected);
  const { length } = labels.length === 0 ? parts : labels;
  const expectedLabels = labelsOf(expected);
  expectKind(length, (labels.length === 0 ? expectedParts : expectedLabels).length, offset, 'members');
  if (type.kind === 'fixed-length-list') {
    expectKind(type.length, (expected as typeof type).length, offset, 'elements');
  }
  labels.forEach((label, i) => expectKind(`\`${label}\``, `\`${expectedLabels[i]!}\``, offset));
  expectedParts.forEach((part, i) => {
    expectPart(parts[i], part, offset, `type mismatch in ${type.kind} \`${labels[i] ?? i}\``);
  });
  if (parts.length > 0) {
    let others = equal.get(type);
    if (others === undefined) equal.set(type, (others = new Set()));
    others.add(expected);
  }
}

function expectPart(
  type: ValueType | undefined,
  expected: ValueType | undefined,
  offset: number,
  context: string,
): void {
  if (type !== undefined && expected !== undefined) expectEqual(type, expected, offset, context);
  else if (type !== expected) fail(`${context}: expected ${nameOf(expected)}, found ${nameOf(type)}`, offset);
}

function nameOf(type: ValueType | undefined): string {
  return type?.kind ?? 'none';
}

function expectKind(
  found: string | number,
  expected: string | number,
  offset: number,
  what: string = '',
): void {
  if (found !== expected) fail(`expected ${expected}${what && ` ${what}`}, found ${found}`, offset);
}

/** The name of the sort of what has that type, in messages. */
export function sortName({ kind }: ExternType): string {
  return kind === 'function' ? 'func' : kind === 'core module' ? 'module' : kind;
}

function typeName(type: AnyType): string {
  return isValueType(type) ? 'defined type' : type.kind;
}
