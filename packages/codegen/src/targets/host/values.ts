/**
 * Values in generated glue: the functions per WIT type that load, store, lift and lower it, made where they are asked
 * for. Named types have theirs in the file that declares them, types written in place in the file that uses them.
 *
 * The glue only names the runtime's leaf functions. Offsets and discriminants are constants; every check happens while
 * lowering, with the path of the value in the message.
 */
import type { Type, TypeDefinition, TypeShape } from '@wittle/parser';
import { code, join, mentions, quote, type Code, type Name, type Piece } from '../../emit/code.ts';
import {
  alignmentOf,
  flagsSize,
  flatten,
  flattenCases,
  recordLayout,
  sizeOf,
  variantCases,
  variantLayout,
  type CoreType,
} from '../../layout.ts';
import { camelCase, pascalCase, typeName } from '../../typescript/names.ts';
import { isOption, numberArray, typeExpression } from '../../typescript/types.ts';
import { abi, abiNames, instanceType, type AbiName } from './abi.ts';
import { behindAlias, declared, resourceOf, typeSymbol, type Plan, type Side } from './plan.ts';

/** The functions that the files of one world came to need. */
export interface ValueFunctions {
  readonly plan: Plan;
  /** By file, then by what they do to which type; in the order in which they were asked for. */
  readonly files: Map<string, Map<string, { readonly name: Name; text: Code }>>;
}

export function valueFunctions(plan: Plan): ValueFunctions {
  return { plan, files: new Map() };
}

/** The functions of one file, as text. */
export function functionsOf(functions: ValueFunctions, file: string): readonly Code[] {
  return [...(functions.files.get(file)?.values() ?? [])].map((each) => each.text);
}

/** What code about one side's values is written with. */
export interface Context {
  readonly functions: ValueFunctions;
  readonly side: Side;
}

/** The TypeScript type of a value. */
export function typeOf(cx: Context, type: Type): Code {
  return typeExpression(type, (of) => {
    const { side, type: named } = declared(cx.functions.plan, cx.side, of);
    return typeSymbol(side, named);
  });
}

/** The type of a parameter: a list written in place may be one that is not changed. */
export function parameterType(cx: Context, type: Type): Code {
  const isList = type.kind === 'type-definition' && type.name === undefined && type.shape.kind === 'list';
  const array = isList && type.shape.kind === 'list' && numberArray(type.shape.element) === undefined;
  return array ? code`readonly ${typeOf(cx, type)}` : typeOf(cx, type);
}

/** An expression for the core value type in TypeScript. */
export function coreTypeName(core: CoreType): 'number' | 'bigint' {
  return core === 'i64' ? 'bigint' : 'number';
}

/** The zero of a core type, where a case of a variant leaves a shared value unused. */
export function zeroOf(core: CoreType): string {
  return core === 'i64' ? '0n' : '0';
}

// Memory → value

/** An expression that loads a value. `base` is an identifier. Spec: `load`. */
export function load(cx: Context, type: Type, base: string, offset: number): Code {
  const { side, type: behind } = behindAlias(cx.functions.plan, cx.side, type as TypeDefinition);
  const p = at(base, offset);
  if (behind.kind !== 'type-definition') {
    const leaf = primitive(behind.kind);
    return code`${abi[leaf.load]}(cx, ${p})`;
  }
  const inner: Context = { functions: cx.functions, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record':
    case 'variant':
    case 'option':
    case 'result':
    case 'fixed-length-list':
      return code`${loadFunction(inner, behind)}(cx, ${p})`;
    case 'tuple': {
      const { offsets } = recordLayout(shape.types);
      return code`[${join(
        shape.types.map((each, index) => load(inner, each, base, offset + offsets[index]!)),
        ', ',
      )}]`;
    }
    case 'list':
    case 'map':
      return liftRange(
        inner,
        behind,
        code`${abi.loadU32}(cx, ${p})`,
        code`${abi.loadU32}(cx, ${at(base, offset + 4)})`,
      );
    case 'enum':
      return code`${liftFunction(inner, behind)}(${discriminant(variantLayout(variantCases(shape)!).discriminant)}(cx, ${p}))`;
    case 'flags': {
      const size = flagsSize(shape.flags.length);
      const words = Math.ceil(size / 4);
      const load = discriminant(Math.min(size, 4));
      const bits = Array.from(
        { length: words },
        (_, word) => code`${load}(cx, ${at(base, offset + 4 * word)})`,
      );
      return code`${liftFunction(inner, behind)}(${join(bits, ', ')})`;
    }
    case 'own':
    case 'borrow':
      return liftHandle(inner, shape.kind, shape.resource, code`${abi.loadU32}(cx, ${p})`);
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape);
  }
}

