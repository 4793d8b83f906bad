/** The file of an exported interface: its types, and the functions that call the guest's. */
import type { Type, WitFunction } from '@wittle/parser';
import { code, join, quote, type Code, type Name } from '../../emit/code.ts';
import {
  alignmentOf,
  flatten,
  flattenAll,
  MAX_FLAT_PARAMS,
  MAX_FLAT_RESULTS,
  recordLayout,
  sizeOf,
  variantLayout,
  type CoreType,
} from '../../layout.ts';
import { docs } from '../../typescript/docs.ts';
import {
  camelCase,
  methodKey,
  pascalCase,
  propertyKey,
  staticKey,
  topLevelKey,
} from '../../typescript/names.ts';
import { abi, instanceType } from './abi.ts';
import {
  classKey,
  classType,
  freestandingOf,
  functionDocs,
  functionMember,
  ownParams,
  resourceDeclaration,
  resourcesOf,
  resultOf,
  signature,
  typeDeclarations,
  wraps,
  type ResourceFunctions,
  type Wrap,
} from './declarations.ts';
import { localName } from './imports.ts';
import { holds } from './holds.ts';
import { functionBaseName, functionLabel, resourceOf, sideWords, type Side } from './plan.ts';
import {
  coreTypeName,
  liftFlat,
  load,
  local,
  lowerFlat,
  parameterType,
  store,
  typeOf,
  type Context,
  type Locals,
} from './values.ts';

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
  return side.interface === undefined ? of.name : `${side.coreModule}#${of.name}`;
}

/** The sections of the file: declarations, then the core functions for its resources, then `liftExports`. */
export function exportFile(cx: Context): Code[] {
  const { side } = cx;
  const declarations = [...typeDeclarations(cx), ...resourceDeclarations(cx)];
  if (!offersSomething(side)) return declarations;
  return [...declarations, offeredDeclaration(cx), liftExports(cx)];
}

function resourceDeclarations(cx: Context): Code[] {
  const wrap = wraps(cx.functions.plan).exports(cx.side);
  const dispose = code`${docs('Drops the value: runs its destructor in the guest. Doing so again does nothing.')}[Symbol.dispose](): void;\n`;
  return resourcesOf(cx.side).map((resource) => resourceDeclaration(cx, resource, wrap, dispose));
}

function offeredDeclaration(cx: Context): Code {
  const { side } = cx;
  const wrap = wraps(cx.functions.plan).exports(side);
  const classes = resourcesOf(side).map(
    (resource) =>
      code`${docs(resource.type.docs)}readonly ${classKey(resource.type)}: ${classType(cx, resource, wrap)};\n`,
  );
  const functions = freestandingOf(side).map((of) =>
    side.interface === undefined
      ? code`${functionDocs(cx, of)}${topLevelKey(of.name)}${signature(cx, of, wrap(of))};\n`
      : functionMember(cx, of, wrap(of)),
  );
  const what =
    side.interface === undefined
      ? 'What the world itself exports'
      : `What the guest exports as \`${side.label}\``;
  return code`${docs(`${what}.\n${side.docs}`)}export interface ${exportNames(side).offered} {\n${classes}${functions}}\n`;
}

