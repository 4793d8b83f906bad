/** The world's own file, `index.ts`: what to give, what to get, and `instantiate`. */
import { code, dts, endOf, named, quote, run, ts, type Code, type Name } from '../../emit/code.ts';
import { flattenAll, MAX_FLAT_PARAMS } from '../../layout.ts';
import { deprecation, docs, summaryOf } from '../../typescript/docs.ts';
import { pascalCase } from '../../typescript/names.ts';
import { abi } from './abi.ts';
import { optionName } from '../../world/blocking.ts';
import { classKey, declaredBy, resourcesOf } from '../../typescript/declarations.ts';
import { differentShapes } from './different-shapes.ts';
import { coreExportName, coreItemName, exportNames, offersSomething } from './exports.ts';
import { holds } from '../../world/part-kinds.ts';
import { importNames, needsHost } from './imports.ts';
import { shortKeys, sideWords, type Plan, type Resource, type Side } from '../../world/plan.ts';
import { functionNumber } from './type-number.ts';

const INDEX = 'index';

/** The sections of `index.ts`. */
export function worldFile(plan: Plan, importSuffix: string): Code[] {
  return [
    importsDeclaration(plan),
    exportsDeclaration(plan),
    instantiation(plan),
    linking(plan),
    namespaces(plan, importSuffix),
  ];
}

function declaredHere(name: string, isType: boolean): Name {
  return { kind: 'name', name, from: INDEX, fromPackage: false, isType };
}

/** The sides with something to implement. */
function implemented(plan: Plan): readonly Side[] {
  return plan.imports.filter(needsHost);
}

function offered(plan: Plan): readonly Side[] {
  return plan.exports.filter(offersSomething);
}

