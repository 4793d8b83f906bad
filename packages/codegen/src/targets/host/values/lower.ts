/** From values to flat core values: statements that check and lower, and leave each core value under a name. */
import type { Type, TypeShape } from '@wittle/parser';
import { code, quote, ts, type Code } from '../../../emit/code.ts';
import { flatten, flattenCases, variantCases, type CoreType } from '../../../layout.ts';
import { pascalCase } from '../../../typescript/names.ts';
import { isOption, isPlainOption, keysOf } from '../../../typescript/types.ts';
import { caseTags, variantKeys } from '../../../typescript/variants.ts';
import { abi } from '../abi.ts';
import { behindAlias } from '../../../world/plan.ts';
import { badTag } from './cases.ts';
import { bind, declare, local, type Context, type Locals } from './context.ts';
import { typeOf } from '../../../typescript/context.ts';
import { lowerHandle } from './handles.ts';
import { lowerLabels } from './labels.ts';
import { primitive, unsupported } from './primitives.ts';
import { read } from './reading.ts';
import { lowerRange } from './store.ts';

/** Statements that check and lower a value, and the core values that they leave: identifiers. */
export interface Lowered {
  readonly statements: readonly Code[];
  readonly cores: readonly Code[];
}

/**
 * An expression for the only core value of a type, where nothing but checking the value gives it; `undefined` for types
 * that take statements. `path` is where the value is, as plain text.
 */
export function lowerOne(cx: Context, type: Type, value: Code, path: string): Code | undefined {
  const { side, type: behind } = behindAlias(cx.plan, cx.side, type);
  const where = quote(path);
  if (behind.kind !== 'type-definition') {
    const { check } = primitive(behind.kind);
    return check === undefined ? undefined : code`${abi[check]}(${value}, ${where})`;
  }
  const inner: Context = { ...cx, side };
  const { shape } = behind;
  if (shape.kind === 'enum' || shape.kind === 'flags') {
    return code`${lowerLabels(inner, behind)}(${value}, ${where})`;
  }
  if (shape.kind === 'own' || shape.kind === 'borrow') {
    return lowerHandle(inner, shape.kind, shape.resource, value, where);
  }
  return undefined;
}

/**
 * Lowers a value to flat core values. `value` is an expression without effects, `path` is where it is, as plain text,
 * and `name` begins the local names. Spec: `lower_flat`.
 */
export function lowerFlat(
  cx: Context,
  type: Type,
  value: Code,
  path: string,
  locals: Locals,
  name: string,
): Lowered {
  const one = lowerOne(cx, type, value, path);
  if (one !== undefined) {
    const core = local(locals, name);
    return { statements: [bind(locals, core, flatten(type)[0]!, one)], cores: [code`${core}`] };
  }
  const where = quote(path);
  const range = (expression: Code): Lowered => {
    const pointer = local(locals, name);
    const length = local(locals, `${name}Length`);
    return {
      statements: [bind(locals, pointer, 'i32', expression), bind(locals, length, 'i32', code`cx.len`)],
      cores: [code`${pointer}`, code`${length}`],
    };
  };
  const { side, type: behind } = behindAlias(cx.plan, cx.side, type);
  if (behind.kind !== 'type-definition') return range(code`${abi.lowerString}(cx, ${value}, ${where})`);
  const inner: Context = { ...cx, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record': {
      const keys = keysOf(shape.fields);
      const each = shape.fields.map((field) => {
        const key = keys.get(field.name)!;
        const part = read(value, key, isPlainOption(field.type));
        const words = `${name}${pascalCase(field.name)}`;
        return lowerFlat(inner, field.type, part, `${path}.${key}`, locals, words);
      });
      return together(code`${abi.object}(${value}, ${where});`, each);
    }
    case 'tuple': {
      const each = shape.types.map((part, index) =>
        lowerFlat(inner, part, code`${value}[${index}]`, `${path}[${index}]`, locals, `${name}${index}`),
      );
      return together(code`${abi.tuple}(${value}, ${shape.types.length}, ${where});`, each);
    }
    case 'fixed-length-list': {
      const { element, length } = shape;
      const items = local(locals, `${name}Items`);
      const each = Array.from({ length }, (_, index) =>
        lowerFlat(
          inner,
          element,
          code`${items}[${index}]${ts`!`}`,
          `${path}[${index}]`,
          locals,
          `${name}${index}`,
        ),
      );
      const first = code`const ${items} = ${abi.fixedLength}(${value}, ${length}, ${where})${ts` as ArrayLike<${typeOf(inner, element)}>`};`;
      return together(first, each);
    }
    case 'variant':
    case 'option':
    case 'result':
      return lowerCases(inner, shape, value, path, locals, name);
    case 'list':
    case 'map':
      return range(lowerRange(inner, behind, value, where));
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

function together(first: Code, each: readonly Lowered[]): Lowered {
  return {
    statements: [first, ...each.flatMap((part) => part.statements)],
    cores: each.flatMap((part) => part.cores),
  };
}

/** Spec: `lower_flat_variant`. */
function lowerCases(
  cx: Context,
  shape: TypeShape,
  value: Code,
  path: string,
  locals: Locals,
  name: string,
): Lowered {
  const cases = variantCases(shape)!;
  const tag = local(locals, `${name}Tag`);
  const shared = flattenCases(cases).map((core, index) => ({ core, name: local(locals, `${name}${index}`) }));
  const declarations = [
    declare(locals, tag, 'i32'),
    ...shared.map((each) => declare(locals, each.name, each.core)),
  ];
  // What a case needs stays in its block.
  const inner: Locals = { ...locals, hoisted: undefined };
  const payload = (type: Type, of: Code, where: string): Code => {
    const lowered = lowerFlat(cx, type, of, where, inner, `${name}Value`);
    const assign = flatten(type).map((have, index) => {
      const { core: want, name: target } = shared[index]!;
      return code`${target} = ${coerceDown(lowered.cores[index]!, have, want)};`;
    });
    return code`${lowered.statements} ${assign}`;
  };
  const result = (statement: Code): Lowered => ({
    statements: [...declarations, statement],
    cores: [code`${tag}`, ...shared.map((each) => code`${each.name}`)],
  });
  if (shape.kind === 'option' && !isOption(shape.type)) {
    const some = local(locals, `${name}Some`);
    return result(
      code`const ${some} = ${value}; if (${some} !== undefined) { ${tag} = 1; ${payload(shape.type, code`${some}`, path)} }`,
    );
  }
  const { shapes } = cx.side;
  const keys = variantKeys(shapes);
  const tags = caseTags(shape, shapes);
  const arms = tags.map((each, index) => {
    const type = cases[index];
    const body =
      type === undefined
        ? undefined
        : payload(type, code`${value}.${keys.payload}`, `${path}.${keys.payload}`);
    const set = index === 0 ? undefined : code`${tag} = ${index};`;
    return code`case ${quote(each)}: { ${set} ${body} break; }\n`;
  });
  return result(
    code`${abi.object}(${value}, ${quote(path)}); switch (${value}.${keys.tag}) { ${arms} default: ${badTag(value, keys.tag, tags, path)} }`,
  );
}

/** From the core value of a payload to the one that the cases share. */
function coerceDown(value: Code, have: CoreType, want: CoreType): Code {
  if (have === want) return value;
  if (have === 'f32' && want === 'i32') return code`${abi.f32ToI32}(${value})`;
  if (have === 'f32') return code`BigInt(${abi.f32ToI32}(${value}) >>> 0)`;
  if (have === 'f64') return code`${abi.f64ToI64}(${value})`;
  return code`BigInt(${value} >>> 0)`;
}
