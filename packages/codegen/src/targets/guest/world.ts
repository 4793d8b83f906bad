/** The world's own file, `index.ts`: what the module of a guest exports. */
import { code, endOf, join, named, quote, ts, type Code, type Name } from '../../emit/code.ts';
import { declaredBy } from '../../typescript/declarations.ts';
import { deprecation, docs, summaryOf } from '../../typescript/docs.ts';
import { bareKey, givenKey, pascalCase } from '../../typescript/names.ts';
import { sideWords, type Plan, type Side } from '../../world/plan.ts';
import { exportNames } from '../host/exports.ts';
import { exportKeys, guestSide, implementedSides } from './names.ts';

/** The sections of `index.ts`. */
export function guestFile(plan: Plan, importSuffix: string): readonly Code[] {
  return [exportsDeclaration(plan), guestCheck(plan), componentError(), namespaces(plan, importSuffix)].map(
    (section) => ts`${section}`,
  );
}

function declaredHere(name: string): Name {
  return { kind: 'name', name, from: 'index', fromPackage: false, isType: true };
}

function exportsDeclaration(plan: Plan): Code {
  const sides = implementedSides(plan);
  const root = sides.find((side) => side.interface === undefined);
  const extend = root === undefined ? '' : code`extends ${exportNames(root).offered} `;
  const keys = exportKeys(plan);
  // ComponentizeJS looks for what meets under the same key there: whatever it is, there is one implementation.
  const rootKeys = new Set(root === undefined ? [] : [...guestSide(root).functionKeys.values()].map(bareKey));
  const sharing = new Map<string, Side[]>();
  for (const [side, key] of keys) sharing.set(key, [...(sharing.get(key) ?? []), side]);
  const members = [...sharing].map(([key, of]) => {
    const property = /^\w+$/.test(key) ? givenKey(key) : quote(key);
    const types = of.map((side) => code`${exportNames(side).offered}`);
    if (rootKeys.has(key)) types.push(code`${exportNames(root!).offered}['${key}']`);
    const at = declaredBy({ plan, side: of[0]! });
    return code`${summaryOf(of[0]!)}readonly ${named(at, property)}: ${join(types, ' & ')};${endOf(at)}\n`;
  });
  const about = `What the module of a guest of world \`${plan.label}\` exports, for ComponentizeJS and \`jco componentize\`.\n${plan.world.docs}`;
  const key = [...keys.values()].find((each) => /^\w+$/.test(each));
  const how =
    key === undefined ? [] : ['', `@example export const ${key} = { … } satisfies Exports['${key}'];`];
  return code`${docs(about, [...how, ...deprecation(plan.world)])}export interface ${named(plan.world, declaredHere('Exports'))} ${extend}{\n${members}}${endOf(plan.world)}\n`;
}

function guestCheck(plan: Plan): Code {
  const about = [
    `A module that exports all of world \`${plan.label}\`; does not compile for any other.`,
    '',
    "@example import type * as self from './guest.js'; export type Complete = Guest<typeof self>; // in guest.ts",
    ...deprecation(plan.world),
  ];
  return code`${docs('', about)}export type ${declaredHere('Guest')}<Module extends ${declaredHere('Exports')}> = Module;\n`;
}

function componentError(): Code {
  const about = [
    'What an imported function throws for the error of its `result`. It is not `instanceof Error`: its class is that of another realm.',
    '',
    'An exported function throws the error value itself, or any object that has it as its `payload`.',
  ];
  return code`${docs('', about)}export interface ${declaredHere('ComponentError')}<E> extends Error {
    readonly payload: E;
  }\n`;
}

/** The types of every exported interface, under one name each. */
function namespaces(plan: Plan, importSuffix: string): Code {
  const taken = new Set(['Exports', 'Guest', 'ComponentError']);
  const lines = plan.exports.map((side) => {
    const base = pascalCase(sideWords(side));
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}${n}`;
    taken.add(name);
    const of = declaredBy({ plan, side });
    return code`export type * as ${named(of, name)} from ${quote(`./${side.file}${importSuffix}`)};${endOf(of)}\n`;
  });
  return code`${lines}`;
}
