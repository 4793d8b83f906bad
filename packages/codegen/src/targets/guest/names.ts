/**
 * What ComponentizeJS calls things: module specifiers of imports, and the named exports in which it looks for what a
 * guest offers. It maps names to camel case and does nothing more to them, whatever they are; checked against its
 * version 0.22 by `scripts/components.mjs`.
 */
import { resolveAlias, type Case, type Type, type TypeDefinition, type WitFunction } from '@wittle/parser';
import { resourcesOf } from '../../typescript/declarations.ts';
import { bareKey, camelCase, givenKey, pascalCase } from '../../typescript/names.ts';
import { functionBaseName, type Plan, type Side } from '../../world/plan.ts';
import { offersSomething } from '../host/exports.ts';

/** The side as ComponentizeJS has it: what its functions are called, and what they give. */
export function guestSide(side: Side): Side {
  const functions = side.functions.map(asCalled);
  const keys = functions.map((of) => [of, givenKey(camelCase(functionBaseName(of)))] as const);
  return { ...side, functions, functionKeys: new Map(keys) };
}

/**
 * The function as it is called: a `result` behind an alias, or a `use`, is no error to ComponentizeJS but a value like
 * any other, on both sides.
 */
function asCalled(of: WitFunction): WitFunction {
  const { result } = of;
  if (result?.kind !== 'type-definition' || result.shape.kind !== 'alias') return of;
  const behind = resolveAlias(result);
  if (behind.kind !== 'type-definition' || behind.shape.kind !== 'result') return of;
  const { ok, err } = behind.shape;
  const one = (name: string, type: Type | undefined): Case => ({ name, type, docs: '', span: undefined });
  const shape = { kind: 'variant', cases: [one('ok', ok), one('err', err)] } as const;
  return { ...of, result: { ...behind, name: undefined, owner: undefined, shape } };
}

/** The class of a resource among the exports of its interface. Two that would meet keep the names of their types. */
export function className(side: Side, type: TypeDefinition): string {
  const name = pascalCase(type.name!);
  const meets = resourcesOf(side).some((each) => each.type !== type && pascalCase(each.type.name!) === name);
  return meets ? side.typeNames.get(type.name!)! : name;
}

/** The exported interfaces with something to implement, and the world's own functions. */
export function implementedSides(plan: Plan): readonly Side[] {
  return plan.exports.filter(offersSomething);
}

/**
 * The named export for each exported interface: its name in camel case, or its whole id where something else has that
 * name. ComponentizeJS takes the id of any interface.
 */
export function exportKeys(plan: Plan): ReadonlyMap<Side, string> {
  const sides = implementedSides(plan).filter((side) => side.interface !== undefined);
  const functions = implementedSides(plan).flatMap((side) =>
    side.interface === undefined ? [...guestSide(side).functionKeys.values()].map(bareKey) : [],
  );
  const names = new Map(
    sides.map((side) => [side, camelCase(side.renamed ? side.key : side.interface!.name!)]),
  );
  const taken = [...functions, ...names.values()];
  return new Map(
    [...names].map(([side, name]) => {
      const isAlone = taken.filter((each) => each === name).length === 1;
      return [side, isAlone || side.renamed ? name : side.coreModule];
    }),
  );
}
