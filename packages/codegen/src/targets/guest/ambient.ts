/** `imports.d.ts`: an ambient module for each module that a guest can import under ComponentizeJS. */
import type { WitFunction } from '@wittle/parser';
import { code, quote, type Code, type Part } from '../../emit/code.ts';
import { printFile } from '../../emit/file.ts';
import { layOut } from '../../emit/format.ts';
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
import { typeSymbol, type Side } from '../../world/plan.ts';
import { className, functionModule, guestSide } from './names.ts';
import type { GuestContext } from './results.ts';

/** The declarations of every module, without a header. */
export function ambientModules(cx: GuestContext): string {
  const modules = cx.plan.imports.map(guestSide).flatMap((side) => modulesOf(cx, side));
  return modules.join('\n');
}

/** A name of the imported side as that of a module: where `imports.d.ts` declares it. */
export function inModules(cx: GuestContext, piece: Part): Part {
  if (typeof piece === 'string') return piece;
  if (piece.kind === 'code') return { ...piece, parts: piece.parts.map((part) => inModules(cx, part)) };
  const side = cx.plan.imports.find((each) => each.file === piece.from);
  return side === undefined ? piece : { ...piece, from: side.coreModule, fromPackage: true };
}

/** An interface is a module; so is every function of the world, and what types the world has are in `$root`. */
function modulesOf(cx: GuestContext, side: Side): readonly string[] {
  const types = [
    ...typeDeclarations({ plan: cx.plan, side }),
    ...resourcesOf(side).map((resource) => resourceSections(cx, side, resource)),
  ];
  const functions = freestandingOf(side);
  if (side.interface !== undefined) {
    const sections = [...types, ...functions.map((of) => functionSection(cx, side, of))];
    return [ambientModule(cx, side.coreModule, side.docs, sections)];
  }
  const root = types.length === 0 ? [] : [ambientModule(cx, side.coreModule, ROOT_DOCS, types)];
  const own = functions.map((of) =>
    ambientModule(cx, functionModule(of), '', [
      code`${functionDocs(cx.of(side, of), of)}export default function ${localName(side, of)}${signature(cx.of(side, of), of, 'plain')};\n`,
    ]),
  );
  return [...root, ...own];
}

const ROOT_DOCS = "The world's own types and resources.";

function ambientModule(cx: GuestContext, specifier: string, about: string, sections: readonly Code[]): string {
  const own = sections.map((section) => inModules(cx, section) as Code);
  const { contents } = printFile(specifier, own, { header: '', importSuffix: '' });
  const body = layOut(contents).replaceAll(/^(?=.)/gm, '  ');
  return `${docs(about)}declare module ${quote(specifier)} {\n${body.trimEnd()}\n}\n`.replace('{\n\n}', '{}');
}

function functionSection(cx: GuestContext, side: Side, of: WitFunction): Code {
  const key = bareKey(side.functionKeys.get(of)!);
  const local = localName(side, of);
  const declaration = code`function ${local}${signature(cx.of(side, of), of, 'plain')};\n`;
  const head = functionDocs(cx.of(side, of), of);
  return local === key
    ? code`${head}export ${declaration}`
    : code`${head}${declaration}\nexport { ${local} as ${key} };\n`;
}

/** What a function is called in its module, where a reserved word cannot be declared. */
function localName(side: Side, of: WitFunction): string {
  return parameterName(bareKey(side.functionKeys.get(of)!));
}

/**
 * A resource: the type of its objects and, when it has functions at all, its class. That is a constant, because a class
 * body has no place for every name of a function.
 */
function resourceSections(cx: GuestContext, side: Side, resource: ResourceFunctions): Code {
  const { type, constructorFunction, methods, statics } = resource;
  const of = cx.of(side, constructorFunction ?? methods[0] ?? statics[0]);
  const name = typeSymbol(side, type);
  const isClass = constructorFunction !== undefined || methods.length + statics.length > 0;
  const member = code`${docs('Drops the handle. An object that is given away has none any more, and is not to be used.')}[Symbol.dispose](): void;\n`;
  const declaration = resourceDeclaration(of, resource, () => 'plain', { member, optional: false });
  if (!isClass) return declaration;
  const exported = className(side, type);
  const constant = code`const ${name}: ${classType(of, resource, () => 'plain')};\n`;
  const head = docs(type.docs);
  return exported === name.name
    ? code`${declaration}\n${head}export ${constant}`
    : code`${declaration}\n${head}${constant}\nexport { ${name} as ${exported} };\n`;
}
