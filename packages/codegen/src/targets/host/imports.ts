/** The file of an imported interface: its types, what the host must implement, and the core functions over it. */
import type { Type, TypeDefinition, WitFunction } from '@wittle/parser';
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
import { camelCase, methodKey, pascalCase, propertyKey, staticKey } from '../../typescript/names.ts';
import { abi, instanceType } from './abi.ts';
import {
  classKey,
  classType,
  freestandingOf,
  functionMember,
  resourceDeclaration,
  resourcesOf,
  resultOf,
  typeDeclarations,
  wraps,
} from './declarations.ts';
import { functionBaseName, functionLabel, resourceOf, sideWords, typeSymbol, type Side } from './plan.ts';
import { coreTypeName, liftEach, load, lowerFlat, store, typeOf, zeroOf, type Context } from './values.ts';

/** What `index.ts` needs of an imported interface. */
export interface ImportNames {
  /** The type of its implementation. */
  readonly host: Name;
  /** Makes its core functions. */
  readonly core: Name;
}

export function importNames(side: Side): ImportNames {
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
    host: of('Host', true, `${pascalCase(words)}Host`),
    core: of('coreImports', false, `${camelCase(words)}Imports`),
  };
}

/** Whether there is anything to implement. */
export function needsHost(side: Side): boolean {
  return side.functions.length > 0 || side.types.some((type) => type.shape.kind === 'resource');
}

/** The sections of the file: declarations, then `coreImports`. */
export function importFile(cx: Context): Code[] {
  const { side } = cx;
  const declarations = [...typeDeclarations(cx), ...resourceDeclarations(cx)];
  if (!needsHost(side)) return declarations;
  return [...declarations, hostDeclaration(cx), coreImports(cx)];
}

function resourceDeclarations(cx: Context): Code[] {
  const wrap = wraps(cx.functions.plan).imports(cx.side);
  const dispose = code`${docs('Called when the guest drops its last handle to a value that it owns.')}[Symbol.dispose]?(): void;\n`;
  return resourcesOf(cx.side).map((resource) => resourceDeclaration(cx, resource, wrap, dispose));
}

function hostDeclaration(cx: Context): Code {
  const { side } = cx;
  const { host } = importNames(side);
  const wrap = wraps(cx.functions.plan).imports(side);
  const classes = resourcesOf(side).map(
    (resource) =>
      code`${docs(resource.type.docs)}readonly ${classKey(resource.type)}: ${classType(cx, resource, wrap)};\n`,
  );
  const functions = freestandingOf(side).map((of) => functionMember(cx, of, wrap(of)));
  const what =
    side.interface === undefined
      ? 'What the world itself imports'
      : `The implementation of \`${side.label}\``;
  return code`${docs(`${what}, given by the host.\n${side.docs}`)}export interface ${host} {\n${classes}${functions}}\n`;
}

function coreImports(cx: Context): Code {
  const { side } = cx;
  const { host, core } = importNames(side);
  const functions = side.functions.map((of) => coreFunction(cx, of));
  const drops = resourcesOf(side).map(({ type }) => {
    const { index } = resourceOf(cx.functions.plan, side.direction, type);
    return code`{ name: ${quote(`[resource-drop]${type.name}`)}, host: [${quote(classKey(type))}], call: ($handle: number): void => {
      ${abi.mayLeave}(cx); ${abi.dropHandle}(cx, $handle, ${index} /* ${type.name} */);
    } },\n`;
  });
  return code`/** The core functions of this interface over its implementation, for one instance. @internal */
    export function ${core}($instance: ${instanceType}, $given: ${host}): ${abi.CoreInterface} {
      const cx = $instance; // Constants are known to the optimizer, parameters are not.
      const $host = $given;
      ${functions.map((each) => each.before)}
      return { module: ${quote(side.coreModule)}, host: $host, functions: [${functions.map((each) => each.entry)} ${drops}] };
    }\n`;
}

interface CoreFunctionCode {
  /** Functions that the entry calls. */
  readonly before: Code | undefined;
  readonly entry: Code;
}

