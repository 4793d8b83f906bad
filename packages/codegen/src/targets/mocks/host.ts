/** `mocks.ts`: the double of a world's host, which `@wittle/runtime/mock` makes of the world's data. */
import { code, dts, named, run, ts, type Code, type Name } from '../../emit/code.ts';
import { deprecation, docs } from '../../typescript/docs.ts';
import type { Plan } from '../../world/plan.ts';
import { guestAbi } from '../guest/in-process-abi.ts';
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
    `A double of what world \`${plan.label}\` imports, for \`instantiate\`: it does what the overrides do, and records every`,
    'call. What has no override throws `NotImplemented`.',
    '@param overrides - some functions of some interfaces; a class stands for a resource, with some of its functions.',
    '@throws {TypeError} when an override is of nothing that the world imports.',
    ...deprecation(plan.world),
  ];
  return [
    code`${docs('', about)}export ${dts`declare`} function ${named(plan.world, 'mockHost')}(overrides${dts`?`}${ts`: ${runtime('Overrides', true)}<${imports}>`}${run` = {}`})${ts`: ${runtime('MockHost', true)}<${imports}>`}${dts`;`}${run` {
      return ${runtime('mock', false)}${ts`<${imports}>`}(${world}, overrides);
    }`}\n`,
  ];
}

/** The sections of `world.ts`; the plan is that of the world without its exports. */
export function worldFile(plan: Plan): readonly Code[] {
  const about = docs(`What world \`${plan.label}\` imports, as data for \`mockHost\`.`);
  const declaration = dts`${about}export declare const ${named(plan.world, 'world')}: ${guestAbi.GuestWorld};\n`;
  return [...worldData(plan, WORLD, `${about}export `), declaration];
}

function runtime(name: string, isType: boolean): Name {
  return { kind: 'name', name, from: '@wittle/runtime/mock', fromPackage: true, isType };
}
