/** The skeleton of an implementation, as a person would begin to write it. */
import type { WitFunction } from '@wittle/parser';
import { code, mapNames, quote, type Code, type Name } from '../../emit/code.ts';
import type { GeneratedFile, PrintOptions } from '../../emit/file.ts';
import { typescriptFile } from '../../emit/typescript-file.ts';
import type { TypeContext } from '../../typescript/context.ts';
import {
  classKey,
  freestandingOf,
  functionDocs,
  parameterNames,
  parameters,
  resourcesOf,
  signature,
  wraps,
  type ResourceFunctions,
} from '../../typescript/declarations.ts';
import { deprecation, docs, docsOf, lineComment } from '../../typescript/docs.ts';
import { camelCase, parameterName } from '../../typescript/names.ts';
import { functionLabel, sideWords, typeSymbol, type Plan, type Side } from '../../world/plan.ts';
import { fromGlue } from './glue.ts';

/** What all files have in common. */
interface Skeleton {
  readonly plan: Plan;
  /** The directory of the host glue, from that of the output. */
  readonly glue: string;
  readonly importSuffix: PrintOptions['importSuffix'];
  /** `wittle 0.1.0`. */
  readonly generator: string;
}

/** The file of an imported interface: a class for each resource, and the object that implements the rest. */
export function skeletonFile(cx: Skeleton & TypeContext): GeneratedFile {
  const { plan, side } = cx;
  const host: Name = {
    kind: 'name',
    name: 'Host',
    from: side.file,
    fromPackage: false,
    isType: true,
  };
  const classes = resourcesOf(side).map((resource) => classSection(cx, resource));
  const members = [
    ...resourcesOf(side).map(({ type }) => code`${ownClass(cx, typeSymbol(side, type))},\n`),
    ...freestandingOf(side).map((of) => code`${functionDocs(cx, of)}${functionSection(cx, of)},\n`),
  ];
  const what =
    side.interface === undefined ? `what world \`${plan.label}\` itself imports` : `\`${side.label}\``;
  const object = code`${docs(`The host's implementation of ${what}.\n\n${side.docs}`, deprecation(side))}export const ${objectName(side)}: ${fromGlue(plan, cx.glue, code`${host}`)} = {\n${members}};\n`;
  return file(cx, stubFile(side), [...classes, object]);
}

/** `index.ts`: all of them together. */
export function indexFile(cx: Skeleton, sides: readonly Side[]): GeneratedFile {
  const imports: Name = {
    kind: 'name',
    name: 'Imports',
    from: `${cx.glue}/index`,
    fromPackage: false,
    isType: true,
  };
  const members = sides.map((side) => {
    const object = objectName(side);
    const alone = sides.filter((each) => objectName(each).name === object.name).length === 1;
    const name: Name = alone ? object : { ...object, alias: camelCase(sideWords(side)) };
    return side.interface === undefined ? code`...${name},\n` : code`${quote(side.key)}: ${name},\n`;
  });
  const all: Name = { kind: 'name', name: 'imports', from: 'index', fromPackage: false, isType: false };
  const about = `What world \`${cx.plan.label}\` imports: the second argument of \`instantiate\`.`;
  return file(cx, 'index', [
    code`${docs(about, deprecation(cx.plan.world))}export const ${all}: ${imports} = {\n${members}};\n`,
  ]);
}

function file(cx: Skeleton, path: string, sections: readonly Code[]): GeneratedFile {
  const header =
    lineComment(
      `Stubs for world ${cx.plan.label}, begun by ${cx.generator}: implement what throws NotImplemented.`,
    ) + lineComment('This file is yours: once you change it, generating leaves it as it is.');
  const made = typescriptFile(path, sections, { header, importSuffix: cx.importSuffix });
  return { ...made, contents: spaced(made.contents) };
}

/** An empty line behind each function body that something follows. */
function spaced(text: string): string {
  return text.replaceAll(/^( +)(\},?)\n(?=\1\S)/gm, '$1$2\n\n');
}

/** Stubs lie as the files of the glue do. */
function stubFile(side: Side): string {
  return side.file;
}

function objectName(side: Side): Name {
  const name =
    side.interface === undefined
      ? 'root'
      : parameterName(camelCase(side.renamed ? side.key : side.interface.name!));
  return { kind: 'name', name, from: stubFile(side), fromPackage: false, isType: false };
}

/** A type's name as that of the class in this file that implements it. */
function ownClass(cx: TypeContext, contract: Name): Name {
  return { ...contract, from: stubFile(cx.side), isType: false };
}

/** Types come from the glue, but the resources of the interface are the classes in its file. */
function ownTypes(cx: Skeleton & TypeContext, section: Code): Code {
  const { plan, side } = cx;
  const own = new Set(resourcesOf(side).map(({ type }) => classKey(side, type)));
  const moved = fromGlue(plan, cx.glue, section);
  return mapNames(moved, (name) =>
    name.from === `${cx.glue}/${side.file}` && own.has(name.name) ? ownClass(cx, name) : name,
  );
}

function classSection(cx: Skeleton & TypeContext, resource: ResourceFunctions): Code {
  const { type, constructorFunction, methods, statics } = resource;
  const contract = typeSymbol(cx.side, type);
  const alias: Name = { ...contract, from: `${cx.glue}/${contract.from}`, alias: `${contract.name}Contract` };
  const made =
    constructorFunction === undefined
      ? undefined
      : code`${functionDocs(cx, constructorFunction)}constructor(${ownTypes(cx, parameters(cx, constructorFunction))}) { ${notImplemented(cx, constructorFunction)} }\n`;
  const functions = [...statics, ...methods].map(
    (of) =>
      code`${functionDocs(cx, of)}${of.role.kind === 'static' ? 'static ' : ''}${functionSection(cx, of)}\n`,
  );
  const dispose = code`${docs('Called when the guest drops its last handle: release what the object holds.')}[Symbol.dispose](): void {}\n`;
  return code`${docsOf(type)}export class ${ownClass(cx, contract)} implements ${alias} {\n${made}${functions}${dispose}}\n`;
}

function functionSection(cx: Skeleton & TypeContext, of: WitFunction): Code {
  const wrap = wraps(cx.plan).imports(cx.side)(of);
  return code`${cx.side.functionKeys.get(of)}${ownTypes(cx, signature(cx, of, wrap))} { ${notImplemented(cx, of)} }`;
}

function notImplemented(cx: TypeContext, of: WitFunction): Code {
  const given = [...parameterNames(of).values()].join(', ');
  const args = given === '' ? undefined : `, [${given}]`;
  return code`throw new ${NOT_IMPLEMENTED}(${quote(functionLabel(cx.side, of))}${args});`;
}

const NOT_IMPLEMENTED: Name = {
  kind: 'name',
  name: 'NotImplemented',
  from: '@wittle/runtime',
  fromPackage: true,
  isType: false,
};
