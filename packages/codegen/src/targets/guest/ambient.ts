/** `imports.d.ts`: an ambient module for each module that a guest can import under ComponentizeJS. */
import type { WitFunction } from '@wittle/parser';
import { code, endOf, mapNames, named, quote, type Code } from '../../emit/code.ts';
import { printForm, type GeneratedFile, type Printed } from '../../emit/file.ts';
import { layOut } from '../../emit/format.ts';
import { moveMarks, shifted, type Mark } from '../../emit/marks.ts';
import { declarationFiles, type ModuleOptions } from '../../emit/module.ts';
import type { TypeContext } from '../../typescript/context.ts';
import {
  classType,
  freestandingOf,
  functionDocs,
  resourceDeclaration,
  resourcesOf,
  signature,
  typeDeclarations,
  type ResourceFunctions,
} from '../../typescript/declarations.ts';
import { docs, docsOf } from '../../typescript/docs.ts';
import { bareKey, parameterName } from '../../typescript/names.ts';
import { typeSymbol, type Plan } from '../../world/plan.ts';
import { className, guestSide } from './names.ts';

/** `imports.d.ts`, and its map where there are maps. */
export function ambientFiles(plan: Plan, options: ModuleOptions): readonly GeneratedFile[] {
  const references = options.references.map((each) => `/// <reference ${each} />\n`);
  const modules = plan.imports.flatMap((side) => modulesOf({ plan, side: guestSide(side) }));
  const path = 'imports.d.ts';
  const head = `${options.header}${references.join('')}\n`;
  const contents = `${head}${modules.map(({ laid }) => laid).join('\n')}`;
  if (options.emit === 'ts') return [{ path, contents }];
  let printed = head;
  const marks: Mark[] = [];
  for (const { text, marks: own } of modules) {
    marks.push(...own.map((mark) => shifted(mark, printed.length)));
    printed += `${text}\n`;
  }
  return declarationFiles(path, contents, moveMarks(printed, contents, marks), options);
}

/** A module as it is printed, and as it is laid out. */
interface AmbientModule extends Printed {
  readonly laid: string;
}

/** The same code, in which what imported sides declare comes from their modules. */
export function fromModules(plan: Plan, section: Code): Code {
  const modules = new Map(plan.imports.map((side) => [side.file, side.coreModule]));
  return mapNames(section, (name) => {
    const from = modules.get(name.from);
    return from === undefined ? name : { ...name, from, fromPackage: true };
  });
}

/** An interface is a module; so is every function of the world itself, whose types are in `$root`. */
function modulesOf(cx: TypeContext): readonly AmbientModule[] {
  const { side } = cx;
  const types = [...typeDeclarations(cx), ...resourcesOf(side).map((each) => resourceSection(cx, each))];
  const functions = freestandingOf(side);
  if (side.interface !== undefined) {
    const sections = [...types, ...functions.map((of) => functionSection(cx, of))];
    return [ambientModule(cx.plan, side.coreModule, docsOf(side), sections)];
  }
  const about = docs("The world's own types and resources.");
  const root = types.length === 0 ? [] : [ambientModule(cx.plan, side.coreModule, about, types)];
  return [...root, ...functions.map((of) => ambientModule(cx.plan, of.name, '', [defaultSection(cx, of)]))];
}

function ambientModule(
  plan: Plan,
  specifier: string,
  about: string,
  sections: readonly Code[],
): AmbientModule {
  const own = sections.map((section) => fromModules(plan, section));
  const { text, marks } = printForm(specifier, own, 'ts', { header: '', importSuffix: '' });
  const head = `${about}declare module ${quote(specifier)} {\n`;
  // Functions stand together, as members do.
  const lines = layOut(text)
    .replaceAll(/^(export function .*;)\n\n(?=export function )/gm, '$1\n')
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`));
  return {
    text: `${head}${text}}\n`,
    marks: marks.map((mark) => shifted(mark, head.length)),
    laid: `${head}${lines.join('\n').trimEnd()}\n}\n`,
  };
}

/** The only function of a module of its own. */
function defaultSection(cx: TypeContext, of: WitFunction): Code {
  return code`${functionDocs(cx, of)}export default function ${named(of, localName(cx, of))}${signature(cx, of, 'plain')};${endOf(of)}\n`;
}

function functionSection(cx: TypeContext, of: WitFunction): Code {
  const key = bareKey(cx.side.functionKeys.get(of)!);
  const local = localName(cx, of);
  const declaration = code`function ${named(of, local)}${signature(cx, of, 'plain')};${endOf(of)}\n`;
  const head = functionDocs(cx, of);
  return local === key
    ? code`${head}export ${declaration}`
    : code`${head}${declaration}\nexport { ${local} as ${named(of, key)} };\n`;
}

/** What a function is called inside its module: a reserved word cannot be declared. */
function localName(cx: TypeContext, of: WitFunction): string {
  return parameterName(bareKey(cx.side.functionKeys.get(of)!));
}

/**
 * A resource: the type of its objects and, when it has functions at all, its class. That is a constant, because a class
 * body has no place for every name of a function.
 */
function resourceSection(cx: TypeContext, resource: ResourceFunctions): Code {
  const { type, constructorFunction, methods, statics } = resource;
  const name = typeSymbol(cx.side, type);
  const about = 'Drops the handle. One that was given away is not to be used, nor dropped.';
  const declaration = resourceDeclaration(cx, resource, () => 'plain', { docs: about, optional: false });
  if (constructorFunction === undefined && methods.length + statics.length === 0) return declaration;
  const exported = className(cx.side, type);
  const constant = code`${docsOf(type)}export const ${named(type, name)}: ${classType(cx, resource, () => 'plain')};${endOf(type)}\n`;
  const renamed =
    exported === name.name ? undefined : code`export { ${name} as ${named(type, exported)} };\n`;
  return code`${declaration}\n${constant}\n${renamed}`;
}
