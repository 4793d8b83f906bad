/** The file of an exported interface: its types, and the functions that call the guest's. */
import type { WitFunction } from '@wittle/parser';
import { code, endOf, named, quote, run, ts, type Code, type Name } from '../../emit/code.ts';
import { deprecation, docs } from '../../typescript/docs.ts';
import { camelCase, pascalCase } from '../../typescript/names.ts';
import { abi, instanceType } from './abi.ts';
import { withConstants } from './constants.ts';
import { coreSignature } from './core-signature.ts';
import { resultOf } from '../../world/functions.ts';
import {
  classKey,
  classMember,
  declaredBy,
  freestandingOf,
  functionMember,
  resourceDeclaration,
  resourcesOf,
  typeDeclarations,
  wraps,
  type ResourceFunctions,
  type Wrap,
} from '../../typescript/declarations.ts';
import { callsPost, guestCall, guestParameters, type OwnLift } from './guest-call.ts';
import { localName, resourceOf, sideWords, type Side } from '../../world/plan.ts';
import { coreTypeName, type Context } from './values/context.ts';
import { typeOf } from '../../typescript/context.ts';

/** What `index.ts` needs of an exported interface. */
export interface ExportNames {
  /** The type of what the guest offers. */
  readonly offered: Name;
  /** Makes it from the core exports. */
  readonly lift: Name;
}

export function exportNames(side: Side): ExportNames {
  const of = (name: string, isType: boolean, alias: string): Name => ({
    kind: 'name',
    name,
    from: side.file,
    fromPackage: false,
    isType,
    alias,
  });
  const words = sideWords(side);
  return {
    offered: of('Exports', true, `${pascalCase(words)}Exports`),
    lift: of('liftExports', false, `${camelCase(words)}Exports`),
  };
}

/** Whether the guest offers anything there besides types. */
export function offersSomething(side: Side): boolean {
  return side.functions.length > 0 || side.types.some((type) => type.shape.kind === 'resource');
}

/** The core name of an exported function: `ns:pkg/iface@v#func`, or `func` of the world itself. */
export function coreExportName(side: Side, of: WitFunction): string {
  return coreItemName(side, of.name);
}

/** The same for anything exported. */
export function coreItemName(side: Side, name: string): string {
  return side.interface === undefined ? name : `${side.coreModule}#${name}`;
}

/** The sections of the file: declarations, then the core functions for its resources, then `liftExports`. */
export function exportFile(cx: Context): Code[] {
  const { side } = cx;
  const declarations = [...typeDeclarations(cx), ...resourceDeclarations(cx)];
  if (!offersSomething(side)) return declarations;
  return [...declarations, offeredDeclaration(cx), liftExports(cx)];
}

function resourceDeclarations(cx: Context): Code[] {
  const wrap = wraps(cx.plan).exports(cx.side);
  const about = 'Drops the value: runs its destructor in the guest. Doing so again does nothing.';
  const dispose = { docs: about, optional: false };
  return resourcesOf(cx.side).map((resource) => resourceDeclaration(cx, resource, wrap, dispose));
}

function offeredDeclaration(cx: Context): Code {
  const { side } = cx;
  const wrap = wraps(cx.plan).exports(side);
  const classes = resourcesOf(side).map((resource) => classMember(cx, resource, wrap));
  const functions = freestandingOf(side).map((of) => functionMember(cx, of, wrap(of)));
  const what =
    side.interface === undefined
      ? 'What the world itself exports'
      : `What the guest exports as \`${side.label}\``;
  return ts`${docs(`${what}.\n${side.docs}`, deprecation(side))}export interface ${named(declaredBy(cx), exportNames(side).offered)} {\n${classes}${functions}}${endOf(declaredBy(cx))}\n`;
}

