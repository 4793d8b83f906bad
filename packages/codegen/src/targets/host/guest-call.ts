/** A call of a guest's function: lowers the arguments, enters the guest, lifts what it gives. */
import type { Type, WitFunction } from '@wittle/parser';
import { code, join, quote, ts, type Code, type Name } from '../../emit/code.ts';
import { alignmentOf, recordLayout, sizeOf, variantLayout } from '../../layout.ts';
import { propertyKey, scopeNames } from '../../typescript/names.ts';
import { abi } from './abi.ts';
import { coreSignature } from './core-signature.ts';
import { handleOf, ownParams, resultOf } from '../../world/functions.ts';
import type { Wrap } from '../../typescript/declarations.ts';
import { holds } from '../../world/part-kinds.ts';
import { functionLabel, localName, resourceOf } from '../../world/plan.ts';
import { bind, local, newLocals, type Context, type Locals } from './values/context.ts';
import { parameterType, typeOf } from '../../typescript/context.ts';
import { LOWERED_HANDLE } from './values/functions.ts';
import { takeBack } from './values/handles.ts';
import { liftFlat, liftsLater } from './values/lift.ts';
import { load } from './values/load.ts';
import { lowerFlat } from './values/lower.ts';
import { store } from './values/store.ts';

/** Parameters as the implementation has them: `$name`, which is no reserved word and no name of the runtime. */
export function guestParameters(cx: Context, of: WitFunction): Code {
  const names = localParams(of);
  return join(
    ownParams(of).map((param) => code`${names.get(param.name)}${ts`: ${parameterType(cx, param.type)}`}`),
    ', ',
  );
}

function localParams(of: WitFunction): ReadonlyMap<string, string> {
  const params = ownParams(of).map((param) => param.name);
  return new Map([...scopeNames(params, propertyKey)].map(([name, key]) => [name, `$${key}`]));
}

/** What becomes of a lifted result: a statement about an expression. */
export type Give = (value: Code) => Code;

/** How a constructor takes what it made: its rep and not an object, for it is one. */
export interface OwnLift {
  readonly lift: (handle: Code) => Code;
}

/**
 * The body of a function that calls the guest's. Everything is lowered before the guest is entered: a wrong argument
 * leaves it as it was, and from then on an exception leaves it poisoned. Spec: `canon_lift`.
 */
export function guestCall(cx: Context, of: WitFunction, wrap: Wrap, give: Give, own?: OwnLift): Code {
  const locals = newLocals(localParams(of).values());
  const borrows = ownParams(of).some((param) => lends(cx, param.type)) ? local(locals, 'borrows') : undefined;
  const isAsync = wrap === 'promise';
  const params = ownParams(of);
  const lowered = lowerArguments(cx, of, locals);
  // Asked before something goes into the guest; entering asks again.
  const asks = coreSignature(of).spilled || params.some((param) => reachesGuest(param.type));
  const call = code`$core_${localName(of)}(${join(lowered.cores, ', ')})`;
  return code`
    ${asks ? code`${abi.mayEnter}(cx);` : undefined}
    ${borrows === undefined ? undefined : code`const ${borrows} = cx.borrows;`}
    ${join(lowered.statements, '\n')}
    ${entering(isAsync, asks)}(cx);
    ${finish(cx, of, isAsync ? code`await ${call}` : call, { isAsync, locals, borrows, give, own })}`;
}

function entering(isAsync: boolean, lowered: boolean): Name {
  if (isAsync) return lowered ? abi.enterAsyncLowered : abi.enterAsync;
  return lowered ? abi.enterLowered : abi.enter;
}

/**
 * Whether a function's `post-return` is called here: when its result points to memory. Any other has nothing to free,
 * so that its calls do not ask for one; if it has one all the same, linking makes that a part of the call. A call that
 * waits asks always: what is linked there must be the core function itself.
 */
export function callsPost(of: WitFunction, wrap: Wrap): boolean {
  return wrap === 'promise' || coreSignature(of).viaMemory;
}