// Value → memory

/** A statement that checks a value and stores it. `path` is an expression for where the value is. Spec: `store`. */
export function store(
  cx: Context,
  type: Type,
  base: string,
  offset: number,
  value: Piece,
  path: string,
): Code {
  const { side, type: behind } = behindAlias(cx.functions.plan, cx.side, type as TypeDefinition);
  const p = at(base, offset);
  if (behind.kind !== 'type-definition') {
    const leaf = primitive(behind.kind);
    if (leaf.check === undefined) return code`${abi[leaf.store]}(cx, ${p}, ${value}, ${path});`;
    return code`${abi[leaf.store]}(cx, ${p}, ${abi[leaf.check]}(${value}, ${path}));`;
  }
  const inner: Context = { functions: cx.functions, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record':
    case 'variant':
    case 'option':
    case 'result':
    case 'tuple':
    case 'fixed-length-list':
      return code`${storeFunction(inner, behind)}(cx, ${p}, ${value}, ${path});`;
    case 'list':
    case 'map':
      return code`${abi.storePair}(cx, ${p}, ${lowerRange(inner, behind, value, path)});`;
    case 'enum':
      return code`${storeDiscriminant(variantLayout(variantCases(shape)!).discriminant)}(cx, ${p}, ${lowerFunction(inner, behind)}(${value}, ${path}));`;
    case 'flags': {
      const size = flagsSize(shape.flags.length);
      if (size <= 4) {
        return code`${storeDiscriminant(size)}(cx, ${p}, ${lowerFunction(inner, behind)}(${value}, ${path}));`;
      }
      const words = size / 4;
      return code`{ const $words = ${lowerFunction(inner, behind)}(${value}, ${path}); ${Array.from(
        { length: words },
        (_, word) => code`${abi.storeU32}(cx, ${at(base, offset + 4 * word)}, $words[${word}]!);`,
      )} }`;
    }
    case 'own':
    case 'borrow':
      return code`${abi.storeU32}(cx, ${p}, ${lowerHandle(inner, shape.kind, shape.resource, value, path)});`;
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape);
  }
}

// Core values → value

/** An expression that lifts a value from its flat core values. Spec: `lift_flat`. */
export function liftFlat(cx: Context, type: Type, cores: readonly Code[]): Code {
  const { side, type: behind } = behindAlias(cx.functions.plan, cx.side, type as TypeDefinition);
  const [first = code``, second = code``] = cores;
  if (behind.kind !== 'type-definition') {
    const leaf = primitive(behind.kind);
    if (behind.kind === 'string') return code`${abi.liftString}(cx, ${first} >>> 0, ${second} >>> 0)`;
    return leaf.lift === undefined ? first : code`${abi[leaf.lift]}(${first})`;
  }
  const inner: Context = { functions: cx.functions, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record': {
      let next = 0;
      const fields = shape.fields.map((field) => {
        const count = flatten(field.type).length;
        next += count;
        return code`${camelCase(field.name)}: ${liftFlat(inner, field.type, cores.slice(next - count, next))}`;
      });
      return code`{ ${join(fields, ', ')} }`;
    }
    case 'tuple':
      return code`[${join(liftEach(inner, shape.types, cores), ', ')}]`;
    case 'fixed-length-list': {
      const items = join(
        liftEach(
          inner,
          Array.from({ length: shape.length }, () => shape.element),
          cores,
        ),
        ', ',
      );
      const array = numberArray(shape.element);
      return array === undefined ? code`[${items}]` : code`${array}.of(${items})`;
    }
    case 'variant':
    case 'option':
    case 'result':
      return code`${liftFlatFunction(inner, behind)}(cx, ${join(cores, ', ')})`;
    case 'list':
    case 'map':
      return liftRange(inner, behind, code`${first} >>> 0`, code`${second} >>> 0`);
    case 'enum':
    case 'flags':
      return code`${liftFunction(inner, behind)}(${join(cores, ', ')})`;
    case 'own':
    case 'borrow':
      return liftHandle(inner, shape.kind, shape.resource, first);
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape);
  }
}

/** The flat core values, taken type by type. */
export function liftEach(cx: Context, types: readonly Type[], cores: readonly Code[]): Code[] {
  let next = 0;
  return types.map((type) => {
    const count = flatten(type).length;
    next += count;
    return liftFlat(cx, type, cores.slice(next - count, next));
  });
}

// Value → core values

/** Statements that check and lower a value, and the core values that they leave. */
export interface Lowered {
  readonly statements: readonly Code[];
  readonly cores: readonly Code[];
}