function liftExports(cx: Context): Code {
  const { side } = cx;
  const wrap = wraps(cx.plan).exports(side);
  const { offered, lift } = exportNames(side);
  const cores = side.functions.map((of) => coreBinding(cx, of, wrap(of)));
  const resources = resourcesOf(side);
  const classes = resources.map((resource) => classDefinition(cx, resource, wrap));
  const members = [
    ...resources.map(({ type }) => code`${classKey(side, type)}: $${classKey(side, type)},\n`),
    ...freestandingOf(side).map(
      (of) =>
        code`${wrap(of) === 'promise' ? 'async ' : ''}${side.functionKeys.get(of)}${functionBody(cx, of, wrap(of))},\n`,
    ),
  ];
  return run`/** The exports of this interface over the core module's. @internal */
    export function ${lift}($instance${ts`: ${instanceType}`}, $core${ts`: ${abi.CoreExports}`})${ts`: ${offered}`} {
      // Constants are known to the optimizer, parameters and imports are not.
      const cx = $instance;
      ${withConstants(code`${cores} ${classes} return { ${members} };`)}
    }\n`;
}

/** The constants for a function's core export and its `post-return`. */
function coreBinding(cx: Context, of: WitFunction, wrap: Wrap): Code {
  const { side } = cx;
  const { params, result } = coreSignature(of);
  const list = params.map((core, index) => `$${index}: ${coreTypeName(core)}`).join(', ');
  const gives = result === undefined ? 'void' : coreTypeName(result);
  const name = quote(coreExportName(side, of));
  const suffix = localName(of);
  const posts = callsPost(of, wrap);
  const get = wrap === 'promise' ? 'getAsync' : posts ? 'get' : 'getFlat';
  const type = ts`<(${list}) => ${wrap === 'promise' ? `${gives} | Promise<${gives}>` : gives}>`;
  const post = code`const $post_${suffix} = $core.post${ts`<${gives}>`}(${name});\n`;
  return code`const $core_${suffix} = $core.${get}${type}(${name});\n${posts ? post : undefined}`;
}

/** A class for a resource of the guest's: each object owns one rep. */
function classDefinition(cx: Context, resource: ResourceFunctions, wrap: (of: WitFunction) => Wrap): Code {
  const { side } = cx;
  const { type, constructorFunction: make, methods, statics } = resource;
  const { index } = resourceOf(cx.plan, side, type);
  const name = classKey(side, type);
  const label = `${side.label === '' ? '' : `${side.label}.`}${type.name}`;
  const constructed =
    make === undefined
      ? code`constructor() { throw new TypeError(${quote(`${label} has no constructor: the guest makes its values`)}); }\n`
      : code`constructor${constructorBody(cx, make, index)}\n`;
  const functions = [...statics, ...methods].map((of) => {
    const isStatic = of.role.kind === 'static';
    const key = side.functionKeys.get(of);
    return code`${isStatic ? 'static ' : ''}${wrap(of) === 'promise' ? 'async ' : ''}${key}${functionBody(cx, of, wrap(of))}\n`;
  });
  const keepsName = statics.some((of) => side.functionKeys.get(of) === 'name')
    ? undefined
    : code`Object.defineProperty($${name}, 'name', { value: ${quote(name)} });\n`;
  return code`class $${name} {
      ${ts`declare readonly [${abi.guest}]: ${abi.GuestCell};`}
      ${constructed} ${functions}
      [Symbol.dispose]()${ts`: void`} { ${abi.disposeGuest}(this); }
    }
    ${keepsName}
    cx.resources[${index}]${ts`!`}.implementation = $${name};
    cx.resources[${index}]${ts`!`}.destructor = $core.destructor(${quote(coreItemName(side, type.name!))});\n`;
}

/** The constructor, which takes the rep that the guest's gives. */
function constructorBody(cx: Context, of: WitFunction, index: number): Code {
  const give = (rep: Code): Code => code`this[${abi.guest}] = ${abi.ownGuest}(this, cx, ${index}, ${rep});`;
  const own: OwnLift = { lift: (handle) => code`${abi.takeRep}(cx, ${handle}, ${index})` };
  return code`(${guestParameters(cx, of)}) { ${guestCall(cx, of, 'plain', give, own)} }`;
}

function functionBody(cx: Context, of: WitFunction, wrap: Wrap): Code {
  const { value } = resultOf(of, cx.side.shapes);
  const result = value === undefined ? code`void` : typeOf(cx, value);
  const gives = wrap === 'promise' ? code`Promise<${result}>` : result;
  return code`(${guestParameters(cx, of)})${ts`: ${gives}`} { ${guestCall(cx, of, wrap, (expression) => code`return ${expression};`)} }`;
}
