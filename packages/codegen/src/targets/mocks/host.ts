/** `mocks.ts`: the double of a world's host, by data that `@wittle/runtime/mock` makes it of. */
import { code, join, quote, type Code, type Name } from '../../emit/code.ts';
import type { WitFunction } from '@wittle/parser';
import { classKey, freestandingOf, resourcesOf } from '../../typescript/declarations.ts';
import { docs } from '../../typescript/docs.ts';
import { bareKey } from '../../typescript/names.ts';
import { functionLabel, type Plan, type Side } from '../../world/plan.ts';
import { needsHost } from '../host/imports.ts';

/** The sections of `mocks.ts`. */
export function mockFile(plan: Plan, glue: string): readonly Code[] {
  const imports: Name = {
    kind: 'name',
    name: 'Imports',
    from: `${glue}/index`,
    fromPackage: false,
    isType: true,
  };
  const about = [
    `A double of what world \`${plan.label}\` imports, for \`instantiate\`: it does what the overrides do, and keeps account`,
    'of all calls. What has no override throws `NotImplemented`.',
    '@param overrides - some functions of some interfaces; a class stands for a resource, with some of its functions.',
    '@throws {TypeError} when an override is of nothing that the world imports.',
  ];
  return [
    code`${docs('', about)}export function mockHost(overrides: ${runtime('Overrides', true)}<${imports}> = {}): ${runtime('MockHost', true)}<${imports}> {
      return ${runtime('mock', false)}<${imports}>(world, overrides);
    }\n`,
    worldData(plan),
  ];
}

function worldData(plan: Plan): Code {
  const interfaces = plan.imports.filter(needsHost).map((side) => {
    const classes = resourcesOf(side).map(({ type, constructorFunction, methods, statics }) => {
      const make = constructorFunction && code`make: ${quote(functionLabel(side, constructorFunction))}, `;
      return code`{ key: ${quote(classKey(side, type))}, ${make}methods: [${functions(side, methods)}], statics: [${functions(side, statics)}] },\n`;
    });
    const key = side.interface === undefined ? 'undefined' : quote(side.key);
    return code`{ key: ${key}, functions: [${functions(side, freestandingOf(side))}], classes: [${classes}] },\n`;
  });
  return code`const world: ${runtime('MockWorld', true)} = { name: ${quote(plan.label)}, interfaces: [${interfaces}] };\n`;
}

function functions(side: Side, of: readonly WitFunction[]): Code {
  const items = of.map((each) => {
    const key = bareKey(side.functionKeys.get(each)!);
    return code`{ key: ${quote(key)}, label: ${quote(functionLabel(side, each))} }`;
  });
  return join(items, ', ');
}

function runtime(name: string, isType: boolean): Name {
  return { kind: 'name', name, from: '@wittle/runtime/mock', fromPackage: true, isType };
}
