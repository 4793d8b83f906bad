/** From values to memory, with every check on the way: a statement per use, a function per compound type. */
import type { Type, TypeDefinition, TypeShape } from '@wittle/parser';
import { code, quote, ts, type Code, type Name, type Piece } from '../../../emit/code.ts';
import {
  alignmentOf,
  discriminantSize,
  flagsSize,
  recordLayout,
  sizeOf,
  variantCases,
  variantLayout,
} from '../../../layout.ts';
import { arrayOf, isOption, isPlainOption, keysOf, numberArray } from '../../../typescript/types.ts';
import { caseTags, variantKeys } from '../../../typescript/variants.ts';
import { abi, instanceType } from '../abi.ts';
import { withConstants } from '../constants.ts';
import { behindAlias } from '../../../world/plan.ts';
import { badTag, storeDiscriminant } from './cases.ts';
import { type Context } from './context.ts';
import { styleOf, parameterType, typeOf } from '../../../typescript/context.ts';
import { accountArgument, accountParameter, functionFor } from './functions.ts';
import { lowerHandle } from './handles.ts';
import { lowerLabels } from './labels.ts';
import { numbersFunction, primitive, unsupported } from './primitives.ts';
import { address, advance, guarded, read } from './reading.ts';

/** A statement that checks a value and stores it. `path` is an expression for where the value is. Spec: `store`. */
export function store(
  cx: Context,
  type: Type,
  base: string,
  offset: number,
  value: Piece,
  path: string,
): Code {
  const { side, type: behind } = behindAlias(cx.plan, cx.side, type);
  const p = address(base, offset);
  if (behind.kind !== 'type-definition') {
    const leaf = primitive(behind.kind);
    if (leaf.check === undefined) return code`${abi[leaf.store]}(cx, ${p}, ${value}, ${path});`;
    return code`${abi[leaf.store]}(cx, ${p}, ${abi[leaf.check]}(${value}, ${path}));`;
  }
  const inner: Context = { ...cx, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record':
    case 'variant':
    case 'option':
    case 'result':
    case 'tuple':
    case 'fixed-length-list':
      return code`${storeFunction(inner, behind)}(cx, ${p}, ${value}, ${path}${accountArgument(inner, behind)});`;
    case 'list':
    case 'map':
      return code`${abi.storePair}(cx, ${p}, ${lowerRange(inner, behind, value, path)});`;
    case 'enum':
      return code`${storeDiscriminant(discriminantSize(shape.cases.length))}(cx, ${p}, ${lowerLabels(inner, behind)}(${value}, ${path}));`;
    case 'flags':
      return code`${storeDiscriminant(flagsSize(shape.flags.length))}(cx, ${p}, ${lowerLabels(inner, behind)}(${value}, ${path}));`;
    case 'own':
    case 'borrow':
      return code`${abi.storeU32}(cx, ${p}, ${lowerHandle(inner, shape.kind, shape.resource, value, path)});`;
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape.kind);
  }
}

/** An expression that lowers a list or map: its pointer, with the length in `cx.len`. Spec: `store_list_into_range`. */
export function lowerRange(outer: Context, type: TypeDefinition, value: Piece, path: string): Code {
  const { shape } = type;
  if (shape.kind === 'list' && numberArray(shape.element) !== undefined) {
    return code`${numbersFunction('lower', shape.element)}(cx, ${value}, ${path})`;
  }
  const lower = functionFor(outer, 'lower', type, (name, cx) => {
    const body = rangeBody(cx, shape);
    return code`export function ${name}(cx${ts`: ${instanceType}`}, v${ts`: ${parameterType(cx, type)}`}, at${ts`: string`}${accountParameter(cx, 'lowered', body)})${ts`: number`} { ${body} }`;
  });
  return code`${lower}(cx, ${value}, ${path}${accountArgument(outer, type)})`;
}

function rangeBody(cx: Context, shape: TypeShape): Code {
  if (shape.kind === 'map') {
    const { size, alignment, offsets } = recordLayout([shape.key, shape.value]);
    return code`
      const list = ${abi.entries}(v, at)${ts` as readonly [${typeOf(cx, shape.key)}, ${typeOf(cx, shape.value)}][]`};
      ${elements(
        size,
        alignment,
        code`const entry = list[i]${ts`!`};
          ${store(cx, shape.key, 'q', 0, 'entry[0]', "'.key'")}
          ${store(cx, shape.value, 'q', offsets[1]!, 'entry[1]', "'.value'")}`,
      )}`;
  }
  if (shape.kind !== 'list') throw unsupported(shape.kind);
  const list = code`const list = ${abi.array}(v, at)${ts` as readonly ${arrayOf(shape.element, styleOf(cx))}`};\n`;
  const { side, type: element } = behindAlias(cx.plan, cx.side, shape.element);
  if (element.kind !== 'type-definition' || element.shape.kind !== 'record') {
    const each = store(cx, shape.element, 'q', 0, code`list[i]${ts`!`}`, "''");
    return code`${list}${elements(sizeOf(shape.element), alignmentOf(shape.element), each)}`;
  }
  // In place, and with constants: a call for each record, or asking a module for its function, takes as long as the rest.
  const fields = storeFields({ ...cx, side }, element.shape, 'q', 'item');
  const each = code`const item = list[i]${ts`!`}; ${fields}`;
  return withConstants(code`${list}${elements(sizeOf(element), alignmentOf(element), each)}`);
}