function coreFunction(cx: Context, of: WitFunction): CoreFunctionCode {
  const { side } = cx;
  const { plan } = cx.functions;
  const label = functionLabel(side, of);
  const mayBlock = plan.options.mayBlock(side, of);
  const result = resultOf(of);
  const types = of.params.map((param) => param.type);
  const flat = flattenAll(types);
  const spilled = flat.length > MAX_FLAT_PARAMS;
  const params: readonly CoreType[] = spilled ? ['i32'] : flat;
  const flatResult = of.result === undefined ? [] : flatten(of.result);
  const viaMemory = flatResult.length > MAX_FLAT_RESULTS;
  const coreResult = viaMemory ? undefined : flatResult[0];
  const names = params.map((_, index) => `$${index}`);
  const signature = [...names.map((name, index) => `${name}: ${coreTypeName(params[index]!)}`)];
  if (viaMemory) signature.push('$ret: number');
  const returns = coreResult === undefined ? 'void' : coreTypeName(coreResult);

  const lends = needsLends(types);
  const args = spilled ? loadSpilled(cx, types) : liftArguments(cx, types, names, lends);
  const call = hostCall(of, args.values);
  const before: Code[] = [];
  const finish =
    result.fails || mayBlock || viaMemory
      ? finishing(cx, of, label, viaMemory, coreResult, before)
      : undefined;
  const ret = viaMemory ? ', $ret' : '';
  const body: Code[] = [code`${abi.mayLeave}(cx);`, ...args.statements];
  const end = lends ? code`${abi.endLends}($lent);` : undefined;
  if (lends) body.unshift(code`const $lent: ${{ ...abi.ResourceHandle, isType: true }}[] = [];`);
  if (finish === undefined) {
    if (result.value === undefined) body.push(code`${call}; ${end}`);
    else {
      const locals = { taken: new Set(names) };
      const lowered = lowerFlat(cx, result.value, code`$result`, `${label} → result`, locals, 'core');
      // One leaf check needs no local.
      body.push(code`const $result = ${call}; ${end} ${lowered.statements} return ${lowered.cores[0]};`);
    }
  } else {
    const value = result.value === undefined ? code`void` : typeOf(cx, result.value);
    const type = mayBlock ? code`${value} | Promise<${value}>` : value;
    const caught = result.fails ? code`return ${finish.fail}($error${ret});` : undefined;
    if (result.fails) {
      body.push(
        code`let $result: ${type}; try { $result = ${call}; } catch ($error) { ${end} ${caught} } ${end}`,
      );
    } else body.push(code`const $result = ${call}; ${end}`);
    if (mayBlock) {
      const failed = result.fails ? code`, ($error: unknown) => ${finish.fail}($error${ret})` : undefined;
      body.push(
        code`if ($result instanceof Promise) return ${abi.suspend}(cx, $result.then(($value) => ${finish.done}($value${ret})${failed}), ${quote(label)}, ${coreResult === undefined ? 'undefined' : zeroOf(coreResult)});`,
      );
    }
    body.push(code`return ${finish.done}($result${ret});`);
  }
  const hostPath = hostMember(of)
    .map((key) => quote(key))
    .join(', ');
  const corePath = mayBlock
    ? code`mayBlock: { params: [${[...params, ...(viaMemory ? ['i32'] : [])].map((each) => quote(each)).join(', ')}], result: ${coreResult === undefined ? 'undefined' : quote(coreResult)} },`
    : undefined;
  return {
    before: before.length === 0 ? undefined : code`${before}`,
    entry: code`{ name: ${quote(of.name)}, host: [${hostPath}], ${corePath} call: (${signature.join(', ')}): ${returns} => { ${join(body, '\n')} } },\n`,
  };
}

/** The functions that lower a call's result, or its error: local to `coreImports`, shared by the call and its wait. */
function finishing(
  cx: Context,
  of: WitFunction,
  label: string,
  viaMemory: boolean,
  coreResult: CoreType | undefined,
  before: Code[],
): { readonly done: string; readonly fail: string } {
  const result = resultOf(of);
  const suffix = localName(of);
  const done = `$done_${suffix}`;
  const fail = `$fail_${suffix}`;
  const value = result.value === undefined ? code`void` : typeOf(cx, result.value);
  const ret = viaMemory ? ', $ret: number' : '';
  const returns = coreResult === undefined ? 'void' : coreTypeName(coreResult);
  const checked = (type: Type): Code =>
    code`const p = $ret >>> 0; ${abi.check}(cx, p, ${sizeOf(type)}, ${alignmentOf(type) - 1});`;
  if (!result.fails) {
    if (viaMemory) {
      before.push(
        code`const ${done} = ($value: ${value}${ret}): void => { ${checked(of.result!)} ${store(cx, of.result!, 'p', 0, '$value', quote(`${label} → result`))} };\n`,
      );
    } else if (result.value === undefined) before.push(code`const ${done} = (_: void): void => {};\n`);
    else {
      const lowered = lowerFlat(
        cx,
        result.value,
        code`$value`,
        `${label} → result`,
        { taken: new Set() },
        'core',
      );
      before.push(
        code`const ${done} = ($value: ${value}): ${returns} => { ${lowered.statements} return ${lowered.cores[0]}; };\n`,
      );
    }
    return { done, fail };
  }
  const errorValue = (use: (payload: Code) => Code): Code =>
    result.error === undefined
      ? code`${abi.payloadOf}($error); ${use(code``)}`
      : code`const $payload = ${abi.payloadOf}($error) as ${typeOf(cx, result.error)}; ${use(code`$payload`)}`;
  if (!viaMemory) {
    // A result without payloads: the discriminant is the core value.
    before.push(code`const ${done} = (_: ${value}): number => 0;\n`);
    before.push(
      code`const ${fail} = ($error: unknown): number => { ${errorValue(() => code`return 1;`)} };\n`,
    );
    return { done, fail };
  }
  const layout = variantLayout([result.value, result.error]);
  const ok =
    result.value === undefined
      ? undefined
      : store(cx, result.value, 'p', layout.payload, '$value', quote(`${label} → result.ok`));
  const err =
    result.error === undefined
      ? undefined
      : store(cx, result.error, 'p', layout.payload, '$payload', quote(`${label} → result.err`));
  before.push(
    code`const ${done} = (${result.value === undefined ? '_' : '$value'}: ${value}${ret}): void => { ${checked(of.result!)} ${abi.storeU8}(cx, p, 0); ${ok} };\n`,
    code`const ${fail} = ($error: unknown${ret}): void => { ${errorValue(() => code`${checked(of.result!)} ${abi.storeU8}(cx, p, 1); ${err}`)} };\n`,
  );
  return { done, fail };
}

