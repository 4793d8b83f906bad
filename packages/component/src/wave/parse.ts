/** WAVE → values. Reference: the README of `wasm-wave`, "Encoding". */
import type { PrimitiveKind } from '@wittle/parser';
import type {
  FlagsType,
  FunctionType,
  RecordType,
  ResultType,
  ValueType,
} from '../validate/component-type.ts';
import { parseF32 } from './float-text.ts';
import { propertyKeys } from './property-keys.ts';
import { KEYWORDS, Scanner, type TokenKind } from './scanner.ts';
import { unescape, unescapeLines } from './string-literal.ts';
import { functionText, typeText } from './type-text.ts';
import { listOf, WaveError } from './wave-error.ts';

/** How deep values may be nested, in texts and when they are printed. */
export const MAX_DEPTH = 256;

/**
 * The value of a type that a text stands for, in JavaScript's shapes: `{ x: 1 }` for `{x: 1}`. Throws a
 * {@link WaveError} for a text that is none, and for types whose values have no text: resources, streams, futures.
 *
 * A list of numbers is its typed array; a map is written as the list of its pairs: `[("a", 1), ("b", 2)]`.
 */
export function parseWave(text: string, type: ValueType): unknown {
  const scanner = new Scanner(text);
  const value = parseValue(scanner, type, 0);
  scanner.expect('end', 'nothing more');
  return value;
}

/** A call as text: a function's name and its arguments in parentheses, which are values in WAVE. */
export interface WaveCall {
  readonly text: string;
  /** Everything before the parenthesis, as it is written. */
  readonly name: string;
  /** Places of the arguments in `text`, in UTF-16 code units. */
  readonly args: readonly { readonly start: number; readonly end: number }[];
  /** Where the closing parenthesis is. */
  readonly close: number;
}

/**
 * Takes `name(1, "two")` apart. What the arguments mean depends on the function: {@link parseArguments}.
 * Throws a {@link WaveError} if there are no parentheses, or brackets do not match.
 */
export function parseCall(text: string): WaveCall {
  const open = text.indexOf('(');
  const name = text.slice(0, open < 0 ? text.length : open).trim();
  if (name === '' || open < 0) {
    const example = name === '' ? 'name' : name;
    const at = open < 0 ? text.length : open;
    throw new WaveError(
      `a call is written \`${example}()\`, with its arguments in the parentheses`,
      text,
      at,
    );
  }
  const scanner = new Scanner(text, open + 1);
  const args: { start: number; end: number }[] = [];
  while (scanner.peek().kind !== ')') {
    args.push(skipValue(scanner));
    if (scanner.take(',') === undefined) break;
  }
  const close = scanner.expect(')', '`,` or `)`').start;
  scanner.expect('end', 'nothing behind the call');
  return { text, name, args, close };
}

/**
 * The arguments of a call as values, one per parameter. Options at the end may be left out. Throws a
 * {@link WaveError} whose places are those in the call's text.
 */
export function parseArguments(call: WaveCall, type: FunctionType): unknown[] {
  const { text, name, args, close } = call;
  const { params } = type;
  const extra = args[params.length];
  if (extra !== undefined) {
    const takes = params.length === 0 ? 'no arguments' : `${params.length} of them`;
    throw new WaveError(
      `too many arguments: ${functionText(name, type)} takes ${takes}`,
      text,
      extra.start,
      args.at(-1)!.end,
    );
  }
  return params.map((param, index) => {
    const place = args[index];
    if (place === undefined) {
      if (param.type.kind === 'option') return noneOf(param.type.type);
      throw new WaveError(`the argument \`${param.name}: ${typeText(param.type)}\` is missing`, text, close);
    }
    const scanner = new Scanner(text, place.start, place.end);
    const value = parseValue(scanner, param.type, 0);
    scanner.expect('end', '`,` or `)`');
    return value;
  });
}

/** Goes over one value of any type: only brackets are looked at. */
function skipValue(scanner: Scanner): { start: number; end: number } {
  const { start } = scanner.peek();
  const open: TokenKind[] = [];
  let end = start;
  for (;;) {
    const { kind } = scanner.peek();
    const isClosing = kind === ')' || kind === ']' || kind === '}' || kind === 'end';
    if (open.length === 0 && (isClosing || kind === ',')) break;
    const closing = CLOSING[kind];
    if (closing !== undefined) open.push(closing);
    else if (isClosing && open.at(-1) !== kind) scanner.unexpected(`\`${open.at(-1)}\``);
    else if (isClosing) open.pop();
    end = scanner.next().end;
  }
  if (end === start) scanner.unexpected('a value');
  return { start, end };
}

