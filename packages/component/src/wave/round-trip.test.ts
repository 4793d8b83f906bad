import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import * as make from '../../test/value-types.ts';
import type { ValueType } from '../validate/component-type.ts';
import { parseWave, printWave, WaveError } from './index.ts';

/** A type and its values, as parsing gives them. */
interface Typed {
  readonly type: ValueType;
  readonly values: fc.Arbitrary<unknown>;
}

const PLAIN = { noNullPrototype: true } as const;

const primitives: readonly Typed[] = [
  { type: { kind: 'bool' }, values: fc.boolean() },
  ...[8, 16, 32].flatMap((size) => [
    { type: { kind: `u${size}` } as ValueType, values: fc.integer({ min: 0, max: 2 ** size - 1 }) },
    {
      type: { kind: `s${size}` } as ValueType,
      values: fc.integer({ min: -(2 ** (size - 1)), max: 2 ** (size - 1) - 1 }),
    },
  ]),
  { type: { kind: 'u64' }, values: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { type: { kind: 's64' }, values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { type: { kind: 'f32' }, values: fc.float() },
  { type: { kind: 'f64' }, values: fc.double() },
  { type: { kind: 'char' }, values: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  { type: { kind: 'string' }, values: fc.string({ unit: 'binary', maxLength: 20 }) },
];

const arrays: Readonly<Partial<Record<string, { from: (values: never[]) => unknown }>>> = {
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

function arrayOf({ type, values }: Typed, minLength: number, maxLength: number): fc.Arbitrary<unknown> {
  const array = arrays[type.kind];
  const items = fc.array(values, { minLength, maxLength });
  return array === undefined ? items : items.map((each) => array.from(each as never[]));
}

/** Labels that differ in JavaScript too, some of them keywords. */
const LABELS = ['a', 'two-words', 'true', 'none', 'ok', 'err', 'HTTP', 'x-2', 'inf', 'some'];
const keyOf = (label: string): string =>
  label.toLowerCase().replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const tagged = (cases: readonly (readonly [string, Typed | undefined])[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    ...cases.map(([tag, type]) =>
      type === undefined ? fc.constant({ tag }) : type.values.map((val) => ({ tag, val })),
    ),
  );

const byLabel = <T>(parts: readonly T[]): [string, T][] => parts.map((part, i) => [LABELS[i]!, part]);

const { typed } = fc.letrec<{ typed: Typed }>((tie) => {
  const inner = tie('typed');
  const maybe = fc.option(inner, { nil: undefined });
  return {
    typed: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom(...primitives),
      fc.constant({
        type: make.flags(...LABELS),
        values: fc.record(Object.fromEntries(LABELS.map((label) => [keyOf(label), fc.boolean()])), PLAIN),
      }),
      fc.constant({ type: make.enumeration(...LABELS), values: fc.constantFrom(...LABELS) }),
      inner.map((each) => ({ type: make.list(each.type), values: arrayOf(each, 0, 4) })),
      fc.tuple(inner, fc.integer({ min: 1, max: 3 })).map(([each, n]) => ({
        type: make.fixedLengthList(each.type, n),
        values: arrayOf(each, n, n),
      })),
      fc.array(inner, { minLength: 1, maxLength: 5 }).map((parts) => ({
        type: make.record(Object.fromEntries(byLabel(parts).map(([label, { type }]) => [label, type]))),
        values: fc.record(
          Object.fromEntries(byLabel(parts).map(([label, { values }]) => [keyOf(label), values])),
          PLAIN,
        ),
      })),
      fc.array(inner, { minLength: 1, maxLength: 4 }).map((parts) => ({
        type: make.tuple(...parts.map(({ type }) => type)),
        values: fc.tuple(...parts.map(({ values }) => values)),
      })),
      fc.array(maybe, { minLength: 1, maxLength: 10 }).map((parts) => ({
        type: make.variant(Object.fromEntries(byLabel(parts).map(([label, part]) => [label, part?.type]))),
        values: tagged(byLabel(parts)),
      })),
      inner.map(({ type, values }) => ({
        type: make.option(type),
        values:
          type.kind === 'option'
            ? tagged([
                ['none', undefined],
                ['some', { type, values }],
              ])
            : fc.option(values, { nil: undefined }),
      })),
      fc.tuple(maybe, maybe).map(([ok, err]) => ({
        type: make.result(ok?.type, err?.type),
        values: tagged([
          ['ok', ok],
          ['err', err],
        ]),
      })),
      fc
        .tuple(fc.constantFrom(...primitives.filter(({ type }) => !type.kind.startsWith('f'))), inner)
        .map(([key, value]) => ({
          type: make.map(key.type, value.type),
          values: fc
            .array(fc.tuple(key.values, value.values), { maxLength: 3 })
            .map((pairs) => new Map<unknown, unknown>(pairs)),
        })),
    ) as fc.Arbitrary<Typed>,
  };
});

const typedValue = typed.chain(({ type, values }) => values.map((value) => ({ type, value })));

describe('texts and values', () => {
  test('what is printed is read as the same value', () => {
    fc.assert(
      fc.property(typedValue, ({ type, value }) => {
        expect(parseWave(printWave(value, type), type)).toStrictEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  test('every f32 is read back, from no more than nine digits', () => {
    const f32: ValueType = { kind: 'f32' };
    fc.assert(
      fc.property(fc.integer(), (bits) => {
        const [value = 0] = new Float32Array(Int32Array.of(bits).buffer);
        const text = printWave(value, f32);
        expect(parseWave(text, f32)).toBe(value);
        expect(text.replace(/e.*|[-.]|^0\.0*/g, '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(9);
      }),
      { numRuns: 2000 },
    );
  });

  test('any text is taken or refused with its place', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '(',
        ')',
        ',',
        ':',
        ' ',
        '\n',
        '//',
        '"',
        "'",
        '"""',
        '\\',
        '%',
        '-',
        '.',
      ),
      fc.constantFrom(...LABELS, '1', '-5', '1e3', 'nan', '\\u{41}', '"x"', "'y'"),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(typed, text, ({ type }, text) => {
        try {
          parseWave(text, type);
        } catch (error) {
          expect(error).toBeInstanceOf(WaveError);
          const { start, end, line, column } = error as WaveError;
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(text.length);
          const lines = text.split('\n');
          expect([...lines[line - 1]!].length).toBeGreaterThanOrEqual(column - 1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
