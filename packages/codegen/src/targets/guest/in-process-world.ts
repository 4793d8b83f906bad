/** A world as data for the runtime: names as core modules have them, and types as descriptors. */
import type { WitFunction } from '@wittle/parser';
import { code, join, quote, run, ts, type Code } from '../../emit/code.ts';
import { wraps } from '../../typescript/declarations.ts';
import { bareKey } from '../../typescript/names.ts';
import { ownParams } from '../../world/functions.ts';
import { resourceOf, shortKeys, type Plan, type Side } from '../../world/plan.ts';
import { guestAbi } from './in-process-abi.ts';
import { hasMembers } from './in-process-types.ts';
import { descriptors, type Descriptors } from './in-process-values.ts';

/**
 * A constant `world`, which is the plan's as `@wittle/runtime/guest` takes it, behind the constants that it uses. All of them
 * are in one file. `head` stands in front of it: what exports it.
 */
export function worldData(plan: Plan, file: string, head = ''): readonly Code[] {
  const types = descriptors(plan, file);
  const resources = plan.resources.map(
    ({ side, type }) =>
      code`{ side: ${quote(side.direction)}, module: ${quote(side.coreModule)}, name: ${quote(type.name!)}, key: ${quote(side.typeNames.get(type.name!)!)} },\n`,
  );
  const short = shortKeys(plan);
  const interfaces = (sides: readonly Side[]): Code[] =>
    sides.filter(hasMembers).map((side) => {
      const functions = side.functions.map((of) => functionData(plan, side, of, types));
      const other = short.get(side);
      return code`{
        module: ${quote(side.coreModule)},
        key: ${side.interface === undefined ? 'undefined' : quote(side.key)},
        ${other === undefined ? undefined : code`short: ${quote(bareKey(other))},`}
        functions: [${functions}],
      },\n`;
    });
  const imports = interfaces(plan.imports);
  const exports = interfaces(plan.exports);
  const world = run`${head}const world${ts`: ${guestAbi.GuestWorld}`} = {
    name: ${quote(plan.label)},
    resources: [${resources}],
    imports: [${imports}],
    exports: [${exports}],
  };\n`;
  return [...types.constants, world];
}

function functionData(plan: Plan, side: Side, of: WitFunction, types: Descriptors): Code {
  const key = side.functionKeys.get(of);
  const { role } = of;
  const resource = role.kind === 'freestanding' ? undefined : resourceOf(plan, side, role.resource).index;
  const params = ownParams(of).map((param) => code`[${quote(param.name)}, ${types.of(side, param.type)}]`);
  const { imports, exports } = wraps(plan);
  const wrap = (side.direction === 'import' ? imports : exports)(side)(of);
  const members = [
    code`name: ${quote(of.name)}`,
    key === undefined ? undefined : code`key: ${quote(bareKey(key))}`,
    resource === undefined ? undefined : code`resource: ${resource}`,
    params.length === 0 ? undefined : code`params: [${join(params, ', ')}]`,
    of.result === undefined ? undefined : code`result: ${types.resultOf(side, of)}`,
    wrap === 'plain' ? undefined : code`mayWait: true`,
  ];
  return code`{ ${join(
    members.filter((each) => each !== undefined),
    ', ',
  )} },\n`;
}