const CLOSING: Partial<Record<TokenKind, TokenKind>> = { '(': ')', '[': ']', '{': '}' };

function parseValue(scanner: Scanner, type: ValueType, depth: number): unknown {
  if (depth > MAX_DEPTH) {
    const { start, end } = scanner.peek();
    scanner.fail(`values are nested more than ${MAX_DEPTH} deep`, start, end);
  }
  const inner = depth + 1;
  switch (type.kind) {
    case 'bool': {
      const word = wordOf(scanner);
      if (word !== 'true' && word !== 'false') scanner.unexpected('`true` or `false`');
      scanner.next();
      return word === 'true';
    }
    case 'u8':
    case 's8':
    case 'u16':
    case 's16':
    case 'u32':
    case 's32':
    case 'u64':
    case 's64':
      return parseInteger(scanner, type.kind);
    case 'f32':
    case 'f64':
      return parseFloat(scanner, type.kind);
    case 'char':
      return parseChar(scanner);
    case 'string':
      return parseString(scanner);
    case 'list':
      return numbersOf(type.element, parseItems(scanner, type.element, inner));
    case 'fixed-length-list': {
      const { start } = scanner.peek();
      const items = parseItems(scanner, type.element, inner);
      if (items.length !== type.length) {
        scanner.fail(`expected ${type.length} elements, found ${items.length}`, start, start + 1);
      }
      return numbersOf(type.element, items);
    }
    case 'tuple':
      return parseTuple(scanner, type.types, inner);
    case 'map':
      return parseMap(scanner, type.key, type.value, inner);
    case 'record':
      return parseRecord(scanner, type, inner);
    case 'flags':
      return parseFlags(scanner, type);
    case 'enum':
      return parseLabel(scanner, 'a case', type.labels);
    case 'variant': {
      const tag = parseLabel(
        scanner,
        'a case',
        type.cases.map((each) => each.name),
      );
      return parsePayload(scanner, tag, type.cases.find((each) => each.name === tag)?.type, inner);
    }
    case 'option':
      return parseOption(scanner, type.type, inner);
    case 'result':
      return parseResult(scanner, type, inner);
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'error-context': {
      const { start, end } = scanner.peek();
      return scanner.fail(`a value of type ${typeText(type)} cannot be written`, start, end);
    }
  }
}

/** The next token if it is a word, as it is written. */
function wordOf(scanner: Scanner): string | undefined {
  const token = scanner.peek();
  return token.kind === 'word' ? scanner.slice(token) : undefined;
}

type IntegerKind = Exclude<PrimitiveKind, 'bool' | 'f32' | 'f64' | 'char' | 'string' | 'error-context'>;

function parseInteger(scanner: Scanner, kind: IntegerKind): number | bigint {
  const token = scanner.peek();
  const text = scanner.slice(token);
  if (token.kind !== 'number' || !/^-?\d+$/.test(text)) scanner.unexpected(`a whole number (${kind})`);
  scanner.next();
  const isWide = kind.endsWith('64');
  const [least, most] = RANGES[kind];
  // No number of 64 bits has more than 20 characters.
  const value = isWide && text.length <= 20 ? BigInt(text) : Number(text);
  const isNegativeZero = least === 0 && text.startsWith('-');
  if (isNegativeZero || value < least || value > most) {
    const range = `${kind} goes from ${least} to ${most}`;
    scanner.fail(`\`${text.slice(0, 30)}\` does not fit: ${range}`, token.start, token.end);
  }
  // A number that is not -0.
  return typeof value === 'number' ? value + 0 : value;
}

const RANGES: Record<IntegerKind, readonly [number | bigint, number | bigint]> = {
  u8: [0, 255],
  s8: [-128, 127],
  u16: [0, 65535],
  s16: [-32768, 32767],
  u32: [0, 2 ** 32 - 1],
  s32: [-(2 ** 31), 2 ** 31 - 1],
  u64: [0, 2n ** 64n - 1n],
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
};

