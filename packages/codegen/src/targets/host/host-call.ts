/** A core function over a function of the host: lifts what the guest gives, calls, lowers what comes back. */
import type { Type, WitFunction } from '@wittle/parser';
import { code, join, quote, ts, type Code, type Name } from '../../emit/code.ts';
import { alignmentOf, recordLayout, sizeOf, variantLayout, type CoreType } from '../../layout.ts';
import { bareKey, member } from '../../typescript/names.ts';
import { abi } from './abi.ts';
import { coreSignature } from './core-signature.ts';
import { resultOf } from '../../world/functions.ts';
import { classKey } from '../../typescript/declarations.ts';
import { holds } from '../../world/part-kinds.ts';
import { functionLabel, localName, type Side } from '../../world/plan.ts';
import { functionNumber } from './type-number.ts';
import { coreTypeName, newLocals, zeroOf, type Context } from './values/context.ts';
import { typeOf } from '../../typescript/context.ts';
import { functionOf } from './values/functions.ts';
import { liftEach } from './values/lift.ts';
import { load } from './values/load.ts';
import { lowerFlat, lowerOne } from './values/lower.ts';
import { store } from './values/store.ts';

/** The entry of a function among the core functions of its interface. */
export interface HostCall {
  /** Functions that the entry calls. */
  readonly before: Code | undefined;
  readonly entry: Code;
}

/** Spec: `canon_lower`. */
export function hostCall(cx: Context, of: WitFunction): HostCall {
  const mayBlock = cx.plan.options.mayBlock(cx.side, of);
  const { params, result, viaMemory } = coreSignature(of);
  const names = params.map((_, index) => `$${index}`);
  const signature = names.map((name, index) => code`${name}${ts`: ${coreTypeName(params[index]!)}`}`);
  if (viaMemory) signature.push(code`$ret${ts`: number`}`);
  const returns = viaMemory || result === undefined ? 'void' : coreTypeName(result);
  const lifted = liftArguments(cx, of, names);
  const call = callOf(cx.side, of, lifted.values);
  const finish = mayBlock ? finishLater(cx, of, call, lifted.end) : finishNow(cx, of, call, lifted.end);
  const core: readonly CoreType[] = viaMemory ? [...params, 'i32'] : params;
  const blocking = mayBlock
    ? code`mayBlock: { params: [${core.map((each) => quote(each)).join(', ')}], result: ${viaMemory || result === undefined ? 'undefined' : quote(result)} },`
    : undefined;
  const path = hostMember(cx.side, of)
    .map((key) => quote(key))
    .join(', ');
  return {
    before: finish.before,
    entry: code`{ name: ${quote(of.name)}, type: ${functionNumber(cx.plan, cx.side, of)}, host: [${path}], ${blocking} call: (${join(signature, ', ')})${ts`: ${returns}`} => ${poisoning(code`
      ${abi.mayLeave}(cx);
      ${lifted.statements}
      ${finish.statements}`)} },\n`,
  };
}

/**
 * The block of a core function that the guest calls: what it throws is the end of the instance, although core code can
 * catch it and go on. Spec: `call_and_trap_on_throw`.
 */
export function poisoning(body: Code): Code {
  return code`{ try { ${body} } catch ($thrown) { throw ${abi.poison}(cx, $thrown); } }`;
}

interface Lifted {
  readonly statements: readonly Code[];
  readonly values: readonly Code[];
  /** Ends the lending of handles, once the host's function is back. */
  readonly end: Code | undefined;
}

/**
 * The arguments out of core values, or out of memory when there are too many of them. A call that both moves and borrows
 * handles keeps account of what it borrows, so that what is lent cannot be moved; in any other, nothing else can run in
 * the instance meanwhile.
 */
function liftArguments(cx: Context, of: WitFunction, names: readonly string[]): Lifted {
  const { spilled } = coreSignature(of);
  const types = of.params.map((param) => param.type);
  const lends = types.some((type) => holds(type, 'own')) && types.some((type) => holds(type, 'borrow'));
  const lift = (inner: Context): Code[] => {
    if (!spilled) {
      return liftEach(
        inner,
        types,
        names.map((name) => code`${name}`),
      );
    }
    const { offsets } = recordLayout(types);
    return types.map((type, index) => load(inner, type, '$args', offsets[index]!));
  };
  const { size, alignment } = recordLayout(types);
  const checked = spilled
    ? [code`const $args = $0 >>> 0; ${abi.check}(cx, $args, ${size}, ${alignment - 1});`]
    : [];
  if (!lends) return { statements: checked, values: lift(cx), end: undefined };
  const lent = code`const $lent${ts`: ${{ ...abi.ResourceHandle, isType: true }}[]`} = [];`;
  const end = code`${abi.endLends}($lent);`;
  const values = lift({ ...cx, account: '$lent' });
  return { statements: [...checked, lent], values, end };
}

