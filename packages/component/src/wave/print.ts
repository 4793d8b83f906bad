/** Values → WAVE. Reference: the README of `wasm-wave`, "Encoding". */
import { ValueError } from '@wittle/runtime';
import type { ValueType } from '../validate/component-type.ts';
import { shortestF32 } from './float-text.ts';
import { MAX_DEPTH } from './parse.ts';
import { propertyKeys } from './property-keys.ts';
import { KEYWORDS } from './scanner.ts';
import { escape } from './string-literal.ts';
import { typeText } from './type-text.ts';

/**
 * A value as text, on one line: `{name: "a", sizes: [1, 2]}`. `parseWave` gives the same value back. Fields that are
 * `none` are left out, `some` and `ok` are written.
 *
 * The value is in JavaScript's shapes, as functions of components give and take them (a result as `{ tag, val }`).
 * Throws a `ValueError` for a value that is not of the type, and for types whose values have no text.
 */
export function printWave(value: unknown, type: ValueType): string {
  return print(value, type, 0);
}

function print(value: unknown, type: ValueType, depth: number): string {
  if (depth > MAX_DEPTH) throw new ValueError('', `values are nested more than ${MAX_DEPTH} deep`);
  const part = (at: string | number, inner: unknown, innerType: ValueType): string => {
    try {
      return print(inner, innerType, depth + 1);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new ValueError(`${typeof at === 'number' ? `[${at}]` : at}${error.path}`, error.reason);
    }
  };
  const payload = (tag: string, label: string, of: ValueType | undefined): string =>
    of === undefined ? label : `${label}(${part(`.${tag}`, (value as { val?: unknown }).val, of)})`;
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? String(value) : bad(value, type);
    case 'u8':
    case 's8':
    case 'u16':
    case 's16':
    case 'u32':
    case 's32':
    case 'u64':
    case 's64':
      return isInteger(value, type.kind) ? String(value) : bad(value, type);
    case 'f32':
    case 'f64':
      return typeof value === 'number' ? floatText(value, type.kind) : bad(value, type);
    case 'char':
      return typeof value === 'string' && isScalar(value) ? escape(value, "'") : bad(value, type);
    case 'string':
      return typeof value === 'string' ? escape(value, '"') : bad(value, type);
    case 'list':
    case 'fixed-length-list': {
      const items = itemsOf(value, type, type.kind === 'list' ? undefined : type.length);
      return `[${items.map((item, index) => part(index, item, type.element)).join(', ')}]`;
    }
    case 'tuple': {
      const items = itemsOf(value, type, type.types.length);
      return `(${items.map((item, index) => part(index, item, type.types[index]!)).join(', ')})`;
    }
    case 'map': {
      const pairs = itemsOf(value, type, undefined).map((pair, index) => {
        const [k, v] = itemsOf(pair, type, 2);
        return `(${part(index, k, type.key)}, ${part(index, v, type.value)})`;
      });
      return `[${pairs.join(', ')}]`;
    }
    case 'record': {
      const from = objectOf(value, type);
      const keys = propertyKeys(type);
      const shown: string[] = [];
      for (const field of type.fields) {
        const key = keys.get(field.name)!;
        const text = part(`.${key}`, from[key], field.type);
        if (text !== 'none' || field.type.kind !== 'option') shown.push(`${field.name}: ${text}`);
      }
      return shown.length === 0 ? '{:}' : `{${shown.join(', ')}}`;
    }
    case 'flags': {
      const from = objectOf(value, type);
      const keys = propertyKeys(type);
      return `{${type.labels.filter((label) => from[keys.get(label)!] === true).join(', ')}}`;
    }
    case 'enum':
      return type.labels.includes(value as string) ? caseText(value as string) : bad(value, type);
    case 'variant': {
      const { tag } = objectOf(value, type);
      const found = type.cases.find((each) => each.name === tag) ?? bad(value, type);
      return payload('val', caseText(found.name), found.type);
    }
    case 'option': {
      if (type.type.kind !== 'option') {
        return value === undefined ? 'none' : `some(${part('', value, type.type)})`;
      }
      const { tag } = objectOf(value, type);
      if (tag !== 'some' && tag !== 'none') bad(value, type);
      return payload('val', tag, tag === 'some' ? type.type : undefined);
    }
    case 'result': {
      const { tag } = objectOf(value, type);
      if (tag !== 'ok' && tag !== 'err') bad(value, type);
      return payload('val', tag, type[tag]);
    }
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'error-context':
      throw new ValueError('', `a value of type ${typeText(type)} has no text`);
  }
}

function bad(value: unknown, type: ValueType): never {
  const got =
    typeof value === 'object' || typeof value === 'function'
      ? typeof value
      : `${typeof value} ${String(value)}`;
  throw new ValueError('', `expected ${typeText(type)}, got ${got}`);
}

function isInteger(value: unknown, kind: string): value is number | bigint {
  const size = Number(kind.slice(1));
  if (typeof value !== (size === 64 ? 'bigint' : 'number')) return false;
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  const whole = BigInt(value as number | bigint);
  return whole === (kind.startsWith('s') ? BigInt.asIntN(size, whole) : BigInt.asUintN(size, whole));
}

/** Of all NaN there is one; zero keeps its sign. */
function floatText(value: number, kind: 'f32' | 'f64'): string {
  if (Number.isNaN(value)) return 'nan';
  const rounded = kind === 'f32' ? Math.fround(value) : value;
  if (!Number.isFinite(rounded)) return rounded > 0 ? 'inf' : '-inf';
  if (Object.is(rounded, -0)) return '-0';
  return kind === 'f32' ? shortestF32(rounded) : String(rounded);
}

function isScalar(value: string): boolean {
  return value.isWellFormed() && [...value].length === 1;
}

function itemsOf(value: unknown, type: ValueType, length: number | undefined): unknown[] {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return bad(value, type);
  const items = Array.from(value as Iterable<unknown>);
  return length === undefined || items.length === length ? items : bad(value, type);
}

function objectOf(value: unknown, type: ValueType): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : bad(value, type);
}

function caseText(label: string): string {
  return KEYWORDS.has(label) ? `%${label}` : label;
}