function parseFloat(scanner: Scanner, kind: 'f32' | 'f64'): number {
  const token = scanner.peek();
  const text = scanner.slice(token);
  if (token.kind !== 'number' && text !== 'nan' && text !== 'inf') scanner.unexpected(`a number (${kind})`);
  scanner.next();
  if (text === 'nan') return Number.NaN;
  if (text.endsWith('inf')) return text === 'inf' ? Infinity : -Infinity;
  return kind === 'f32' ? parseF32(text) : Number(text);
}

function parseChar(scanner: Scanner): string {
  const { start, end } = scanner.expect('char', "a char, as in `'a'`");
  const value = unescape(scanner.text, start + 1, end - 1);
  const isScalar = value !== '' && value.length === String.fromCodePoint(value.codePointAt(0)!).length;
  if (!isScalar || !value.isWellFormed()) {
    scanner.fail('a char is exactly one Unicode scalar value', start, end);
  }
  return value;
}

function parseString(scanner: Scanner): string {
  const lines = scanner.take('multiline string');
  if (lines !== undefined) return unescapeLines(scanner.text, lines.start, lines.end);
  const { start, end } = scanner.expect('string', 'a string, as in `"abc"`');
  return unescape(scanner.text, start + 1, end - 1);
}

/** What is between a bracket and its counterpart, with commas between and perhaps behind. */
function parseSequence(scanner: Scanner, close: TokenKind, parseItem: (index: number) => void): void {
  for (let index = 0; scanner.peek().kind !== close; index++) {
    parseItem(index);
    if (scanner.take(',') === undefined) break;
  }
  scanner.expect(close, `\`,\` or \`${close}\``);
}

function parseItems(scanner: Scanner, element: ValueType, depth: number): unknown[] {
  scanner.expect('[', 'a list, as in `[1, 2]`');
  const items: unknown[] = [];
  parseSequence(scanner, ']', () => void items.push(parseValue(scanner, element, depth)));
  return items;
}

function parseTuple(scanner: Scanner, types: readonly ValueType[], depth: number): unknown[] {
  scanner.expect('(', `a tuple of ${types.length}, in parentheses`);
  const items: unknown[] = [];
  const { start } = scanner.peek();
  parseSequence(scanner, ')', (index) => {
    const type = types[index];
    if (type === undefined) scanner.unexpected(`\`)\`: the tuple has ${types.length} elements`);
    items.push(parseValue(scanner, type, depth));
  });
  const missing = types[items.length];
  if (missing !== undefined) {
    scanner.fail(`the tuple lacks an element of type ${typeText(missing)}`, start - 1, start);
  }
  return items;
}

function parseMap(scanner: Scanner, key: ValueType, value: ValueType, depth: number): Map<unknown, unknown> {
  scanner.expect('[', 'the list of a map\'s pairs, as in `[("a", 1)]`');
  const entries = new Map<unknown, unknown>();
  parseSequence(scanner, ']', () => {
    const [k, v] = parseTuple(scanner, [key, value], depth);
    entries.set(k, v);
  });
  return entries;
}

function parseRecord(scanner: Scanner, type: RecordType, depth: number): Record<string, unknown> {
  const { fields } = type;
  const open = scanner.expect('{', 'a record, as in `{name: value}`');
  const names = fields.map((field) => field.name);
  const values = new Map<string, unknown>();
  if (scanner.take(':') === undefined) {
    if (scanner.peek().kind === '}') scanner.unexpected('a field, or `{:}` for a record without any');
    parseSequence(scanner, '}', () => {
      const token = scanner.peek();
      const name = parseLabel(scanner, 'a field', names, false);
      if (values.has(name)) scanner.fail(`the field \`${name}\` is there twice`, token.start, token.end);
      scanner.expect(':');
      values.set(name, parseValue(scanner, fields[names.indexOf(name)]!.type, depth));
    });
  } else scanner.expect('}');
  const missing = fields.filter(({ name, type }) => type.kind !== 'option' && !values.has(name));
  if (missing.length > 0) {
    const what = missing.length === 1 ? 'the field' : 'the fields';
    scanner.fail(
      `the record lacks ${what} ${listOf(missing.map((field) => field.name))}`,
      open.start,
      open.end,
    );
  }
  const keys = propertyKeys(type);
  return Object.fromEntries(
    fields.map(({ name, type }) => [
      keys.get(name)!,
      type.kind === 'option' && !values.has(name) ? noneOf(type.type) : values.get(name),
    ]),
  );
}