function liftExports(cx: Context): Code {
  const { side } = cx;
  const wrap = wraps(cx.functions.plan).exports(side);
  const { offered, lift } = exportNames(side);
  const cores = side.functions.map((of) => coreBinding(cx, of, wrap(of)));
  const resources = resourcesOf(side);
  const classes = resources.map((resource) => classDefinition(cx, resource, wrap));
  const members = [
    ...resources.map(({ type }) => code`${classKey(type)}: $${classKey(type)},\n`),
    ...freestandingOf(side).map((of) => {
      const key = side.interface === undefined ? topLevelKey(of.name) : propertyKey(of.name);
      return code`${wrap(of) === 'promise' ? 'async ' : ''}${key}${functionBody(cx, of, wrap(of))},\n`;
    }),
  ];
  return code`/** The exports of this interface over the core module's. @internal */
    export function ${lift}($instance: ${instanceType}, $core: ${abi.CoreExports}): ${offered} {
      const cx = $instance; // A constant is known to the optimizer, a parameter is not.
      ${cores}
      ${classes}
      return { ${members} };
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
  const get = wrap === 'promise' ? 'getAsync' : 'get';
  const type = `(${list}) => ${wrap === 'promise' ? `${gives} | Promise<${gives}>` : gives}`;
  return code`const $core_${suffix} = $core.${get}<${type}>(${name});
    const $post_${suffix} = $core.post<${gives}>(${name});\n`;
}

interface CoreSignature {
  readonly params: readonly CoreType[];
  readonly result: CoreType | undefined;
  readonly spilled: boolean;
  /** The result comes as a pointer to it. */
  readonly viaMemory: boolean;
}

function coreSignature(of: WitFunction): CoreSignature {
  const flat = flattenAll(of.params.map((param) => param.type));
  const spilled = flat.length > MAX_FLAT_PARAMS;
  const results = of.result === undefined ? [] : flatten(of.result);
  const viaMemory = results.length > MAX_FLAT_RESULTS;
  return { params: spilled ? ['i32'] : flat, result: viaMemory ? 'i32' : results[0], spilled, viaMemory };
}

/** A class for a resource of the guest's: each object owns one rep. */
function classDefinition(cx: Context, resource: ResourceFunctions, wrap: (of: WitFunction) => Wrap): Code {
  const { side } = cx;
  const { plan } = cx.functions;
  const { type, constructorFunction: make, methods, statics } = resource;
  const { index } = resourceOf(plan, side.direction, type);
  const name = classKey(type);
  const label = `${side.label === '' ? '' : `${side.label}.`}${type.name}`;
  const constructed =
    make === undefined
      ? code`constructor() { throw new TypeError(${quote(`${label} has no constructor: the guest makes its values`)}); }\n`
      : code`constructor${constructorBody(cx, make, index)}\n`;
  const functions = [...statics, ...methods].map((of) => {
    const isStatic = of.role.kind === 'static';
    const key = isStatic ? staticKey(functionBaseName(of)) : methodKey(functionBaseName(of));
    return code`${isStatic ? 'static ' : ''}${wrap(of) === 'promise' ? 'async ' : ''}${key}${functionBody(cx, of, wrap(of))}\n`;
  });
  const drop = side.interface === undefined ? `[dtor]${type.name}` : `${side.coreModule}#[dtor]${type.name}`;
  // The constructor stays public only in name where the WIT has none.
  return code`class $${name} {
      declare readonly [${abi.guest}]: ${abi.GuestCell};
      ${constructed} ${functions}
      [Symbol.dispose](): void { ${abi.disposeGuest}(this); }
    }
    Object.defineProperty($${name}, 'name', { value: ${quote(name)} });
    cx.resources[${index}]!.implementation = $${name};
    cx.resources[${index}]!.destructor = $core.destructor(${quote(drop)});\n`;
}

function constructorBody(cx: Context, of: WitFunction, index: number): Code {
  const own: OwnLift = {
    lift: (handle) => code`${abi.takeRep}(cx, ${handle}, ${index})`,
    type: code`number`,
  };
  const call = guestCall(
    cx,
    of,
    'plain',
    (rep) => code`this[${abi.guest}] = ${abi.ownGuest}(this, cx, ${index}, ${rep});`,
    own,
  );
  return code`(${parameterList(cx, of)}) { ${call} }`;
}

function functionBody(cx: Context, of: WitFunction, wrap: Wrap): Code {
  const { value } = resultOf(of);
  const result = value === undefined ? code`void` : typeOf(cx, value);
  const gives = wrap === 'promise' ? code`Promise<${result}>` : result;
  return code`(${parameterList(cx, of)}): ${gives} { ${guestCall(cx, of, wrap, (expression) => code`return ${expression};`)} }`;
}

/** Parameters as the implementation has them: `$name`, which no other name meets. */
function parameterList(cx: Context, of: WitFunction): Code {
  return join(
    ownParams(of).map((param) => code`$${camelCase(param.name)}: ${parameterType(cx, param.type)}`),
    ', ',
  );
}

