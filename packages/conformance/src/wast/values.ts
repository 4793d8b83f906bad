/** Constants of scripts as JavaScript's values, by type, and whether a value is the one that a constant says. */
import type { ValueType } from '@wittle/component';
import { float, integer } from './numbers.ts';
import { textOf, type Expression, type List } from './s-expression.ts';

/** A constant that is not of the type; the test is wrong, or our type is. */
export class ConstantProblem extends Error {}

/** What a function takes for a constant. */
export function valueOf(constant: List, type: ValueType): unknown {
  const { head, rest } = headed(constant);
  expectHead(head, type);
  switch (type.kind) {
    case 'bool':
      return atom(rest[0]) === 'true';
    case 'u8':
    case 'u16':
    case 'u32':
    case 's8':
    case 's16':
    case 's32':
      return Number(wrapped(rest[0], type.kind));
    case 'u64':
    case 's64':
      return wrapped(rest[0], type.kind);
    case 'f32':
      return Math.fround(float(atom(rest[0])));
    case 'f64':
      return float(atom(rest[0]));
    case 'char':
    case 'string':
    case 'enum':
      return string(rest[0]);
    case 'list':
    case 'fixed-length-list':
      return rest.map((each) => valueOf(list(each), type.element));
    case 'tuple':
      if (rest.length !== type.types.length) throw new ConstantProblem(`a tuple of ${rest.length}`);
      return rest.map((each, i) => valueOf(list(each), type.types[i]!));
    case 'record': {
      const fields = rest.map((each) => list(each).items.slice(1));
      return Object.fromEntries(
        type.fields.map(({ name, type: fieldType }) => {
          const [, ...value] = fields.find(([label]) => string(label) === name) ?? [];
          return [camelCase(name), valueOf(fieldConstant(value), fieldType)];
        }),
      );
    }
    case 'flags':
      return Object.fromEntries(rest.map((each) => [camelCase(string(each)), true]));
    case 'variant': {
      const tag = string(rest[0]);
      const payload = type.cases.find(({ name }) => name === tag)?.type;
      return payload === undefined ? { tag } : { tag, val: valueOf(list(rest[1]), payload) };
    }
    case 'result': {
      const tag = head === 'result.ok' ? 'ok' : 'err';
      const payload = type[tag];
      return payload === undefined ? { tag } : { tag, val: valueOf(list(rest[0]), payload) };
    }
    case 'option': {
      const value = head === 'option.none' ? undefined : valueOf(list(rest[0]), type.type);
      if (type.type.kind !== 'option') return value;
      return head === 'option.none' ? { tag: 'none' } : { tag: 'some', val: value };
    }
    case 'map':
      return new Map(
        rest.map((entry) => {
          const [key, value] = list(entry).items;
          return [valueOf(list(key), type.key), valueOf(list(value), type.value)];
        }),
      );
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'error-context':
      throw new ConstantProblem(`scripts have no constants of ${type.kind}`);
  }
}

/** Says how a function's value differs from a constant, with the path to it; `undefined` when it does not. */
export function difference(actual: unknown, constant: List, type: ValueType): string | undefined {
  return differenceAt(actual, normal(valueOf(constant, type), type), '');
}

/** Says how an error value differs; `type` is absent for one without a payload. */
export function payloadDifference(
  actual: unknown,
  constant: List | undefined,
  type: ValueType | undefined,
): string | undefined {
  if (type === undefined || constant === undefined) {
    return actual === undefined ? undefined : `got ${shown(actual)}, and there is no payload`;
  }
  return difference(actual, constant, type);
}

/** A constant of core WebAssembly, or an expectation like `(ref.null)`, by itself. */
export function coreValueOf(constant: List): unknown {
  const { head, rest } = headed(constant);
  switch (head) {
    case 'i32.const':
      return Number(BigInt.asIntN(32, integer(atom(rest[0]))));
    case 'i64.const':
      return BigInt.asIntN(64, integer(atom(rest[0])));
    case 'f32.const':
      return Math.fround(float(atom(rest[0])));
    case 'f64.const':
      return float(atom(rest[0]));
    case 'ref.null':
      return null;
    case 'ref.extern':
      return Number(atom(rest[0]));
    default:
      throw new ConstantProblem(`the constant \`${head}\``);
  }
}

/** Says how a core value differs from a constant. */
export function coreDifference(actual: unknown, constant: List): string | undefined {
  return differenceAt(actual, coreValueOf(constant), '');
}

