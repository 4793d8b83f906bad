/** Hosts of any world whose functions say which they are, and calls that ask them. */
import type { Type, WitFunction, World } from '@wittle/parser';
import { freestandingOf, resourcesOf } from '../src/typescript/declarations.ts';
import { bareKey } from '../src/typescript/names.ts';
import { keysOf } from '../src/typescript/types.ts';
import { ownParams } from '../src/world/functions.ts';
import { behindAlias, planWorld, type Plan, type Side } from '../src/world/plan.ts';
import type { Any } from './generate.ts';

/** Without anything that waits. */
export function planOf(world: World): Plan {
  return planWorld(world, { mayBlock: () => false, staysSync: () => false });
}

/** Implements everything that a world imports. */
export function wordHost(plan: Plan): object {
  const imports: Record<string, unknown> = {};
  for (const side of plan.imports) {
    const members: Record<string, unknown> =
      side.interface === undefined ? imports : (imports[side.key] = {});
    for (const { type, methods, statics } of resourcesOf(side)) {
      const made = class {} as unknown as { readonly prototype: object };
      for (const of of methods) define(made.prototype, keyIn(side, of), answer(side, of));
      for (const of of statics) define(made, keyIn(side, of), answer(side, of));
      members[side.typeNames.get(type.name!)!] = made;
    }
    for (const of of freestandingOf(side)) members[keyIn(side, of)] = answer(side, of);
  }
  return imports;
}

/** A class's own properties, `name` and `length` included. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true });
}

function keyIn(side: Side, of: WitFunction): string {
  return bareKey(side.functionKeys.get(of)!);
}

/**
 * Functions give what they are given, and can be told apart by what they change about numbers and strings: by the place
 * that their name has in the interface, which is the same where it is exported.
 */
function answer(side: Side, { name, result }: WitFunction): (value: Any) => unknown {
  const number = side.functions.findIndex((each) => each.name === name);
  if (result?.kind === 'string') return (value) => `${value} ${number}`;
  if (result?.kind === 'u32') return (value) => value + number;
  return (value) => value;
}

/**
 * Calls every exported function that gives what it is given, with values that have everything which their types have
 * names for. Gives how many values there were, and which became another one.
 */
export function askAll(
  plan: Plan,
  exports: Any,
): { readonly asked: number; readonly wrong: readonly unknown[] } {
  const wrong: unknown[] = [];
  let asked = 0;
  for (const side of plan.exports) {
    const members = side.interface === undefined ? exports : exports[side.key];
    const ask = (holder: Any, of: WitFunction): void => {
      for (const value of examplesFor(plan, side, of)) {
        asked++;
        const wanted = answer(side, of)(value);
        const got: unknown = holder[keyIn(side, of)](value, 0);
        if (JSON.stringify(got) !== JSON.stringify(wanted)) wrong.push([of.name, { wanted, got }]);
      }
    };
    for (const of of freestandingOf(side)) ask(members, of);
    for (const { type, constructorFunction, methods, statics } of resourcesOf(side)) {
      const made = members[side.typeNames.get(type.name!)!];
      for (const of of statics) ask(made, of);
      if (constructorFunction === undefined) continue;
      const object = new made(...ownParams(constructorFunction).map(() => 1));
      for (const of of methods) ask(object, of);
      object[Symbol.dispose]();
    }
  }
  return { asked, wrong };
}

/** Values for a function whose result has the type of its first parameter. */
function examplesFor(plan: Plan, side: Side, of: WitFunction): readonly unknown[] {
  const [first] = ownParams(of);
  if (first === undefined || of.result === undefined) return [];
  const examples = examplesOf(plan, side, first.type) ?? [];
  const results = examplesOf(plan, side, of.result);
  return JSON.stringify(examples) === JSON.stringify(results) ? examples : [];
}

/** Values of a type that together have all its names, as they come back; `undefined` for other types. */
function examplesOf(plan: Plan, from: Side, given: Type): readonly Any[] | undefined {
  const { side, type } = behindAlias(plan, from, given);
  const first = (of: Type): Any => examplesOf(plan, side, of)?.[0];
  if (type.kind === 'string') return ['given'];
  if (type.kind === 'char') return ['x'];
  if (type.kind === 'u8') return [7];
  if (type.kind === 'u32') return [1000];
  if (type.kind !== 'type-definition') return undefined;
  const { shape } = type;
  switch (shape.kind) {
    case 'record': {
      const keys = [...keysOf(shape.fields).values()];
      const fields = shape.fields.map(({ type: of }, index) => {
        const value = first(of);
        return [keys[index]!, typeof value === 'number' ? index % 256 : value];
      });
      if (!shape.fields.some(({ type: of }) => isOption(of))) return [Object.fromEntries(fields)];
      // An option that is absent is there as `undefined`, which JSON leaves out.
      return [1, 2, fields.length].map((n) =>
        Object.fromEntries(fields.filter((_, index) => index % n === 0)),
      );
    }
    case 'flags': {
      const keys = [...keysOf(shape.flags).values()];
      return [2, 3].map((n) => Object.fromEntries(keys.map((key, index) => [key, index % n === 0])));
    }
    case 'enum':
      return shape.cases.map(({ name }) => name);
    case 'variant':
      return shape.cases.map(({ name, type: of }) => ({
        tag: name,
        ...(of === undefined ? {} : { val: first(of) }),
      }));
    case 'list': {
      const elements = examplesOf(plan, side, shape.element);
      return elements === undefined ? undefined : [elements, []];
    }
    case 'option':
      return isOption(shape.type)
        ? [{ tag: 'some', val: 'x' }, { tag: 'none' }]
        : examplesOf(plan, side, shape.type);
    case 'result':
      return [
        { tag: 'ok', val: 7 },
        { tag: 'err', val: 'x' },
      ];
    default:
      return undefined;
  }
}

function isOption(type: Type): boolean {
  return type.kind === 'type-definition' && type.shape.kind === 'option';
}