/** Statements that store the fields of a record; what is no record fails at the first, if one must be there. */
function storeFields(cx: Context, shape: RecordShape, base: string, value: string): Code {
  const { offsets } = recordLayout(shape.fields.map((field) => field.type));
  const keys = keysOf(shape.fields);
  const fields = shape.fields.map(({ name, type }, index) => {
    const key = keys.get(name)!;
    const part = read(value, key, isPlainOption(type));
    return code`${store(cx, type, base, offsets[index]!, part, quote(`.${key}`))}\n`;
  });
  // Reading a field of `undefined` throws, unless every field may be absent.
  const checked = shape.fields.every((field) => isOption(field.type))
    ? code`${abi.object}(${value}, '');`
    : undefined;
  return code`${checked} ${fields}`;
}

type RecordShape = Extract<TypeShape, { readonly kind: 'record' }>;

/** The rest of a function that stores the elements of `list`: at `q`, those with index `i`. */
function elements(size: number, alignment: number, each: Code): Code {
  return code`
    const n = list.length;
    const p = ${abi.allocList}(cx, n, ${size}, ${alignment});
    let i = 0;
    try {
      for (let q = p; i < n; i++, ${advance('q', size)}) { ${each} }
    } catch (error) { throw ${abi.within}(error, \`\${at}[\${i}]\`, list[i]); }
    cx.len = n;
    return p;`;
}

function storeFunction(outer: Context, type: TypeDefinition): Name {
  return functionFor(outer, 'store', type, (name, cx) => {
    const body = storeBody(cx, type.shape);
    return code`export function ${name}(cx${ts`: ${instanceType}`}, p${ts`: number`}, v${ts`: ${typeOf(cx, type)}`}, at${ts`: string`}${accountParameter(cx, 'lowered', body)})${ts`: void`} { ${body} }`;
  });
}

function storeBody(cx: Context, shape: TypeShape): Code {
  switch (shape.kind) {
    case 'record':
      return guarded(storeFields(cx, shape, 'p', 'v'));
    case 'tuple': {
      const { offsets } = recordLayout(shape.types);
      const items = shape.types.map(
        (type, index) => code`${store(cx, type, 'p', offsets[index]!, `v[${index}]`, quote(`[${index}]`))}\n`,
      );
      return guarded(code`${abi.tuple}(v, ${shape.types.length}, ''); ${items}`);
    }
    case 'fixed-length-list': {
      const size = sizeOf(shape.element);
      return code`
        const list = ${abi.fixedLength}(v, ${shape.length}, at)${ts` as ArrayLike<${typeOf(cx, shape.element)}>`};
        let i = 0;
        try {
          for (let q = p; i < ${shape.length}; i++, ${advance('q', size)}) { ${store(cx, shape.element, 'q', 0, code`list[i]${ts`!`}`, "''")} }
        } catch (error) { throw ${abi.within}(error, \`\${at}[\${i}]\`, list[i]); }`;
    }
    case 'option': {
      if (isOption(shape.type)) return storeCases(cx, shape);
      const { payload } = variantLayout(variantCases(shape)!);
      return code`
        if (v === undefined) { ${abi.storeU8}(cx, p, 0); return; }
        ${abi.storeU8}(cx, p, 1);
        ${store(cx, shape.type, 'p', payload, 'v', 'at')}`;
    }
    case 'variant':
    case 'result':
      return storeCases(cx, shape);
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

function storeCases(cx: Context, shape: TypeShape): Code {
  const cases = variantCases(shape)!;
  const layout = variantLayout(cases);
  const { shapes } = cx.side;
  const keys = variantKeys(shapes);
  const tags = caseTags(shape, shapes);
  const arms = tags.map((tag, index) => {
    const type = cases[index];
    const payload =
      type === undefined
        ? undefined
        : store(cx, type, 'p', layout.payload, `v.${keys.payload}`, quote(`.${keys.payload}`));
    return code`case ${quote(tag)}: ${storeDiscriminant(layout.discriminant)}(cx, p, ${index}); ${payload} break;\n`;
  });
  // What is no object at all has no tag either.
  return guarded(
    code`switch (v.${keys.tag}) { ${arms} default: ${abi.object}(v, ''); ${badTag('v', keys.tag, tags, '')} }`,
  );
}
