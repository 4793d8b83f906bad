/** Enums and flags: a number to the Canonical ABI, labels in JavaScript. */
import type { TypeDefinition } from '@wittle/parser';
import { code, join, quote, ts, type Name } from '../../../emit/code.ts';
import { keysOf } from '../../../typescript/types.ts';
import { abi } from '../abi.ts';
import { caseTags } from '../../../typescript/variants.ts';
import { invalid, oneOf } from './cases.ts';
import { type Context } from './context.ts';
import { typeOf } from '../../../typescript/context.ts';
import { functionFor } from './functions.ts';
import { unsupported } from './primitives.ts';
import { guarded, read } from './reading.ts';

/** The function from the number to the value. Spec: `unpack_flags_from_int`, `lift_flat_variant`. */
export function liftLabels(cx: Context, type: TypeDefinition): Name {
  return functionFor(cx, 'lift', type, (name) => {
    const { shape } = type;
    if (shape.kind === 'enum') {
      return code`export function ${name}(index${ts`: number`})${ts`: ${typeOf(cx, type)}`} {
        return index >>> 0 < ${shape.cases.length} ? ${enumLabels(cx, type)}[index]${ts`!`} : ${abi.trap}(${invalid(shape)});
      }`;
    }
    if (shape.kind !== 'flags') throw unsupported(shape.kind);
    const fields = [...keysOf(shape.flags).values()].map(
      (key, bit) => `${key}: (bits & 0x${(2 ** bit).toString(16)}) !== 0,\n`,
    );
    return code`export function ${name}(bits${ts`: number`})${ts`: ${typeOf(cx, type)}`} { return { ${fields} }; }`;
  });
}

/** The function that checks a value and gives its number. Spec: `pack_flags_into_int`, `match_case`. */
export function lowerLabels(cx: Context, type: TypeDefinition): Name {
  return functionFor(cx, 'lower', type, (name) => {
    const { shape } = type;
    if (shape.kind === 'enum') {
      const arms = shape.cases.map((each, index) => code`case ${quote(each.name)}: return ${index};\n`);
      return code`export function ${name}(v${ts`: ${typeOf(cx, type)}`}, at${ts`: string`})${ts`: number`} {
        switch (v) { ${arms} default: return ${abi.bad}(v, ${quote(oneOf(caseTags(shape, cx.side.shapes)))}, at); }
      }`;
    }
    if (shape.kind !== 'flags') throw unsupported(shape.kind);
    const keys = [...keysOf(shape.flags).values()];
    const bits = keys.map((key, bit) => {
      const flag = code`${abi.flag}(${read('v', key, true)}, ${quote(`.${key}`)})`;
      return bit === 0 ? flag : code`(${flag} << ${bit})`;
    });
    const unknown = keys.map((key) => `key !== ${quote(key)}`).join(' && ');
    return code`export function ${name}(v${ts`: ${typeOf(cx, type)}`}, at${ts`: string`})${ts`: number`} {
      ${guarded(code`
        ${abi.object}(v, '');
        for (const key in v) { if (${unknown}) ${abi.bad}(key, ${quote(`one of ${keys.join(', ')}`)}, ''); }
        return ${join(bits, ' | ')};`)}
    }`;
  });
}

/** The labels of an enum, in order. */
function enumLabels(cx: Context, type: TypeDefinition): Name {
  return functionFor(cx, 'labels', type, (name) => {
    const labels = caseTags(type.shape, cx.side.shapes).map((each) => quote(each));
    return code`const ${name}${ts`: readonly ${typeOf(cx, type)}[]`} = [${labels.join(', ')}];`;
  });
}
