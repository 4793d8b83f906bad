/**
 * In process: a guest in TypeScript behind a linear memory of its own. `instantiate.ts` has its world as data for
 * `@wittle/runtime/guest`, and puts the implementation where host glue has a core module.
 */
import type { World } from '@wittle/parser';
import { code, dts, endOf, named, quote, run, ts, type Code, type Name } from '../../emit/code.ts';
import { moduleFiles, type ModuleOptions } from '../../emit/module.ts';
import type { GenerateResult, Generator } from '../../target.ts';
import { declaredBy } from '../../typescript/declarations.ts';
import { deprecation, docs, summaryOf } from '../../typescript/docs.ts';
import { waitingOptions } from '../../world/blocking.ts';
import { planWorld, shortKeys, type Plan, type Side } from '../../world/plan.ts';
import { hostTarget, type HostOptions } from '../host/index.ts';
import { glueDirectory, type GlueOptions } from '../stubs/glue.ts';
import { guestAbi } from './in-process-abi.ts';
import { guestTypes, hasMembers, membersName } from './in-process-types.ts';
import { worldData } from './in-process-world.ts';

/** The options of the host glue; its directory, relative to that of the output. Empty: glue is generated along, too. */
export interface InProcessOptions extends HostOptions, GlueOptions {}

/** Where everything lies but `instantiate.ts`. */
const FOLDER = 'in-process/';
const FILE = 'instantiate';

/**
 * The files that run a guest of the world in process. What is wrong with the world for that is a diagnostic of target
 * `host`'s.
 */
export function inProcessFiles(
  world: World,
  options: InProcessOptions,
  generator: Generator,
  module: ModuleOptions,
): GenerateResult {
  const { glue, mayBlock, syncExports, results, variants, readonly, brands, defaultShapes } = options;
  const { emit, importSuffix } = options;
  const shapes = { results, variants, readonly, brands, defaultShapes };
  const host = hostTarget.generate(
    world,
    { emit, importSuffix, mayBlock, syncExports, ...shapes },
    { ...generator, sourcePath: module.sources.below(`${FOLDER}host`) },
  );
  if (host.files.length === 0) return host;
  const plan = planWorld(world, waitingOptions(options), shapes);
  const sources = { ...module.sources, pathOf: module.sources.pathFrom('in-process') };
  const types = [...plan.imports, ...plan.exports].flatMap((side) =>
    moduleFiles(side.file, guestTypes({ plan, side }), { ...module, sources }),
  );
  const index = glue === '' ? `${FOLDER}host/index` : `${glueDirectory(options)}/index`;
  const files = [
    ...moduleFiles(FILE, instantiation(plan, index), module),
    ...types.map((file) => ({ ...file, path: FOLDER + file.path })),
  ];
  const glued =
    glue === '' ? host.files.map((file) => ({ ...file, path: `${FOLDER}host/${file.path}` })) : [];
  return { files: [...files, ...glued], diagnostics: host.diagnostics };
}

/**
 * The world from the other side: it exports what the world imports. A guest of it is an implementation of the imports, and
 * its exports are the same behind a memory of its own, in the place of the implementation.
 */
export function mirrored(world: World): World {
  return { ...world, imports: [], exports: world.imports };
}

function own(name: string, isType: boolean): Name {
  return { kind: 'name', name, from: FILE, fromPackage: false, isType };
}

const GUEST_IMPORTS = own('GuestImports', true);
const GUEST_EXPORTS = own('GuestExports', true);
const KEYED = own('KeyedGuestExports', true);
const GUEST = own('Guest', true);
const OPTIONS = own('GuestOptions', true);

