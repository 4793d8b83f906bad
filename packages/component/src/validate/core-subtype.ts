/** Which core definitions can be imported as which. Core specification: "Matching", for what components can check. */
import type { CoreFunctionType, CoreLimits, CoreValueType } from '../binary/definition.ts';
import type { CoreExternType } from './component-type.ts';
import { check, count, fail, within } from './invalid.ts';

/** Fails with what keeps something of type `type` from being imported as `expected`. */
function expectCoreSubtype(type: CoreExternType, expected: CoreExternType): void {
  const [found, wanted] = [printCore(type), printCore(expected)];
  if (found !== wanted) fail(`expected ${wanted}, found ${found}`);
  if (type.kind !== 'table' && type.kind !== 'memory') return;
  const given: CoreLimits = type.type;
  const { minimum, maximum, shared } = expected.type as CoreLimits;
  check(given.shared === shared, `mismatch in the shared flag of a ${type.kind}`);
  const fits = maximum === undefined || (given.maximum !== undefined && given.maximum <= maximum);
  check(given.minimum >= minimum && fits, `mismatch in ${type.kind} limits`);
}

/** Fails unless `given` has everything that is expected of a `what`, with types that fit. */
export function expectCoreItems(
  given: ReadonlyMap<string, CoreExternType> | undefined,
  expected: ReadonlyMap<string, CoreExternType>,
  what: string,
): void {
  for (const [name, type] of expected) {
    const found = given?.get(name);
    if (found === undefined) return fail(`missing ${what} \`${name}\``);
    count();
    within(`type mismatch in ${what} \`${name}\``, () => expectCoreSubtype(found, type));
  }
}

/** Fails unless a core function is of a type that is printed so. */
export function expectSignature(what: string, callee: CoreFunctionType, expected: string): void {
  const found = printSignature(callee);
  if (found !== expected) fail(`${what}: expected ${expected}, found ${found}`);
}

/** `[i32 i32] -> [i64]` */
export function printSignature({ params, results }: CoreFunctionType): string {
  return `${printCoreTypes(params)} -> ${printCoreTypes(results)}`;
}

/** As in the text format. */
export function printCoreTypes(types: readonly CoreValueType[]): string {
  return `[${types.map(printCoreType).join(' ')}]`;
}

/** All of a type that has to be equal. */
function printCore({ kind, type }: CoreExternType): string {
  switch (kind) {
    case 'function':
    case 'tag':
      return `${kind} ${printSignature(type)}`;
    case 'global':
      return `${type.mutable ? 'mutable ' : ''}${kind} ${printCoreType(type.type)}`;
    case 'table':
      return `${kind} of ${printCoreType(type.element)} at ${type.address}`;
    case 'memory':
      return `${kind} with pages of 2^${type.pageSize} at ${type.address}`;
  }
}

function printCoreType(type: CoreValueType): string {
  return typeof type === 'string' ? type : `(ref ${type.nullable ? 'null ' : ''}${type.heap})`;
}