function parseFlags(scanner: Scanner, type: FlagsType): Record<string, boolean> {
  const { labels } = type;
  scanner.expect('{', 'flags, as in `{read, write}`');
  const on = new Set<string>();
  parseSequence(scanner, '}', () => {
    const token = scanner.peek();
    const label = parseLabel(scanner, 'a flag', labels, false);
    if (on.has(label)) scanner.fail(`the flag \`${label}\` is there twice`, token.start, token.end);
    on.add(label);
  });
  const keys = propertyKeys(type);
  return Object.fromEntries(labels.map((label) => [keys.get(label)!, on.has(label)]));
}

/** One of these names; as a case, a word that means something itself needs a `%`. */
function parseLabel(
  scanner: Scanner,
  what: string,
  labels: readonly string[],
  isCase: boolean = true,
): string {
  const token = scanner.take('word') ?? scanner.unexpected(`${what} (${listOf(labels)})`);
  const text = scanner.slice(token);
  const label = text.startsWith('%') ? text.slice(1) : text;
  if (!labels.includes(label)) {
    scanner.fail(`\`${text}\` is not ${what}: there is ${listOf(labels)}`, token.start, token.end);
  }
  if (isCase && KEYWORDS.has(text)) {
    scanner.fail(`the case \`${text}\` is written \`%${text}\``, token.start, token.end);
  }
  return label;
}

interface Tagged {
  readonly tag: string;
  readonly val?: unknown;
}

/** The payload behind the name of a case; there is one exactly if the case has a type. */
function parsePayload(scanner: Scanner, tag: string, type: ValueType | undefined, depth: number): Tagged {
  if (type === undefined) {
    if (scanner.peek().kind === '(') scanner.unexpected(`\`${tag}\` alone: it has no payload`);
    return { tag };
  }
  scanner.expect('(', `the payload of \`${tag}\` in parentheses`);
  const val = parseValue(scanner, type, depth);
  scanner.expect(')');
  return { tag, val };
}

/** `none`, `some(value)`, or the value itself where that cannot be mistaken. */
function parseOption(scanner: Scanner, type: ValueType, depth: number): unknown {
  const word = wordOf(scanner);
  if (word === 'none') {
    scanner.next();
    parsePayload(scanner, 'none', undefined, depth);
    return noneOf(type);
  }
  if (word !== 'some') {
    if (!isFlattenable(type)) scanner.unexpected('`some(…)` or `none`');
    return parseValue(scanner, type, depth);
  }
  scanner.next();
  const some = parsePayload(scanner, 'some', type, depth);
  return type.kind === 'option' ? some : some.val;
}

/** `ok`, `ok(value)`, `err`, `err(value)`, or the value of `ok` itself where that cannot be mistaken. */
function parseResult(scanner: Scanner, type: ResultType, depth: number): Tagged {
  const word = wordOf(scanner);
  if (word === 'ok' || word === 'err') {
    scanner.next();
    return parsePayload(scanner, word, type[word], depth);
  }
  if (type.ok === undefined || !isFlattenable(type.ok)) scanner.unexpected('`ok` or `err`');
  return { tag: 'ok', val: parseValue(scanner, type.ok, depth) };
}

/** Options and results of options and results are spelled out. */
function isFlattenable({ kind }: ValueType): boolean {
  return kind !== 'option' && kind !== 'result';
}

function noneOf(type: ValueType): unknown {
  return type.kind === 'option' ? { tag: 'none' } : undefined;
}

/** A list of numbers as its typed array, any other as it is. */
function numbersOf(element: ValueType, items: unknown[]): unknown {
  const array = (NUMBERS as Partial<Record<ValueType['kind'], ArrayOf>>)[element.kind];
  return array === undefined ? items : array.from(items as never[]);
}

interface ArrayOf {
  readonly from: (items: readonly never[]) => unknown;
}

const NUMBERS: Record<IntegerKind | 'f32' | 'f64', ArrayOf> = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
};