/** Gives local names that no other has: `$a`, `$a_2`. */
export interface Locals {
  readonly taken: Set<string>;
}

export function local(locals: Locals, name: string): string {
  let text = `$${name}`;
  for (let n = 2; locals.taken.has(text); n++) text = `$${name}_${n}`;
  locals.taken.add(text);
  return text;
}

/** Lowers a value to flat core values. `path` is where the value is, as plain text. Spec: `lower_flat`. */
export function lowerFlat(
  cx: Context,
  type: Type,
  value: Code,
  path: string,
  locals: Locals,
  name: string,
): Lowered {
  const { side, type: behind } = behindAlias(cx.functions.plan, cx.side, type as TypeDefinition);
  const where = quote(path);
  const one = (expression: Code): Lowered => {
    const core = local(locals, name);
    return { statements: [code`const ${core} = ${expression};`], cores: [code`${core}`] };
  };
  const range = (expression: Code): Lowered => {
    const pointer = local(locals, name);
    const length = local(locals, `${name}Length`);
    return {
      statements: [code`const ${pointer} = ${expression}; const ${length} = cx.len;`],
      cores: [code`${pointer}`, code`${length}`],
    };
  };
  if (behind.kind !== 'type-definition') {
    const leaf = primitive(behind.kind);
    if (behind.kind === 'string') return range(code`${abi.lowerString}(cx, ${value}, ${where})`);
    return one(code`${abi[leaf.check!]}(${value}, ${where})`);
  }
  const inner: Context = { functions: cx.functions, side };
  const { shape } = behind;
  switch (shape.kind) {
    case 'record': {
      const fields = shape.fields.map((field) => ({ key: camelCase(field.name), type: field.type }));
      const each = fields.map(({ key, type }) =>
        lowerFlat(inner, type, code`${value}.${key}`, `${path}.${key}`, locals, `${name}${pascalCase(key)}`),
      );
      return {
        statements: [code`${abi.object}(${value}, ${where});`, ...each.flatMap((part) => part.statements)],
        cores: each.flatMap((part) => part.cores),
      };
    }
    case 'tuple': {
      const each = shape.types.map((type, index) =>
        lowerFlat(inner, type, code`${value}[${index}]`, `${path}[${index}]`, locals, `${name}${index}`),
      );
      return {
        statements: [
          code`${abi.tuple}(${value}, ${shape.types.length}, ${where});`,
          ...each.flatMap((part) => part.statements),
        ],
        cores: each.flatMap((part) => part.cores),
      };
    }
    case 'fixed-length-list': {
      const items = local(locals, `${name}Items`);
      const each = Array.from({ length: shape.length }, (_, index) =>
        lowerFlat(
          inner,
          shape.element,
          code`${items}[${index}]!`,
          `${path}[${index}]`,
          locals,
          `${name}${index}`,
        ),
      );
      return {
        statements: [
          code`const ${items} = ${abi.fixedLength}(${value}, ${shape.length}, ${where}) as ArrayLike<${typeOf(inner, shape.element)}>;`,
          ...each.flatMap((part) => part.statements),
        ],
        cores: each.flatMap((part) => part.cores),
      };
    }
    case 'variant':
    case 'option':
    case 'result':
      return lowerFlatVariant(inner, shape, value, path, locals, name);
    case 'list':
    case 'map':
      return range(lowerRange(inner, behind, value, where));
    case 'enum':
      return one(code`${lowerFunction(inner, behind)}(${value}, ${where})`);
    case 'flags': {
      const words = Math.ceil(flagsSize(shape.flags.length) / 4);
      const lowered = one(code`${lowerFunction(inner, behind)}(${value}, ${where})`);
      if (words <= 1) return lowered;
      return {
        statements: lowered.statements,
        cores: Array.from({ length: words }, (_, word) => code`${lowered.cores[0]}[${word}]!`),
      };
    }
    case 'own':
    case 'borrow':
      return one(lowerHandle(inner, shape.kind, shape.resource, value, where));
    case 'resource':
    case 'stream':
    case 'future':
    case 'alias':
      throw unsupported(shape);
  }
}

