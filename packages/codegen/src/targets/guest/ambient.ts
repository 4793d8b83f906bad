/** `imports.d.ts`: an ambient module for each module that a guest can import under ComponentizeJS. */
import type { WitFunction } from '@wittle/parser';
import { code, mapNames, quote, type Code } from '../../emit/code.ts';
import { printFile, type GeneratedFile } from '../../emit/file.ts';
import { layOut } from '../../emit/format.ts';
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
import { docs } from '../../typescript/docs.ts';
import { bareKey, parameterName } from '../../typescript/names.ts';
import { typeSymbol, type Plan } from '../../world/plan.ts';
import { className, guestSide } from './names.ts';

/** `imports.d.ts`, and its map where there are maps. */
export function ambientFiles(plan: Plan, options: ModuleOptions): readonly GeneratedFile[] {
  const references = options.references.map((each) => `/// <reference ${each} />\n`);
  const modules = plan.imports.flatMap((side) => modulesOf({ plan, side: guestSide(side) }));
  const path = 'imports.d.ts';
  const contents = `${options.header}${references.join('')}\n${modules.join('\n')}`;
  return options.emit === 'ts' ? [{ path, contents }] : declarationFiles(path, contents, [], options);
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
function modulesOf(cx: TypeContext): readonly string[] {
  const { side } = cx;
  const types = [...typeDeclarations(cx), ...resourcesOf(side).map((each) => resourceSection(cx, each))];
  const functions = freestandingOf(side);
  if (side.interface !== undefined) {
    const sections = [...types, ...functions.map((of) => functionSection(cx, of))];
    return [ambientModule(cx.plan, side.coreModule, side.docs, sections)];
  }
  const about = "The world's own types and resources.";
  const root = types.length === 0 ? [] : [ambientModule(cx.plan, side.coreModule, about, types)];
  return [...root, ...functions.map((of) => ambientModule(cx.plan, of.name, '', [defaultSection(cx, of)]))];
}

function ambientModule(plan: Plan, specifier: string, about: string, sections: readonly Code[]): string {
  const own = sections.map((section) => fromModules(plan, section));
  const { contents } = printFile(specifier, own, { header: '', importSuffix: '' });
  // Functions stand together, as members do.
  const lines = layOut(contents)
    .replaceAll(/^(export function .*;)\n\n(?=export function )/gm, '$1\n')
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`));
  return `${docs(about)}declare module ${quote(specifier)} {\n${lines.join('\n').trimEnd()}\n}\n`;
}

/** The only function of a module of its own. */
function defaultSection(cx: TypeContext, of: WitFunction): Code {
  return code`${functionDocs(cx, of)}export default function ${localName(cx, of)}${signature(cx, of, 'plain')};\n`;
}

function functionSection(cx: TypeContext, of: WitFunction): Code {
  const key = bareKey(cx.side.functionKeys.get(of)!);
  const local = localName(cx, of);
  const declaration = code`function ${local}${signature(cx, of, 'plain')};\n`;
  const head = functionDocs(cx, of);
  return local === key
    ? code`${head}export ${declaration}`
    : code`${head}${declaration}\nexport { ${local} as ${key} };\n`;
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
  const member = code`${docs('Drops the handle. One that was given away is not to be used, nor dropped.')}[Symbol.dispose](): void;\n`;
  const declaration = resourceDeclaration(cx, resource, () => 'plain', { member, optional: false });
  if (constructorFunction === undefined && methods.length + statics.length === 0) return declaration;
  const exported = className(cx.side, type);
  const constant = code`${docs(type.docs)}export const ${name}: ${classType(cx, resource, () => 'plain')};\n`;
  const renamed = exported === name.name ? undefined : code`export { ${name} as ${exported} };\n`;
  return code`${declaration}\n${constant}\n${renamed}`;
}
