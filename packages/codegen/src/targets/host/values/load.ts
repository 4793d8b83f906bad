/** From memory to values: an expression per use, a function per compound type. Offsets and discriminants are constants. */
import type { Type, TypeDefinition, TypeShape } from '@wittle/parser';
import { code, join, mentions, ts, type Code, type Name } from '../../../emit/code.ts';
import {
  alignmentOf,
  discriminantSize,
  flagsSize,
  recordLayout,
  sizeOf,
  variantCases,
  variantLayout,
} from '../../../layout.ts';
import { arrayOf, keysOf, numberArray } from '../../../typescript/types.ts';
import { abi, instanceType } from '../abi.ts';
import { behindAlias } from '../../../world/plan.ts';
import { caseValue, invalid, loadDiscriminant } from './cases.ts';
import { type Context } from './context.ts';
import { styleOf, typeOf } from '../../../typescript/context.ts';
import { accountArgument, accountParameter, functionFor } from './functions.ts';
import { liftHandle } from './handles.ts';
import { liftLabels } from './labels.ts';
import { numbersFunction, primitive, unsupported } from './primitives.ts';
import { address, advance, times } from './reading.ts';

/** An expression that loads a value. `base` is an identifier. Spec: `load`. */
export function load(cx: Context, type: Type, base: string, offset: number): Code {
  const { side, type: behind } = behindAlias(cx.plan, cx.side, type);
  const p = address(base, offset);
  if (behind.kind !== 'type-definition') return code`${abi[primitive(behind.kind).load]}(cx, ${p})`;
  const inner: Context = { ...cx, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record':
    case 'variant':
    case 'option':
    case 'result':
    case 'fixed-length-list':
      return code`${loadFunction(inner, behind)}(cx, ${p}${accountArgument(inner, behind)})`;
    case 'tuple':
      // One written in place is loaded in place; a named one may be part of many others.
      return behind.name === undefined
        ? tuple(inner, shape.types, base, offset)
        : code`${loadFunction(inner, behind)}(cx, ${p}${accountArgument(inner, behind)})`;
    case 'list':
    case 'map':
      return liftRange(
        inner,
        behind,
        code`${abi.loadU32}(cx, ${p})`,
        code`${abi.loadU32}(cx, ${address(base, offset + 4)})`,
      );
    case 'enum':
      return code`${liftLabels(inner, behind)}(${loadDiscriminant(discriminantSize(shape.cases.length))}(cx, ${p}))`;
    case 'flags':
      return code`${liftLabels(inner, behind)}(${loadDiscriminant(flagsSize(shape.flags.length))}(cx, ${p}))`;
    case 'own':
    case 'borrow':
      return liftHandle(inner, shape.kind, shape.resource, code`${abi.loadU32}(cx, ${p})`);
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape.kind);
  }
}

/** An expression for a list or map in a range that the guest gave. Spec: `load_list_from_range`. */
export function liftRange(outer: Context, type: TypeDefinition, pointer: Code, length: Code): Code {
  const { shape } = type;
  if (shape.kind === 'list' && numberArray(shape.element) !== undefined) {
    return code`${numbersFunction('lift', shape.element)}(cx, ${pointer}, ${length})`;
  }
  const lift = functionFor(outer, 'lift', type, (name, cx) => {
    const result = typeOf(cx, type);
    const body = rangeBody(cx, shape);
    return code`export function ${name}(cx${ts`: ${instanceType}`}, p${ts`: number`}, n${ts`: number`}${accountParameter(cx, 'lent', body)})${ts`: ${result}`} { ${body} }`;
  });
  return code`${lift}(cx, ${pointer}, ${length}${accountArgument(outer, type)})`;
}

function rangeBody(cx: Context, shape: TypeShape): Code {
  if (shape.kind === 'map') {
    const { size, alignment, offsets } = recordLayout([shape.key, shape.value]);
    return code`
      ${abi.checkList}(cx, p, ${times('n', size)}, ${alignment - 1});
      const map = new Map${ts`<${typeOf(cx, shape.key)}, ${typeOf(cx, shape.value)}>`}();
      for (let i = 0; i < n; i++, ${advance('p', size)}) map.set(${load(cx, shape.key, 'p', 0)}, ${load(cx, shape.value, 'p', offsets[1]!)});
      return map;`;
  }
  if (shape.kind !== 'list') throw unsupported(shape.kind);
  const size = sizeOf(shape.element);
  return code`
    ${abi.checkList}(cx, p, ${times('n', size)}, ${alignmentOf(shape.element) - 1});
    const list = new Array${ts`<${typeOf(cx, shape.element)}>`}(n);
    for (let i = 0; i < n; i++, ${advance('p', size)}) list[i] = ${load(cx, shape.element, 'p', 0)};
    return list;`;
}

function loadFunction(outer: Context, type: TypeDefinition): Name {
  return functionFor(outer, 'load', type, (name, cx) => {
    const body = loadBody(cx, type.shape);
    const instance = mentions(body, 'cx') ? 'cx' : '_cx';
    return code`export function ${name}(${instance}${ts`: ${instanceType}`}, p${ts`: number`}${accountParameter(cx, 'lent', body)})${ts`: ${typeOf(cx, type)}`} { ${body} }`;
  });
}

function loadBody(cx: Context, shape: TypeShape): Code {
  switch (shape.kind) {
    case 'record': {
      const { offsets } = recordLayout(shape.fields.map((field) => field.type));
      const keys = keysOf(shape.fields);
      const fields = shape.fields.map(
        (field, index) => code`${keys.get(field.name)}: ${load(cx, field.type, 'p', offsets[index]!)},\n`,
      );
      return code`return { ${fields} };`;
    }
    case 'tuple':
      return code`return ${tuple(cx, shape.types, 'p', 0)};`;
    case 'fixed-length-list': {
      if (numberArray(shape.element) !== undefined) {
        return code`return ${numbersFunction('lift', shape.element)}(cx, p, ${shape.length});`;
      }
      return code`
        const list${ts`: ${arrayOf(shape.element, styleOf(cx))}`} = [];
        for (let i = 0; i < ${shape.length}; i++, ${advance('p', sizeOf(shape.element))}) list.push(${load(cx, shape.element, 'p', 0)});
        return list;`;
    }
    case 'variant':
    case 'option':
    case 'result': {
      const cases = variantCases(shape)!;
      const layout = variantLayout(cases);
      const arms = cases.map((type, index) => {
        const value = type === undefined ? undefined : load(cx, type, 'p', layout.payload);
        return code`case ${index}: return ${caseValue(cx, shape, index, value)};\n`;
      });
      return code`switch (${loadDiscriminant(layout.discriminant)}(cx, p)) { ${arms} default: return ${abi.trap}(${invalid(shape)}); }`;
    }
    case 'list':
    case 'map':
    case 'enum':
    case 'flags':
    case 'own':
    case 'borrow':
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape.kind);
  }
}

function tuple(cx: Context, types: readonly Type[], base: string, offset: number): Code {
  const { offsets } = recordLayout(types);
  const items = types.map((type, index) => load(cx, type, base, offset + offsets[index]!));
  return code`[${join(items, ', ')}]`;
}