function importsDeclaration(plan: Plan): Code {
  const name = named(plan.world, declaredHere('Imports', true));
  const versioned = named(plan.world, declaredHere('VersionedImports', true));
  const end = endOf(plan.world);
  const deprecated = deprecation(plan.world);
  const root = implemented(plan).filter((side) => side.interface === undefined);
  const others = implemented(plan).filter((side) => side.interface !== undefined);
  const extend = root.length === 0 ? '' : code`extends ${hostAs(root[0]!)} `;
  const members = others.map(
    (side) => code`${summaryOf(side)}${memberFor(plan, side, quote(side.key), hostAs(side))}`,
  );
  const withVersion = others.map(
    (side) =>
      code`${docs('', deprecation(side))}${memberFor(plan, side, quote(side.coreModule), hostAs(side))}`,
  );
  return ts`${docs(`What world \`${plan.label}\` imports: the host's implementation of each interface.\n${plan.world.docs}`, deprecated)}export interface ${name} ${extend}{
    ${members}
  }${end}

  ${docs('The same, keyed with versions. Any version that semver counts as compatible is taken.', deprecated)}export interface ${versioned} ${extend}{
    ${withVersion}
  }${end}\n`;
}

/** What stands for an interface among others. */
function memberFor(plan: Plan, side: Side, key: string, type: Name): Code {
  const of = declaredBy({ plan, side });
  return code`readonly ${named(of, key)}: ${type};${endOf(of)}\n`;
}

function hostAs(side: Side): Name {
  return importNames(side).host;
}

function exportsDeclaration(plan: Plan): Code {
  const name = named(plan.world, declaredHere('Exports', true));
  const root = offered(plan).filter((side) => side.interface === undefined);
  const extend = root.length === 0 ? '' : code`extends ${exportNames(root[0]!).offered} `;
  const keys = shortKeys(plan);
  const members = offered(plan)
    .filter((side) => side.interface !== undefined)
    .map((side) => {
      const key = keys.get(side);
      const type = exportNames(side).offered;
      const short =
        key === undefined || key === side.key
          ? undefined
          : code`${summaryOf(side)}${memberFor(plan, side, key, type)}`;
      return code`${short}${summaryOf(side)}${memberFor(plan, side, quote(side.key), type)}`;
    });
  return ts`${docs(`What world \`${plan.label}\` exports.`, deprecation(plan.world))}export interface ${name} ${extend}{\n${members}}${endOf(plan.world)}\n`;
}

/** What links a core module to the world, in one place for both ways to instantiate. */
function linking(plan: Plan): Code {
  const imports = implemented(plan).map((side) => {
    const { host } = importNames(side);
    const given =
      side.interface === undefined
        ? code`imports${ts` as ${host}`}`
        : code`${abi.findHost}(imports, ${quote(side.coreModule)})${ts` as ${host}`}`;
    return code`const $${hostLocal(plan, side)} = ${given};\n`;
  });
  const resources = plan.resources.map((resource) => code`${resourceEntry(plan, resource)},\n`);
  const cores = implemented(plan).map(
    (side) => code`${importNames(side).core}(cx, $${hostLocal(plan, side)}),\n`,
  );
  const own = plan.exports.flatMap((side) => guestResources(plan, side));
  const names = offered(plan).flatMap((side) => [
    ...side.functions.map((of) => `${quote(coreExportName(side, of))}: ${functionNumber(plan, side, of)},\n`),
    ...resourcesOf(side).map(({ type }) => `${quote(coreItemName(side, type.name!))}: 0,\n`),
  ]);
  const exports = declaredHere('Exports', true);
  const sync = plan.exports.flatMap((side) =>
    side.functions.filter((of) => plan.options.staysSync(side, of)).map((of) => quote(optionName(side, of))),
  );
  const waiting = plan.mayWait
    ? code`waiting: ${abi.waiting},\n${sync.length === 0 ? undefined : `syncExports: [${sync.join(', ')}],\n`}`
    : undefined;
  return run`function link(cx${ts`: ${abi.ComponentInstance}`}, imports${ts`: ${declaredHere('Imports', true)} | ${declaredHere('VersionedImports', true)}`})${ts`: ${abi.CoreWorld}<${exports}>`} {
    ${imports}
    cx.resources.push(${resources});
    return {
      imports: [${cores} ${own}],
      exports: {${names}},
      needsRealloc: ${String(needsRealloc(plan))},
      given: imports,
      ${waiting}
      ${differentShapes(plan)}
      lift: ${liftFunction(plan)},
    };
  }\n`;
}

function hostLocal(plan: Plan, side: Side): string {
  return side.interface === undefined ? 'root' : `host${plan.imports.indexOf(side)}`;
}

function resourceEntry(plan: Plan, { side, type }: Resource): Code {
  const label = `${side.label === '' ? '' : `${side.label}.`}${type.name}`;
  if (side.direction === 'export') return code`${abi.guestResource}(${quote(label)})`;
  return code`${abi.hostResource}(${quote(label)}, $${hostLocal(plan, side)}?.${classKey(side, type)})`;
}

/** The core functions by which a guest makes and drops handles to its own resources. */
function guestResources(plan: Plan, side: Side): Code[] {
  const functions = resourcesOf(side).map(({ type }) => {
    const { index } = plan.resources.find((each) => each.side === side && each.type === type)!;
    return code`
      { name: ${quote(`[resource-new]${type.name}`)}, host: undefined, call: (rep${ts`: number`})${ts`: number`} => { ${abi.mayLeave}(cx); return ${abi.newHandle}(cx, rep, ${index}); } },
      { name: ${quote(`[resource-rep]${type.name}`)}, host: undefined, call: (handle${ts`: number`})${ts`: number`} => ${abi.handleRep}(cx, handle, ${index}) },
      { name: ${quote(`[resource-drop]${type.name}`)}, host: undefined, call: (handle${ts`: number`})${ts`: void`} => { ${abi.mayLeave}(cx); ${abi.dropHandle}(cx, handle, ${index}); } },\n`;
  });
  if (functions.length === 0) return [];
  return [
    code`{ module: ${quote(`[export]${side.coreModule}`)}, host: undefined, functions: [${functions}] },\n`,
  ];
}

function liftFunction(plan: Plan): Code {
  const keys = shortKeys(plan);
  const bindings = offered(plan).map(
    (side, index) => code`const $${index} = ${exportNames(side).lift}(cx, core);\n`,
  );
  const members = offered(plan).map((side, index) => {
    if (side.interface === undefined) return code`...$${index},\n`;
    const key = keys.get(side);
    const short = key === undefined || key === side.key ? undefined : `${key}: $${index},\n`;
    return code`${short}${quote(side.key)}: $${index},\n`;
  });
  if (bindings.length === 0) return code`() => ({})`;
  return code`(core) => { ${bindings} return { ${members} }; }`;
}

function instantiation(plan: Plan): Code {
  const imports = code`${declaredHere('Imports', true)} | ${declaredHere('VersionedImports', true)}`;
  const label = quote(plan.label);
  const exports = declaredHere('Exports', true);
  const options = code`options${dts`?`}${ts`: ${abi.InstantiateOptions}`}${run` = {}`}`;
  const about = [
    `Instantiates a guest of world \`${plan.label}\`: a component, or a core module (wit-component's names, UTF-8 strings).`,
    '@param guest - a component that `@wittle/component` compiled; or a module: its bytes, compiled, or a URL or Response to get it from.',
    '@param imports - the implementations; keys may leave out versions.',
    '@throws {LinkError} naming everything that the guest and the world do not have in common.',
    ...deprecation(plan.world),
  ];
  return code`${docs('', about)}export ${run`async`}${dts`declare`} function ${named(plan.world, 'instantiate')}(
    guest${ts`: ${abi.ModuleSource}`}, imports${ts`: ${imports}`}, ${options},
  )${ts`: Promise<${exports}>`}${dts`;`}${run` {
    const cx = new ${abi.ComponentInstance}(${label});
    return ${abi.instantiateCore}(cx, guest, link(cx, imports), options);
  }`}

  ${docs('', ['As {@link instantiate}, at once, for a guest that is there. Browsers refuse large modules this way.', ...deprecation(plan.world)])}export ${dts`declare`} function ${named(plan.world, 'instantiateSync')}(
    guest${ts`: ${abi.Fetched}`}, imports${ts`: ${imports}`}, ${options},
  )${ts`: ${exports}`}${dts`;`}${run` {
    const cx = new ${abi.ComponentInstance}(${label});
    return ${abi.instantiateCoreSync}(cx, guest, link(cx, imports), options);
  }`}\n`;
}

/** The types of every interface, under one name each. */
function namespaces(plan: Plan, importSuffix: string): Code {
  const taken = new Set(['Imports', 'VersionedImports', 'Exports']);
  const lines = [...plan.imports, ...plan.exports].map((side) => {
    const base = pascalCase(sideWords(side));
    const prefixed = side.direction === 'export' ? `Exported${base}` : base;
    let name = prefixed;
    for (let n = 2; taken.has(name); n++) name = `${prefixed}${n}`;
    taken.add(name);
    const of = declaredBy({ plan, side });
    return code`export type * as ${named(of, name)} from ${quote(`./${side.file}${importSuffix}`)};${endOf(of)}\n`;
  });
  return ts`${lines}`;
}

/**
 * Whether a call of an export may allocate in the guest. What imports give back may too, but a module that imports a
 * part of the world needs no allocator for the rest: there it is missed only when it is used.
 */
function needsRealloc(plan: Plan): boolean {
  const params = plan.exports.flatMap((side) =>
    side.functions.map((of) => of.params.map((param) => param.type)),
  );
  return params.some(
    (types) =>
      types.some((type) => holds(type, 'string', 'list', 'map')) ||
      flattenAll(types).length > MAX_FLAT_PARAMS,
  );
}