/** Up to 16 core parameters are lifted from themselves. Spec: `lift_flat_values`. */
function liftArguments(
  cx: Context,
  types: readonly Type[],
  names: readonly string[],
  lends: boolean,
): { readonly statements: readonly Code[]; readonly values: readonly Code[] } {
  const values = liftEach(
    cx,
    types,
    names.map((name) => code`${name}`),
  );
  if (!lends) return { statements: [], values };
  return {
    statements: [],
    values: values.map((value, index) => lentHandle(cx, types[index]!, names, types, index) ?? value),
  };
}

/** A borrow beside an own in one call counts as lent until the call is over. */
function lentHandle(
  cx: Context,
  type: Type,
  names: readonly string[],
  types: readonly Type[],
  index: number,
): Code | undefined {
  const handle = handleOf(type);
  if (handle === undefined || handle.kind !== 'borrow') return undefined;
  const resource = resourceOf(cx.functions.plan, cx.side.direction, handle.resource);
  const position = flattenAll(types.slice(0, index)).length;
  return code`(${abi.liftLent}(cx, ${names[position]}, ${resource.index}, $lent) as ${typeSymbol(resource.side, resource.type)})`;
}

/** More than 16 core parameters come through memory, as a tuple. */
function loadSpilled(
  cx: Context,
  types: readonly Type[],
): { statements: readonly Code[]; values: readonly Code[] } {
  const { size, alignment, offsets } = recordLayout(types);
  return {
    statements: [code`const $p = $0 >>> 0; ${abi.check}(cx, $p, ${size}, ${alignment - 1});`],
    values: types.map((type, index) => load(cx, type, '$p', offsets[index]!)),
  };
}

/** The host's function, called. */
function hostCall(of: WitFunction, values: readonly Code[]): Code {
  const { role } = of;
  const name = functionBaseName(of);
  switch (role.kind) {
    case 'freestanding':
      return code`$host.${propertyKey(of.name)}(${join(values, ', ')})`;
    case 'static':
      return code`$host.${classKey(role.resource)}.${staticKey(name)}(${join(values, ', ')})`;
    case 'constructor':
      return code`new $host.${classKey(role.resource)}(${join(values, ', ')})`;
    case 'method':
      return code`${values[0]}${member(methodKey(name))}(${join(values.slice(1), ', ')})`;
  }
}

function member(key: string): string {
  return key.startsWith('[') ? key : `.${key}`;
}

/** Where the implementation has a function. */
function hostMember(of: WitFunction): readonly string[] {
  const { role } = of;
  const name = functionBaseName(of);
  switch (role.kind) {
    case 'freestanding':
      return [propertyKey(of.name)];
    case 'static':
      return [classKey(role.resource), staticKey(name)];
    case 'constructor':
      return [classKey(role.resource)];
    case 'method':
      return [classKey(role.resource), 'prototype', camelCase(name)];
  }
}

/** A call that both moves and borrows handles: its borrows are counted, so that what is lent cannot be moved. */
function needsLends(types: readonly Type[]): boolean {
  const kinds = new Set(types.flatMap((type) => handleOf(type)?.kind ?? []));
  return kinds.has('own') && kinds.has('borrow');
}

function handleOf(
  type: Type,
): { readonly kind: 'own' | 'borrow'; readonly resource: TypeDefinition } | undefined {
  let at = type;
  while (at.kind === 'type-definition' && at.shape.kind === 'alias') at = at.shape.target;
  if (at.kind !== 'type-definition') return undefined;
  const { shape } = at;
  return shape.kind === 'own' || shape.kind === 'borrow' ? shape : undefined;
}

/** A part of a local name for a function: `tcpSocketStartBind`. */
export function localName(of: WitFunction): string {
  return camelCase(of.name.replace(/^\[([^\]]*)\]/, '$1-').replaceAll(/[.[\]]/g, '-'));
}