/** A value for messages. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return `${each}n`;
    return ArrayBuffer.isView(each) ? [...(each as Uint8Array)] : each;
  });
  const full = text ?? String(value);
  return full.length > 200 ? `${full.slice(0, 200)}…` : full;
}

// What is taken is wider than what is given: flags that are off are given as `false`.
function normal(value: unknown, type: ValueType): unknown {
  switch (type.kind) {
    case 'flags': {
      const on = value as Readonly<Record<string, boolean>>;
      return Object.fromEntries(
        type.labels.map((label) => [camelCase(label), on[camelCase(label)] === true]),
      );
    }
    case 'list':
    case 'fixed-length-list':
      return (value as unknown[]).map((each) => normal(each, type.element));
    case 'tuple':
      return (value as unknown[]).map((each, i) => normal(each, type.types[i]!));
    case 'record': {
      const fields = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        type.fields.map((field) => [
          camelCase(field.name),
          normal(fields[camelCase(field.name)], field.type),
        ]),
      );
    }
    case 'option':
      if (type.type.kind !== 'option') return value === undefined ? value : normal(value, type.type);
      return withPayload(value, type.type);
    case 'variant':
      return withPayload(value, type.cases.find(({ name }) => name === (value as { tag: string }).tag)?.type);
    case 'result':
      return withPayload(value, type[(value as { tag: 'ok' | 'err' }).tag]);
    default:
      return value;
  }
}

function withPayload(value: unknown, type: ValueType | undefined): unknown {
  const tagged = value as { readonly tag: string; readonly val?: unknown };
  return type === undefined || !('val' in tagged) ? tagged : { ...tagged, val: normal(tagged.val, type) };
}

function differenceAt(actual: unknown, expected: unknown, path: string): string | undefined {
  const at = path === '' ? '' : ` at ${path}`;
  if (typeof expected !== 'object' || expected === null) {
    return Object.is(actual, expected) ? undefined : `got ${shown(actual)}, expected ${shown(expected)}${at}`;
  }
  if (typeof actual !== 'object' || actual === null) {
    return `got ${shown(actual)}, expected ${shown(expected)}${at}`;
  }
  const found = entriesOf(actual);
  const wanted = entriesOf(expected);
  if (found.kind !== wanted.kind || found.entries.length !== wanted.entries.length) {
    return `got ${shown(actual)}, expected ${shown(expected)}${at}`;
  }
  const values = new Map(found.entries);
  for (const [key, value] of wanted.entries) {
    const next = wanted.kind === 'sequence' ? path + key : `${path}.${key}`;
    const problem = differenceAt(values.get(key), value, next);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface Entries {
  readonly kind: 'sequence' | 'object';
  readonly entries: readonly (readonly [string, unknown])[];
}

// Lists of numbers are typed arrays.
function entriesOf(value: object): Entries {
  if (!(value instanceof Map || Array.isArray(value) || ArrayBuffer.isView(value))) {
    return { kind: 'object', entries: Object.entries(value).filter(([, each]) => each !== undefined) };
  }
  const items = [...(value as Iterable<unknown>)];
  return { kind: 'sequence', entries: items.map((each, i) => [`[${i}]`, each]) };
}

function expectHead(head: string, type: ValueType): void {
  const wanted = heads(type);
  if (!wanted.includes(head)) throw new ConstantProblem(`\`${head}\` for a value of type ${type.kind}`);
}

function heads(type: ValueType): readonly string[] {
  switch (type.kind) {
    case 'string':
      return ['str.const'];
    case 'fixed-length-list':
      return ['list.const'];
    case 'option':
      return ['option.none', 'option.some'];
    case 'result':
      return ['result.ok', 'result.err'];
    default:
      return [`${type.kind}.const`];
  }
}

function wrapped(expression: Expression | undefined, kind: string): bigint {
  const value = integer(atom(expression));
  const bits = Number(kind.slice(1));
  return kind.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
}

function headed(constant: List): { readonly head: string; readonly rest: readonly Expression[] } {
  const [head, ...rest] = constant.items;
  return { head: atom(head), rest };
}

function atom(expression: Expression | undefined): string {
  if (expression?.kind !== 'atom') throw new ConstantProblem('a constant without its number or name');
  return expression.text;
}

function string(expression: Expression | undefined): string {
  if (expression?.kind !== 'string') throw new ConstantProblem('a constant without its string');
  return textOf(expression);
}

function list(expression: Expression | undefined): List {
  if (expression?.kind !== 'list') throw new ConstantProblem('a constant with a part missing');
  return expression;
}

// A field's constant is there with parentheses of its own or without.
function fieldConstant(items: readonly Expression[]): List {
  const [first] = items;
  return first?.kind === 'list' ? first : { kind: 'list', items, start: 0, end: 0 };
}

/** `start-bind` → `startBind`. */
export function camelCase(name: string): string {
  return name.toLowerCase().replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