/** How a constructor takes what it made: not as an object, it is one. */
interface OwnLift {
  readonly lift: (handle: Code) => Code;
  readonly type: Code;
}

/** Lowers the arguments, calls the guest, lifts what it gives. Spec: `canon_lift`. */
function guestCall(
  cx: Context,
  of: WitFunction,
  wrap: Wrap,
  give: (value: Code) => Code,
  own?: OwnLift,
): Code {
  const { side } = cx;
  const label = functionLabel(side, of);
  const suffix = localName(of);
  const { spilled, viaMemory } = coreSignature(of);
  const params = ownParams(of);
  const locals: Locals = { taken: new Set(params.map((param) => `$${camelCase(param.name)}`)) };
  const isAsync = wrap === 'promise';
  const lowered = spilled ? spill(cx, of, label, locals) : lowerArguments(cx, of, label, locals);
  const result = local(locals, 'result');
  const statements: Code[] = [
    // Asked before something goes into the guest; entering asks again.
    spilled || params.some((param) => reachesGuest(param.type)) ? code`${abi.mayEnter}(cx);` : code``,
    ...lowered.statements,
    code`${isAsync ? abi.enterAsync : abi.enter}(cx);`,
  ];
  const call = code`$core_${suffix}(${join(lowered.cores, ', ')})`;
  const called = isAsync ? code`await ${call}` : call;
  const borrowed = params.some((param) => holdsBorrow(param.type)) ? code`${abi.endBorrows}(cx);` : undefined;
  const ended = isAsync ? code`${abi.endAsync}(cx);` : undefined;
  const leave = (argument: string): Code =>
    code`if ($post_${suffix} === undefined) ${abi.leave}(cx); else ${abi.post}(cx, $post_${suffix}, ${argument});`;
  const { value, fails, error } = resultOf(of);
  if (of.result === undefined) {
    statements.push(code`${called}; ${borrowed} ${ended} ${leave('undefined')}`);
    return join(statements, '\n');
  }
  statements.push(code`const ${result} = ${called};`);
  const lifted = local(locals, 'lifted');
  if (!fails) {
    const take = viaMemory
      ? code`const $p = ${result} >>> 0; ${abi.check}(cx, $p, ${sizeOf(of.result)}, ${alignmentOf(of.result) - 1}); const ${lifted} = ${load(cx, of.result, '$p', 0)};`
      : code`const ${lifted} = ${own?.lift(code`${result}`) ?? liftFlat(cx, of.result, [code`${result}`])};`;
    statements.push(code`${take} ${borrowed} ${ended} ${leave(result)} ${give(code`${lifted}`)}`);
    return join(statements, '\n');
  }
  const failed = local(locals, 'failed');
  const typed = (type: Type | undefined): Code =>
    own?.type ?? (type === undefined ? code`undefined` : typeOf(cx, type));
  if (!viaMemory) {
    statements.push(
      code`const ${failed} = ${result} >>> 0; if (${failed} > 1) ${abi.trap}('invalid result discriminant'); ${borrowed} ${ended} ${leave(result)}
        if (${failed} === 1) throw new ${abi.ComponentError}(undefined); ${value === undefined ? undefined : give(code`undefined`)}`,
    );
    return join(statements, '\n');
  }
  const layout = variantLayout([value, error]);
  const ok =
    value === undefined
      ? undefined
      : code`${lifted} = ${own?.lift(code`${abi.loadU32}(cx, $p + ${layout.payload})`) ?? load(cx, value, '$p', layout.payload)};`;
  const err = error === undefined ? undefined : code`$error = ${load(cx, error, '$p', layout.payload)};`;
  statements.push(
    code`const $p = ${result} >>> 0; ${abi.check}(cx, $p, ${layout.size}, ${layout.alignment - 1});
      const ${failed} = ${abi.loadU8}(cx, $p);
      ${value === undefined ? undefined : code`let ${lifted}: ${typed(value)} | undefined;`}
      ${error === undefined ? undefined : code`let $error: ${typeOf(cx, error)} | undefined;`}
      if (${failed} === 0) { ${ok} } else if (${failed} === 1) { ${err} } else ${abi.trap}('invalid result discriminant');
      ${borrowed} ${ended} ${leave(result)}
      if (${failed} === 1) throw new ${abi.ComponentError}(${error === undefined ? 'undefined' : '$error'});
      ${value === undefined ? undefined : give(code`${lifted} as ${typed(value)}`)}`,
  );
  return join(statements, '\n');
}