interface Finish {
  readonly before: Code | undefined;
  readonly statements: Code;
}

/** The call of a function that gives its result at once. */
function finishNow(cx: Context, of: WitFunction, call: Code, end: Code | undefined): Finish {
  const { fails, value } = resultOf(of, cx.side.shapes);
  const { viaMemory } = coreSignature(of);
  const lower = lowerResult(cx, of);
  if (!fails) {
    const statements =
      value === undefined
        ? end === undefined
          ? lower.nothing(call)
          : code`const $result${ts`: unknown`} = ${call}; ${end} ${lower.nothing(code`$result`)}`
        : end === undefined && lower.expression !== undefined
          ? code`return ${lower.expression(call)};`
          : code`const $result = ${call}; ${end} ${lower.value('$result')}`;
    return { before: undefined, statements };
  }
  const type = value === undefined ? code`unknown` : typeOf(cx, value);
  return {
    before: undefined,
    statements: code`
      let $result${ts`: ${type}`};
      try { $result = ${call}; } catch ($error) { ${end} ${lower.error('$error')} ${viaMemory ? 'return;' : undefined} }
      ${end} ${value === undefined ? lower.nothing(code`$result`) : undefined} ${lower.value('$result')}`,
  };
}

/** The call of a function that may wait: what lowers its result, or its error, is there for the call and for later. */
function finishLater(cx: Context, of: WitFunction, call: Code, end: Code | undefined): Finish {
  const { fails, value } = resultOf(of, cx.side.shapes);
  const { result, viaMemory } = coreSignature(of);
  const returns = viaMemory || result === undefined ? 'void' : coreTypeName(result);
  const lower = lowerResult(cx, of);
  const suffix = localName(of);
  const done = `$done_${suffix}`;
  const fail = `$fail_${suffix}`;
  const type = value === undefined ? code`void` : typeOf(cx, value);
  const [param, argument] = viaMemory ? [code`, $ret${ts`: number`}`, ', $ret'] : ['', ''];
  const given = value === undefined ? '_' : '$value';
  const before = code`
    const ${done} = (${given}${ts`: ${type}`}${param})${ts`: ${returns}`} => { ${lower.value('$value')} };
    ${fails ? code`const ${fail} = ($error${ts`: unknown`}${param})${ts`: ${returns}`} => { ${lower.error('$error')} };\n` : undefined}`;
  const zero = viaMemory || result === undefined ? 'undefined' : zeroOf(result);
  // To the guest a wait that fails is a call that throws.
  const settled = code`($value${ts`: ${type}`}) => ${poisoning(code`return ${done}($value${argument});`)}`;
  const failed = fails
    ? code`($error${ts`: unknown`}) => ${poisoning(code`return ${fail}($error${argument});`)}`
    : code`($error${ts`: unknown`}) => { throw ${abi.poison}(cx, $error); }`;
  const declared = code`$result${ts`: ${type} | Promise<${type}>`}`;
  const called = fails
    ? code`let ${declared}; try { $result = ${call}; } catch ($error) { ${end} return ${fail}($error${argument}); }`
    : code`const ${declared} = ${call};`;
  return {
    before,
    statements: code`${called} ${end}
      if ($result instanceof Promise) {
        return ${abi.suspend}(cx, $result.then(${settled}, ${failed}), ${quote(functionLabel(cx.side, of))}, ${zero});
      }
      return ${done}($result${argument});`,
  };
}

/** Statements that lower a function's result and return it, from identifiers. */
interface ResultLowering {
  /** A value of the result, or of its `ok` case. */
  readonly value: (name: string) => Code;
  /** What was thrown, which is or carries a value of the `err` case. */
  readonly error: (name: string) => Code;
  /** What came back from a function that gives nothing: at least no promise, which nobody would wait for. */
  readonly nothing: (given: Code) => Code;
  /** The same as an expression of the core value, where it takes no statements. */
  readonly expression: ((value: Code) => Code) | undefined;
}

