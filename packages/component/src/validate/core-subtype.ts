/** Which core definitions can be imported as which. Core specification: "Matching", for what components can check. */
import type { CoreFunctionType, CoreLimits, CoreReferenceType, CoreValueType } from '../binary/definition.ts';
import type { CoreExternType } from './component-type.ts';
import { check, fail } from './invalid.ts';

/** Throws what keeps something of type `type` from being imported as `expected`. */
export function expectCoreSubtype(type: CoreExternType, expected: CoreExternType, offset: number): void {
  if (type.kind !== expected.kind) fail(`expected ${sort(expected.kind)}, found ${sort(type.kind)}`, offset);
  switch (expected.kind) {
    case 'function':
    case 'tag': {
      const given = (type as typeof expected).type;
      if (sameCoreFunction(given, expected.type)) return;
      return fail(`expected: ${printFunction(expected.type)}, found: ${printFunction(given)}`, offset);
    }
    case 'global': {
      const given = (type as typeof expected).type;
      check(given.mutable === expected.type.mutable, 'global types differ in mutability', offset);
      return expectSame('global type', given.type, expected.type.type, offset);
    }
    case 'table': {
      const given = (type as typeof expected).type;
      expectSame('table element type', given.element, expected.type.element, offset);
      return expectLimits(given, expected.type, 'table', offset);
    }
    case 'memory': {
      const given = (type as typeof expected).type;
      check(given.pageSize === expected.type.pageSize, 'mismatch in page size for memories', offset);
      return expectLimits(given, expected.type, 'memory', offset);
    }
  }
}

function expectLimits(type: CoreLimits, expected: CoreLimits, what: string, offset: number): void {
  const plural = what === 'table' ? 'tables' : 'memories';
  check(type.shared === expected.shared, `mismatch in the shared flag for ${plural}`, offset);
  check(type.address === expected.address, `mismatch in index type for ${plural}`, offset);
  const { minimum, maximum } = expected;
  const fits = maximum === undefined || (type.maximum !== undefined && type.maximum <= maximum);
  check(type.minimum >= minimum && fits, `mismatch in ${what} limits`, offset);
}

function expectSame(what: string, type: CoreValueType, expected: CoreValueType, offset: number): void {
  if (sameCoreType(type, expected)) return;
  fail(`expected ${what} ${printCoreType(expected)}, found ${printCoreType(type)}`, offset);
}

/** Whether two core functions have the same parameters and results. */
export function sameCoreFunction(one: CoreFunctionType, other: CoreFunctionType): boolean {
  return sameCoreTypes(one.params, other.params) && sameCoreTypes(one.results, other.results);
}

/** Whether core types are the same, one by one. */
export function sameCoreTypes(some: readonly CoreValueType[], others: readonly CoreValueType[]): boolean {
  return some.length === others.length && some.every((type, i) => sameCoreType(type, others[i]!));
}

function sameCoreType(one: CoreValueType, other: CoreValueType): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.nullable === other.nullable && one.heap === other.heap;
}

/** As in the text format. */
export function printCoreTypes(types: readonly CoreValueType[]): string {
  return `[${types.map(printCoreType).join(' ')}]`;
}

function printFunction({ params, results }: CoreFunctionType): string {
  const list = (word: string, types: readonly CoreValueType[]): string =>
    types.length === 0 ? '' : ` (${word} ${types.map(printCoreType).join(' ')})`;
  return `(func${list('param', params)}${list('result', results)})`;
}

function printCoreType(type: CoreValueType): string {
  return typeof type === 'string' ? type : printReference(type);
}

function printReference({ nullable, heap }: CoreReferenceType): string {
  return nullable ? `${heap}ref` : `(ref ${heap})`;
}

function sort(kind: CoreExternType['kind']): string {
  return kind === 'function' ? 'func' : kind;
}
