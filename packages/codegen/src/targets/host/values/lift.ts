/** From flat core values to values: an expression per use, a function per type with cases. */
import type { Type, TypeDefinition } from '@wittle/parser';
import { code, join, mentions, ts, type Code, type Name } from '../../../emit/code.ts';
import { flatten, flattenCases, variantCases, type CoreType } from '../../../layout.ts';
import { keysOf, numberArray } from '../../../typescript/types.ts';
import { abi, instanceType } from '../abi.ts';
import { behindAlias } from '../../../world/plan.ts';
import { caseValue, invalid } from './cases.ts';
import { coreTypeName, type Context } from './context.ts';
import { typeOf } from '../../../typescript/context.ts';
import { accountArgument, accountParameter, functionFor } from './functions.ts';
import { liftHandle } from './handles.ts';
import { liftLabels } from './labels.ts';
import { liftRange } from './load.ts';
import { primitive, unsupported } from './primitives.ts';

/** An expression that lifts a value from its flat core values. Spec: `lift_flat`. */
export function liftFlat(cx: Context, type: Type, cores: readonly Code[]): Code {
  const { side, type: behind } = behindAlias(cx.plan, cx.side, type);
  const [first = code``, second = code``] = cores;
  if (behind.kind !== 'type-definition') {
    if (behind.kind === 'string') return code`${abi.liftString}(cx, ${first} >>> 0, ${second} >>> 0)`;
    const { lift } = primitive(behind.kind);
    return lift === undefined ? first : code`${abi[lift]}(${first})`;
  }
  const inner: Context = { ...cx, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record': {
      const keys = keysOf(shape.fields);
      const values = liftEach(
        inner,
        shape.fields.map((field) => field.type),
        cores,
      );
      const fields = shape.fields.map((field, index) => code`${keys.get(field.name)}: ${values[index]}`);
      return code`{ ${join(fields, ', ')} }`;
    }
    case 'tuple':
      return code`[${join(liftEach(inner, shape.types, cores), ', ')}]`;
    case 'fixed-length-list': {
      const { element, length } = shape;
      const types = Array.from({ length }, () => element);
      const items = join(liftEach(inner, types, cores), ', ');
      const array = numberArray(element);
      return array === undefined ? code`[${items}]` : code`${array}.of(${items})`;
    }
    case 'variant':
    case 'option':
    case 'result':
      return code`${liftFlatFunction(inner, behind)}(cx, ${join(cores, ', ')}${accountArgument(inner, behind)})`;
    case 'list':
    case 'map':
      return liftRange(inner, behind, code`${first} >>> 0`, code`${second} >>> 0`);
    case 'enum':
    case 'flags':
      return code`${liftLabels(inner, behind)}(${first})`;
    case 'own':
    case 'borrow':
      return liftHandle(inner, shape.kind, shape.resource, first);
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape.kind);
  }
}

/** The flat core values, taken type by type. Spec: `lift_flat_values`. */
export function liftEach(cx: Context, types: readonly Type[], cores: readonly Code[]): Code[] {
  let next = 0;
  return types.map((type) => {
    const count = flatten(type).length;
    next += count;
    return liftFlat(cx, type, cores.slice(next - count, next));
  });
}

/** Whether lifting a single core value cannot trap and reads no memory: it may be done when the call is over. */
export function liftsLater(cx: Context, type: Type): boolean {
  const { type: behind } = behindAlias(cx.plan, cx.side, type);
  return behind.kind === 'type-definition' ? behind.shape.kind === 'flags' : behind.kind !== 'char';
}

/** Spec: `lift_flat_variant`. */
function liftFlatFunction(outer: Context, type: TypeDefinition): Name {
  return functionFor(outer, 'liftFlat', type, (name, cx) => {
    const { shape } = type;
    const cases = variantCases(shape)!;
    const joined = flattenCases(cases);
    const params = joined.map((core, index) => code`, $${index}${ts`: ${coreTypeName(core)}`}`);
    const arms = cases.map((each, index) => {
      if (each === undefined) return code`case ${index}: return ${caseValue(cx, shape, index, undefined)};\n`;
      const cores = flatten(each).map((want, at) => coerceUp(code`$${at}`, joined[at]!, want));
      return code`case ${index}: return ${caseValue(cx, shape, index, liftFlat(cx, each, cores))};\n`;
    });
    const instance = mentions(code`${arms}`, 'cx') ? 'cx' : '_cx';
    return code`export function ${name}(${instance}${ts`: ${instanceType}`}, $tag${ts`: number`}${params}${accountParameter(cx, 'lent', code`${arms}`)})${ts`: ${typeOf(cx, type)}`} {
      switch ($tag) { ${arms} default: return ${abi.trap}(${invalid(shape)}); }
    }`;
  });
}

/** From the core value that the cases share to the one of a payload. Spec: `CoerceValueIter`. */
function coerceUp(value: Code, have: CoreType, want: CoreType): Code {
  if (have === want) return value;
  if (have === 'i32') return code`${abi.i32ToF32}(${value})`;
  if (want === 'f64') return code`${abi.i64ToF64}(${value})`;
  const low = code`Number(BigInt.asIntN(32, ${value}))`;
  return want === 'f32' ? code`${abi.i32ToF32}(${low})` : low;
}
