/** `mocks.ts`: the double of a world's host, which `@wittle/runtime/mock` makes of the world's data. */
import { code, type Code, type Name } from '../../emit/code.ts';
import { docs } from '../../typescript/docs.ts';
import type { Plan } from '../../world/plan.ts';
import { worldData } from '../guest/in-process-world.ts';

/** Where the data is, whose names are of the types in it. */
const WORLD = 'world';

/** The sections of `mocks.ts`. */
export function mockFile(plan: Plan, glue: string): readonly Code[] {
  const imports: Name = {
    kind: 'name',
    name: 'Imports',
    from: `${glue}/index`,
    fromPackage: false,
    isType: true,
  };
  const world: Name = { kind: 'name', name: 'world', from: WORLD, fromPackage: false, isType: false };
  const about = [
    `A double of what world \`${plan.label}\` imports, for \`instantiate\`: it does what the overrides do, and keeps account`,
    'of all calls. What has no override throws `NotImplemented`.',
    '@param overrides - some functions of some interfaces; a class stands for a resource, with some of its functions.',
    '@throws {TypeError} when an override is of nothing that the world imports.',
  ];
  return [
    code`${docs('', about)}export function mockHost(overrides: ${runtime('Overrides', true)}<${imports}> = {}): ${runtime('MockHost', true)}<${imports}> {
      return ${runtime('mock', false)}<${imports}>(${world}, overrides);
    }\n`,
  ];
}

/** The sections of `world.ts`; the plan is that of the world without its exports. */
export function worldFile(plan: Plan): readonly Code[] {
  return [...worldData(plan, WORLD), code`export { world };\n`];
}

function runtime(name: string, isType: boolean): Name {
  return { kind: 'name', name, from: '@wittle/runtime/mock', fromPackage: true, isType };
}