/** Spec: `lower_flat_variant`. */
function lowerFlatVariant(
  cx: Context,
  shape: TypeShape,
  value: Code,
  path: string,
  locals: Locals,
  name: string,
): Lowered {
  const cases = variantCases(shape)!;
  const joined = flattenCases(cases);
  const tag = local(locals, `${name}Tag`);
  const shared = joined.map((core, index) => ({ core, name: local(locals, `${name}${index}`) }));
  const declare = [
    code`let ${tag} = 0;`,
    ...shared.map((each) => code`let ${each.name} = ${zeroOf(each.core)};`),
  ];
  const payload = (index: number, of: Code, where: string): Code => {
    const type = cases[index]!;
    const lowered = lowerFlat(cx, type, of, where, locals, `${name}Value`);
    const assign = flatten(type).map((have, at) => {
      const { core: want, name: target } = shared[at]!;
      return code`${target} = ${coerceDown(lowered.cores[at]!, have, want)};`;
    });
    return code`${lowered.statements} ${assign}`;
  };
  const result = (statements: readonly Code[]): Lowered => ({
    statements: [...declare, ...statements],
    cores: [code`${tag}`, ...shared.map((each) => code`${each.name}`)],
  });
  if (shape.kind === 'option' && !isOption(shape.type)) {
    const some = local(locals, `${name}Some`);
    return result([
      code`const ${some} = ${value}; if (${some} !== undefined) { ${tag} = 1; ${payload(1, code`${some}`, path)} }`,
    ]);
  }
  const tags = caseNames(shape);
  const arms = tags.map((each, index) => {
    const body = cases[index] === undefined ? undefined : payload(index, code`${value}.val`, `${path}.val`);
    const set = index === 0 ? undefined : code`${tag} = ${index};`;
    return code`case ${quote(each)}: { ${set} ${body} break; }\n`;
  });
  return result([
    code`${abi.object}(${value}, ${quote(path)}); switch (${value}.tag) { ${arms} default: ${badTag(value, tags, quote(`${path}.tag`))} }`,
  ]);
}

function badTag(value: Piece, tags: readonly string[], path: string): Code {
  return code`${abi.bad}((${value} as { readonly tag: unknown }).tag, ${quote(oneOf(tags))}, ${path});`;
}

/** From the core value of a payload to the one that the cases share. */
function coerceDown(value: Code, have: CoreType, want: CoreType): Code {
  if (have === want) return value;
  if (have === 'f32' && want === 'i32') return code`${abi.f32ToI32}(${value})`;
  if (have === 'f32') return code`BigInt(${abi.f32ToI32}(${value}) >>> 0)`;
  if (have === 'f64') return code`${abi.f64ToI64}(${value})`;
  return code`BigInt(${value} >>> 0)`;
}

/** From the core value that the cases share to the one of a payload. Spec: `CoerceValueIter`. */
function coerceUp(value: Code, have: CoreType, want: CoreType): Code {
  if (have === want) return value;
  if (have === 'i32') return code`${abi.i32ToF32}(${value})`;
  if (want === 'f64') return code`${abi.i64ToF64}(${value})`;
  const low = code`Number(BigInt.asIntN(32, ${value}))`;
  return want === 'f32' ? code`${abi.i32ToF32}(${low})` : low;
}

// The functions per type

function loadFunction(cx: Context, type: TypeDefinition): Name {
  return helper(cx, 'load', type, (name) => {
    const result = typeOf(cx, type);
    const body = loadBody(cx, type.shape);
    return code`export function ${name}(${context(body)}: ${instanceType}, p: number): ${result} { ${body} }`;
  });
}

/** The first parameter's name: unused, it says so. */
function context(body: Code): string {
  return mentions(body, 'cx') ? 'cx' : '_cx';
}

function loadBody(cx: Context, shape: TypeShape): Code {
  switch (shape.kind) {
    case 'record': {
      const { offsets } = recordLayout(shape.fields.map((field) => field.type));
      const fields = shape.fields.map(
        (field, index) => code`${camelCase(field.name)}: ${load(cx, field.type, 'p', offsets[index]!)},\n`,
      );
      return code`return { ${fields} };`;
    }
    case 'fixed-length-list': {
      const size = sizeOf(shape.element);
      const array = numberArray(shape.element);
      if (array !== undefined)
        return code`return ${abi[`lift${array1(shape.element)}s` as AbiName]}(cx, p, ${shape.length});`;
      return code`
        const list: ${typeOf(cx, shape.element)}[] = [];
        for (let i = 0, q = p; i < ${shape.length}; i++, q += ${size}) list.push(${load(cx, shape.element, 'q', 0)});
        return list;`;
    }
    default: {
      const cases = variantCases(shape)!;
      const layout = variantLayout(cases);
      const arms = cases.map((type, index) => {
        const value = type === undefined ? undefined : load(cx, type, 'p', layout.payload);
        return code`case ${index}: return ${caseValue(shape, index, value)};\n`;
      });
      return code`switch (${discriminant(layout.discriminant)}(cx, p)) { ${arms} default: return ${abi.trap}(${quote(invalid(shape))}); }`;
    }
  }
}