interface Finishing {
  readonly isAsync: boolean;
  readonly locals: Locals;
  /** The local that counts the handles lent before; `undefined` for a call that lends none. */
  readonly borrows: string | undefined;
  readonly give: Give;
  readonly own: OwnLift | undefined;
}

/** From the core call on: lifts its result, ends the call, and only then gives or throws. */
function finish(
  cx: Context,
  of: WitFunction,
  call: Code,
  { isAsync, locals, borrows, give, own }: Finishing,
): Code {
  const { viaMemory } = coreSignature(of);
  const post = `$post_${localName(of)}`;
  // Spec: borrows must be gone when the result has been lifted; `post-return` comes after that.
  const end = (argument: string): Code => code`
    ${borrows === undefined ? undefined : code`${abi.endBorrows}(cx, ${borrows});`}
    ${isAsync ? code`${abi.endAsync}(cx);` : undefined}
    ${
      callsPost(of, isAsync ? 'promise' : 'plain')
        ? code`if (${post} === undefined) ${abi.leave}(cx); else ${abi.post}(cx, ${post}, ${argument});`
        : code`${abi.leave}(cx);`
    }`;
  if (of.result === undefined) return code`${call}; ${end('undefined')}`;
  const result = local(locals, 'result');
  const { value, fails, error } = resultOf(of, cx.side.shapes);
  const lifted = local(locals, 'lifted');
  const p = local(locals, 'p');
  const area = code`const ${p} = ${result} >>> 0; ${abi.check}(cx, ${p}, ${sizeOf(of.result)}, ${alignmentOf(of.result) - 1});`;
  if (!fails) {
    if (own === undefined && !viaMemory && liftsLater(cx, of.result)) {
      return code`const ${result} = ${call}; ${end(result)} ${give(liftFlat(cx, of.result, [code`${result}`]))}`;
    }
    const expression = viaMemory
      ? load(cx, of.result, p, 0)
      : (own?.lift(code`${result}`) ?? liftFlat(cx, of.result, [code`${result}`]));
    const type = own === undefined ? typeOf(cx, of.result) : code`number`;
    return code`const ${result} = ${call}; ${viaMemory ? area : undefined}
      const ${lifted}${ts`: ${type}`} = ${expression}; ${end(result)} ${give(code`${lifted}`)}`;
  }
  const failed = local(locals, 'failed');
  const refused = code`if (${failed} > 1) ${abi.trap}('invalid result discriminant');`;
  if (!viaMemory) {
    return code`const ${result} = ${call}; const ${failed} = ${result} >>> 0; ${refused} ${end(result)}
      if (${failed} === 1) throw new ${abi.ComponentError}(undefined);`;
  }
  const { payload } = variantLayout([value, error]);
  const thrown = local(locals, 'error');
  const okType = own === undefined ? (value === undefined ? code`` : typeOf(cx, value)) : code`number`;
  const ok =
    own === undefined
      ? value === undefined
        ? undefined
        : load(cx, value, p, payload)
      : own.lift(code`${abi.loadU32}(cx, ${p} + ${payload})`);
  return code`const ${result} = ${call}; ${area}
    const ${failed} = ${abi.loadU8}(cx, ${p}); ${refused}
    ${ok === undefined ? undefined : code`const ${lifted}${ts`: ${okType} | undefined`} = ${failed} === 0 ? ${ok} : undefined;`}
    ${error === undefined ? undefined : code`const ${thrown}${ts`: ${typeOf(cx, error)} | undefined`} = ${failed} === 1 ? ${load(cx, error, p, payload)} : undefined;`}
    ${end(result)}
    if (${failed} === 1) throw new ${abi.ComponentError}(${error === undefined ? 'undefined' : thrown});
    ${ok === undefined ? undefined : give(code`${lifted}${ts` as ${okType}`}`)}`;
}

interface Arguments {
  readonly statements: readonly Code[];
  /** Identifiers: nothing is left to be checked when the guest is entered. */
  readonly cores: readonly Code[];
}

/**
 * The arguments as core values. A handle that is an argument by itself is lowered last, so that no value after it can
 * be wrong; a call with more handles than that one takes them back when something is.
 */