interface Arguments {
  readonly statements: readonly Code[];
  readonly cores: readonly Code[];
}

/**
 * The arguments as core values. Handles come last, and all of them are checked before the first goes into the guest's
 * table, so that a wrong argument leaves nothing behind.
 */
function lowerArguments(cx: Context, of: WitFunction, label: string, locals: Locals): Arguments {
  const cores: Code[][] = [];
  const values: Code[] = [];
  const checks: Code[] = [];
  const handles: Code[] = [];
  const self = of.role.kind === 'method' ? selfRep(of, label, locals) : undefined;
  if (self !== undefined) {
    values.push(self.statement);
    cores.push([self.core]);
  }
  const params = ownParams(of);
  const several = params.filter((param) => handleKind(param.type) !== undefined).length > 1;
  for (const param of params) {
    const name = camelCase(param.name);
    const path = `${label} → ${param.name}`;
    const lowered = lowerFlat(cx, param.type, code`$${name}`, path, locals, `${name}Core`);
    cores.push([...lowered.cores]);
    const handle = handleKind(param.type);
    if (handle === undefined) values.push(...lowered.statements);
    else {
      if (several) {
        const { index } = resourceOf(cx.functions.plan, cx.side.direction, handle);
        checks.push(code`${abi.checkHandle}(cx, $${name}, ${index}, ${quote(path)});`);
      }
      handles.push(...lowered.statements);
    }
  }
  return { statements: [...values, ...checks, ...handles], cores: cores.flat() };
}

/** A method's own object: the guest gets the rep. Spec: `lower_borrow`, `cx.inst is t.rt.impl`. */
function selfRep(of: WitFunction, label: string, locals: Locals): { statement: Code; core: Code } {
  const name = local(locals, 'self');
  const resource = of.role.kind === 'method' ? of.role.resource.name! : '';
  return {
    statement: code`const ${name} = ${abi.guestRep}(this, ${quote(resource)}, ${quote(`${label} → self`)});`,
    core: code`${name}`,
  };
}

/** More than 16 core parameters go through memory, as a tuple. Spec: `lower_flat_values`. */
function spill(cx: Context, of: WitFunction, label: string, locals: Locals): Arguments {
  const { size, alignment, offsets } = recordLayout(of.params.map((param) => param.type));
  const self = of.role.kind === 'method' ? selfRep(of, label, locals) : undefined;
  const stores = of.params.map((param, index) => {
    if (index === 0 && self !== undefined) return code`${abi.storeU32}(cx, $args, ${self.core});`;
    return store(
      cx,
      param.type,
      '$args',
      offsets[index]!,
      `$${camelCase(param.name)}`,
      quote(`${label} → ${param.name}`),
    );
  });
  return {
    statements: [
      ...(self === undefined ? [] : [self.statement]),
      code`const $args = ${abi.alloc}(cx, ${alignment}, ${size}); ${join(stores, '\n')}`,
    ],
    cores: [code`$args`],
  };
}

function handleKind(type: Type): (Type & { kind: 'type-definition' }) | undefined {
  let at = type;
  while (at.kind === 'type-definition' && at.shape.kind === 'alias') at = at.shape.target;
  if (at.kind !== 'type-definition') return undefined;
  return at.shape.kind === 'own' || at.shape.kind === 'borrow' ? at.shape.resource : undefined;
}

/** Lowering a value of this type allocates in the guest, or adds to its handles. */
function reachesGuest(type: Type): boolean {
  return holds(
    type,
    (part) => part === 'string' || part === 'list' || part === 'map' || part === 'own' || part === 'borrow',
  );
}

/** A borrow anywhere in a type. */
function holdsBorrow(type: Type): boolean {
  return holds(type, (part) => part === 'borrow');
}