function liftFlatFunction(cx: Context, type: TypeDefinition): Name {
  return helper(cx, 'liftFlat', type, (name) => {
    const { shape } = type;
    const cases = variantCases(shape)!;
    const joined = flattenCases(cases);
    const params = joined.map((core, index) => code`, $${index}: ${coreTypeName(core)}`);
    const arms = cases.map((each, index) => {
      if (each === undefined) return code`case ${index}: return ${caseValue(shape, index, undefined)};\n`;
      const cores = flatten(each).map((want, at) => coerceUp(code`$${at}`, joined[at]!, want));
      return code`case ${index}: return ${caseValue(shape, index, liftFlat(cx, each, cores))};\n`;
    });
    const result = typeOf(cx, type);
    const body = code`switch ($tag) { ${arms} default: return ${abi.trap}(${quote(invalid(shape))}); }`;
    return code`export function ${name}(${context(code`${arms}`)}: ${instanceType}, $tag: number${params}): ${result} { ${body} }`;
  });
}

function storeFunction(cx: Context, type: TypeDefinition): Name {
  return helper(cx, 'store', type, (name) => {
    const value = typeOf(cx, type);
    return code`export function ${name}(cx: ${instanceType}, p: number, v: ${value}, at: string): void { ${storeBody(cx, type.shape)} }`;
  });
}