function lowerArguments(cx: Context, of: WitFunction, locals: Locals): Arguments {
  const handles = ownParams(of).filter((param) => entersTable(cx, param.type));
  const { spilled } = coreSignature(of);
  const isSafe =
    handles.length === 0 || (handles.length === 1 && handleOf(handles[0]!.type) !== undefined && !spilled);
  const lower = spilled ? spill : lowerEach;
  if (isSafe) return lower(cx, of, locals);
  const hoisted: Code[] = [];
  const account = local(locals, 'handles');
  const error = local(locals, 'error');
  const { statements, cores } = lower({ ...cx, account }, of, { ...locals, hoisted });
  return {
    statements: [
      ...hoisted,
      code`const ${account}${ts`: ${LOWERED_HANDLE}[]`} = [];
        try { ${join(statements, '\n')} } catch (${error}) { ${takeBack(cx)}(cx, ${account}); throw ${error}; }`,
    ],
    cores,
  };
}

function lowerEach(cx: Context, of: WitFunction, locals: Locals): Arguments {
  const names = localParams(of);
  const label = functionLabel(cx.side, of);
  const cores: Code[][] = [];
  const values: Code[] = [];
  const handles: Code[] = [];
  if (of.role.kind === 'method') {
    const self = local(locals, 'self');
    values.push(bind(locals, self, 'i32', selfRep(cx, of, label)));
    cores.push([code`${self}`]);
  }
  for (const param of ownParams(of)) {
    const name = names.get(param.name)!;
    const path = `${label} → ${param.name}`;
    const lowered = lowerFlat(cx, param.type, code`${name}`, path, locals, `${name.slice(1)}Core`);
    cores.push([...lowered.cores]);
    (handleOf(param.type) === undefined ? values : handles).push(...lowered.statements);
  }
  return { statements: [...values, ...handles], cores: cores.flat() };
}

/** More than 16 core parameters go through memory, as a tuple. Spec: `lower_flat_values`. */
function spill(cx: Context, of: WitFunction, locals: Locals): Arguments {
  const names = localParams(of);
  const label = functionLabel(cx.side, of);
  const { size, alignment, offsets } = recordLayout(of.params.map((param) => param.type));
  const args = local(locals, 'args');
  const stores = of.params.map((param, index) =>
    index === 0 && of.role.kind === 'method'
      ? code`${abi.storeU32}(cx, ${args}, ${selfRep(cx, of, label)});`
      : store(
          cx,
          param.type,
          args,
          offsets[index]!,
          names.get(param.name),
          quote(`${label} → ${param.name}`),
        ),
  );
  return {
    statements: [
      bind(locals, args, 'i32', code`${abi.alloc}(cx, ${alignment}, ${size})`),
      join(stores, '\n'),
    ],
    cores: [code`${args}`],
  };
}

/** A method's own object: the guest gets the rep. Spec: `lower_borrow`, `cx.inst is t.rt.impl`. */
function selfRep(cx: Context, of: WitFunction, label: string): Code {
  if (of.role.kind !== 'method') throw new Error(`${of.name} is no method`);
  const { index } = resourceOf(cx.plan, cx.side, of.role.resource);
  return code`${abi.selfRep}(cx, this, ${index}, ${quote(`${label} → self`)})`;
}

/** Lowering a value of this type allocates in the guest, or adds to its handles. */
function reachesGuest(type: Type): boolean {
  return holds(type, 'string', 'list', 'map', 'own', 'borrow');
}

/** Lowering a value of this type adds to the guest's handles. */
function entersTable(cx: Context, type: Type): boolean {
  return holds(type, 'own') || lends(cx, type);
}

/** A value of this type may lend the guest a handle; of its own resources it gets the reps. */
function lends(cx: Context, type: Type): boolean {
  const handle = handleOf(type);
  if (handle?.kind !== 'borrow') return holds(type, 'borrow');
  return resourceOf(cx.plan, cx.side, handle.resource).side.direction === 'import';
}