function lowerResult(cx: Context, of: WitFunction): ResultLowering {
  const { fails, value, error } = resultOf(of, cx.side.shapes);
  const { viaMemory } = coreSignature(of);
  const path = `${functionLabel(cx.side, of)} → result`;
  const nothing = (given: Code): Code => code`${nothingFunction(cx)}(${given}, ${quote(path)});`;
  if (of.result === undefined) {
    return { value: () => code``, error: () => code``, nothing, expression: undefined };
  }
  const area = code`const $p = $ret >>> 0; ${abi.check}(cx, $p, ${sizeOf(of.result)}, ${alignmentOf(of.result) - 1});`;
  if (!fails) {
    const type = of.result;
    if (viaMemory) {
      return {
        value: (name) => code`${area} ${store(cx, type, '$p', 0, name, quote(path))}`,
        error: () => code``,
        nothing,
        expression: undefined,
      };
    }
    const isOne = lowerOne(cx, type, code`$value`, path) !== undefined;
    const expression = (given: Code): Code => lowerOne(cx, type, given, path)!;
    return {
      value: (name) => {
        if (isOne) return code`return ${expression(code`${name}`)};`;
        const lowered = lowerFlat(cx, type, code`${name}`, path, newLocals([name]), 'core');
        return code`${lowered.statements} return ${lowered.cores[0]};`;
      },
      error: () => code``,
      nothing,
      expression: isOne ? expression : undefined,
    };
  }
  const payload = (name: string): Code =>
    error === undefined
      ? code`${abi.payloadOf}(${name});`
      : code`const $payload = ${abi.payloadOf}(${name})${ts` as ${typeOf(cx, error)}`};`;
  if (!viaMemory) {
    // A result without payloads: the discriminant is the core value.
    return {
      value: () => code`return 0;`,
      error: (name) => code`${payload(name)} return 1;`,
      nothing,
      expression: undefined,
    };
  }
  const layout = variantLayout([value, error]);
  const stored = (type: Type | undefined, name: string, tag: string): Code | undefined =>
    type === undefined ? undefined : store(cx, type, '$p', layout.payload, name, quote(`${path}.${tag}`));
  return {
    value: (name) => code`${area} ${abi.storeU8}(cx, $p, 0); ${stored(value, name, 'ok')}`,
    error: (name) =>
      code`${payload(name)} ${area} ${abi.storeU8}(cx, $p, 1); ${stored(error, '$payload', 'err')}`,
    nothing,
    expression: undefined,
  };
}

/** The function that refuses a promise from a function that gives nothing. */
function nothingFunction(cx: Context): Name {
  return functionOf(
    cx,
    'nothing',
    'nothing',
    (name) => code`/** Refuses a promise where nothing is expected: nobody would wait for it. */
      function ${name}(value${ts`: unknown`}, at${ts`: string`})${ts`: void`} {
        if (value !== undefined && value instanceof Promise) ${abi.bad}(value, 'nothing, at once (a function may wait that option mayBlock names)', at);
      }`,
  );
}

/** The host's function, called. */
function callOf(side: Side, of: WitFunction, values: readonly Code[]): Code {
  const { role } = of;
  const key = side.functionKeys.get(of) ?? '';
  switch (role.kind) {
    case 'freestanding':
      return code`$host${member(key)}(${join(values, ', ')})`;
    case 'static':
      return code`$host.${classKey(side, role.resource)}${member(key)}(${join(values, ', ')})`;
    case 'constructor':
      return code`new $host.${classKey(side, role.resource)}(${join(values, ', ')})`;
    case 'method':
      return code`${ts`(`}${values[0]}${ts`)`}${member(key)}(${join(values.slice(1), ', ')})`;
  }
}

/** Where the implementation has a function: the keys that lead to it. */
function hostMember(side: Side, of: WitFunction): readonly string[] {
  const { role } = of;
  const key = bareKey(side.functionKeys.get(of) ?? '');
  switch (role.kind) {
    case 'freestanding':
      return [key];
    case 'static':
      return [classKey(side, role.resource), key];
    case 'constructor':
      return [classKey(side, role.resource)];
    case 'method':
      return [classKey(side, role.resource), 'prototype', key];
  }
}