function storeBody(cx: Context, shape: TypeShape): Code {
  switch (shape.kind) {
    case 'record': {
      const { offsets } = recordLayout(shape.fields.map((field) => field.type));
      const fields = shape.fields.map(({ name, type }, index) => {
        const key = camelCase(name);
        return code`${store(cx, type, 'p', offsets[index]!, `v.${key}`, quote(`.${key}`))}\n`;
      });
      // Reading a field of `undefined` throws, unless every field may be absent.
      const checked = shape.fields.every((field) => isOption(field.type))
        ? code`${abi.object}(v, '');`
        : undefined;
      return guarded(code`${checked} ${fields}`);
    }
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
        const list = ${abi.fixedLength}(v, ${shape.length}, at) as ArrayLike<${typeOf(cx, shape.element)}>;
        let i = 0;
        try {
          for (let q = p; i < ${shape.length}; i++, q += ${size}) { ${store(cx, shape.element, 'q', 0, 'list[i]!', "''")} }
        } catch (error) { throw ${abi.within}(error, \`\${at}[\${i}]\`, list[i]); }`;
    }
    case 'option': {
      const { payload } = variantLayout(variantCases(shape)!);
      if (isOption(shape.type)) return storeCases(cx, shape);
      return code`
        if (v === undefined) { ${abi.storeU8}(cx, p, 0); return; }
        ${abi.storeU8}(cx, p, 1);
        ${store(cx, shape.type, 'p', payload, 'v', 'at')}`;
    }
    default:
      return storeCases(cx, shape);
  }
}

function storeCases(cx: Context, shape: TypeShape): Code {
  const cases = variantCases(shape)!;
  const layout = variantLayout(cases);
  const tags = caseNames(shape);
  const arms = tags.map((tag, index) => {
    const type = cases[index];
    const payload = type === undefined ? undefined : store(cx, type, 'p', layout.payload, 'v.val', "'.val'");
    return code`case ${quote(tag)}: ${storeDiscriminant(layout.discriminant)}(cx, p, ${index}); ${payload} break;\n`;
  });
  return guarded(code`switch (v.tag) { ${arms} default: ${badTag('v', tags, "'.tag'")} }`);
}

/** Adds where the value is to an error from inside it. */
function guarded(body: Code): Code {
  return code`try { ${body} } catch (error) { throw ${abi.within}(error, at, v); }`;
}

/** An enum's or flags' core value to its value. */
function liftFunction(cx: Context, type: TypeDefinition): Name {
  return helper(cx, 'lift', type, (name) => {
    const { shape } = type;
    if (shape.kind === 'enum') {
      const labels = labelsOf(cx, type);
      return code`export function ${name}(index: number): ${typeOf(cx, type)} {
        return index >>> 0 < ${shape.cases.length} ? ${labels}[index]! : ${abi.trap}(${quote(invalid(shape))});
      }`;
    }
    if (shape.kind !== 'flags') throw unsupported(shape);
    const words = Math.ceil(flagsSize(shape.flags.length) / 4);
    const params = Array.from({ length: words }, (_, word) => `bits${word}: number`).join(', ');
    const fields = shape.flags.map(
      (each, bit) => code`${camelCase(each.name)}: (bits${Math.floor(bit / 32)} & ${bitMask(bit)}) !== 0,\n`,
    );
    return code`export function ${name}(${params}): ${typeOf(cx, type)} { return { ${fields} }; }`;
  });
}

/** The checked core value of an enum or of flags; flags of more than one word give an array. */
function lowerFunction(cx: Context, type: TypeDefinition): Name {
  return helper(cx, 'lower', type, (name) => {
    const { shape } = type;
    if (shape.kind === 'enum') {
      const arms = shape.cases.map((each, index) => code`case ${quote(each.name)}: return ${index};\n`);
      return code`export function ${name}(v: ${typeOf(cx, type)}, at: string): number {
        switch (v) { ${arms} default: return ${abi.bad}(v, ${quote(oneOf(caseNames(shape)))}, at); }
      }`;
    }
    if (shape.kind !== 'flags') throw unsupported(shape);
    const keys = shape.flags.map((each) => camelCase(each.name));
    const words = Math.ceil(flagsSize(keys.length) / 4);
    const bits = Array.from({ length: words }, (_, word) =>
      join(
        keys.slice(32 * word, 32 * word + 32).map((key, bit) => {
          const flag = code`${abi.flag}(v.${key}, ${quote(`.${key}`)})`;
          return bit === 0 ? flag : code`(${flag} << ${bit})`;
        }),
        ' | ',
      ),
    );
    const result = words === 1 ? bits[0]! : code`[${join(bits, ', ')}]`;
    const known = keys.map((key) => `key !== ${quote(key)}`).join(' && ');
    return code`export function ${name}(v: ${typeOf(cx, type)}, at: string): number${words === 1 ? '' : '[]'} {
      ${guarded(code`
        ${abi.object}(v, '');
        for (const key in v) { if (${known}) ${abi.bad}(key, ${quote(`one of ${keys.join(', ')}`)}, ''); }
        return ${result};`)}
    }`;
  });
}

/** The labels of an enum, in order. */
function labelsOf(cx: Context, type: TypeDefinition): Name {
  return helper(cx, 'labels', type, (name) => {
    const labels = caseNames(type.shape).map((each) => quote(each));
    return code`const ${name}: readonly ${typeOf(cx, type)}[] = [${labels.join(', ')}];`;
  });
}

/** An expression for a list or map in a range that the guest gave. Spec: `load_list_from_range`. */
function liftRange(cx: Context, type: TypeDefinition, pointer: Code, length: Code): Code {
  const { shape } = type;
  if (shape.kind === 'list' && numberArray(shape.element) !== undefined) {
    return code`${abi[`lift${array1(shape.element)}s` as AbiName]}(cx, ${pointer}, ${length})`;
  }
  const lift = helper(cx, 'lift', type, (name) => {
    const result = typeOf(cx, type);
    if (shape.kind === 'map') {
      const { size, alignment, offsets } = recordLayout([shape.key, shape.value]);
      return code`export function ${name}(cx: ${instanceType}, p: number, n: number): ${result} {
        ${abi.checkList}(cx, p, n * ${size}, ${alignment - 1});
        const map: ${result} = new Map();
        for (let i = 0; i < n; i++, p += ${size}) map.set(${load(cx, shape.key, 'p', 0)}, ${load(cx, shape.value, 'p', offsets[1]!)});
        return map;
      }`;
    }
    if (shape.kind !== 'list') throw unsupported(shape);
    const size = sizeOf(shape.element);
    const element = typeOf(cx, shape.element);
    return code`export function ${name}(cx: ${instanceType}, p: number, n: number): ${result} {
      ${abi.checkList}(cx, p, n * ${size}, ${alignmentOf(shape.element) - 1});
      const list = new Array<${element}>(n);
      for (let i = 0; i < n; i++, p += ${size}) list[i] = ${load(cx, shape.element, 'p', 0)};
      return list;
    }`;
  });
  return code`${lift}(cx, ${pointer}, ${length})`;
}

/** An expression that lowers a list or map: its pointer, with the length in `cx.len`. Spec: `store_list_into_range`. */
function lowerRange(cx: Context, type: TypeDefinition, value: Piece, path: string): Code {
  const { shape } = type;
  if (shape.kind === 'list' && numberArray(shape.element) !== undefined) {
    return code`${abi[`lower${array1(shape.element)}s` as AbiName]}(cx, ${value}, ${path})`;
  }
  const lower = helper(cx, 'lower', type, (name) => {
    const signature = code`export function ${name}(cx: ${instanceType}, v: ${parameterType(cx, type)}, at: string): number`;
    if (shape.kind === 'map') {
      const { size, alignment, offsets } = recordLayout([shape.key, shape.value]);
      return code`${signature} {
        const list = ${abi.entries}(v, at) as readonly [${typeOf(cx, shape.key)}, ${typeOf(cx, shape.value)}][];
        const n = list.length;
        const p = ${abi.allocList}(cx, n, ${size}, ${alignment});
        let i = 0;
        try {
          for (let q = p; i < n; i++, q += ${size}) {
            const entry = list[i]!;
            ${store(cx, shape.key, 'q', 0, 'entry[0]', "'.key'")}
            ${store(cx, shape.value, 'q', offsets[1]!, 'entry[1]', "'.value'")}
          }
        } catch (error) { throw ${abi.within}(error, \`\${at}[\${i}]\`, list[i]); }
        cx.len = n;
        return p;
      }`;
    }
    if (shape.kind !== 'list') throw unsupported(shape);
    const size = sizeOf(shape.element);
    return code`${signature} {
      const list = ${abi.array}(v, at) as readonly ${wrapType(typeOf(cx, shape.element))}[];
      const n = list.length;
      const p = ${abi.allocList}(cx, n, ${size}, ${alignmentOf(shape.element)});
      let i = 0;
      try {
        for (let q = p; i < n; i++, q += ${size}) { ${store(cx, shape.element, 'q', 0, 'list[i]!', "''")} }
      } catch (error) { throw ${abi.within}(error, \`\${at}[\${i}]\`, list[i]); }
      cx.len = n;
      return p;
    }`;
  });
  return code`${lower}(cx, ${value}, ${path})`;
}

function wrapType(type: Code): Code {
  return code`(${type})`;
}

// Handles

function liftHandle(cx: Context, kind: 'own' | 'borrow', handle: TypeDefinition, index: Code): Code {
  const resource = resourceOf(cx.functions.plan, cx.side.direction, handle);
  const lift = kind === 'own' ? abi.liftOwn : abi.liftBorrow;
  return code`(${lift}(cx, ${index}, ${resource.index}) as ${typeSymbol(resource.side, resource.type)})`;
}

function lowerHandle(
  cx: Context,
  kind: 'own' | 'borrow',
  handle: TypeDefinition,
  value: Piece,
  path: string,
): Code {
  const resource = resourceOf(cx.functions.plan, cx.side.direction, handle);
  return code`${kind === 'own' ? abi.lowerOwn : abi.lowerBorrow}(cx, ${value}, ${resource.index}, ${path})`;
}

// Names and small facts

/** A function for a type, made at the first use: in the file of its declaration, or of its user when it has no name. */
function helper(cx: Context, verb: string, type: TypeDefinition, make: (name: Name) => Code): Name {
  const { file } = cx.side;
  let known = cx.functions.files.get(file);
  if (known === undefined) cx.functions.files.set(file, (known = new Map()));
  const key = `${verb} ${typeKey(cx, type)}`;
  const found = known.get(key);
  if (found !== undefined) return found.name;
  const taken = new Set([...known.values()].map((each) => each.name.name));
  const base = verb === 'labels' ? `${camelCase(type.name!)}Labels` : `${verb}${typeWords(type)}`;
  let text = base;
  for (let n = 2; taken.has(text) || abiNames.has(text); n++) text = `${base}_${n}`;
  const name: Name = { kind: 'name', name: text, from: file, fromPackage: false, isType: false };
  const entry = { name, text: code`` };
  known.set(key, entry);
  entry.text = make(name);
  return name;
}

/** What tells types apart: the declaration of a named one, the structure of another. */
function typeKey(cx: Context, type: Type): string {
  if (type.kind !== 'type-definition') return type.kind;
  if (type.name !== undefined) {
    const { side, type: named } = declared(cx.functions.plan, cx.side, type);
    return `${side.file}#${named.name}`;
  }
  return `${type.shape.kind}<${parts(type.shape)
    .map((part) => (part === undefined ? '_' : typeof part === 'string' ? part : typeKey(cx, part)))
    .join()}>`;
}

/** A type's part of a function's name: `ListOptionU32`. */
function typeWords(type: Type): string {
  if (type.kind !== 'type-definition') return pascalCase(type.kind);
  if (type.name !== undefined) return typeName(type.name);
  const inner = parts(type.shape).map((part) =>
    part === undefined ? 'None' : typeof part === 'string' ? pascalCase(part) : typeWords(part),
  );
  return `${pascalCase(type.shape.kind)}${inner.join('')}`;
}

/** What a shape written in place is made of. */
function parts(shape: TypeShape): readonly (Type | string | undefined)[] {
  switch (shape.kind) {
    case 'list':
      return [shape.element];
    case 'fixed-length-list':
      return [shape.element, String(shape.length)];
    case 'tuple':
      return shape.types;
    case 'option':
      return [shape.type];
    case 'result':
      return [shape.ok, shape.err];
    case 'map':
      return [shape.key, shape.value];
    case 'own':
    case 'borrow':
      return [shape.resource];
    case 'alias':
      return [shape.target];
    case 'stream':
    case 'future':
      return [shape.element];
    case 'record':
      return shape.fields.flatMap((field) => [field.name, field.type]);
    case 'variant':
      return shape.cases.flatMap((each) => [each.name, each.type]);
    case 'enum':
      return shape.cases.map((each) => each.name);
    case 'flags':
      return shape.flags.map((each) => each.name);
    case 'resource':
      return [];
  }
}

/** The tags of a type that is stored as a variant. */
export function caseNames(shape: TypeShape): readonly string[] {
  switch (shape.kind) {
    case 'variant':
    case 'enum':
      return shape.cases.map((each) => each.name);
    case 'option':
      return ['none', 'some'];
    case 'result':
      return ['ok', 'err'];
    default:
      return [];
  }
}

function caseValue(shape: TypeShape, index: number, value: Code | undefined): Code {
  if (shape.kind === 'option' && !isOption(shape.type)) return value ?? code`undefined`;
  const tag = quote(caseNames(shape)[index]!);
  return value === undefined ? code`{ tag: ${tag} }` : code`{ tag: ${tag}, val: ${value} }`;
}

/** `"a" | "b"`, shortened when it would fill a screen. */
function oneOf(tags: readonly string[]): string {
  const shown = tags.length > 12 ? [...tags.slice(0, 12), '…'] : tags;
  return shown.map((tag) => (tag === '…' ? tag : JSON.stringify(tag))).join(' | ');
}

function invalid(shape: TypeShape): string {
  return `invalid ${shape.kind} discriminant`;
}

function bitMask(bit: number): string {
  return `0x${(2 ** (bit % 32)).toString(16)}`;
}

function at(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function discriminant(size: number): Name {
  return size === 1 ? abi.loadU8 : size === 2 ? abi.loadU16 : abi.loadU32;
}

function storeDiscriminant(size: number): Name {
  return size === 1 ? abi.storeU8 : size === 2 ? abi.storeU16 : abi.storeU32;
}

/** `u8` → `U8`: the runtime's name of a list of numbers. */
function array1(element: Type): string {
  let at: Type = element;
  while (at.kind === 'type-definition' && at.shape.kind === 'alias') at = at.shape.target;
  return at.kind.toUpperCase();
}

interface Leaf {
  readonly load: AbiName;
  readonly store: AbiName;
  /** Checks a value and gives its core value; `undefined` where storing checks. */
  readonly check: AbiName | undefined;
  /** From a core value; `undefined` where it is the value. */
  readonly lift: AbiName | undefined;
}

function primitive(kind: Exclude<Type['kind'], 'type-definition'>): Leaf {
  switch (kind) {
    case 'bool':
      return { load: 'loadBool', store: 'storeBool', check: 'bool', lift: 'liftBool' };
    case 'u8':
      return { load: 'loadU8', store: 'storeU8', check: 'u8', lift: 'liftU8' };
    case 'u16':
      return { load: 'loadU16', store: 'storeU16', check: 'u16', lift: 'liftU16' };
    case 'u32':
      return { load: 'loadU32', store: 'storeU32', check: 'u32', lift: 'liftU32' };
    case 'u64':
      return { load: 'loadU64', store: 'storeU64', check: 'u64', lift: 'liftU64' };
    case 's8':
      return { load: 'loadS8', store: 'storeS8', check: 's8', lift: 'liftS8' };
    case 's16':
      return { load: 'loadS16', store: 'storeS16', check: 's16', lift: 'liftS16' };
    case 's32':
      return { load: 'loadS32', store: 'storeS32', check: 's32', lift: undefined };
    case 's64':
      return { load: 'loadS64', store: 'storeS64', check: 's64', lift: undefined };
    case 'f32':
      return { load: 'loadF32', store: 'storeF32', check: 'f32', lift: undefined };
    case 'f64':
      return { load: 'loadF64', store: 'storeF64', check: 'f64', lift: undefined };
    case 'char':
      return { load: 'loadChar', store: 'storeChar', check: 'char', lift: 'liftChar' };
    case 'string':
      return { load: 'loadString', store: 'storeString', check: undefined, lift: undefined };
    case 'error-context':
      throw new Error('error-context has no synchronous glue');
  }
}

function unsupported(shape: TypeShape): Error {
  return new Error(`a ${shape.kind} has no synchronous glue`);
}