/** The sections of `instantiate.ts`. */
function instantiation(plan: Plan, glue: string): Code[] {
  const hosts = (name: string, isType: boolean): Name => ({
    kind: 'name',
    name,
    from: glue,
    fromPackage: false,
    isType,
  });
  const imports = code`${hosts('Imports', true)} | ${hosts('VersionedImports', true)}`;
  const about = [
    `Instantiates a guest of world \`${plan.label}\` in this process, behind a linear memory of its own: between the`,
    'implementation and the host every value is lowered and lifted, and every handle counted, as with WebAssembly.',
    '@param guest - what the guest exports, or a function that makes it of what it imports.',
    "@param imports - the host's implementations; keys may leave out versions.",
    '@throws {LinkError} naming everything that the guest, the host and the world do not have in common.',
    ...deprecation(plan.world),
  ];
  return [
    guestImports(plan),
    guestExports(plan),
    ts`${docs('A guest: what it exports, or a function that makes that of what it imports, once for each instance.', deprecation(plan.world))}export type ${named(plan.world, GUEST)} =
      | ${GUEST_EXPORTS} | ${KEYED} | ((imports: ${GUEST_IMPORTS}) => ${GUEST_EXPORTS} | ${KEYED});\n`,
    ts`${docs('', ['Options of {@link instantiateGuest}.'])}export interface ${OPTIONS} extends ${guestAbi.InstantiateOptions} {
      ${docs('Bounds of what the guest may hold and allocate.')}readonly limits?: ${guestAbi.InstanceLimits} & ${guestAbi.GuestLimits};
    }\n`,
    code`${docs('', about)}export ${dts`declare`} function ${named(plan.world, own('instantiateGuest', false))}(
      guest${ts`: ${GUEST}`}, imports${ts`: ${imports}`}, options${dts`?`}${ts`: ${OPTIONS}`}${run` = {}`},
    )${ts`: ${hosts('Exports', true)}`}${dts`;`}${run` {
      return ${hosts('instantiateSync', false)}(${own('guestModule', false)}(guest, options.limits), imports, options);
    }`}\n`,
    code`${docs(`The guest in place of a core module: for \`instantiate\` of any glue for world \`${plan.label}\`, as often as it takes.`, deprecation(plan.world))}export ${dts`declare`} function ${named(plan.world, own('guestModule', false))}(guest${ts`: ${GUEST}`}, limits${dts`?`}${ts`: ${guestAbi.GuestLimits}`}${run` = {}`})${ts`: ${guestAbi.GuestModule}`}${dts`;`}${run` {
      return ${guestAbi.guestModule}(world, guest, limits);
    }`}\n`,
    ...worldData(plan, FILE),
  ];
}

function guestImports(plan: Plan): Code {
  const sides = plan.imports.filter(hasMembers);
  const { root, others } = split(sides);
  const members = others.map((side) => memberFor(plan, side, quote(side.key)));
  return ts`${docs(`What a guest of world \`${plan.label}\` is given.\n${plan.world.docs}`, deprecation(plan.world))}export interface ${named(plan.world, GUEST_IMPORTS)} ${extending(root)}{\n${members}}${endOf(plan.world)}\n`;
}

function guestExports(plan: Plan): Code {
  const { root, others } = split(plan.exports.filter(hasMembers));
  const short = shortKeys(plan);
  const members = (keyOf: (side: Side) => string): Code[] =>
    others.map((side) => memberFor(plan, side, keyOf(side)));
  return ts`${docs(`What a guest of world \`${plan.label}\` exports.`, deprecation(plan.world))}export interface ${named(plan.world, GUEST_EXPORTS)} ${extending(root)}{
    ${members((side) => short.get(side) ?? quote(side.key))}
  }${endOf(plan.world)}

  ${docs('The same, keyed as imports are. Keys may have versions.', deprecation(plan.world))}export interface ${named(plan.world, KEYED)} ${extending(root)}{
    ${members((side) => quote(side.key))}
  }${endOf(plan.world)}\n`;
}

function memberFor(plan: Plan, side: Side, key: string): Code {
  const of = declaredBy({ plan, side });
  return code`${summaryOf(side)}readonly ${named(of, key)}: ${membersName(side, FOLDER)};${endOf(of)}\n`;
}

function split(sides: readonly Side[]): {
  readonly root: Side | undefined;
  readonly others: readonly Side[];
} {
  return {
    root: sides.find((side) => side.interface === undefined),
    others: sides.filter((side) => side.interface !== undefined),
  };
}

function extending(root: Side | undefined): Code {
  return root === undefined ? code`` : code`extends ${membersName(root, FOLDER)} `;
}
